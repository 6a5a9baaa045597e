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
def test_every_issue_has_its_own_fingerprint(report: Report) -> None:
    found = issues(report)
    SCHEMA.validate(found)
    # GitLab keeps one issue of those that share a fingerprint.
    assert len({issue["fingerprint"] for issue in found}) == len(found)


def test_an_issue() -> None:
    (issue,) = issues(reports.report(reports.result()))
    assert issue["description"].startswith(
        "DF-K8S-001 The agent shares the host's process namespace: hostPID is false. where: "
    )
    assert "must be: hostPID is true; " in issue["description"]
    assert issue["check_name"] == "DF-K8S-001"
    assert issue["location"] == {"path": "f.yaml", "lines": {"begin": 7}}


def test_paths_are_relative_without_a_dot() -> None:
    location = {"file": "./a/../b.yaml", "document": 1, "line": 2}
    (issue,) = issues(reports.report(reports.result(location=location)))
    assert issue["location"]["path"] == "b.yaml"
