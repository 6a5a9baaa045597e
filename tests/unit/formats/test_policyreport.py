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
from support import reports
from support.inputs import PROPERTY

Json = dict[str, Any]

FOLDER = Path(__file__).parents[2] / "schemas"
SCHEMA = Draft202012Validator(json.loads((FOLDER / "policyreport.schema.json").read_text("utf-8")))
NAME = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")


def items(report: Report) -> list[Json]:
    """The objects, each held against what the API server would refuse."""
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
    assert sum(len(item["results"]) for item in items(report)) == len(report["results"])


@settings(PROPERTY, max_examples=40)
@given(reports.reports())
def test_it_is_always_valid_and_complete(report: Report) -> None:
    assert sum(len(item["results"]) for item in items(report)) == len(report["results"])


def test_outcomes() -> None:
    (item,) = items(
        reports.report(
            reports.result("pass"),
            reports.result("violation"),
            reports.result("violation", "recommended"),
            reports.result("unknown", "informational"),
            reports.result("violation", waiver=reports.WAIVER),
        )
    )
    found = [(one["result"], one["severity"], one["scored"]) for one in item["results"]]
    assert found == [
        ("pass", "high", True),
        ("fail", "high", True),
        ("warn", "medium", False),
        ("error", "low", False),
        ("skip", "high", True),
    ]
    assert item["summary"] == {"pass": 1, "fail": 1, "warn": 1, "error": 1, "skip": 1}


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
    found = items(reports.report(*(reports.result(subject=subject) for subject in subjects)))
    assert [(item["kind"], item["metadata"].get("namespace")) for item in found] == [
        ("ClusterPolicyReport", None),
        ("PolicyReport", "a"),
        ("PolicyReport", "b"),
    ]
    assert "resources" not in found[0]["results"][0]
    assert found[0]["results"][1]["resources"][0]["namespace"] == "No Such"


def test_a_large_report_goes_on_in_the_next() -> None:
    results = [
        reports.result(subject={"kind": "Node", "name": f"node-{number}"}, location=None)
        for number in range(2000)
    ]
    found = items(reports.report(*results))
    assert [item["metadata"]["name"] for item in found[:2]] == [
        "dfpolicy-single-k8s",
        "dfpolicy-single-k8s-2",
    ]
    assert sum(item["summary"]["fail"] for item in found) == 2000
