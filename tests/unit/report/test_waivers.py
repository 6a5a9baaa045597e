from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dfpolicy.errors import InputError
from dfpolicy.model import Result, Subject
from dfpolicy.policy.catalogue import Catalogue, load_catalogue
from dfpolicy.report import waivers
from dfpolicy.report.waivers import Waiver, apply, expiry, matches, requirement, subject_text

DAY = date(2026, 5, 31)
AGENT: Subject = {"apiVersion": "apps/v1", "kind": "DaemonSet", "namespace": "ns", "name": "agent"}
CONTAINER: Subject = {**AGENT, "container": "c"}
NODE: Subject = {"kind": "Node", "name": "worker-1"}


def waiver(identifier: str = "DF-NET-002", subject: str = "*", expires: date = DAY) -> Waiver:
    return Waiver(identifier, subject, "r", "o", expires, "c.yaml", 1)


def result(outcome: str = "violation", **changes: Any) -> Result:
    base = {"id": "DF-NET-002", "outcome": outcome, "subject": AGENT}
    return cast(Result, base | changes)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (AGENT, "DaemonSet/ns/agent"),
        (CONTAINER, "DaemonSet/ns/agent:c"),
        (NODE, "Node/worker-1"),
        ({"kind": "Node", "name": "*"}, "Node/*"),
        ({"kind": "ClusterRole", "namespace": "", "name": "system:a"}, "ClusterRole/system:a"),
    ],
)
def test_the_text_of_a_subject(subject: Subject, text: str) -> None:
    assert subject_text(subject) == text
    assert matches(text, subject)


@pytest.mark.parametrize(
    ("pattern", "of_container", "of_node"),
    [
        ("*", True, True),
        ("DaemonSet/ns/agent", True, False),
        ("DaemonSet/ns/agent:c", True, False),
        ("DaemonSet/ns/agent:d", False, False),
        ("DaemonSet/ns/agent:*", True, False),
        ("DaemonSet/*", True, False),
        ("DaemonSet/n?/*", True, False),
        ("DaemonSet/[mn]s/agent", True, False),
        ("daemonset/*", False, False),
        ("DaemonSet/ns", False, False),
        ("Node/worker-*", False, True),
        ("Node/*", False, True),
        ("worker-1", False, False),
        ("", False, False),
        ("[", False, False),
    ],
)
def test_globs(pattern: str, of_container: bool, of_node: bool) -> None:
    assert matches(pattern, CONTAINER) is of_container
    assert matches(pattern, NODE) is of_node


@given(st.text(), st.text(min_size=1))
def test_no_glob_fails_and_each_subject_matches_itself(pattern: str, name: str) -> None:
    subject: Subject = {"kind": "Pod", "name": name}
    assert matches(pattern, subject) in (True, False)
    assert matches(subject_text(subject), subject)


@pytest.mark.parametrize(
    ("days", "waived", "unused", "expired"),
    [(-1, False, 0, 1), (0, True, 0, 0), (1, True, 0, 0)],
    ids=["yesterday", "today", "tomorrow"],
)
def test_the_last_day_counts(days: int, waived: bool, unused: int, expired: int) -> None:
    found = apply([result()], [waiver(expires=DAY + timedelta(days))], DAY)
    assert ("waiver" in found.results[0]) is waived
    assert (len(found.unused), len(found.expired)) == (unused, expired)


@pytest.mark.parametrize("outcome", ["violation", "unknown", "pass"])
def test_a_pass_is_never_waived(outcome: str) -> None:
    found = apply([result(outcome)], [waiver()], DAY)
    assert ("waiver" in found.results[0]) is (outcome != "pass")
    assert found.results[0]["outcome"] == outcome
    assert len(found.unused) == (outcome == "pass")


def test_what_covers_nothing_is_unused() -> None:
    idle = [waiver("DF-NET-003"), waiver(subject="Node/*"), waiver(subject="daemonset/*")]
    given_results = [result()]
    found = apply(given_results, [*idle, waiver()], DAY)
    assert found.unused == idle
    assert found.results == [result(waiver=waiver().terms())]
    assert given_results == [result()]


def test_the_first_of_two_is_shown_and_both_are_used() -> None:
    first = Waiver("DF-NET-002", "*", "first", "o", DAY, "c.yaml", 1)
    found = apply([result()], [first, waiver()], DAY)
    assert found.results[0]["waiver"]["reason"] == "first"
    assert found.unused == []


def test_a_waived_result_has_the_terms() -> None:
    found = apply([result()], [waiver()], DAY)
    assert found.results[0]["waiver"] == {"reason": "r", "owner": "o", "expires": "2026-05-31"}


def test_thousands_of_results_take_no_time() -> None:
    many = [result(subject={"kind": "Node", "name": f"n{i}"}) for i in range(20_000)]
    some = [waiver(subject=f"Node/n{i}?") for i in range(20)]
    assert sum("waiver" in item for item in apply(many, some, DAY).results) == 190


def test_a_requirement_is_named_by_its_id_or_a_former_one(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = {"id": "DF-A-002", "aliases": ["DF-A-001"], "impact": [], "remediation": "R."}
    monkeypatch.setattr(waivers, "load_catalogue", lambda: Catalogue((), (entry,)))
    assert requirement("DF-A-001") == requirement("df-a-002") == "DF-A-002"
    with pytest.raises(InputError, match=re.escape("did you mean DF-A-002?")):
        requirement("DF-A-003")


def test_a_requirement_that_every_feature_needs_cannot_be_waived() -> None:
    fixed = [
        entry["id"] for entry in load_catalogue().requirements if not entry.get("waivable", True)
    ]
    assert "DF-CFG-002" in fixed
    assert len(fixed) < 10
    for identifier in fixed:
        with pytest.raises(InputError, match=r"cannot be waived: .*lost: "):
            requirement(identifier)


@pytest.mark.parametrize(
    "text", ["", "2026-02-30", "2026-2-3", "20260203", "tomorrow", "2026-W01-1"]
)
def test_invalid_dates(text: str) -> None:
    with pytest.raises(InputError, match="expires"):
        expiry(text)


def test_dates() -> None:
    assert expiry("2028-02-29") == date(2028, 2, 29)
    assert abs(waivers.today() - date.today()) <= timedelta(1)


NAMES = st.text("a*?[]!-", min_size=1, max_size=6)


@given(NAMES, NAMES)
def test_accepting_a_report_covers_only_its_subjects(name: str, other: str) -> None:
    """An object or report of an attacker may have glob characters in its names."""
    glob = waivers._literal({**AGENT, "name": name})
    assert matches(glob, {**AGENT, "name": name})
    assert matches(glob, {**AGENT, "name": other}) == (name == other)
