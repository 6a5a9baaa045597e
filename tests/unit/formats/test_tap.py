from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from tap.line import Result
from tap.loader import Loader
from tap.parser import Parser

from dfpolicy.formats.base import Style
from dfpolicy.formats.tap import render
from dfpolicy.model import Report
from dfpolicy.report.verdict import requirements_of
from support import reports
from support.inputs import PROPERTY


def points(report: Report, unicode: bool = True) -> list[Result]:
    """The test points as a consumer reads them; the consumer must know everything else."""
    found = list(Parser().parse(StringIO(render(report, Style(unicode=unicode)))))
    assert [line.category for line in found[:2]] == ["version", "plan"]
    assert found[1].expected_tests == len(requirements_of(report))
    assert {line.category for line in found[2:]} <= {"test", "diagnostic"}
    return [line for line in found if line.category == "test"]


@pytest.mark.parametrize("case", sorted(reports.CASES))
@pytest.mark.parametrize("unicode", [True, False])
def test_a_consumer_reads_the_outcomes(case: str, unicode: bool) -> None:
    report = reports.CASES[case]()
    found = points(report, unicode)
    entries = [*requirements_of(report).values()]
    assert [point.number for point in found] == list(range(1, len(entries) + 1))
    for point, entry in zip(found, entries, strict=True):
        assert point.ok == (not entry.fails and entry.effect != "loses")
        assert point.skip == (not entry.fails and entry.effect in ("not-checked", "accepted"))
        assert point.todo == (not entry.fails and entry.effect == "loses")


@settings(PROPERTY, max_examples=40)
@given(reports.reports())
def test_no_text_becomes_a_point_or_a_directive(report: Report) -> None:
    for point, entry in zip(points(report), requirements_of(report).values(), strict=True):
        assert point.todo == (not entry.fails and entry.effect == "loses")
        if entry.effect != "met":
            assert point.yaml_block["effect"] == entry.effect


def test_a_violation_has_its_details_below() -> None:
    (point,) = points(reports.report(reports.result()))
    assert point.description == "- DF-K8S-001 The agent shares the host's process namespace"
    assert point.yaml_block == {
        "effect": "blocks",
        "level": "required",
        "where": "DaemonSet deepflow/deepflow-agent, container agent,"
        " c/templates/d.yaml (f.yaml:7)",
        "found": "hostPID is false",
        "must be": "hostPID is true",
        "lost": "AutoTagging, AutoTracing",
        "fix": "Set `hostPID: true`.",
        "more": "dfpolicy explain DF-K8S-001",
    }


def test_several_findings_are_a_list() -> None:
    found = [reports.result(observed=f"fact {number}") for number in range(2)]
    (point,) = points(reports.report(*found))
    assert point.yaml_block["found"] == ["fact 0", "fact 1"]


def test_the_details_are_whole_in_ascii_too() -> None:
    (point,) = points(reports.report(reports.result(observed="端口 \U0001f600")), unicode=False)
    assert point.yaml_block["found"] == "端口 \U0001f600"


def test_a_harness_does_not_count_what_does_not_fail(tmp_path: Any) -> None:
    path = tmp_path / "report.tap"
    made = reports.report(
        reports.result("pass"),
        reports.result(id="DF-K8S-002", waiver=reports.WAIVER),
        reports.result("violation", "recommended", id="DF-K8S-003"),
        reports.result("unknown", id="DF-K8S-004"),
    )
    path.write_text(render(made, Style()), "utf-8")
    import unittest

    outcome = unittest.TestResult()
    Loader().load_suite_from_file(str(path)).run(outcome)
    assert not outcome.failures
    assert not outcome.errors


def test_the_last_line_has_the_totals() -> None:
    text = render(reports.report(reports.result()), Style())
    assert text.splitlines()[-1].startswith("# 1 requirement: 1 blocks, 0 lose")
    assert yaml.safe_load(text.split("---")[1].split("  ...")[0])["level"] == "required"
