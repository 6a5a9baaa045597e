"""What DeepFlow can see on each node, as a table for people and for machines.

Nodes that agree in everything but their name share a line; `nodes` lists their names.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from dfpolicy.errors import UsageError, printable
from dfpolicy.i18n.language import _, marked
from dfpolicy.model import FeatureRow

Column = Literal["kprobe", "perf", "golang_uprobe", "openssl_uprobe", "fentry", "certainty"]
SystemField = Literal["architecture", "kernelRelease", "os"]

COLUMNS: tuple[Column, ...] = get_args(Column)
SYSTEM: tuple[SystemField, ...] = get_args(SystemField)
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


@dataclass(frozen=True)
class NodeGroup:
    """Nodes that agree in everything but their name; `row` is that of the first, complete."""

    row: FeatureRow
    nodes: list[str]


def grouped(rows: Iterable[FeatureRow]) -> list[NodeGroup]:
    """Return the rows as groups of nodes that agree, the largest first."""
    groups: dict[str, NodeGroup] = {}
    for row in map(complete, rows):
        key = json.dumps([*shared(row), row["notes"]])
        groups.setdefault(key, NodeGroup(row, [])).nodes.append(row["node"])
    return sorted(groups.values(), key=lambda group: -len(group.nodes))


def shared(row: FeatureRow) -> list[str]:
    """Return the system of a row, and then its columns."""
    return [*(row[name] for name in SYSTEM), *(row[name] for name in COLUMNS)]


def complete(row: FeatureRow) -> FeatureRow:
    """Return the row with every field: the schema asks for the node alone."""
    unknown: FeatureRow = {
        "node": row["node"],
        "architecture": "unknown",
        "kernelRelease": "unknown",
        "os": "unknown",
        "kprobe": "unknown",
        "golang_uprobe": "unknown",
        "openssl_uprobe": "unknown",
        "perf": "unknown",
        "fentry": "unknown",
        "certainty": "unknown",
        "notes": [],
    }
    return {**unknown, **row}


def _table(rows: list[FeatureRow]) -> str:
    groups = grouped(rows)
    lines = [_HEADER, *map(_cells, groups)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    shown = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    notes = _notes(groups)
    return "\n".join([*shown, "", *notes, *([""] if notes else []), *_legend()]) + "\n"


def _cells(group: NodeGroup) -> list[str]:
    cells = (str(len(group.nodes)), _abridged(group.nodes), *shared(group.row))
    return [printable(cell) for cell in cells]


def _abridged(names: list[str]) -> str:
    shown = ", ".join(names[:_NAMES_SHOWN])
    more = len(names) - _NAMES_SHOWN
    return shown + (_(" and {count} more").format(count=more) if more > 0 else "")


def _notes(groups: list[NodeGroup]) -> list[str]:
    notes: dict[str, list[str]] = {}
    for group in groups:
        for note in group.row["notes"]:
            notes.setdefault(note, []).append(group.row["kernelRelease"])
    return [
        printable(f"{_abridged(list(dict.fromkeys(kernels)))}: {note}")
        for note, kernels in notes.items()
    ]


def _legend() -> list[str]:
    return [f"{column:<16}{_(meaning)}" for column, meaning in LEGEND.items()]


def _markdown(rows: list[FeatureRow]) -> str:
    groups = grouped(rows)
    lines = [_HEADER, ["---"] * len(_HEADER), *map(_cells, groups)]
    body = ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines]
    return "\n".join([*body, "", *(f"- {line}" for line in _notes(groups)), ""])


def _csv(rows: list[FeatureRow]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["node", *SYSTEM, *COLUMNS, "notes"])
    for row in map(complete, rows):
        writer.writerow([row["node"], *shared(row), "; ".join(row["notes"])])
    return stream.getvalue()


def _json(rows: list[FeatureRow]) -> str:
    return json.dumps(rows, indent=2, ensure_ascii=False) + "\n"


def _yaml(rows: list[FeatureRow]) -> str:
    from dfpolicy.reading.yaml_writer import write_yaml

    return write_yaml(rows)


FORMATS: dict[str, Callable[[list[FeatureRow]], str]] = {
    "text": _table,
    "json": _json,
    "yaml": _yaml,
    "csv": _csv,
    "markdown": _markdown,
}


def check_format(name: str) -> None:
    """Raise UsageError for an unknown format."""
    if name not in FORMATS:
        raise UsageError(
            _("unknown output format {name!r}").format(name=name[:40]),
            hint=_("use one of {names}").format(names=", ".join(FORMATS)),
        )


def render(rows: list[FeatureRow], name: str) -> str:
    """Return the feature rows of a decision in a format of FORMATS."""
    return FORMATS[name](rows)
