"""The table of the values of DeepFlow's charts, by release."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("chart_table.yaml")

_NUMBER = re.compile(r"[0-9]+")

Release = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A value of a chart, and what it becomes in the rendered objects; see the table.

    `value` and `means` are paths in the values; `pod` and `container` are paths of fields.
    """

    value: tuple[str, ...]
    means: tuple[str, ...]
    since: Release
    until: Release | None
    kinds: frozenset[str]
    form: str
    pod: tuple[str, ...]
    container: tuple[str, ...]
    file: str
    key: str
    otherwise: Any
    defaults: tuple[tuple[str, ...], ...]
    fixed: Mapping[str, Any]

    def holds(self, release: Release) -> bool:
        """Whether the release of the chart has this value."""
        return self.since <= release and (self.until is None or release <= self.until)


def release_of(version: str) -> Release:
    """Return the numbers of a chart's version, such as `7.1.002`."""
    return tuple(map(int, _NUMBER.findall(re.split(r"[-+_]", version)[0])))


def charts() -> Sequence[str]:
    """Return the names of the charts in the table."""
    return tuple(_table())


def rows(chart: str, version: str) -> list[Row]:
    """Return the values that this release of the chart has, in the order of the table."""
    release = release_of(version)
    return [row for row in _table().get(chart, ()) if row.holds(release)]


def read(text: str) -> dict[str, list[Row]]:
    """Return the rows of each chart of a table."""
    import yaml

    loaded = yaml.safe_load(text)
    return {chart: [_row(entry) for entry in entries] for chart, entries in loaded.items()}


@cache
def _table() -> dict[str, list[Row]]:
    return read(TABLE.read_text("utf-8"))


def _row(entry: Mapping[str, Any]) -> Row:
    value = _path(entry["value"])
    until = entry.get("until")
    return Row(
        value=value,
        means=_path(entry["means"]) if "means" in entry else value,
        since=release_of(entry.get("since", "")),
        until=release_of(until) if until else None,
        kinds=frozenset(entry.get("of", ())),
        form=entry.get("form", ""),
        pod=_path(entry.get("pod", ())),
        container=_path(entry.get("container", ())),
        file=entry.get("file", ""),
        key=entry.get("key", ""),
        otherwise=entry.get("otherwise"),
        defaults=tuple(map(_path, entry.get("defaults", ()))),
        fixed=entry.get("fixed", {}),
    )


def _path(given: str | Sequence[str]) -> tuple[str, ...]:
    return tuple(given.split(".")) if isinstance(given, str) else tuple(given)
