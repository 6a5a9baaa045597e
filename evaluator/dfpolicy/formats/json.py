"""The report as JSON, the contract for machines."""

from __future__ import annotations

from dfpolicy.formats.base import Style
from dfpolicy.i18n.escaping import json_text
from dfpolicy.model import Report


def render(report: Report, style: Style) -> str:
    """Return the report as indented JSON."""
    return json_text(report, style.unicode)
