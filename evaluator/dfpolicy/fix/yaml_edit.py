"""Edits a YAML or JSON text so that it has another value, and changes only the lines in question.

It compares the old with the new value, and splices text in at the positions of the parsed nodes.
What it made is read again: a text with any other value is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

import yaml

from dfpolicy.errors import InputError
from dfpolicy.fix.yaml_rendering import (
    Layout,
    block_lines,
    entry_lines,
    flow,
    inline,
    json_lines,
    member_lines,
    shifted,
)
from dfpolicy.i18n.language import marked
from dfpolicy.reading.documents import split
from dfpolicy.reading.limits import Limits, within
from dfpolicy.reading.sources import Source
from dfpolicy.reading.yaml_scalars import resolve

ANCHOR = marked("the field is shared through an anchor, an alias or a merge key")
TAG = marked("the field has a YAML tag")
STYLE = marked("the string is not a literal block, which begins with `|`")
COMMENT = marked("a comment is between the brackets")
BREAKS = marked("its line ends are not those of Unix or Windows")
DIFFERENT = marked("the edited text would not have the expected value")

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BREAKS = re.compile("\r(?!\n)|[\x85\u2028\u2029]")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"|\t')
_COLON = re.compile(r"[ \t]*:")
_ALIAS = re.compile(r"\s*(?:-\s+)?\*[\w-]+")
_LITERAL = re.compile(r"\|[-+]?[ \t]*(?:#.*)?\r?$", re.MULTILINE)
_COMMENT_LEFT = re.compile(r"[ \t]*#[^\n]*")
_COMMA_LEFT = re.compile(r"[ \t]*,[ \t]*(?:#[^\r\n]*)?(?=\r?\n|\Z)")


class UneditableError(Exception):
    """The text cannot be edited safely. `reason` is one of the texts above; `index` is the place."""

    def __init__(self, reason: str, index: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.index = index


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


@dataclass(frozen=True, slots=True)
class _Slot:
    """The place of a value: its node, and where its key or dash ends.

    `column` is that of the key, or None for a member of a list and for the whole document. `flow`
    is whether the place is between brackets.
    """

    node: Any
    floor: int = 0
    column: int | None = None
    flow: bool = False

    @property
    def start(self) -> int:
        """Where the node begins in the text."""
        return int(self.node.start_mark.index)

    @property
    def alias(self) -> bool:
        """Whether the text has an alias here: its node is further up."""
        return self.start < self.floor


@dataclass(frozen=True, slots=True)
class _Part:
    """An entry or member: where it begins, with its key or dash, and the place of its value."""

    start: int
    slot: _Slot


class _Editor:
    def __init__(self, text: str) -> None:
        self.text = text
        self.splices: list[tuple[int, int, str]] = []
        self.known: dict[int, list[_Part]] = {}
        if found := _BREAKS.search(text):
            raise UneditableError(BREAKS, found.start())
        try:
            is_json = text.lstrip()[:1] in ("{", "[") and json.loads(text) is not None
        except ValueError:
            is_json = False
        # Tabs between the tokens of JSON would not be YAML.
        blank = _STRING.sub(lambda found: " " if found[0] == "\t" else found[0], text)
        try:
            self.root: Any = yaml.compose(blank if is_json else text, Loader=_Loader)
        except yaml.YAMLError:
            raise UneditableError(DIFFERENT) from None
        self.layout = _layout(text, self.root, is_json)

    def edited(self, old: Any, new: Any) -> str:
        if self.root is None:
            raise UneditableError(DIFFERENT)
        self.change(_Slot(self.root, flow=self.layout.json is not None), old, new)
        made, position = [], 0
        for start, end, text in sorted(self.splices, key=lambda splice: splice[:2]):
            if start < position:
                raise UneditableError(DIFFERENT, start)
            made += [self.text[position:start], text]
            position = end
        return "".join(made) + self.text[position:]

    # What to change

    def change(self, slot: _Slot, old: Any, new: Any) -> None:
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

    def check(self, slot: _Slot) -> None:
        first = "" if slot.alias else self.text[slot.start : slot.start + 1]
        if slot.alias or first == "&":
            raise UneditableError(ANCHOR, slot.floor)
        if first == "!":
            raise UneditableError(TAG, slot.start)

    def change_mapping(self, slot: _Slot, old: dict[str, Any], new: dict[str, Any]) -> None:
        node = slot.node
        if any(_is_merge(key) for key, _ in node.value):
            raise UneditableError(ANCHOR, slot.start)
        keys = [_key(key) for key, _ in node.value]
        if sorted(keys) != sorted(old):
            raise UneditableError(DIFFERENT, slot.start)
        removed = {i for i, key in enumerate(keys) if key not in new}
        if len(removed) == len(keys):
            return self.replace_all(slot, new)
        parts = self.entries(node)
        for key, part in zip(keys, parts, strict=True):
            if key in new:
                self.change(part.slot, old[key], new[key])
        added = {key: value for key, value in new.items() if key not in old}
        self.remove(node, parts, removed)
        if added:
            self.insert(node, parts, removed, len(parts), added)
        return None

    def change_list(self, slot: _Slot, old: list[Any], new: list[Any]) -> None:
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

    def replace_all(self, slot: _Slot, new: Any) -> None:
        if slot.flow or slot.node.flow_style:
            self.replace_in_flow(slot, new)
        else:
            self.replace_by_block(slot, new)

    # Where things are

    def entries(self, node: Any) -> list[_Part]:
        parts = []
        for key, value in node.value:
            colon = _COLON.match(self.text, key.end_mark.index)
            start, column = key.start_mark.index, key.start_mark.column
            if not colon or self.text[start] in "&!*":
                raise UneditableError(DIFFERENT, start)
            parts.append(_Part(start, _Slot(value, colon.end(), column, bool(node.flow_style))))
        if node.value and not node.flow_style and parts[0].start != node.start_mark.index:
            raise UneditableError(DIFFERENT, parts[0].start)
        return parts

    def members(self, node: Any) -> list[_Part]:
        if id(node) in self.known:
            return self.known[id(node)]
        parts: list[_Part] = []
        position = node.start_mark.index
        for member in node.value:
            if node.flow_style:
                start = member.start_mark.index
                if start <= position:
                    raise UneditableError(ANCHOR, position)
                parts.append(_Part(start, _Slot(member, position, None, True)))
                position = self.end(parts[-1].slot)
                continue
            dash = self.dash(node, position if parts else None)
            parts.append(_Part(dash, _Slot(member, dash + 1)))
            position = self.end(parts[-1].slot)
        self.known[id(node)] = parts
        return parts

    def dash(self, node: Any, after: int | None) -> int:
        if after is None:
            return int(node.start_mark.index)
        indent = re.compile("^ {%d}-" % node.start_mark.column, re.MULTILINE)
        found = indent.search(
            self.text, after if self.text[after - 1] == "\n" else self.line_end(after)
        )
        if not found:
            raise UneditableError(DIFFERENT, after)
        return found.end() - 1

    def end(self, slot: _Slot) -> int:
        """Where the content of a value ends, without comments behind it."""
        node = slot.node
        if slot.alias:
            found = _ALIAS.match(self.text, slot.floor)
            if not found:
                raise UneditableError(ANCHOR, slot.floor)
            return found.end()
        end = int(node.end_mark.index)
        if isinstance(node, yaml.ScalarNode):
            return self.literal_end(slot.start, end) if node.style in ("|", ">") else end
        if node.flow_style or not node.value:
            return end
        if isinstance(node, yaml.SequenceNode):
            return self.end(self.members(node)[-1].slot)
        key, value = node.value[-1]
        return self.end(_Slot(value, int(key.end_mark.index)))

    def literal_end(self, start: int, end: int) -> int:
        header = self.text[start : self.line_end(start)]
        if "+" in header.split("#")[0]:
            return end
        return start + len(self.text[start:end].rstrip())

    def stop(self, slot: _Slot) -> int:
        """Where the line after a value begins."""
        end = self.end(slot)
        return end if self.text[end - 1 : end] == "\n" else self.line_end(end)

    def below(self, stop: int, column: int) -> int:
        """Where the line after the comments begins that are indented more than the column."""
        found = position = stop
        while position < len(self.text):
            end = self.line_end(position)
            line = self.text[position:end]
            content = line.lstrip(" ")
            if content.startswith("#") and len(line) - len(content) > column:
                found = end
            elif content.strip():
                break
            position = end
        return found

    def line_start(self, index: int) -> int:
        return self.text.rfind("\n", 0, index) + 1

    def line_end(self, index: int) -> int:
        return self.text.find("\n", index) + 1 or len(self.text)

    def leads(self, index: int) -> bool:
        """Whether only blanks are before it on its line."""
        return not self.text[self.line_start(index) : index].strip(" \t")

    def without_break(self, stop: int) -> int:
        start = self.line_start(max(stop - 1, 0))
        return start + len(self.text[start:stop].rstrip("\r\n"))

    # How to change it

    def splice(self, start: int, end: int, text: str) -> None:
        self.splices.append((start, end, text))

    def add_lines(self, at: int, lines: Sequence[str]) -> None:
        """Insert lines at the begin of a line, or at the end of a text without a last line end."""
        end = self.layout.end
        if at and self.text[at - 1] != "\n":
            self.splice(at, at, "".join(end + line for line in lines))
        else:
            self.splice(at, at, "".join(line + end for line in lines))

    def remove(self, node: Any, parts: list[_Part], removed: set[int]) -> None:
        for first, last in _runs(removed):
            if node.flow_style:
                self.remove_in_flow(parts, first, last)
            elif self.leads(parts[first].start):
                for part in parts[first : last + 1]:
                    self.splice(self.line_start(part.start), self.stop(part.slot), "")
            else:
                self.remove_first(parts, last)

    def remove_first(self, parts: list[_Part], last: int) -> None:
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

    def remove_in_flow(self, parts: list[_Part], first: int, last: int) -> None:
        if last + 1 < len(parts):
            start, end = parts[first].start, parts[last + 1].start
        else:
            start, end = self.end(parts[first - 1].slot), self.end(parts[last].slot)
        for one, other in zip(parts[max(first - 1, 0) :], parts[first : last + 2], strict=False):
            if "#" in self.text[self.end(one.slot) : other.start]:
                raise UneditableError(COMMENT, start)
        self.splice(start, end, "")

    def insert(
        self, node: Any, parts: list[_Part], removed: set[int], position: int, added: Any
    ) -> None:
        """Insert entries (a mapping) or members (a list) before the part at the position."""
        if node.flow_style:
            self.insert_in_flow(parts, removed, position, added)
            return
        lines = []
        if isinstance(added, dict):
            for key, value in added.items():
                lines += entry_lines(key, value, self.layout)
        else:
            for value in added:
                lines += member_lines(value, self.layout)
        if position:
            at = self.below(self.stop(parts[position - 1].slot), node.start_mark.column)
        elif self.leads(parts[0].start):
            at = self.line_start(parts[0].start)
        else:
            raise UneditableError(DIFFERENT, parts[0].start)
        self.add_lines(at, shifted(lines, node.start_mark.column))

    def insert_in_flow(
        self, parts: list[_Part], removed: set[int], position: int, added: Any
    ) -> None:
        kept = [part for i, part in enumerate(parts) if i not in removed]
        own_line = self.leads(kept[-1].start)
        indent = self.text[self.line_start(kept[-1].start) : kept[-1].start] if own_line else ""
        texts = self.flow_texts(added, indent)
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

    def flow_texts(self, added: Any, indent: str) -> list[str]:
        if not isinstance(added, dict):
            return [self.flow_text(value, indent) for value in added]
        blank = " " if self.layout.json is None or self.layout.spaced else ""
        return [
            f"{self.flow_text(key, indent)}:{blank}{self.flow_text(value, indent)}"
            for key, value in added.items()
        ]

    def flow_text(self, value: Any, indent: str) -> str:
        if self.layout.json is None:
            return flow(value)
        return (self.layout.end + indent).join(json_lines(value, self.layout))

    def replace_in_flow(self, slot: _Slot, new: Any) -> None:
        end = self.end(slot)
        if end == slot.start:
            raise UneditableError(DIFFERENT, end)
        line = self.text[self.line_start(slot.start) : slot.start]
        indent = line[: len(line) - len(line.lstrip())]
        self.splice(slot.start, end, self.flow_text(new, indent))

    def replace_by_scalar(self, slot: _Slot, old: Any, new: Any) -> None:
        node = slot.node
        scalar = isinstance(node, yaml.ScalarNode)
        if scalar and node.style in ("|", ">") and isinstance(new, str):
            self.replace_literal(slot, old, new)
            return
        end = self.end(slot)
        if scalar and isinstance(new, str) and "\n" in self.text[slot.start : end]:
            raise UneditableError(STYLE, slot.start)
        text = inline(new, node.style if scalar and node.style in ("'", '"') else None)
        if end == slot.start:
            self.splice(slot.floor, slot.floor, f" {text}")
        elif not scalar and slot.column is not None and self.leads(slot.start):
            self.splice(slot.floor, slot.floor, f" {text}")
            self.splice(self.line_start(slot.start), self.stop(slot), "")
        else:
            self.splice(slot.start, self.inner_end(end), text)

    def inner_end(self, end: int) -> int:
        """The end of content without the line end that a literal has."""
        return self.without_break(end) if self.text[end - 1] == "\n" else end

    def replace_by_block(self, slot: _Slot, new: Any) -> None:
        lines = block_lines(new, self.layout)
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

    def replace_literal(self, slot: _Slot, old: str, new: str) -> None:
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


def _layout(text: str, root: Any, is_json: bool) -> Layout:
    first = text.find("\n")
    layout = Layout(end="\r\n" if first > 0 and text[first - 1] == "\r" else "\n")
    if is_json:
        indent = re.search(r"\n([ \t]+)", text.strip())
        return replace(layout, json=indent[1] if indent else "", spaced='": ' in text)
    steps, dashes = {}, {}
    for column, child in _nested(root):
        found = steps if isinstance(child, yaml.MappingNode) else dashes
        offset = child.start_mark.column - column
        if 0 <= offset <= 8:
            found.setdefault(offset, child)
    return replace(layout, step=next(iter(steps), 2) or 2, dash=next(iter(dashes), 0))


def _nested(root: Any) -> Iterator[tuple[int, Any]]:
    """The block collections that are values of keys, with the columns of the keys."""
    nodes = [root]
    while nodes:
        node = nodes.pop()
        if isinstance(node, yaml.SequenceNode):
            nodes += reversed(node.value)
        elif isinstance(node, yaml.MappingNode):
            nodes += [value for _, value in reversed(node.value)]
            for key, value in node.value:
                if isinstance(value, yaml.CollectionNode) and not value.flow_style:
                    yield key.start_mark.column, value


def _key(node: Any) -> str:
    """The key as `read_yaml` reads it."""
    if node.style:
        return str(node.value)
    value = resolve(node.value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _is_merge(node: Any) -> bool:
    return bool(node.tag == "tag:yaml.org,2002:merge")


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


def common_start(one: Sequence[str], other: Sequence[str]) -> int:
    """Return the number of strings at the beginning of both that are equal."""
    pairs = zip(one, other, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
