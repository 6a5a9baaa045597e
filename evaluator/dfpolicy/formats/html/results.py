"""The results of the HTML report: one block for the equal results of a requirement.

Ten thousand results become few blocks. Results that differ only in their subject share a row, and
the subjects are the lines of one text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from dfpolicy.formats.content import standing
from dfpolicy.model import LEVELS, Level, Result
from dfpolicy.report.merging import ANSWER, merged

STATES = ("violation", "unknown", "waived", "pass")


@dataclass
class Block:
    """The results of a requirement with the same outcome and level."""

    id: str
    title: str
    group: str
    state: str
    level: Level
    results: list[Result] = field(default_factory=list)

    @property
    def takes(self) -> bool:
        """Whether it has a violation, waived or not: a waiver does not restore a lost feature."""
        return any(result["outcome"] == "violation" for result in self.results)

    @property
    def anchor(self) -> str:
        """The ID of its HTML element."""
        return "-".join(f"{self.id}-{self.state}-{self.level}".split())

    @property
    def cases(self) -> list[list[list[Result]]]:
        """Rows of equal results; rows that differ only in what was found are in one list."""
        return [merged(case) for case in merged(self.results, ANSWER)]


def blocks_of(results: Iterable[Result]) -> list[Block]:
    """Return the blocks, in the order of the results; within a requirement the worst first."""
    found: dict[tuple[str, ...], Block] = {}
    places: dict[tuple[str, str], int] = {}
    groups: dict[str, int] = {}
    for result in results:
        identifier, group, level = result["id"], result["group"], result["level"]
        state = standing(result)
        groups.setdefault(group, len(groups))
        places.setdefault((group, identifier), len(places))
        block = found.setdefault(
            (group, identifier, state, level),
            Block(identifier, result["title"], group, state, level),
        )
        block.results.append(result)
    return sorted(
        found.values(),
        key=lambda block: (
            groups[block.group],
            places[block.group, block.id],
            STATES.index(block.state),
            LEVELS.index(block.level),
        ),
    )


def tally(blocks: Sequence[Block]) -> list[tuple[str, str, int]]:
    """Return how many results have each state, violations by level; the worst first."""
    counted = Counter[tuple[str, str]]()
    for block in blocks:
        level = block.level if block.state == "violation" else ""
        counted[block.state, level] += len(block.results)
    order = [*(("violation", level) for level in LEVELS), *((state, "") for state in STATES[1:])]
    return [(*kind, counted[kind]) for kind in order if counted[kind]]
