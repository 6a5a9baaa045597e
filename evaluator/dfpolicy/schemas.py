"""The JSON Schemas of the contracts, and validation against them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from dfpolicy.errors import UsageError

_PACKAGED = Path(__file__).parent / "schemas"
_CHECKOUT = Path(__file__).parents[2] / "schemas"


def names() -> list[str]:
    """Return the names of the schemas, such as `report`."""
    return sorted(
        path.name.removesuffix(".schema.json") for path in _folder().glob("*.schema.json")
    )


def text(name: str) -> str:
    """Return the schema's text. Raises UsageError for an unknown name."""
    path = _folder() / f"{name}.schema.json"
    if name not in names():
        raise UsageError(f"no schema {name!r}", hint=f"one of {', '.join(names())}")
    return path.read_text("utf-8")


def first_error(value: Any, name: str) -> str | None:
    """Return what is wrong with `value` by the schema, as `field: reason`, or None.

    The reason never quotes the value.
    """
    errors = sorted(
        _validator(name).iter_errors(value), key=lambda error: list(map(str, error.path))
    )
    if not errors:
        return None
    error = errors[0]
    place = ".".join(str(part) for part in error.path) or "the document"
    return f"{place}: {_reason(error)}"


@cache
def _validator(name: str) -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads(text(name)))


def _reason(error: Any) -> str:
    if error.validator == "additionalProperties":
        known = ", ".join(sorted(error.schema.get("properties", {})))
        unknown = sorted(set(error.instance) - set(error.schema.get("properties", {})))
        return f"the field {unknown[0][:60]!r} is not known; one of {known}"
    if error.validator == "required":
        missing = sorted(set(error.validator_value) - set(error.instance))
        return f"the field {missing[0]!r} is missing"
    wanted = error.validator_value
    return f"does not fit {error.validator} {json.dumps(wanted)[:120]}"


def _folder() -> Path:
    return _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT
