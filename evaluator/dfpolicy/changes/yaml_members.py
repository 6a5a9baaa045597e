"""Adds and removes entries of mappings and members of lists, in blocks and between brackets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from dfpolicy.changes.yaml_places import COMMENT, DIFFERENT, Part, Places, UneditableError
from dfpolicy.changes.yaml_rendering import (
    entry_lines,
    flow,
    json_lines,
    member_lines,
    ordered,
    shifted,
)

_COMMENT_LEFT = re.compile(r"[ \t]*#[^\n]*")
_COMMA_LEFT = re.compile(r"[ \t]*,[ \t]*(?:#[^\r\n]*)?(?=\r?\n|\Z)")


class Members(Places):
    """Collects the splices that add and remove members."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._splices: list[tuple[int, int, str]] = []

    def spliced(self) -> str:
        """Return the text with all splices. Raises UneditableError if they overlap."""
        made, position = [], 0
        for start, end, text in sorted(self._splices, key=lambda splice: splice[:2]):
            if start < position:
                raise UneditableError(DIFFERENT, start)
            made += [self.text[position:start], text]
            position = end
        return "".join(made) + self.text[position:]

    def splice(self, start: int, end: int, text: str) -> None:
        """Replace a part of the text."""
        self._splices.append((start, end, text))

    def add_lines(self, at: int, lines: Sequence[str]) -> None:
        """Insert lines at the begin of a line, or at the end of a text without a last line end."""
        end = self.layout.end
        if at and self.text[at - 1] != "\n":
            self.splice(at, at, "".join(end + line for line in lines))
        else:
            self.splice(at, at, "".join(line + end for line in lines))

    def remove(self, node: Any, parts: list[Part], removed: set[int]) -> None:
        """Remove the parts at these positions; others remain."""
        for first, last in _runs(removed):
            if node.flow_style:
                self._remove_in_flow(parts, first, last)
            elif self.leads(parts[first].start):
                for part in parts[first : last + 1]:
                    self.splice(self.line_start(part.start), self.stop(part.slot), "")
            else:
                self._remove_first(parts, last)

    def _remove_first(self, parts: list[Part], last: int) -> None:
        """Remove the first ones of a collection that begins behind a dash."""
        following = parts[last + 1]
        stops = [self.stop(part.slot) for part in parts[: last + 1]]
        starts = [part.start for part in parts[1 : last + 2]]
        if not any(self.text[a:b].strip() for a, b in zip(stops, starts, strict=True)):
            self.splice(parts[0].start, following.start, "")
            return
        # Comments stay, on the lines below the dash.
        before = len(self.text[: parts[0].start].rstrip(" "))
        self.splice(before, self.without_break(stops[0]), "")
        for part, stop in zip(parts[1 : last + 1], stops[1:], strict=True):
            self.splice(self.line_start(part.start), stop, "")

    def _remove_in_flow(self, parts: list[Part], first: int, last: int) -> None:
        if last + 1 < len(parts):
            start, end = parts[first].start, parts[last + 1].start
        else:
            start, end = self.end(parts[first - 1].slot), self.end(parts[last].slot)
        around = parts[max(first - 1, 0) : last + 2]
        for one, other in pairwise(around):
            if "#" in self.text[self.end(one.slot) : other.start]:
                raise UneditableError(COMMENT, start)
        self.splice(start, end, "")

    def insert(
        self, node: Any, parts: list[Part], removed: set[int], position: int, added: Any
    ) -> None:
        """Insert entries (a mapping) or members (a list) before the part at the position."""
        if node.flow_style:
            self._insert_in_flow(parts, removed, position, added)
            return
        lines = []
        if isinstance(added, dict):
            for key, value in added.items():
                lines += entry_lines(key, ordered(value), self.layout)
        else:
            for value in added:
                lines += member_lines(ordered(value), self.layout)
        if position:
            at = self.below(self.stop(parts[position - 1].slot), node.start_mark.column)
        elif self.leads(parts[0].start):
            at = self.line_start(parts[0].start)
        else:
            raise UneditableError(DIFFERENT, parts[0].start)
        self.add_lines(at, shifted(lines, node.start_mark.column))

    def _insert_in_flow(
        self, parts: list[Part], removed: set[int], position: int, added: Any
    ) -> None:
        kept = [part for i, part in enumerate(parts) if i not in removed]
        own_line = self.leads(kept[-1].start)
        indent = self.text[self.line_start(kept[-1].start) : kept[-1].start] if own_line else ""
        texts = self._flow_texts(added, indent)
        comma = "," + self.layout.end + indent if own_line else ", "
        if not own_line and self.layout.json is not None and not self.layout.spaced:
            comma = ","
        if position < len(parts):
            at = parts[position].start
            self.splice(at, at, "".join(text + comma for text in texts))
            return
        at = self.end(kept[-1].slot)
        trailing = _COMMA_LEFT.match(self.text, at) if own_line else None
        if trailing and kept[-1] is parts[-1]:
            at = trailing.end()
            self.splice(at, at, "".join(self.layout.end + indent + text + "," for text in texts))
        elif comment := _COMMENT_LEFT.match(self.text, at):
            if not own_line or kept[-1] is not parts[-1]:
                raise UneditableError(COMMENT, at)
            self.splice(at, at, ",")
            at = at + len(comment[0].rstrip("\r"))
            self.splice(at, at, self.layout.end + indent + comma.join(texts))
        else:
            self.splice(at, at, "".join(comma + text for text in texts))

    def _flow_texts(self, added: Any, indent: str) -> list[str]:
        if not isinstance(added, dict):
            return [self.flow_text(value, indent) for value in added]
        blank = " " if self.layout.json is None or self.layout.spaced else ""
        return [
            f"{self.flow_text(key, indent)}:{blank}{self.flow_text(value, indent)}"
            for key, value in added.items()
        ]

    def flow_text(self, value: Any, indent: str) -> str:
        """Return a value for a place between brackets, on a line with this indent."""
        if self.layout.json is None:
            return flow(ordered(value))
        return (self.layout.end + indent).join(json_lines(ordered(value), self.layout))


def _runs(found: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The first and last of each run of adjacent numbers."""
    first = last = None
    for number in sorted(found):
        if first is None or last is None or number != last + 1:
            if first is not None and last is not None:
                yield first, last
            first = number
        last = number
    if first is not None and last is not None:
        yield first, last
