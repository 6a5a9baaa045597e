"""The nodes of the HTML report: on which of them DeepFlow sees the same, and what that is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from dfpolicy.formats.features import COLUMNS, grouped
from dfpolicy.formats.html_markup import Words, number, prose, scrolled, section, text

_SYSTEMS_SHOWN = 3
_VALUES = ("yes", "listed", "host-only", "unlisted", "no", "unknown")
_SIGNS = {
    "yes": "✓",
    "listed": "✓",
    "no": "\N{BALLOT X}",
    "host-only": "◐",
    "unlisted": "!",
    "unknown": "?",
}


def nodes_section(features: Iterable[Mapping[str, Any]], words: Words) -> str:
    """Return the section with the feature rows of the nodes as one table."""
    rows = [_complete(row) for row in features]
    if not rows:
        return section("nodes", words["nodes_heading"], f"<p>{text(words['nodes_none'])}</p>")
    columns = "".join(
        f'<th scope="col" title="{text(words[f"about_{column}"])}">{text(words[column])}</th>'
        for column in COLUMNS
    )
    table = (
        f'<table class="matrix"><caption>{text(words["nodes_caption"])}</caption><thead><tr>'
        f'<th scope="col">{text(words["count"])}</th><th scope="col">{text(words["system"])}</th>'
        f'{columns}</tr><tr class="totals"><th scope="row" colspan="2">'
        f"{text(words['all_nodes'])}: {number(len(rows))}</th>"
        + "".join(f"<td>{_totals(rows, column, words)}</td>" for column in COLUMNS)
        + "</tr></thead><tbody>"
        + "".join(_matrix_row(systems, words) for systems in _alike(rows))
        + "</tbody></table>"
    )
    legend = "".join(
        f"<dt>{text(words[column])}</dt><dd>{text(words[f'about_{column}'])}</dd>"
        for column in COLUMNS
    )
    return section(
        "nodes",
        words["nodes_heading"],
        f'{scrolled(table, words["nodes_caption"])}<dl class="legend">{legend}</dl>',
    )


def _complete(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row with every field: the schema asks for the node alone."""
    names = ("node", "architecture", "kernelRelease", "os", *COLUMNS)
    return {name: row.get(name, "unknown") for name in names} | {"notes": row.get("notes", [])}


def _totals(rows: Iterable[Mapping[str, Any]], column: str, words: Words) -> str:
    counted = Counter(row[column] for row in rows)
    return "<br>".join(
        f'<span class="cell {value}">{number(counted[value])} {text(words[value])}</span>'
        for value in _VALUES
        if counted[value]
    )


def _alike(rows: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Systems on which DeepFlow sees the same, the most nodes first."""
    found: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for system in grouped(rows):
        found.setdefault(tuple(system[column] for column in COLUMNS), []).append(system)
    return sorted(found.values(), key=lambda systems: -_count(systems))


def _count(systems: list[dict[str, Any]]) -> int:
    return sum(system["count"] for system in systems)


def _matrix_row(systems: list[dict[str, Any]], words: Words) -> str:
    shown = "".join(_system(system, words) for system in systems[:_SYSTEMS_SHOWN])
    more = "".join(_system(system, words) for system in systems[_SYSTEMS_SHOWN:])
    if more:
        count = number(len(systems) - _SYSTEMS_SHOWN)
        shown += (
            f"<details><summary>{text(words['more_systems'])}: {count}</summary>{more}</details>"
        )
    cells = "".join(
        f'<td class="cell {text(value)}"><span aria-hidden="true">{_SIGNS.get(value, "")}</span> '
        f"{text(words.get(value, value))}</td>"
        for value in (systems[0][column] for column in COLUMNS)
    )
    return (
        f'<tr class="nodes"><th scope="row"><b class="amount">{number(_count(systems))}</b></th>'
        f"<td>{shown}</td>{cells}</tr>\n"
    )


def _system(system: Mapping[str, Any], words: Words) -> str:
    """One node by its name, several by how many they are and their names to open."""
    names = "\n".join(map(text, system["nodes"]))
    single = system["count"] == 1
    listed = f'<pre class="names"{" hidden" if single else ""}>{names}</pre>'
    count = f'<span class="amount">{number(system["count"])}</span> {text(words["nodes"])}'
    nodes = names if single else count
    head = (
        f"<b>{nodes}</b> {text(system['os'])}, <code>{text(system['kernelRelease'])}</code> "
        f"{text(system['architecture'])}"
    )
    notes = "".join(f"<li>{prose(note)}</li>" for note in system["notes"])
    inner = f"{head}{listed}" if single else f"<details><summary>{head}</summary>{listed}</details>"
    return f'<div class="system">{inner}{f"<ul>{notes}</ul>" if notes else ""}</div>'
