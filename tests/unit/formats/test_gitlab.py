from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from dfpolicy.formats.base import Style
from dfpolicy.formats.gitlab import render
from dfpolicy.model import Report
from support import reports
from support.inputs import PROPERTY

Json = dict[str, Any]

SCHEMA = Draft202012Validator(
    json.loads((Path(__file__).parents[2] / "schemas" / "gitlab.schema.json").read_text("utf-8"))
)


def issues(report: Report) -> list[Json]:
    found: list[Json] = json.loads(render(report, Style()))
    return found


@pytest.mark.parametrize("case", sorted(reports.CASES))
def test_it_is_valid(case: str) -> None:
    SCHEMA.validate(issues(reports.CASES[case]()))


@settings(PROPERTY, max_examples=40)
@given(reports.reports())
def test_every_finding_has_an_issue_of_its_own(report: Report) -> None:
    found = issues(report)
    SCHEMA.validate(found)
    findings = [result for result in report["results"] if result["outcome"] != "pass"]
    # GitLab keeps one issue of those that share a fingerprint.
    assert len({issue["fingerprint"] for issue in found}) == len(findings)


def test_an_issue() -> None:
    (issue,) = issues(reports.report(reports.result()))
    assert issue["description"] == (
        "Violated: The agent shares the host's process namespace"
        " [DaemonSet deepflow/deepflow-agent · container agent] found: hostPID is false;"
        " expected: hostPID is true; fix: Set `hostPID: true`."
    )
    assert issue["check_name"] == "DF-K8S-001"
    assert issue["location"] == {"path": "f.yaml", "lines": {"begin": 7}}


def test_severities() -> None:
    found = issues(
        reports.report(
            reports.result("violation", "required"),
            reports.result("violation", "recommended"),
            reports.result("unknown", "required"),
            reports.result("unknown", "recommended"),
            reports.result("violation", "required", waiver=reports.WAIVER),
            reports.result("pass"),
        )
    )
    assert [issue["severity"] for issue in found] == ["critical", "minor", "major", "minor", "info"]
    assert found[2]["description"].startswith("Unknown: ")
    assert found[4]["description"].count("(waived by platform until 2030-01-31: replaced") == 1


def test_paths_are_relative_without_a_dot() -> None:
    location = {"file": "./a/../b.yaml", "document": 1, "line": 2}
    (issue,) = issues(reports.report(reports.result(location=location)))
    assert issue["location"]["path"] == "b.yaml"
