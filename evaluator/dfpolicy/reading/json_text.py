"""Reads JSON texts: the values in them, or the items of a large List."""

from __future__ import annotations

from dfpolicy.errors import InputError
from dfpolicy.i18n.language import _
from dfpolicy.reading.json_decoder import DuplicateKeyError, decoded
from dfpolicy.reading.json_list import json_list
from dfpolicy.reading.json_shape import Shape, line_of_level
from dfpolicy.reading.limits import MAX_DEPTH, budget, too_deep
from dfpolicy.reading.list_items import Placed
from dfpolicy.reading.sources import Source


def json_values(source: Source, streamed: bool) -> list[Placed] | None:
    """Return the values of concatenated JSON texts, or None if the text is not JSON.

    If `streamed`, a large List is a ListText. Raises InputError for a duplicate key, and for a text
    that exceeds the budget in force.
    """
    text, left, shape = source.text, budget(), Shape(source.text)
    if shape.values > left.values:
        raise left.too_many_values(source.name)
    if shape.deeper_than(MAX_DEPTH):
        raise too_deep(f"{source.name}:{line_of_level(text, MAX_DEPTH + 1)}")
    found = json_list(text) if streamed else None
    if found is None:
        return _whole(source, shape.values)
    left.take_document(f"{source.name}:{found.line}")
    left.take_values(shape.values, source.name)
    return [found]


def _whole(source: Source, count: int) -> list[Placed] | None:
    """Decode a text of at most this many values, if it is one JSON value."""
    text, left, position = source.text, budget(), 0
    found: list[Placed] = []
    line, counted = 1, 0
    try:
        while True:
            while position < len(text) and text[position] in " \t\r\n":
                position += 1
            if position == len(text):
                left.take_values(count + len(found) - 1, source.name)
                return found
            line += text.count("\n", counted, position)
            counted = position
            left.take_document(f"{source.name}:{line}")
            value, end = decoded(text, position)
            found.append(Placed(value, line, line, position, end))
            position = end
    except DuplicateKeyError as error:
        _find_duplicate(source, text[position:], line)
        raise InputError(
            _("duplicate key {key!r}").format(key=error.args[0]), f"{source.name}:{line}"
        ) from None
    except RecursionError:
        raise too_deep(f"{source.name}:{line}") from None
    except ValueError:
        return None


def _find_duplicate(source: Source, text: str, line: int) -> None:
    """Raise InputError with the line of the second key, if the JSON is also valid YAML."""
    from dfpolicy.reading import yaml_reader

    try:
        for _ in yaml_reader.read_yaml(text, source.name, line):
            pass
    except yaml_reader.DuplicateKeyError:
        raise
    except InputError:
        return
