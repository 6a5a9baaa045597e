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
from support import reports
from support.inputs import PROPERTY


def points(report: Report, unicode: bool = True) -> list[Result]:
    """The test points as a consumer reads them; everything else has to be known to it."""
    found = list(Parser().parse(StringIO(render(report, Style(unicode=unicode)))))
    assert [line.category for line in found[:2]] == ["version", "plan"]
    assert found[1].expected_tests == len(report["results"])
    assert {line.category for line in found[2:]} <= {"test", "diagnostic"}
    return [line for line in found if line.category == "test"]


@pytest.mark.parametrize("case", sorted(reports.CASES))
@pytest.mark.parametrize("unicode", [True, False])
def test_a_consumer_reads_the_outcomes(case: str, unicode: bool) -> None:
    report = reports.CASES[case]()
    found = points(report, unicode)
    assert [point.number for point in found] == list(range(1, len(report["results"]) + 1))
    for point, result in zip(found, report["results"], strict=True):
        assert point.ok == (result["outcome"] == "pass")
        assert not point.skip
        assert point.todo == ("waiver" in result)


@settings(PROPERTY, max_examples=40)
@given(reports.reports())
def test_no_text_becomes_a_point_or_a_directive(report: Report) -> None:
    for point, result in zip(points(report), report["results"], strict=True):
        assert point.todo == ("waiver" in result)
        if result["outcome"] != "pass":
            assert point.yaml_block["outcome"] == result["outcome"]


def test_a_violation_has_its_details_below() -> None:
    (point,) = points(reports.report(reports.result()))
    assert point.description == (
        "- DF-K8S-001 The agent shares the host's process namespace"
        " (DaemonSet deepflow/deepflow-agent · container agent)"
    )
    assert point.yaml_block == {
        "outcome": "violation",
        "level": "required",
        "where": "DaemonSet deepflow/deepflow-agent · container agent,"
        " c/templates/d.yaml (f.yaml:7)",
        "found": "hostPID is false",
        "expected": "hostPID is true",
        "lost": "AutoTagging, AutoTracing",
        "fix": "Set `hostPID: true`.",
    }


def test_the_details_are_whole_in_ascii_too() -> None:
    (point,) = points(reports.report(reports.result(observed="端口 \U0001f600")), unicode=False)
    assert point.yaml_block["found"] == "端口 \U0001f600"


def test_an_unknown_is_not_ok() -> None:
    (point,) = points(reports.report(reports.result("unknown")))
    assert not point.ok
    assert not point.todo
    assert "unknown: The agent shares" in point.description


def test_a_harness_counts_a_waived_result_for_nothing(tmp_path: Any) -> None:
    path = tmp_path / "report.tap"
    path.write_text(
        render(
            reports.report(reports.result("pass"), reports.result(waiver=reports.WAIVER)), Style()
        ),
        "utf-8",
    )
    import unittest

    outcome = unittest.TestResult()
    Loader().load_suite_from_file(str(path)).run(outcome)
    assert not outcome.failures
    assert not outcome.errors


def test_the_last_line_has_the_totals() -> None:
    text = render(reports.report(reports.result()), Style())
    assert text.splitlines()[-1].startswith("# 1 required violation, 0 recommended")
    assert yaml.safe_load(text.split("---")[1].split("  ...")[0])["level"] == "required"
