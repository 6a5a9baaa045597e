from __future__ import annotations

from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xmlschema
from hypothesis import given, settings
from junitparser import Error, Failure, JUnitXml, Skipped

from dfpolicy.formats.base import Style
from dfpolicy.formats.junit import render
from dfpolicy.model import Report
from support import reports
from support.inputs import PROPERTY

SCHEMA = xmlschema.XMLSchema(Path(__file__).parents[2] / "schemas" / "junit.xsd")


def read(report: Report) -> JUnitXml:
    return JUnitXml.fromstring(render(report, Style()).encode())


@pytest.mark.parametrize("case", sorted(reports.CASES))
def test_it_is_valid(case: str) -> None:
    SCHEMA.validate(StringIO(render(reports.CASES[case](), Style())))


@settings(PROPERTY, max_examples=30)
@given(reports.reports())
def test_it_is_always_valid_and_complete(report: Report) -> None:
    SCHEMA.validate(StringIO(render(report, Style())))
    suites = list(read(report))
    assert sum(len(list(suite)) for suite in suites) == len(report["results"])


def test_a_suite_for_each_group_in_order() -> None:
    found = read(
        reports.report(
            reports.result("pass"),
            reports.result("pass", group="ebpf"),
            reports.result("violation"),
        )
    )
    assert [suite.name for suite in found] == ["Kubernetes information", "eBPF"]
    assert [len(list(suite)) for suite in found] == [2, 1]


def test_outcomes() -> None:
    found = read(
        reports.report(
            reports.result("pass"),
            reports.result("violation"),
            reports.result("violation", "informational"),
            reports.result("unknown"),
            reports.result("unknown", "informational", waiver=reports.WAIVER),
        )
    )
    (suite,) = found
    kinds = [[(type(one), one.type) for one in case.result] for case in suite]
    assert kinds == [
        [],
        [(Failure, "required")],
        [(Failure, "informational")],
        [(Error, "unknown")],
        [(Skipped, None)],
    ]
    assert (suite.tests, suite.failures, suite.errors, suite.skipped) == (5, 2, 1, 1)
    assert (found.tests, found.failures, found.errors) == (5, 2, 1)


def test_details() -> None:
    (case,) = next(iter(read(reports.report(reports.result()))))
    assert case.classname == "dfpolicy.kubernetes-info"
    assert case.name.startswith("DF-K8S-001 The agent shares")
    (failure,) = case.result
    assert failure.message == "hostPID is false"
    assert failure.text.splitlines() == [
        "where: DaemonSet deepflow/deepflow-agent · container agent, c/templates/d.yaml (f.yaml:7)",
        "found: hostPID is false",
        "expected: hostPID is true",
        "lost: AutoTagging, AutoTracing",
        "fix: Set `hostPID: true`.",
    ]


def test_a_waived_result_says_why() -> None:
    (case,) = next(iter(read(reports.report(reports.result(waiver=reports.WAIVER)))))
    (skipped,) = case.result
    assert skipped.message == "waived by platform until 2030-01-31: replaced in June"
    assert "found: hostPID is false" in case.system_out


def test_no_text_becomes_an_element() -> None:
    root = ElementTree.fromstring(render(reports.hostile(), Style()))
    assert len(root.findall(".//testcase")) == len(reports.hostile()["results"])
    assert not [case for case in root.iter("testcase") if case.get("name") == "forged"]
