"""Reads a large YAML List item by item, so that its items are never all in memory.

The list is cut at the dashes in the column of its items. An item that is valid YAML by itself ends
there in the whole text too. If one is not, the whole text is decoded instead, which either finds
the fault, or the value that only the whole has (an alias of another item).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from dfpolicy.errors import InputError
from dfpolicy.i18n.language import _
from dfpolicy.reading.limits import budget
from dfpolicy.reading.sources import Source

# In characters. Smaller Lists are decoded whole.
LARGE = 1 << 20
_ITEMS = re.compile(r"^items: *\n( *)- ", re.MULTILINE)
# The first line after the items: a key of the List, or another line that is no item.
_END = re.compile(r"^[^ \n#-]|^-(?! )", re.MULTILINE)

# Decodes a text, whose first line has this number, into its documents: (value, line of content).
Decode = Callable[[str, int], Iterator[tuple[Any, int]]]


class Member(NamedTuple):
    """An item: its value, the line of its content, the line of its text, where the text is.

    `path` is the place of the item in its text. The lines are 0 if the whole text had to be
    decoded.
    """

    value: Any
    line: int
    text_line: int
    start: int
    end: int
    path: tuple[int, ...]


class ListText(NamedTuple):
    """A List: `head` is the List without its items, `line` the line of its content.

    `members` can be iterated once, and raises InputError.
    """

    head: dict[str, Any]
    line: int
    members: Iterator[Member]


class Placed(NamedTuple):
    """A value or a ListText, the line of its content, the line of its text, where the text is."""

    value: Any
    line: int
    text_line: int
    start: int
    end: int


def list_text(source: Source, start: int, end: int, line: int, decode: Decode) -> ListText | None:
    """Return the List in a part of the source's text, whose first line has the number `line`.

    None for any other text, and for a small List: it is decoded whole.
    """
    within = source.text
    if end - start < LARGE:
        return None
    found = _ITEMS.search(within, start, end)
    if found is None:
        return None
    first = found.start(1)
    after = _END.search(within, first, end)
    last = after.start() if after else end
    left = budget().values
    try:
        heads = [*decode(within[start:first] + within[last:end], line)]
    except InputError:
        heads = []
    if len(heads) != 1 or not is_list(heads[0][0]) or heads[0][0].get("items", 0) is not None:
        budget().values = left
        return None
    head, head_line = heads[0]
    head["items"] = []
    cut = _Cut(source.name, within, start, end, line, first, last, len(found[1]), left)
    return ListText(head, head_line, cut.members(decode, head))


def is_list(head: Any) -> bool:
    """Whether a value has the kind and apiVersion of a List."""
    return (
        isinstance(head, dict)
        and isinstance(head.get("kind"), str)
        and head["kind"].endswith("List")
        and isinstance(head.get("apiVersion"), str)
        and head["apiVersion"] != ""
    )


class _Cut(NamedTuple):
    """Where the List is, where its items are, the column of their dashes, and the budget before."""

    name: str
    within: str
    start: int
    end: int
    line: int
    first: int
    last: int
    column: int
    values: int

    def members(self, decode: Decode, head: dict[str, Any]) -> Iterator[Member]:
        number = 0
        for text_line, start, end in self._places():
            try:
                value, line = self._decoded(decode, text_line, start, end)
            except InputError:
                break
            # Its text is a list with one item.
            yield Member(value, line, text_line, start, end, (0,))
            number += 1
        else:
            return
        budget().values = self.values
        yield from self._whole(decode, head, number)

    def _places(self) -> Iterator[tuple[int, int, int]]:
        dash = "\n" + " " * self.column + "- "
        line = self.line + self.within.count("\n", self.start, self.first)
        start = self.first
        while start < self.last:
            found = self.within.find(dash, start, self.last)
            end = self.last if found < 0 else found + 1
            yield line, start, end
            line += self.within.count("\n", start, end)
            start = end

    def _decoded(self, decode: Decode, line: int, start: int, end: int) -> tuple[Any, int]:
        """Decode an item. Raises InputError if it is not valid by itself."""
        # Without its dash it is a document.
        text = " " * (self.column + 1) + self.within[start + self.column + 1 : end]
        found = [*decode(text, line)]
        if len(found) != 1 or found[0][0] is None:
            raise InputError("", "")
        return found[0]

    def _whole(self, decode: Decode, head: dict[str, Any], number: int) -> Iterator[Member]:
        """Yield the members from this number on, from the whole text. Raises InputError."""
        found = [*decode(self.within[self.start : self.end], self.line)]
        value = found[0][0] if found else None
        if not isinstance(value, dict) or {**value, "items": []} != head:
            # A string that contains lines like those of a List.
            problem = _("cannot be parsed")
            raise InputError(_("not valid YAML: {problem}").format(problem=problem), self.name)
        for member in (value["items"] or ())[number:]:
            yield Member(member, 0, 0, self.start, self.end, ())
