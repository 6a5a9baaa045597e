from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, settings

from dfpolicy.model import Report, Result
from dfpolicy.report.comparison import compare, exit_code
from support import reports
from support.inputs import PROPERTY
from support.reports import WAIVER, report, result

WAIVED = result(waiver=WAIVER)
STATES: dict[str, Result | None] = {
    "nothing": None,
    "pass": result("pass"),
    "required": result(),
    "recommended": result("violation", "recommended"),
    "unknown": result("unknown"),
    "waived": WAIVED,
}
BESIDE = result("pass", id="DF-K8S-003")


@pytest.mark.parametrize(
    ("before", "after", "wanted", "code"),
    [
        ("nothing", "pass", None, 0),
        ("pass", "nothing", None, 0),
        ("pass", "pass", None, 0),
        ("nothing", "required", "new", 1),
        ("pass", "required", "new", 1),
        ("unknown", "required", "new", 1),
        ("waived", "required", "new", 1),
        ("recommended", "required", "new", 1),
        ("required", "required", "unchanged", 0),
        ("pass", "recommended", "new", 0),
        ("unknown", "recommended", "new", 0),
        ("required", "recommended", "changed", 0),
        ("pass", "unknown", "new", 0),
        ("waived", "unknown", "changed", 0),
        ("required", "unknown", "changed", 0),
        ("unknown", "unknown", "unchanged", 0),
        ("pass", "waived", "new", 0),
        ("required", "waived", "changed", 0),
        ("required", "pass", "fixed", 0),
        ("unknown", "nothing", "fixed", 0),
        ("waived", "pass", "fixed", 0),
    ],
)
def test_one_result(before: str, after: str, wanted: str | None, code: int) -> None:
    was, now = STATES[before], STATES[after]
    old, new = (report(BESIDE, *([state] if state else [])) for state in (was, now))
    found = compare(old, new)
    kinds = {kind: pairs for kind, pairs in found["findings"].items() if pairs}
    assert kinds == ({wanted: [{"before": was, "after": now}]} if wanted else {})
    assert exit_code(found) == code


def test_another_observation_is_a_change() -> None:
    found = compare(report(result()), report(result(observed="hostPID is missing")))
    assert len(found["findings"]["changed"]) == 1


def test_a_line_that_moves_is_not_a_change() -> None:
    moved = result(location={"file": "g.yaml", "document": 9, "line": 99}, message="reworded")
    assert len(compare(report(result()), report(moved))["findings"]["unchanged"]) == 1


def test_several_results_of_one_key() -> None:
    found = compare(
        report(result("pass"), result()), report(result(), result("pass"), result("unknown"))
    )["findings"]
    assert len(found["unchanged"]) == 1
    assert [pair["after"] for pair in found["new"]] == [result("unknown")]


def test_the_summary_of_both() -> None:
    found = compare(report(result("pass")), report(result()))
    assert found["old"]["verdict"] == "pass"
    assert found["new"]["summary"]["violation"]["required"] == 1
    assert found["new"]["mode"] == "single-k8s"


def findings(results: Iterable[Result | None]) -> int:
    return sum(one is not None and one["outcome"] != "pass" for one in results)


@settings(PROPERTY, max_examples=60)
@given(reports.reports(), reports.reports())
def test_no_finding_is_lost(old: Report, new: Report) -> None:
    found = compare(old, new)["findings"]
    pairs = [*found["new"], *found["fixed"], *found["changed"], *found["unchanged"]]
    assert findings(pair["before"] for pair in pairs) == findings(old["results"])
    assert findings(pair["after"] for pair in pairs) == findings(new["results"])


@settings(PROPERTY, max_examples=30)
@given(reports.reports())
def test_nothing_changes_without_a_change(one: Report) -> None:
    found = compare(one, one)
    changes = found["findings"]
    assert not [*changes["new"], *changes["fixed"], *changes["changed"]]
    assert exit_code(found) == 0
