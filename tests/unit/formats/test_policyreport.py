from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from dfpolicy.formats.base import Style
from dfpolicy.formats.policyreport import render
from dfpolicy.model import Report
from dfpolicy.report.verdict import requirements_of
from support import reports
from support.inputs import PROPERTY

Json = dict[str, Any]

FOLDER = Path(__file__).parents[2] / "schemas"
SCHEMA = Draft202012Validator(json.loads((FOLDER / "policyreport.schema.json").read_text("utf-8")))
NAME = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")


def items(report: Report) -> list[Json]:
    """The objects, each checked for what the API server would refuse."""
    listed = json.loads(render(report, Style()))
    assert (listed["apiVersion"], listed["kind"]) == ("v1", "List")
    places = set()
    for item in listed["items"]:
        SCHEMA.validate(item)
        metadata = item["metadata"]
        assert NAME.fullmatch(metadata["name"])
        assert (item["kind"] == "PolicyReport") == ("namespace" in metadata)
        assert NAME.fullmatch(metadata.get("namespace", "a"))
        places.add((metadata.get("namespace"), metadata["name"]))
        assert sum(item["summary"].values()) == len(item["results"])
        # `kubectl apply` refuses more in its annotation.
        assert len(json.dumps(item, ensure_ascii=False).encode()) < 256 * 1024
    assert len(places) == len(listed["items"])
    found: list[Json] = listed["items"]
    return found


@pytest.mark.parametrize("case", sorted(reports.CASES))
def test_it_is_valid_and_complete(case: str) -> None:
    report = reports.CASES[case]()
    assert sum(len(item["results"]) for item in items(report)) == len(requirements_of(report))


@settings(PROPERTY, max_examples=40)
@given(reports.reports())
def test_it_is_always_valid_and_complete(report: Report) -> None:
    assert sum(len(item["results"]) for item in items(report)) == len(requirements_of(report))


def test_the_summary_counts_requirements() -> None:
    (item,) = items(
        reports.report(
            reports.result("pass"),
            reports.result("violation", id="DF-K8S-002"),
            reports.result("violation", "recommended", id="DF-K8S-003"),
            reports.result("unknown", "informational", id="DF-K8S-004"),
            reports.result("unknown", id="DF-NET-001"),
            reports.result("violation", waiver=reports.WAIVER, id="DF-NET-002"),
            strict=True,
        )
    )
    assert item["summary"] == {"pass": 1, "fail": 1, "warn": 1, "error": 1, "skip": 2}
    severities = [(one["severity"], one["scored"]) for one in item["results"]]
    assert severities[1:4] == [("high", True), ("medium", False), ("low", False)]
    effects = [one["properties"]["effect"] for one in item["results"]]
    assert effects == ["met", "blocks", "loses", "not-checked", "not-checked", "accepted"]


def test_a_result() -> None:
    (item,) = items(reports.report(reports.result(waiver=reports.WAIVER)))
    (found,) = item["results"]
    assert (found["policy"], found["rule"]) == ("kubernetes-info", "DF-K8S-001")
    assert found["resources"] == [
        {
            "apiVersion": "apps/v1",
            "kind": "DaemonSet",
            "namespace": "deepflow",
            "name": "deepflow-agent",
            "fieldPath": "spec.containers{agent}",
        }
    ]
    assert found["properties"]["waiver.owner"] == "platform"
    assert found["properties"]["remediation"] == "Set `hostPID: true`."


def test_a_report_for_each_namespace_and_one_for_the_cluster() -> None:
    subjects = [
        {"kind": "Node", "name": "*"},
        {"kind": "DaemonSet", "namespace": "b", "name": "x"},
        {"kind": "DaemonSet", "namespace": "a", "name": "x"},
        {"kind": "DaemonSet", "namespace": "No Such", "name": "x"},
    ]
    results = (
        reports.result(id=f"DF-X-{number:03}", subject=subject)
        for number, subject in enumerate(subjects)
    )
    found = items(reports.report(*results))
    assert [(item["kind"], item["metadata"].get("namespace")) for item in found] == [
        ("ClusterPolicyReport", None),
        ("PolicyReport", "a"),
        ("PolicyReport", "b"),
    ]
    assert "resources" not in found[0]["results"][0]
    assert found[0]["results"][1]["resources"][0]["namespace"] == "No Such"


def test_a_large_report_continues_in_another_object() -> None:
    results = [
        reports.result(id=f"DF-X-{number:03}", observed="x" * 900, remediation="y" * 900)
        for number in range(300)
    ]
    found = items(reports.report(*results))
    assert [item["metadata"]["name"] for item in found[:2]] == [
        "dfpolicy-single-k8s",
        "dfpolicy-single-k8s-2",
    ]
    assert sum(item["summary"]["fail"] for item in found) == 300


def test_the_nodes_of_a_requirement_are_its_resources() -> None:
    nodes = [reports.result(**reports.node(f"n{number}")) for number in range(500)]
    (item,) = items(reports.report(*nodes))
    (found,) = item["results"]
    assert len(found["resources"]) == 100
    assert found["properties"]["subjects"] == "500"
