"""OpenReports: the results of PolicyReport, as the kinds of the newer API."""

from __future__ import annotations

import json

import pytest

from dfpolicy.formats import openreports, policyreport
from dfpolicy.formats.base import Style
from support import reports

KINDS = {"Report": "PolicyReport", "ClusterReport": "ClusterPolicyReport"}


@pytest.mark.parametrize("case", sorted(reports.CASES))
def test_the_objects_differ_from_policy_reports_in_their_kind_and_source_only(case: str) -> None:
    report = reports.CASES[case]()
    new, old = (
        json.loads(one.render(report, Style()))["items"] for one in (openreports, policyreport)
    )
    for item in new:
        assert item.pop("apiVersion") == "openreports.io/v1alpha1"
        assert item.pop("source") == "dfpolicy"
        item["kind"] = KINDS[item["kind"]]
    assert new == [{key: one[key] for key in one if key != "apiVersion"} for one in old]
