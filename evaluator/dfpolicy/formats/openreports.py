"""The report as Report and ClusterReport objects (openreports.io/v1alpha1).

OpenReports continues PolicyReport: its results are the same, and a report names its source.
"""

from __future__ import annotations

from collections.abc import Iterator

from dfpolicy.formats import policyreport
from dfpolicy.formats.base import Style
from dfpolicy.model import JsonObject, Report

GROUP = "openreports.io"
_API = f"{GROUP}/v1alpha1"
_KINDS = {"PolicyReport": "Report", "ClusterPolicyReport": "ClusterReport"}


def render(report: Report, style: Style) -> str:
    """Return the objects as a List in JSON, for `kubectl apply -f -`."""
    return policyreport.as_list(objects(report), style)


def objects(report: Report) -> Iterator[JsonObject]:
    """Yield the objects of a report."""
    for one in policyreport.objects(report):
        yield {**one, "apiVersion": _API, "kind": _KINDS[one["kind"]], "source": "dfpolicy"}
