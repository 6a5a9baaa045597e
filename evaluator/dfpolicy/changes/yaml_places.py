"""Finds the places of keys, dashes, values and their last lines in a YAML or JSON text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import yaml

from dfpolicy.changes.yaml_rendering import Layout
from dfpolicy.i18n.language import marked
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


class UneditableError(Exception):
    """The text cannot be edited safely.

    `reason` is one of the texts above, `index` the place in the text.
    """

    def __init__(self, reason: str, index: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.index = index


@dataclass(frozen=True, slots=True)
class Slot:
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
class Part:
    """An entry or member: where it begins, with its key or dash, and the place of its value."""

    start: int
    slot: Slot


class Places:
    """The nodes of the only document of a text, and their places in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._known: dict[int, list[Part]] = {}
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
        self.layout = layout_of(text, self.root, is_json)

    def entries(self, node: Any) -> list[Part]:
        """Return the entries of a mapping. Raises UneditableError for keys in an unusual form."""
        parts = []
        for key, value in node.value:
            colon = _COLON.match(self.text, key.end_mark.index)
            start, column = key.start_mark.index, key.start_mark.column
            if not colon or self.text[start] in "&!*":
                raise UneditableError(DIFFERENT, start)
            parts.append(Part(start, Slot(value, colon.end(), column, bool(node.flow_style))))
        if node.value and not node.flow_style and parts[0].start != node.start_mark.index:
            raise UneditableError(DIFFERENT, parts[0].start)
        return parts

    def members(self, node: Any) -> list[Part]:
        """Return the members of a list. Raises UneditableError."""
        if id(node) in self._known:
            return self._known[id(node)]
        parts: list[Part] = []
        position = node.start_mark.index
        for member in node.value:
            if node.flow_style:
                start = member.start_mark.index
                if start <= position:
                    raise UneditableError(ANCHOR, position)
                parts.append(Part(start, Slot(member, position, None, True)))
                position = self.end(parts[-1].slot)
                continue
            dash = self._dash(node, position if parts else None)
            parts.append(Part(dash, Slot(member, dash + 1)))
            position = self.end(parts[-1].slot)
        self._known[id(node)] = parts
        return parts

    def _dash(self, node: Any, after: int | None) -> int:
        if after is None:
            return int(node.start_mark.index)
        indent = re.compile(rf"^ {{{node.start_mark.column}}}-", re.MULTILINE)
        found = indent.search(
            self.text, after if self.text[after - 1] == "\n" else self.line_end(after)
        )
        if not found:
            raise UneditableError(DIFFERENT, after)
        return found.end() - 1

    def end(self, slot: Slot) -> int:
        """Where the content of a value ends, without comments behind it."""
        node = slot.node
        if slot.alias:
            found = _ALIAS.match(self.text, slot.floor)
            if not found:
                raise UneditableError(ANCHOR, slot.floor)
            return found.end()
        end = int(node.end_mark.index)
        if isinstance(node, yaml.ScalarNode):
            return self._literal_end(slot.start, end) if node.style in ("|", ">") else end
        if node.flow_style or not node.value:
            return end
        if isinstance(node, yaml.SequenceNode):
            return self.end(self.members(node)[-1].slot)
        key, value = node.value[-1]
        return self.end(Slot(value, int(key.end_mark.index)))

    def _literal_end(self, start: int, end: int) -> int:
        header = self.text[start : self.line_end(start)]
        if "+" in header.split("#")[0]:
            return end
        return start + len(self.text[start:end].rstrip())

    def stop(self, slot: Slot) -> int:
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
        """Where the line of a position begins."""
        return self.text.rfind("\n", 0, index) + 1

    def line_end(self, index: int) -> int:
        """Where the line after a position begins."""
        return self.text.find("\n", index) + 1 or len(self.text)

    def leads(self, index: int) -> bool:
        """Whether only blanks are before it on its line."""
        return not self.text[self.line_start(index) : index].strip(" \t")

    def without_break(self, stop: int) -> int:
        """Where the line before a position ends, without its line end."""
        start = self.line_start(max(stop - 1, 0))
        return start + len(self.text[start:stop].rstrip("\r\n"))

    def inner_end(self, end: int) -> int:
        """The end of content without the line end that a literal has."""
        return self.without_break(end) if self.text[end - 1] == "\n" else end


def layout_of(text: str, root: Any, is_json: bool) -> Layout:
    """Return the layout of a text: its first indents count."""
    first = text.find("\n")
    layout = Layout(end="\r\n" if first > 0 and text[first - 1] == "\r" else "\n")
    if is_json:
        indent = re.search(r"\n([ \t]+)", text.strip())
        return replace(layout, json=indent[1] if indent else "", spaced='": ' in text)
    steps: list[int] = []
    dashes: list[int] = []
    for column, child in _nested(root):
        found = steps if isinstance(child, yaml.MappingNode) else dashes
        found.append(child.start_mark.column - column)
    # An alias can have any offset.
    step = next((offset for offset in steps if 0 < offset <= 8), 2)
    return replace(layout, step=step, dash=next((o for o in dashes if 0 <= o <= 8), 0))


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


def key_of(node: Any) -> str:
    """Return the key as `read_yaml` reads it."""
    if node.style:
        return str(node.value)
    value = resolve(node.value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def is_merge(node: Any) -> bool:
    """Whether a key is the merge key."""
    return bool(node.tag == "tag:yaml.org,2002:merge")
