"""Reads a large JSON List item by item, so that its items are never all in memory.

The items are decoded twice: first all of them, because only a valid text is read in this way, then
each when it is used. This takes less time than anything that is done with an item afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from dfpolicy.reading.json_decoder import DuplicateKeyError, decoded, unique
from dfpolicy.reading.list_items import LARGE, ListText, Member, Placed, is_list

_BLANKS = re.compile(r"[ \t\r\n]*")


def json_list(text: str) -> Placed | None:
    """Return the List that is the only value of a text.

    None for any other text, and for a small List: it is decoded whole.
    """
    if len(text) < LARGE:
        return None
    try:
        return _list(text)
    except (ValueError, IndexError, DuplicateKeyError, RecursionError):
        return None


def _list(text: str) -> Placed | None:
    """Return the List. Raises ValueError, IndexError and what `decoded` raises."""
    cursor, items = _Cursor(text), None
    start = cursor.skip()
    pairs: list[tuple[str, Any]] = []
    mark = cursor.mark("{")
    while mark != "}":
        key, value = cursor.value(), []
        cursor.mark(":")
        if key == "items":
            items = cursor.skip()
            for _member in cursor.members():
                pass
        else:
            value = cursor.value()
        if not isinstance(key, str):
            return None
        pairs.append((key, value))
        mark = cursor.mark(",}")
    end, head = cursor.position, unique(pairs)
    if cursor.skip() < len(text) or items is None or not is_list(head):
        return None
    line = text.count("\n", 0, start) + 1
    found = ListText(head, line, _members(text, items, text.count("\n", 0, items) + 1))
    return Placed(found, line, line, start, end)


def _members(text: str, position: int, line: int) -> Iterator[Member]:
    for value, start, end in _Cursor(text, position).members():
        line += text.count("\n", position, start)
        position = start
        yield Member(value, line, line, start, end, ())


class _Cursor:
    """A position in a JSON text. Methods raise ValueError or IndexError at a fault."""

    def __init__(self, text: str, position: int = 0) -> None:
        self._text = text
        self.position = position

    def skip(self) -> int:
        """Step over blanks, and return the position."""
        match = _BLANKS.match(self._text, self.position)
        assert match is not None
        self.position = match.end()
        return self.position

    def mark(self, marks: str) -> str:
        """Step over one of these marks, and return it."""
        mark = self._text[self.skip()]
        if mark not in marks:
            raise ValueError(mark)
        self.position += 1
        return mark

    def value(self) -> Any:
        """Step over a value, and return it. Raises what `decoded` raises."""
        value, self.position = decoded(self._text, self.skip())
        return value

    def members(self) -> Iterator[tuple[Any, int, int]]:
        """Step over a list: yield each value, and where it starts and ends."""
        mark = self.mark("[")
        if self._text[self.skip()] == "]":
            mark = self.mark("]")
        while mark != "]":
            start = self.skip()
            value = self.value()
            yield value, start, self.position
            mark = self.mark(",]")
