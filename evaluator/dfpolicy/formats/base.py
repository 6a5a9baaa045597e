"""The options of every format, and the table of formats."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from importlib import import_module

from dfpolicy.errors import UsageError
from dfpolicy.i18n.language import _, listed
from dfpolicy.model import Report


@dataclass(frozen=True)
class Style:
    """How to show a report to a person; formats for machines ignore it.

    `verbose` adds passes and every subject, `quiet` shows only violations. `width` is in columns.
    `unicode` says whether the stream can show more than ASCII.
    """

    verbose: bool = False
    quiet: bool = False
    color: bool = False
    width: int = 100
    unicode: bool = True


Render = Callable[[Report, Style], str]

FORMATS = {
    "text": "dfpolicy.formats.text",
    "json": "dfpolicy.formats.json",
    "yaml": "dfpolicy.formats.yaml",
    "sarif": "dfpolicy.formats.sarif",
    "junit": "dfpolicy.formats.junit",
    "github": "dfpolicy.formats.github",
    "gitlab": "dfpolicy.formats.gitlab",
    "markdown": "dfpolicy.formats.markdown",
    "tap": "dfpolicy.formats.tap",
    "policyreport": "dfpolicy.formats.policyreport",
    "openreports": "dfpolicy.formats.openreports",
    "html": "dfpolicy.formats.html.page",
}

# The formats in which `diff`, `convert` and --baseline read a report.
STORED = ("json", "yaml")


def alternatives(names: Iterable[str]) -> str:
    """Return the names of formats for a help text: `a, b or c`."""
    *others, last = names
    return f"{', '.join(others)} or {last}"


def renderer(name: str) -> Render:
    """Return the function that renders a report as text in this format. Raises UsageError."""
    check_known(name, FORMATS)
    render: Render = import_module(FORMATS[name]).render
    return render


def check_known(name: str, formats: Collection[str]) -> None:
    """Raise UsageError for a format that is none of these."""
    if name not in formats:
        raise UsageError(
            _("unknown output format {name!r}").format(name=name[:40]),
            hint=_("use one of {names}").format(names=listed(formats)),
        )
