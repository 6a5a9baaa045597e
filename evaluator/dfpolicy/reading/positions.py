"""Lines of fields. Looked up only when a line is shown: positions cost more than values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from dfpolicy.reading.documents import Document

# The line of a scalar, or of a collection with its members: {key: (its line, place)} or [place].
# PyYAML's composed nodes need ten times the memory, gigabytes for a large List.
_Place = Any
# A string, a mark of structure, a line break, or another scalar of JSON.
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}\n]|[^\s"\[\]{}:,]+')


class Positions:
    """Finds lines in documents, and caches their positions."""

    def __init__(self) -> None:
        self._roots: dict[int, _Place] = {}

    def key_line(self, document: Document, path: Iterable[str | int]) -> int:
        """Return the line of the key at the path; its value may begin on a later line."""
        *above, last = path
        members = _members(self._place(document, above))
        if isinstance(members, dict) and last in members:
            return document.text_line + int(members[last][0])
        return self.line(document, [*above, last])

    def line(self, document: Document, path: Iterable[str | int]) -> int:
        """Return the line of the field at the path in its source.

        It is the document's first line if the path is empty or does not exist.
        """
        steps = list(path)
        place = self._place(document, steps) if steps else None
        if place is None:
            return document.line
        return document.text_line + int(place[0] if isinstance(place, tuple) else place)

    def _place(self, document: Document, steps: Iterable[str | int]) -> _Place:
        key = id(document)
        if key not in self._roots:
            text = document.text
            self._roots[key] = _read_json(text) if _is_json(text) else _read(text)
        place = self._roots[key]
        for step in steps:
            place = _child(place, step)
        return place


def _members(place: _Place) -> Any:
    return place[1] if isinstance(place, tuple) else None


def _child(place: _Place, step: str | int) -> _Place:
    members = _members(place)
    if isinstance(members, list):
        return members[step] if isinstance(step, int) and step < len(members) else None
    if isinstance(members, dict) and step in members:
        return members[step][1]
    return None


class _Frame:
    """An open collection, and the mapping key whose value comes next."""

    __slots__ = ("key", "members")

    def __init__(self, members: Any) -> None:
        self.members = members
        self.key: tuple[Any, int] | None = None

    def put(self, place: _Place) -> None:
        if isinstance(self.members, list):
            self.members.append(place)
        elif self.key is not None:
            name, line = self.key
            self.members[name] = (line, place)
            self.key = None

    def wants_key(self) -> bool:
        return isinstance(self.members, dict) and self.key is None


def _is_json(text: str) -> bool:
    if text[:1] not in ("{", "["):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _read_json(text: str) -> _Place:
    """Return the places of a JSON text, which is not always valid YAML."""
    root: list[_Place] = []
    stack = [_Frame(root)]
    line = 0
    for token in _TOKEN.finditer(text):
        frame, mark = stack[-1], token[0]
        if mark == "\n":
            line += 1
        elif mark in ("{", "["):
            members: Any = {} if mark == "{" else []
            frame.put((line, members))
            stack.append(_Frame(members))
        elif mark in ("}", "]"):
            stack.pop()
        elif frame.wants_key():
            frame.key = (json.loads(mark), line)
        else:
            frame.put(line)
    return root[0]


def _read(text: str) -> _Place:
    """Return the places of a one-document text; None if it is not valid YAML."""
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    try:
        found = _built(loader, yaml)
    except yaml.YAMLError:
        # The document's first line is still correct.
        return None
    finally:
        loader.dispose()
    return found[0] if len(found) == 1 else None


def _built(loader: Any, yaml: Any) -> list[_Place]:
    """The places of all documents."""
    found: list[_Place] = []
    stack = [_Frame(found)]
    anchors: dict[str, _Place] = {}
    names: dict[str, str] = {}
    while not isinstance(event := loader.get_event(), yaml.StreamEndEvent):
        frame, line = stack[-1], event.start_mark.line
        if isinstance(event, yaml.CollectionStartEvent):
            members: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
            place: _Place = (line, members)
            frame.put(place)
            stack.append(_Frame(members))
        elif isinstance(event, yaml.CollectionEndEvent):
            stack.pop()
            continue
        elif not isinstance(event, yaml.NodeEvent):
            continue
        elif frame.wants_key():
            text = getattr(event, "value", None)
            # Most names repeat.
            frame.key = (names.setdefault(text, text) if text else text, line)
            place = line
        else:
            place = anchors.get(event.anchor, line) if isinstance(event, yaml.AliasEvent) else line
            frame.put(place)
        if event.anchor and not isinstance(event, yaml.AliasEvent):
            anchors[event.anchor] = place
    return found
