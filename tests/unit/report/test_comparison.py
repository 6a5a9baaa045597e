from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from dfpolicy.report.comparison import compare, exit_code
from support import reports
from support.inputs import PROPERTY
from support.reports import WAIVER, report, result

Json = dict[str, Any]

WAIVED = result(waiver=WAIVER)
STATES: dict[str, Json | None] = {
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
    old, new = (report(*filter(None, (BESIDE, STATES[name]))) for name in (before, after))
    found = compare(old, new)
    kinds = {kind for kind, pairs in found["findings"].items() if pairs}
    assert kinds == ({wanted} if wanted else set())
    assert exit_code(found) == code
    if wanted:
        assert found["findings"][wanted] == [{"before": STATES[before], "after": STATES[after]}]


def test_another_observation_is_a_change() -> None:
    found = compare(report(result()), report(result(observed="hostPID is missing")))
    assert len(found["findings"]["changed"]) == 1


def test_a_line_that_moves_is_none() -> None:
    moved = result(location={"file": "g.yaml", "document": 9, "line": 99}, message="reworded")
    assert len(compare(report(result()), report(moved))["findings"]["unchanged"]) == 1


def test_several_results_of_one_key() -> None:
    found = compare(
        report(result("pass"), result()), report(result(), result("pass"), result("unknown"))
    )["findings"]
    assert len(found["unchanged"]) == 1
    assert [pair["after"]["outcome"] for pair in found["new"]] == ["unknown"]


def test_the_summary_of_both() -> None:
    found = compare(report(result("pass")), report(result()))
    assert found["old"]["verdict"] == "pass"
    assert found["new"]["summary"]["violation"]["required"] == 1
    assert found["new"]["mode"] == "single-k8s"


@settings(PROPERTY, max_examples=60)
@given(reports.reports(), reports.reports())
def test_no_finding_is_lost(old: Json, new: Json) -> None:
    found = compare(old, new)["findings"]
    pairs = [pair for kind in found.values() for pair in kind]

    def counted(side: str) -> int:
        return sum(pair[side] is not None and pair[side]["outcome"] != "pass" for pair in pairs)

    for side, whole in (("before", old), ("after", new)):
        assert counted(side) == sum(one["outcome"] != "pass" for one in whole["results"])


@settings(PROPERTY, max_examples=30)
@given(reports.reports())
def test_nothing_changes_without_a_change(one: Json) -> None:
    found = compare(one, one)
    assert not any(found["findings"][kind] for kind in ("new", "fixed", "changed"))
    assert exit_code(found) == 0
