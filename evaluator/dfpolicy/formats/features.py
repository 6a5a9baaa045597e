"""What DeepFlow can see on each node, for programs; `features_text` is for people.

Nodes that differ only in their name share a line; `nodes` lists their names.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from dfpolicy.formats.base import Style, check_known
from dfpolicy.formats.markup import item, plain, table
from dfpolicy.i18n.escaping import cleaned, csv_text, json_text
from dfpolicy.i18n.language import _, labelled, listed, marked, translate
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
    "fentry": marked("faster attach; yes means that it is possible; off by default in the agent"),
    "certainty": marked(
        "probed: tried on the node; otherwise, whether DeepFlow lists this kernel as supported"
    ),
}
_HEADER = (
    *(marked("count"), marked("nodes"), marked("architecture"), marked("kernel"), marked("os")),
    *(marked("kprobe"), marked("perf"), marked("golang_uprobe"), marked("openssl_uprobe")),
    *(marked("fentry"), marked("certainty")),
)
_VALUES = (
    *(marked("yes"), marked("no"), marked("host-only"), marked("unknown")),
    *(marked("probed"), marked("listed"), marked("unlisted")),
)
_NAMES_SHOWN = 3
_LONGEST = 1000


@dataclass(frozen=True)
class NodeGroup:
    """Nodes that differ only in their name; `row` is the complete row of the first one."""

    row: FeatureRow
    nodes: list[str]


def grouped(rows: Iterable[FeatureRow]) -> list[NodeGroup]:
    """Return the rows as groups of equal nodes, the largest group first."""
    groups: dict[str, NodeGroup] = {}
    for row in map(complete, rows):
        key = json.dumps([*shared(row), row["notes"]])
        groups.setdefault(key, NodeGroup(row, [])).nodes.append(row["node"])
    return sorted(groups.values(), key=lambda group: -len(group.nodes))


def shared(row: FeatureRow) -> list[str]:
    """Return the system of a row, and then its columns."""
    return [*(row[name] for name in SYSTEM), *(row[name] for name in COLUMNS)]


def complete(row: FeatureRow) -> FeatureRow:
    """Return the row with every field; the schema requires only the node."""
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


def header() -> list[str]:
    """Return the names of the columns in the language in force."""
    return [translate(name) for name in _HEADER]


def value(text: str) -> str:
    """Return a value of a column in the language in force; systems stay as they are."""
    return _(text) if text in _VALUES else text


def _cells(group: NodeGroup) -> list[str]:
    return [str(len(group.nodes)), _abridged(group.nodes), *map(value, shared(group.row))]


def _abridged(names: list[str]) -> str:
    shown, more = listed(names[:_NAMES_SHOWN]), len(names) - _NAMES_SHOWN
    if more <= 0:
        return shown
    return _("{items} and {count} more").format(items=shown, count=more)


def _notes(groups: list[NodeGroup]) -> list[str]:
    notes: dict[str, list[str]] = {}
    for group in groups:
        for note in group.row["notes"]:
            notes.setdefault(note, []).append(group.row["kernelRelease"])
    return [
        labelled(_abridged(list(dict.fromkeys(kernels))), note) for note, kernels in notes.items()
    ]


def _markdown(rows: list[FeatureRow], _style: Style) -> str:
    groups = grouped(cleaned(rows))
    cells = ([plain(cell) for cell in _cells(group)] for group in groups)
    lines = [*table(header(), cells), "", *(item(note, _LONGEST) for note in _notes(groups)), ""]
    return "\n".join(lines)


def _csv(rows: list[FeatureRow], _style: Style) -> str:
    lines = [["node", *SYSTEM, *COLUMNS, "notes"]]
    lines += [[row["node"], *shared(row), "; ".join(row["notes"])] for row in map(complete, rows)]
    return csv_text(lines)


def _json(rows: list[FeatureRow], _style: Style) -> str:
    return json_text(rows)


def _yaml(rows: list[FeatureRow], _style: Style) -> str:
    from dfpolicy.reading.yaml_writer import write_yaml

    return write_yaml(rows)


def _text(rows: list[FeatureRow], style: Style) -> str:
    from dfpolicy.formats import features_text

    return features_text.render(cleaned([*map(complete, rows)]), style)


FORMATS: dict[str, Callable[[list[FeatureRow], Style], str]] = {
    "text": _text,
    "json": _json,
    "yaml": _yaml,
    "csv": _csv,
    "markdown": _markdown,
}


def check_format(name: str) -> None:
    """Raise UsageError for an unknown format."""
    check_known(name, FORMATS)


def render(rows: list[FeatureRow], name: str, style: Style | None = None) -> str:
    """Return the feature rows of a decision in a format of FORMATS; text has a style."""
    return FORMATS[name](rows, style or Style())
