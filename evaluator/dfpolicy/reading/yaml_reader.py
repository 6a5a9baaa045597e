"""Decodes YAML as kubectl does, from the events of libyaml.

One pass without recursion, so that depth and alias expansion are bounded, duplicate keys
are found with their line, and no intermediate tree is built.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from typing import Any

import yaml

from dfpolicy.errors import InputError
from dfpolicy.i18n.language import _, marked
from dfpolicy.reading.limits import MAX_DEPTH, budget, too_deep
from dfpolicy.reading.yaml_scalars import resolve

_TAG = "tag:yaml.org,2002:"
_TEXT_TAGS = frozenset((_TAG + "str", _TAG + "timestamp", "!"))
_BINARY_TAG = _TAG + "binary"
_RESOLVED_TAGS = {
    _TAG + "int": (int,),
    _TAG + "float": (int, float),
    _TAG + "bool": (bool,),
    _TAG + "null": (type(None),),
}
_COLLECTION_TAGS = frozenset((_TAG + "map", _TAG + "seq", "!"))
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNSET = object()
# The first characters of a plain scalar that may not be a string: numbers, `yes`, `<<`.
_SPECIAL = frozenset("+-.0123456789~yYnNtTfFoO<")


class DuplicateKeyError(InputError):
    """A key appears twice in one mapping."""


class YamlSyntaxError(InputError):
    """The text is not YAML."""


class _Frame:
    """An open collection: its value, its anchor, and where its expanded size began."""

    __slots__ = ("anchor", "key", "merge", "size", "value")

    def __init__(self, value: Any, anchor: str | None, size: int) -> None:
        self.value = value
        self.anchor = anchor
        self.size = size
        self.key: Any = _UNSET
        self.merge: list[dict[str, Any]] = []


class _Builder:
    def __init__(self, name: str, first_line: int) -> None:
        self.name = name
        self.first_line = first_line
        self.stack: list[_Frame] = []
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.size = 0
        self.root: Any = None
        self.budget = budget()
        self.most = self.budget.values

    def place(self, event: Any) -> str:
        return f"{self.name}:{self.first_line + event.start_mark.line}"

    def error(self, message: str, event: Any, hint: str = "") -> InputError:
        return InputError(message, self.place(event), hint)

    def open(self, event: Any, value: Any) -> None:
        if event.tag is not None and event.tag not in _COLLECTION_TAGS:
            raise self.error(
                _("Kubernetes does not know this YAML tag"), event, _("remove the tag")
            )
        if len(self.stack) >= MAX_DEPTH:
            raise too_deep(self.place(event))
        frame = _Frame(value, event.anchor, self.size)
        if event.anchor is not None:
            self.anchors.pop(event.anchor, None)
        self.stack.append(frame)
        self.count(1, event)

    def close(self, event: Any) -> None:
        frame = self.stack.pop()
        value = frame.value
        if frame.merge:
            for merged in frame.merge:
                for key, item in merged.items():
                    value.setdefault(key, item)
        if frame.anchor is not None:
            self.anchors[frame.anchor] = (value, self.size - frame.size)
        self.put(value, event)

    def alias(self, event: Any) -> None:
        found = self.anchors.get(event.anchor)
        if found is None:
            inside = any(frame.anchor == event.anchor for frame in self.stack)
            if inside:
                raise self.error(_("an alias refers to the value that contains it"), event)
            raise self.error(_("the anchor of an alias is not defined"), event)
        value, size = found
        self.count(size, event)
        if self.stack and isinstance(value, (dict, list)):
            frame = self.stack[-1]
            if isinstance(frame.value, dict) and frame.key is _UNSET:
                raise self.error(_("a mapping key must be a string"), event)
        self.put(value, event)

    def scalar(self, event: Any) -> None:
        text, stack = event.value, self.stack
        if (
            not stack
            or event.tag is not None
            or event.anchor is not None
            or (event.implicit[0] and (not text or text[0] in _SPECIAL))
        ):
            return self.any_scalar(event)
        # A string that needs no further check, like almost all.
        frame = stack[-1]
        value, key = frame.value, frame.key
        if key is _UNSET:
            if type(value) is list:
                value.append(text)
            elif text in value:
                return self.any_scalar(event)
            else:
                value[text] = None
                frame.key = text
        elif key is _MERGE:
            return self.any_scalar(event)
        else:
            value[key] = text
            frame.key = _UNSET
        self.count(1, event)
        return None

    def any_scalar(self, event: Any) -> None:
        frame = self.stack[-1] if self.stack else None
        is_key = frame is not None and frame.key is _UNSET and isinstance(frame.value, dict)
        if event.tag is None and not event.implicit[0]:
            value: Any = event.value
        elif is_key and event.value == "<<" and event.implicit[0]:
            value = _MERGE
        else:
            value = self.resolved(event)
        self.count(1, event)
        if event.anchor is not None:
            self.anchors[event.anchor] = (value, 1)
        self.put(value, event)

    def resolved(self, event: Any) -> Any:
        tag = event.tag
        if tag in _TEXT_TAGS:
            return event.value
        if tag == _BINARY_TAG:
            return self.decoded(event)
        try:
            value = resolve(event.value)
        except ValueError as error:
            raise self.error(_(str(error)), event, _("quote it if it is a string")) from None
        if tag is None:
            return value
        wanted = _RESOLVED_TAGS.get(tag)
        if wanted is None:
            raise self.error(
                _("Kubernetes does not know this YAML tag"), event, _("remove the tag")
            )
        if type(value) not in wanted:
            raise self.error(_("the value does not match its YAML tag"), event)
        return value

    def decoded(self, event: Any) -> str:
        """Return the decoded base64, as Kubernetes decodes it."""
        try:
            return b64decode("".join(event.value.split()), validate=True).decode()
        except ValueError:
            raise self.error(_("the !!binary value is not base64 of valid UTF-8"), event) from None

    def put(self, value: Any, event: Any) -> None:
        if not self.stack:
            self.root = value
            return
        frame = self.stack[-1]
        if isinstance(frame.value, list):
            frame.value.append(value)
        elif frame.key is _UNSET:
            frame.key = value if value is _MERGE else self.checked_key(value, frame, event)
        elif frame.key is _MERGE:
            frame.key = _UNSET
            frame.merge += self.merged(value, event)
        else:
            frame.value[frame.key] = value
            frame.key = _UNSET

    def checked_key(self, value: Any, frame: _Frame, event: Any) -> str:
        if isinstance(value, str):
            key = value
        elif isinstance(value, bool):
            key = "true" if value else "false"
        elif isinstance(value, (int, float)):
            key = str(value)
        else:
            raise self.error(_("a mapping key must be a string"), event, _(_RENDER))
        if key in frame.value:
            message = _("duplicate key {key}").format(key=_short(key))
            raise DuplicateKeyError(message, self.place(event))
        frame.value[key] = None
        return key

    def merged(self, value: Any, event: Any) -> list[dict[str, Any]]:
        mappings = value if isinstance(value, list) else [value]
        if not all(isinstance(mapping, dict) for mapping in mappings):
            raise self.error(_("the merge key << needs mappings"), event)
        return mappings

    def count(self, nodes: int, event: Any) -> None:
        self.size += nodes
        if self.size > self.most:
            raise self.budget.too_many_values(self.place(event))

    def end(self, event: Any) -> None:
        self.budget.take_values(self.size, self.place(event))
        self.most = self.budget.values
        self.size = 0
        self.root = None
        self.anchors.clear()


_MERGE = object()
_RENDER = marked("if this is a template, render it first")


def read_yaml(text: str, name: str, first_line: int) -> Iterator[tuple[Any, int]]:
    """Yield (value, line) of each YAML document in `text`, whose first line is `first_line`.

    Values are JSON values: dict, list, str, int, float, bool, None. An empty
    document yields None. Raises InputError with file and line.
    """
    loader = _Loader(text)
    builder = _Builder(name, first_line)
    line = first_line
    events = {
        yaml.ScalarEvent: builder.scalar,
        yaml.AliasEvent: builder.alias,
        yaml.MappingStartEvent: lambda event: builder.open(event, {}),
        yaml.SequenceStartEvent: lambda event: builder.open(event, []),
        yaml.MappingEndEvent: builder.close,
        yaml.SequenceEndEvent: builder.close,
    }
    try:
        while True:
            event = loader.get_event()
            handler = events.get(type(event))
            if handler is not None:
                if not builder.stack:
                    line = first_line + event.start_mark.line
                handler(event)
            elif type(event) is yaml.DocumentEndEvent:
                yield builder.root, line
                builder.end(event)
            elif event is None or type(event) is yaml.StreamEndEvent:
                return
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if error.context_mark and error.problem == "found unexpected end of stream":
            # Naming the unclosed bracket helps more than the end of the file.
            mark = error.context_mark
        place = f"{name}:{first_line + mark.line}" if mark else name
        problem = error.problem or error.context or _("cannot be parsed")
        message = _("not valid YAML: {problem}").format(problem=problem)
        raise YamlSyntaxError(message, place) from None
    except yaml.YAMLError:
        raise InputError(
            _("not valid YAML: a character that YAML does not allow"), f"{name}:{first_line}"
        ) from None
    finally:
        loader.dispose()


def _short(key: str) -> str:
    return repr(key if len(key) <= 60 else key[:57] + "...")
