"""What DeepFlow can see on each node, as a table for people and for machines.

Nodes that agree in everything but their name share a line; `nodes` lists their names.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from typing import Any

from dfpolicy.errors import UsageError, printable
from dfpolicy.i18n.language import _, marked

Row = dict[str, Any]

COLUMNS = ("kprobe", "perf", "golang_uprobe", "openssl_uprobe", "fentry", "certainty")
_SHARED = ("architecture", "kernelRelease", "os", *COLUMNS)
LEGEND = {
    "kprobe": marked("AutoTracing of system calls"),
    "perf": marked("AutoProfiling"),
    "golang_uprobe": marked(
        "Go traffic, also encrypted; host-only: not in containers; off by default"
    ),
    "openssl_uprobe": marked("OpenSSL traffic; host-only: not in containers; off by default"),
    "fentry": marked(
        "faster attaching; yes says that it is possible, the agent has it off by default"
    ),
    "certainty": marked("whether DeepFlow's table of kernels lists this kernel"),
}
_HEADER = ["count", "nodes", "architecture", "kernel", "os", *COLUMNS]
_NAMES_SHOWN = 3


def grouped(rows: Iterable[Row]) -> list[Row]:
    """Return one row for nodes that agree, {count, nodes, …}, the largest group first."""
    groups: dict[str, Row] = {}
    for row in rows:
        shared = {key: row[key] for key in (*_SHARED, "notes")}
        group = groups.setdefault(json.dumps(shared), {"count": 0, "nodes": [], **shared})
        group["count"] += 1
        group["nodes"].append(row["node"])
    return sorted(groups.values(), key=lambda group: -group["count"])


def _table(rows: list[Row]) -> str:
    groups = grouped(rows)
    lines = [_HEADER, *map(_cells, groups)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    shown = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    notes = _notes(groups)
    return "\n".join([*shown, "", *notes, *([""] if notes else []), *_legend()]) + "\n"


def _cells(group: Row) -> list[str]:
    cells = [group["count"], _names(group), *(group[key] for key in _SHARED)]
    return [printable(str(cell)) for cell in cells]


def _names(group: Row) -> str:
    return _abridged(group["nodes"])


def _abridged(names: list[str]) -> str:
    shown = ", ".join(names[:_NAMES_SHOWN])
    more = len(names) - _NAMES_SHOWN
    return shown + (_(" and {count} more").format(count=more) if more > 0 else "")


def _notes(groups: list[Row]) -> list[str]:
    notes: dict[str, list[str]] = {}
    for group in groups:
        for note in group["notes"]:
            notes.setdefault(note, []).append(group["kernelRelease"])
    return [
        printable(f"{_abridged(list(dict.fromkeys(kernels)))}: {note}")
        for note, kernels in notes.items()
    ]


def _legend() -> list[str]:
    return [f"{column:<16}{_(meaning)}" for column, meaning in LEGEND.items()]


def _markdown(rows: list[Row]) -> str:
    groups = grouped(rows)
    lines = [_HEADER, ["---"] * len(_HEADER), *map(_cells, groups)]
    body = ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines]
    return "\n".join([*body, "", *(f"- {line}" for line in _notes(groups)), ""])


def _csv(rows: list[Row]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["node", *_SHARED, "notes"])
    for row in rows:
        writer.writerow([row["node"], *(row[key] for key in _SHARED), "; ".join(row["notes"])])
    return stream.getvalue()


def _json(rows: list[Row]) -> str:
    return json.dumps(rows, indent=2, ensure_ascii=False) + "\n"


def _yaml(rows: list[Row]) -> str:
    from dfpolicy.reading.yaml_writer import write_yaml

    return write_yaml(rows)


FORMATS: dict[str, Callable[[list[Row]], str]] = {
    "text": _table,
    "json": _json,
    "yaml": _yaml,
    "csv": _csv,
    "markdown": _markdown,
}


def check_format(name: str) -> None:
    """Raise UsageError for an unknown format."""
    if name not in FORMATS:
        raise UsageError(f"no output format {name[:40]!r}", hint=f"one of {', '.join(FORMATS)}")


def render(rows: list[Row], name: str) -> str:
    """Return the feature rows of a decision in a format of FORMATS."""
    return FORMATS[name](rows)
