"""The formats of a report on many clusters."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from dfpolicy.errors import UsageError
from dfpolicy.formats.base import Style
from dfpolicy.i18n.language import _, listed
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
    module = FORMATS.get(name)
    if module is None:
        raise UsageError(
            _("unknown output format {name!r}").format(name=name[:40]),
            hint=_("use one of {names}").format(names=listed(FORMATS)),
        )
    render: Render = import_module(module).render
    return render
