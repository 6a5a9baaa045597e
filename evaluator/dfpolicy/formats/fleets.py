"""The formats of a report on many clusters."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from dfpolicy.formats.base import Style, check_known
from dfpolicy.report.fleet_shapes import FleetReport

Render = Callable[[FleetReport, Style], str]

FORMATS = {
    "text": "dfpolicy.formats.fleet.text",
    "html": "dfpolicy.formats.fleet.html",
    "csv": "dfpolicy.formats.fleet.csv",
    "json": "dfpolicy.formats.fleet.json",
    "markdown": "dfpolicy.formats.fleet.markdown",
}


def renderer(name: str) -> Render:
    """Return the function that renders a report on many clusters. Raises UsageError."""
    check_known(name, FORMATS)
    render: Render = import_module(FORMATS[name]).render
    return render
