"""Compares the table of chart values with a checkout of the charts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml
from tools.dev.paths import ROOT

from dfpolicy.changes.chart_table import read, release_of

_READ = re.compile(r"\.Values\.([\w.]+)")

# Where a chart has a value: the file, and the line.
Place = tuple[str, int]


def moved(root: Path, place: str, table: str) -> Iterator[str]:
    """Yield what a chart no longer has, and what it has although the table says otherwise.

    `place` is the directory of the chart below `root`, `table` the table below the tree.
    """
    folder = root / place
    text = (ROOT / table).read_text(encoding="utf-8")
    head = yaml.safe_load((folder / "Chart.yaml").read_text(encoding="utf-8"))
    release = release_of(str(head["version"]))
    held = _held(folder)
    parts = {part["name"] for part in head.get("dependencies", ())}
    rows = read(text)[folder.name]
    known = {row.value for row in rows if row.holds(release)}
    for row, line in zip(rows, _lines(text, folder.name), strict=True):
        name, claim = ".".join(row.value), f"{table}:{line}"
        found = _place(row.value, held)
        if row.holds(release):
            # The values of an external chart are in no file of the checkout.
            if found is None and row.value[0] not in parts:
                yield f"{place}/values.yaml:1: gone: {name} (in {claim})"
        elif found is not None and row.value not in known:
            yield f"{place}/{found[0]}:{found[1]}: new: {name} (not in {head['version']}: {claim})"


def _held(folder: Path) -> dict[tuple[str, ...], Place]:
    """The values that a chart documents or that its templates read."""
    file = folder / "values.yaml"
    node = yaml.compose(file.read_text(encoding="utf-8")) if file.is_file() else None
    found = {path: (file.name, line) for path, line in _keys(node, ())}
    for template in sorted(folder.glob("templates/**/*")):
        if not template.is_file():
            continue
        name = template.relative_to(folder).as_posix()
        for number, line in enumerate(template.read_text(encoding="utf-8").splitlines(), 1):
            for match in _READ.finditer(line):
                found.setdefault(tuple(match[1].strip(".").split(".")), (name, number))
    return found


def _keys(node: Any, above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], int]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            path = (*above, str(key.value))
            yield path, key.start_mark.line + 1
            yield from _keys(value, path)


def _place(value: Sequence[str], held: dict[tuple[str, ...], Place]) -> Place | None:
    """Where a value or a part of it is, if it is anywhere."""
    path = tuple(value)
    return next((place for one, place in held.items() if one[: len(path)] == path), None)


def _lines(text: str, chart: str) -> list[int]:
    root: Any = yaml.compose(text)
    return [
        row.start_mark.line + 1
        for key, rows in root.value
        if key.value == chart
        for row in rows.value
    ]
