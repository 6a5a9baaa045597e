"""Scalars as the Kubernetes YAML decoder (sigs.k8s.io/yaml) resolves them.

It follows YAML 1.1 for booleans and integers, has no sexagesimal numbers, and keeps timestamps as
strings. Values that JSON does not have (infinities, NaN) are refused.
"""

from __future__ import annotations

import re

from dfpolicy.i18n.language import marked

BOOLEANS = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE"), True),
    **dict.fromkeys(("on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE"), False),
    **dict.fromkeys(("off", "Off", "OFF"), False),
}
NULLS = frozenset(("", "~", "null", "Null", "NULL"))
NOT_JSON = frozenset(
    sign + word
    for sign in ("", "+", "-")
    for word in (".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN")
) - {"+.nan", "+.NaN", "+.NAN", "-.nan", "-.NaN", "-.NAN"}

_INTEGER = re.compile(r"[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
# Go's parser, which reads these, accepts an underscore only between digits.
_FRACTION = re.compile(r"\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:\Z|[Tt ])")

Scalar = str | int | float | bool | None


def resolve(text: str) -> Scalar:
    """Return the value of a plain scalar. Raises ValueError for a value that JSON does not have."""
    if text in NULLS:
        return None
    if text in BOOLEANS:
        return BOOLEANS[text]
    if text in NOT_JSON:
        raise ValueError(marked("this number cannot be written as JSON"))
    first = text[0]
    if first not in "+-.0123456789":
        return text
    found = _fraction(text) if first == "." else _numeric(text)
    return text if found is None else found


def _fraction(text: str) -> int | float | None:
    return _real(text.replace("_", "")) if _FRACTION.match(text) else None


def _numeric(text: str) -> int | float | None:
    plain = text.replace("_", "")
    if _DATE.match(text):
        return None
    if _INTEGER.match(plain):
        return _number(plain)
    return _real(plain) if _FLOAT.match(plain) else None


def _number(plain: str) -> int | float | None:
    sign = -1 if plain[0] == "-" else 1
    digits = plain.lstrip("+-")
    lowered = digits.lower()
    if lowered.startswith(("0x", "0b", "0o")):
        value = sign * int(lowered, 0)
    elif len(digits) > 1 and digits[0] == "0":
        value = sign * int(digits, 8)
    else:
        if len(digits) > 20:
            return _real(plain)
        value = sign * int(digits)
    # Go's unsigned integers accept no sign.
    if -(1 << 63) <= value < (1 << 63 if plain[0] == "+" else 1 << 64):
        return value
    return _real(plain) if _FLOAT.match(plain) else None


def _real(plain: str) -> int | float | None:
    """Return the number, or None if it is too large and therefore stays a string."""
    value = float(plain)
    if value in (float("inf"), float("-inf")):
        return None
    if not value.is_integer() or abs(value) >= 1e21:
        return value
    # Go writes 1e3 as 1000, and zeros for the digits that a large float does not have.
    digits, _, exponent = repr(value).partition("e")
    if exponent:
        digits = digits.replace(".", "").ljust(int(exponent) + 1 + digits.startswith("-"), "0")
    return int(digits.removesuffix(".0"))
