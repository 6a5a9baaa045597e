"""Decodes JSON as strictly as the YAML reader: no duplicate keys, no NaN, no infinity."""

from __future__ import annotations

import json
import re
from typing import Any

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class DuplicateKeyError(Exception):
    """An object has a key twice; the argument is the start of the key."""


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the object with these keys and values. Raises DuplicateKeyError."""
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise DuplicateKeyError(key[:60])
            seen.add(key)
    return found


def decoded(text: str, start: int) -> tuple[Any, int]:
    """Return the value that begins at this position, and where it ends.

    Raises DuplicateKeyError, RecursionError for a deep value, and ValueError if it is not JSON, or
    if a string has half of a surrogate pair.
    """
    value, end = _DECODER.raw_decode(text, start)
    if _SURROGATE.search(text, start, end):
        # UnicodeEncodeError is a ValueError.
        json.dumps(value, ensure_ascii=False).encode()
    return value, end


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _float(digits: str) -> float:
    value = float(digits)
    return _refuse(digits) if value in (float("inf"), float("-inf")) else value


_DECODER = json.JSONDecoder(object_pairs_hook=unique, parse_constant=_refuse, parse_float=_float)
