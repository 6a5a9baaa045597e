"""The report as YAML, with the same fields as JSON."""

from __future__ import annotations

from dfpolicy.formats.base import Style
from dfpolicy.model import Report
from dfpolicy.reading.yaml_writer import write_yaml


def render(report: Report, style: Style) -> str:
    """Return the report as one YAML document."""
    return write_yaml(report, style.unicode)
