"""The table of `docs/engines.md`: the answers of each engine and host for each requirement.

A test finds each column by running the real engine, and compares it with the page;
`--update-golden` writes it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from dfpolicy.model import LEVELS
from dfpolicy.policy.catalogue import load_catalogue
from support.decisions import ROOT

PAGE = ROOT / "docs" / "engines.md"
COLUMNS = (
    *("wasm", "opa", "server", "conftest --combine", "conftest"),
    *("gator", "Gatekeeper", "out of Gatekeeper's sight"),
)
NOTHING = "-"

Cells = dict[str, str]


def check(column: str, found: Mapping[str, str], update: bool) -> None:
    """Compare a column, by id of the requirement, with the page, or write it there."""
    ids = [entry["id"] for entry in load_catalogue().requirements]
    assert set(found) <= set(ids)
    cells = {name: found.get(name) or NOTHING for name in ids}
    table = _read()
    if update:
        rows = {name: table.get(name, {}) for name in ids}
        _write({name: row | {column: cells[name]} for name, row in rows.items()})
        return
    assert {name: row[column] for name, row in table.items()} == cells, (
        f"{PAGE.name}: another {column}; run `make golden golden-engines`, and for Gatekeeper"
        " `pytest tests/cluster/test_gatekeeper.py --update-golden`"
    )


def strictest(told: Iterable[tuple[str, str]], words: Collection[str] = LEVELS) -> Cells:
    """For pairs of ID and word, the word of each ID that comes first among the words."""
    order = list(words)
    found: Cells = {}
    for name, word in told:
        if name not in found or order.index(word) < order.index(found[name]):
            found[name] = word
    return found


def _read() -> dict[str, Cells]:
    rows = {}
    for line in PAGE.read_text("utf-8").splitlines():
        if line.startswith("| DF-"):
            name, *cells = (cell.strip() for cell in line.strip("|").split(" | "))
            rows[name] = dict(zip(COLUMNS, cells, strict=True))
    return rows


def _write(rows: Mapping[str, Cells]) -> None:
    prose = [line for line in PAGE.read_text("utf-8").splitlines() if not line.startswith("|")]
    lines = ["| requirement | " + " | ".join(COLUMNS) + " |", "|---" * (len(COLUMNS) + 1) + "|"]
    for name, row in rows.items():
        cells = [row.get(column, NOTHING) for column in COLUMNS]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    text = "\n".join(prose).rstrip() + "\n\n" + "\n".join(lines) + "\n"
    PAGE.write_text(text, "utf-8", newline="\n")
