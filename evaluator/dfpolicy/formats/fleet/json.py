"""The report on many clusters as JSON, the contract for machines (schema `fleet-report`)."""

from __future__ import annotations

from dfpolicy.formats.base import Style
from dfpolicy.i18n.escaping import json_text
from dfpolicy.report.fleet_shapes import FleetReport


def render(report: FleetReport, style: Style) -> str:
    """Return the report as indented JSON."""
    return json_text(report, style.unicode)
