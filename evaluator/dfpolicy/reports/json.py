"""The report as JSON, the contract for machines."""

from __future__ import annotations

import json

from dfpolicy.report import Report
from dfpolicy.reports.base import Style


def render(report: Report, style: Style) -> str:
    """Return the report as indented JSON."""
    return json.dumps(report, indent=2, ensure_ascii=not style.unicode) + "\n"
