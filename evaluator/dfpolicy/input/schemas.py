"""The JSON Schemas of the contracts, and validation against them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from dfpolicy.errors import UsageError

_PACKAGED = Path(__file__).parents[1] / "schemas"
_CHECKOUT = Path(__file__).parents[3] / "schemas"


def names() -> list[str]:
    """Return the names of the schemas, for example `report`."""
    return sorted(
        path.name.removesuffix(".schema.json") for path in _folder().glob("*.schema.json")
    )


def text(name: str) -> str:
    """Return the schema's text. Raises UsageError for an unknown name."""
    path = _folder() / f"{name}.schema.json"
    if name not in names():
        raise UsageError(f"no schema {name!r}", hint=f"one of {', '.join(names())}")
    return path.read_text("utf-8")


@dataclass(frozen=True)
class Fault:
    """A fault of a value: `path` leads to the field, `text` is `field: reason`.

    For an unknown field, `known` are the known ones.
    """

    path: tuple[str | int, ...]
    text: str
    known: tuple[str, ...] = ()


def fault(value: Any, name: str) -> Fault | None:
    """Return the first fault of `value` by the schema, or None. Never quotes the value."""
    errors = sorted(
        _validator(name).iter_errors(value), key=lambda error: list(map(str, error.path))
    )
    if not errors:
        return None
    error = errors[0]
    place = ".".join(str(part)[:60] for part in error.path) or "the document"
    unknown = _unknown_fields(error)[:1] if error.validator == "additionalProperties" else []
    known = tuple(error.schema["properties"]) if unknown else ()
    return Fault((*error.path, *unknown), f"{place}: {_reason(error)}", known)


def first_error(value: Any, name: str) -> str | None:
    """Return the text of `fault`, or None."""
    found = fault(value, name)
    return found.text if found else None


@cache
def _validator(name: str) -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads(text(name)))


def _reason(error: Any) -> str:
    if error.validator == "additionalProperties":
        known = ", ".join(sorted(error.schema.get("properties", {})))
        return f"the field {_unknown_fields(error)[0][:60]!r} is not known; one of {known}"
    if error.validator == "required":
        missing = sorted(set(error.validator_value) - set(error.instance))
        return f"the field {missing[0]!r} is missing"
    wanted = error.validator_value
    return f"does not fit {error.validator} {json.dumps(wanted)[:120]}"


def _unknown_fields(error: Any) -> list[str]:
    return sorted(set(error.instance) - set(error.schema.get("properties", {})))


def _folder() -> Path:
    return _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT
