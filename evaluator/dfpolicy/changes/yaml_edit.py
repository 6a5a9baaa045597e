"""Edits a YAML or JSON text so that it has another value, and changes only the lines in question.

It compares the old with the new value, and splices text in at the positions of the parsed nodes.
What it made is read again: a text with any other value is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any

import yaml

from dfpolicy.changes.yaml_members import Members
from dfpolicy.changes.yaml_places import (
    ANCHOR,
    DIFFERENT,
    STYLE,
    TAG,
    Slot,
    UneditableError,
    is_merge,
    key_of,
)
from dfpolicy.changes.yaml_rendering import block_lines, inline, ordered, shifted
from dfpolicy.errors import InputError
from dfpolicy.reading.documents import split
from dfpolicy.reading.limits import Limits, within
from dfpolicy.reading.sources import Source

_LITERAL = re.compile(r"\|[-+]?[ \t]*(?:#.*)?\r?$", re.MULTILINE)


def edited(text: str, old: Any, new: Any) -> str:
    """Return the text of one document, whose value is `old`, with the value `new`.

    Raises UneditableError.
    """
    if same(old, new):
        return text
    made = _Editor(text).edited(old, new)
    if not same(values_of(made), [new]):
        raise UneditableError(DIFFERENT)
    return made


def values_of(text: str) -> list[Any] | None:
    """Return the values of the documents of a text, or None if it is not valid."""
    try:
        with within(Limits()):
            return [document.value for document in split(Source("", text))]
    except InputError:
        return None


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same JSON; `true` is not 1."""
    return one is other or (one == other and _json(one) == _json(other))


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


class _Editor(Members):
    def edited(self, old: Any, new: Any) -> str:
        if self.root is None:
            raise UneditableError(DIFFERENT)
        self.change(Slot(self.root, flow=self.layout.json is not None), old, new)
        return self.spliced()

    def change(self, slot: Slot, old: Any, new: Any) -> None:
        if same(old, new):
            return
        self.check(slot)
        node = slot.node
        # An empty collection has no neighbours to follow.
        nested = bool(old) and bool(new)
        if isinstance(node, yaml.MappingNode) and isinstance(new, dict) and nested:
            self.change_mapping(slot, old, new)
        elif isinstance(node, yaml.SequenceNode) and isinstance(new, list) and nested:
            self.change_list(slot, old, new)
        elif slot.flow:
            self.replace_in_flow(slot, new)
        elif isinstance(new, (dict, list)) and new:
            self.replace_by_block(slot, new)
        else:
            self.replace_by_scalar(slot, old, new)

    def check(self, slot: Slot) -> None:
        first = "" if slot.alias else self.text[slot.start : slot.start + 1]
        if slot.alias or first == "&":
            raise UneditableError(ANCHOR, slot.floor)
        if first == "!":
            raise UneditableError(TAG, slot.start)

    def change_mapping(self, slot: Slot, old: dict[str, Any], new: dict[str, Any]) -> None:
        node = slot.node
        if any(is_merge(key) for key, _ in node.value):
            raise UneditableError(ANCHOR, slot.start)
        keys = [key_of(key) for key, _ in node.value]
        if sorted(keys) != sorted(old):
            raise UneditableError(DIFFERENT, slot.start)
        removed = {i for i, key in enumerate(keys) if key not in new}
        if len(removed) == len(keys):
            return self.replace_all(slot, new)
        parts = self.entries(node)
        for key, part in zip(keys, parts, strict=True):
            if key in new:
                self.change(part.slot, old[key], new[key])
        added = ordered({key: value for key, value in new.items() if key not in old})
        self.remove(node, parts, removed)
        if added:
            self.insert(node, parts, removed, len(parts), added)
        return None

    def change_list(self, slot: Slot, old: list[Any], new: list[Any]) -> None:
        if len(slot.node.value) != len(old):
            raise UneditableError(DIFFERENT, slot.start)
        kept, removed, added = _aligned(old, new)
        if not kept:
            return self.replace_all(slot, new)
        parts = self.members(slot.node)
        for i, j in kept:
            self.change(parts[i].slot, old[i], new[j])
        self.remove(slot.node, parts, removed)
        for position, members in added.items():
            self.insert(slot.node, parts, removed, position, members)
        return None

    def replace_all(self, slot: Slot, new: Any) -> None:
        if slot.flow or slot.node.flow_style:
            self.replace_in_flow(slot, new)
        else:
            self.replace_by_block(slot, new)

    def replace_in_flow(self, slot: Slot, new: Any) -> None:
        end = self.end(slot)
        if end == slot.start:
            raise UneditableError(DIFFERENT, end)
        line = self.text[self.line_start(slot.start) : slot.start]
        indent = line[: len(line) - len(line.lstrip())]
        self.splice(slot.start, end, self.flow_text(new, indent))

    def replace_by_scalar(self, slot: Slot, old: Any, new: Any) -> None:
        node = slot.node
        scalar = isinstance(node, yaml.ScalarNode)
        if scalar and node.style in ("|", ">") and isinstance(new, str):
            self.replace_literal(slot, old, new)
            return
        end = self.end(slot)
        if scalar and isinstance(new, str) and "\n" in self.text[slot.start : end]:
            raise UneditableError(STYLE, slot.start)
        text = inline(ordered(new), node.style if scalar and node.style in ("'", '"') else None)
        if end == slot.start:
            self.splice(slot.floor, slot.floor, f" {text}")
        elif not scalar and slot.column is not None and self.leads(slot.start):
            self.splice(slot.floor, slot.floor, f" {text}")
            self.splice(self.line_start(slot.start), self.stop(slot), "")
        else:
            self.splice(slot.start, self.inner_end(end), text)

    def replace_by_block(self, slot: Slot, new: Any) -> None:
        lines = block_lines(ordered(new), self.layout)
        end = self.end(slot)
        if slot.column is None:
            empty = end == slot.start
            start = slot.floor if empty else slot.start
            column = start - self.line_start(start) + empty
            first, *rest = lines[:1] + shifted(lines[1:], column)
            self.splice(
                start, self.inner_end(end), self.layout.end.join([" " * empty + first, *rest])
            )
            return
        step = self.layout.step if isinstance(new, dict) else self.layout.dash
        lines = shifted(lines, slot.column + step)
        stop = self.stop(slot)
        block = not isinstance(slot.node, yaml.ScalarNode) and not slot.node.flow_style
        if block:
            self.splice(self.line_start(slot.start), stop, "")
        else:
            self.splice(slot.floor, self.inner_end(end), "")
        self.add_lines(stop, lines)

    def replace_literal(self, slot: Slot, old: str, new: str) -> None:
        """Replace the lines of a literal that differ."""
        header = _LITERAL.match(self.text, slot.start)
        if not header or not old.strip() or not new.strip():
            raise UneditableError(STYLE, slot.start)
        position = self.line_end(slot.start)
        end = int(slot.node.end_mark.index)
        bounds = [position]
        before, after = old.split("\n"), new.split("\n")
        while len(bounds) <= len(before) and bounds[-1] < end:
            bounds.append(min(self.line_end(bounds[-1]), end))
        filled = next(i for i, line in enumerate(before) if line.strip())
        first = self.text[bounds[filled] : bounds[filled + 1]]
        indent = (
            len(first)
            - len(first.lstrip(" "))
            - (len(before[filled]) - len(before[filled].lstrip(" ")))
        )
        start = common_start(before, after)
        behind = common_start(before[start:][::-1], after[start:][::-1])
        stop = len(before) - behind
        made = shifted(after[start : len(after) - behind], indent)
        if stop >= len(bounds):
            # The last line has no line end.
            raise UneditableError(STYLE, slot.start)
        at = bounds[stop]
        self.splice(bounds[start], at, "")
        if made:
            self.add_lines(at, made)


def _aligned(
    old: list[Any], new: list[Any]
) -> tuple[list[tuple[int, int]], set[int], dict[int, list[Any]]]:
    """The pairs of members, the removed ones, and those added before a position."""
    one, other = list(map(_json, old)), list(map(_json, new))
    kept: list[tuple[int, int]] = []
    removed: set[int] = set()
    added: dict[int, list[Any]] = {}
    for _, i, i_end, j, j_end in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        paired = min(i_end - i, j_end - j)
        kept += zip(range(i, i + paired), range(j, j + paired), strict=True)
        removed |= set(range(i + paired, i_end))
        if j + paired < j_end:
            added[i_end] = new[j + paired : j_end]
    return kept, removed, added


def common_start(one: Sequence[str], other: Sequence[str]) -> int:
    """Return the number of strings at the beginning of both that are equal."""
    pairs = zip(one, other, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
