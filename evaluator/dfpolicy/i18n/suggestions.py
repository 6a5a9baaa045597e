"""Which known names a mistyped one is near to, and the question whether they are meant."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dfpolicy.i18n.language import _, listed

_MOST = 3
_LONGEST = 60
_NUMBER = re.compile(r"\d+")
_PARTS = re.compile(r"[-_.]")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the question which of the nearest known names is meant; empty if none is near."""
    near = nearest(name, known)
    return _("did you mean {name}?").format(name=listed(near)) if near else ""


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """Return the known names that need the fewest edits, at most three and in their order.

    Case and leading zeros do not count, and neither do words around a part of a name. No more
    than a third of the characters may differ, or two of a short name.
    """
    wanted = _plain(name[:_LONGEST])
    found: dict[int, list[str]] = {}
    for one in known:
        found.setdefault(_distance(wanted, one), []).append(one)
    least = min(found, default=_LONGEST)
    most = max(len(wanted) // 3, 1 if len(wanted) < 4 else 2)
    return found[least][:_MOST] if least <= most else []


def _distance(wanted: str, known: str) -> int:
    other = _plain(known)
    if len(wanted) > 1 and wanted in _PARTS.split(other):
        return min(1, len(other) - len(wanted))
    return _edits(wanted, other)


def _plain(name: str) -> str:
    return _NUMBER.sub(lambda number: str(int(number[0])), name.lower())


def _edits(one: str, other: str) -> int:
    """Return how many characters must be inserted, removed or replaced."""
    row = list(range(len(other) + 1))
    for number, char in enumerate(one, 1):
        before, row[0] = row[0], number
        for position, wanted in enumerate(other, 1):
            cost = before + (char != wanted)
            before = row[position]
            row[position] = min(row[position] + 1, row[position - 1] + 1, cost)
    return row[-1]
