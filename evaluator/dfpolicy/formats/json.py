"""The report as JSON, the contract for machines."""

from __future__ import annotations

import json

from dfpolicy.formats.base import Style
from dfpolicy.model import Report


def render(report: Report, style: Style) -> str:
    """Return the report as indented JSON."""
    return json.dumps(report, indent=2, ensure_ascii=not style.unicode) + "\n"
