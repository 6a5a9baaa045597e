"""The nodes of the HTML report, grouped by what DeepFlow can see on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from dfpolicy.formats.features import COLUMNS, Column, NodeGroup, complete, grouped
from dfpolicy.model import FeatureRow

_SIGNS = {
    "yes": "✓",
    "probed": "✓",
    "listed": "✓",
    "host-only": "◐",
    "unlisted": "!",
    "no": "\N{BALLOT X}",
    "unknown": "?",
}


@dataclass(frozen=True)
class Alike:
    """Systems with equal values in every column; there is at least one."""

    systems: list[NodeGroup]

    @property
    def count(self) -> int:
        """The number of their nodes."""
        return sum(len(system.nodes) for system in self.systems)

    @property
    def values(self) -> list[tuple[str, str]]:
        """The value and the sign of each column."""
        row = self.systems[0].row
        return [(row[column], _SIGNS.get(row[column], "")) for column in COLUMNS]


class Systems:
    """The feature rows of all nodes."""

    def __init__(self, features: Iterable[FeatureRow]) -> None:
        self.rows = [complete(row) for row in features]

    def totals(self, column: Column) -> list[tuple[str, int]]:
        """Return how many nodes have each value of a column, the best value first."""
        counted = Counter[str](row[column] for row in self.rows)
        return [(value, counted[value]) for value in _SIGNS if counted[value]]

    def alike(self) -> list[Alike]:
        """Return the systems grouped by equal values, the group with most nodes first."""
        found: dict[tuple[str, ...], Alike] = {}
        for system in grouped(self.rows):
            values = tuple(system.row[column] for column in COLUMNS)
            found.setdefault(values, Alike([])).systems.append(system)
        return sorted(found.values(), key=lambda alike: -alike.count)
