"""Decodes deepflow-agent.yaml as the agent does, with the line of each key.

The agent's decoder differs from kubectl's: scalars keep their text, `yes` is a string, and `<<` is
an ordinary key. Whether the agent accepts what was decoded is for the policies to say.
"""

from __future__ import annotations

from typing import Any, Final

import yaml

from dfpolicy.model import JsonObject
from dfpolicy.reading.redacted_text import redacted

# Aliases can repeat a list; the agent's own keys need a handful of values.
_MOST_VALUES = 10_000
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NESTED: Final[JsonObject] = {"nested": True}


def decode(text: str, first_line: int = 1) -> JsonObject | None:
    """Return {root, entries} of a text, or {problem}; None if it has too many values.

    `root` is mapping, list, scalar, null, nothing (comments only) or empty (no text). An entry is
    {key, line, value}: a quoted scalar is a string, a plain one {plain: string}, one with a tag
    {tagged: string}, a list a list of these, and anything deeper {nested: true}. A repeated key has
    an entry each time. A problem is {reason, line, detail}; its reason is yaml, documents or key.
    Lines count from `first_line`. Secrets are hidden.
    """
    try:
        return _Decoder(text, first_line).decoded()
    except _ProblemError as problem:
        return {"problem": problem.args[0]}
    except _TooLargeError:
        return None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        detail = error.problem or error.context or ""
        return {"problem": {"reason": "yaml", "line": line, "detail": detail}}
    except yaml.YAMLError:
        detail = "a character that YAML does not allow"
        return {"problem": {"reason": "yaml", "line": first_line, "detail": detail}}


class _ProblemError(Exception):
    """The text cannot be decoded; the argument describes it."""


class _TooLargeError(Exception):
    pass


class _Decoder:
    def __init__(self, text: str, first_line: int) -> None:
        self.text = text
        self.loader = _Loader(text)
        self.first_line = first_line
        self.anchors: dict[str, Any] = {}
        self.values = 0

    def decoded(self) -> JsonObject:
        try:
            found: JsonObject = {"root": "nothing" if self.text else "empty", "entries": []}
            documents = 0
            while (event := self.loader.get_event()) is not None:
                if isinstance(event, yaml.DocumentStartEvent):
                    documents += 1
                    if documents > 1:
                        raise self.problem("documents", event)
                elif isinstance(event, yaml.MappingStartEvent):
                    found = {"root": "mapping", "entries": list(self.entries(event))}
                elif isinstance(event, yaml.SequenceStartEvent):
                    self.skip()
                    found = {"root": "list", "entries": []}
                elif isinstance(event, yaml.ScalarEvent):
                    found = {"root": _root(event), "entries": []}
            return found
        finally:
            self.loader.dispose()

    def entries(self, start: Any) -> Any:
        """Yield the entries of the top-level mapping, whose start was read."""
        if start.anchor is not None:
            self.anchors[start.anchor] = _NESTED
        while not isinstance(event := self.loader.get_event(), yaml.MappingEndEvent):
            key = self.value(event, 0)
            if isinstance(key, dict):
                key = key.get("plain", key.get("tagged"))
            if not isinstance(key, str):
                raise self.problem("key", event)
            value = self.value(self.loader.get_event(), 0)
            yield {
                "key": key,
                "line": self.first_line + event.start_mark.line,
                "value": value,
            }

    def value(self, event: Any, depth: int) -> Any:
        """Return the value that begins with this event, and read it to its end."""
        if isinstance(event, yaml.AliasEvent):
            value = self.alias(event)
            return _NESTED if depth and isinstance(value, list) else value
        if isinstance(event, yaml.ScalarEvent):
            self.count(1)
            value = _scalar(event)
        elif depth or isinstance(event, yaml.MappingStartEvent):
            self.skip()
            value = _NESTED
        else:
            value = []
            while not isinstance(item := self.loader.get_event(), yaml.SequenceEndEvent):
                value.append(self.value(item, 1))
        if event.anchor is not None:
            self.anchors[event.anchor] = value
        return value

    def alias(self, event: Any) -> Any:
        if event.anchor not in self.anchors:
            raise self.problem("yaml", event, "the anchor of an alias is not defined")
        value = self.anchors[event.anchor]
        self.count(len(value) if isinstance(value, list) else 1)
        return value

    def skip(self) -> None:
        """Read to the end of a collection whose start was read."""
        depth = 1
        while depth:
            event = self.loader.get_event()
            self.count(1)
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            elif isinstance(event, yaml.AliasEvent):
                self.alias(event)
            if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
                self.anchors.setdefault(event.anchor, _NESTED)

    def count(self, values: int) -> None:
        self.values += values
        if self.values > _MOST_VALUES:
            raise _TooLargeError

    def problem(self, reason: str, event: Any, detail: str = "") -> _ProblemError:
        line = self.first_line + event.start_mark.line
        return _ProblemError({"reason": reason, "line": line, "detail": detail})


def _scalar(event: Any) -> Any:
    if event.tag is not None:
        return {"tagged": redacted(event.value)}
    return {"plain": redacted(event.value)} if event.implicit[0] else redacted(event.value)


def _root(event: Any) -> str:
    if not event.implicit[0]:
        return "scalar"
    if not event.value:
        return "nothing"
    return "null" if event.value in ("~", "null", "Null", "NULL") else "scalar"
