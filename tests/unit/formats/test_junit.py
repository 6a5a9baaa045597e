from __future__ import annotations

from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xmlschema
from hypothesis import given, settings
from junitparser import Failure, JUnitXml, Skipped

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
    names = {result["id"] for result in report["results"]}
    assert sum(len(list(suite)) for suite in suites) == len(names)


def test_a_suite_for_each_group_in_order() -> None:
    found = read(
        reports.report(
            reports.result("pass"),
            reports.result("pass", id="DF-EBPF-001", group="ebpf"),
            reports.result("violation", id="DF-K8S-002"),
        )
    )
    assert [suite.name for suite in found] == ["Kubernetes information", "eBPF"]
    assert [len(list(suite)) for suite in found] == [2, 1]


def test_counts_and_types() -> None:
    found = read(
        reports.report(
            reports.result("pass"),
            reports.result("violation", id="DF-K8S-002"),
            reports.result("violation", "recommended", id="DF-K8S-003"),
            reports.result("unknown", "recommended", id="DF-K8S-004"),
            reports.result("unknown", id="DF-NET-001"),
            strict=True,
        )
    )
    (suite,) = found
    kinds = [[(type(one), one.type) for one in case.result] for case in suite]
    assert kinds == [
        *([], [(Failure, "required")], [], [(Skipped, None)], [(Failure, "not-checked")])
    ]
    assert (suite.tests, suite.failures, suite.errors, suite.skipped) == (5, 2, 0, 1)
    assert (found.tests, found.failures, found.errors) == (5, 2, 0)


def test_details() -> None:
    (case,) = next(iter(read(reports.report(reports.result()))))
    assert case.classname == "dfpolicy.kubernetes-info"
    assert case.name == "DF-K8S-001 The agent shares the host's process namespace"
    (failure,) = case.result
    assert failure.message == "hostPID is false"
    assert failure.text.splitlines() == [
        "where: DaemonSet deepflow/deepflow-agent, container agent, c/templates/d.yaml (f.yaml:7)",
        "found: hostPID is false",
        "must be: hostPID is true",
        "lost: AutoTagging, AutoTracing",
        "fix: Set `hostPID: true`.",
        "more: dfpolicy explain DF-K8S-001",
    ]


def test_nodes_are_names_in_one_case() -> None:
    nodes = [reports.result(**reports.node(f"n{number}")) for number in range(99)]
    (case,) = next(iter(read(reports.report(*nodes))))
    assert "where: 99 nodes: n0, n1, n2 +96 more" in case.result[0].text


def test_a_loss_passes_with_its_text() -> None:
    (case,) = next(iter(read(reports.report(reports.result("violation", "recommended")))))
    assert not case.result
    assert case.system_out.startswith(
        "loses part of AutoTagging, part of AutoTracing (does not fail the build)"
    )


def test_a_waived_result_shows_the_reason() -> None:
    (case,) = next(iter(read(reports.report(reports.result(waiver=reports.WAIVER)))))
    (skipped,) = case.result
    assert skipped.message == "accepted by platform until 2030-01-31: replaced in June"
    assert "found: hostPID is false" in case.system_out


def test_no_text_becomes_an_element() -> None:
    root = ElementTree.fromstring(render(reports.hostile(), Style()))
    ids = {result["id"] for result in reports.hostile()["results"]}
    assert len(root.findall(".//testcase")) == len(ids)
    assert not [case for case in root.iter("testcase") if case.get("name") == "forged"]
