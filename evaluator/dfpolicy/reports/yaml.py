"""The report as YAML, with the same fields as JSON."""

from __future__ import annotations

from typing import Any

import yaml

from dfpolicy.report import Report
from dfpolicy.reports.base import Style

_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _PlainDumper(_Dumper):  # type: ignore[misc]
    """Writes a value that stands in several results each time it stands there."""

    def ignore_aliases(self, _: Any) -> bool:
        return True


def render(report: Report, style: Style) -> str:
    """Return the report as one YAML document."""
    text: str = yaml.dump(
        report, Dumper=_PlainDumper, sort_keys=False, allow_unicode=style.unicode, width=100
    )
    return text
