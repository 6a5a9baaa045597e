"""The JSON Schemas of the contracts, and validation against them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from dfpolicy.errors import UsageError
from dfpolicy.i18n.language import _, listed, marked
from dfpolicy.input.quick_schema import Check, check

_PACKAGED = Path(__file__).parents[1] / "schemas"
_CHECKOUT = Path(__file__).parents[3] / "schemas"
_KINDS = {
    "string": marked("a string"),
    "integer": marked("a whole number"),
    "number": marked("a number"),
    "boolean": marked("true or false"),
    "array": marked("a list"),
    "object": marked("an object"),
    "null": marked("null"),
}
_RULES = {
    "enum": marked("must be one of {value}"),
    "const": marked("must be {value}"),
    "pattern": marked("must match the pattern {value}"),
    "minLength": marked("must have at least {value} characters"),
    "maxLength": marked("must have at most {value} characters"),
    "minItems": marked("must have at least {value} items"),
    "maxItems": marked("must have at most {value} items"),
    "minimum": marked("must be at least {value}"),
    "maximum": marked("must be at most {value}"),
    "exclusiveMinimum": marked("must be more than {value}"),
}


def names() -> list[str]:
    """Return the names of the schemas, for example `report`."""
    return sorted(
        path.name.removesuffix(".schema.json") for path in _folder().glob("*.schema.json")
    )


def text(name: str) -> str:
    """Return the schema's text. Raises UsageError for an unknown name."""
    path = _folder() / f"{name}.schema.json"
    if name not in names():
        raise UsageError(
            _("unknown schema {name!r}").format(name=name),
            hint=_("use one of {names}").format(names=listed(names())),
        )
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
    return next(faults(value, name), None)


def faults(value: Any, name: str) -> Iterator[Fault]:
    """Yield the first fault of each field of `value` by the schema. Never quotes the value."""
    quick = _quick(name)
    if quick is not None and quick(value):
        return
    errors = sorted(
        _validator(name).iter_errors(value), key=lambda error: list(map(str, error.path))
    )
    seen = set()
    for error in errors:
        path = tuple(error.path)
        if path not in seen:
            seen.add(path)
            yield _fault(error)


def _fault(error: Any) -> Fault:
    place = ".".join(str(part)[:60] for part in error.path) or _("the document")
    unknown = _unknown_fields(error)[:1] if error.validator == "additionalProperties" else []
    known = tuple(error.schema["properties"]) if unknown else ()
    return Fault(
        (*error.path, *unknown),
        _("{place}: {reason}").format(place=place, reason=_reason(error)),
        known,
    )


def first_error(value: Any, name: str) -> str | None:
    """Return the text of `fault`, or None."""
    found = fault(value, name)
    return found.text if found else None


@cache
def _quick(name: str) -> Check | None:
    return check(json.loads(text(name)))


@cache
def _validator(name: str) -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads(text(name)))


def _reason(error: Any) -> str:
    if error.validator == "additionalProperties":
        known = ", ".join(sorted(error.schema.get("properties", {})))
        return _("unknown field {name!r}; known fields: {names}").format(
            name=_unknown_fields(error)[0][:60], names=known
        )
    if error.validator == "required":
        missing = sorted(set(error.validator_value) - set(error.instance))
        return _("the field {name!r} is missing").format(name=missing[0])
    return _wrong(error.validator, error.validator_value)


def _wrong(rule: str, value: Any) -> str:
    """Return what a value must be, by the rule of the schema that it breaks."""
    if rule == "type":
        kinds = value if isinstance(value, list) else [value]
        return _("must be {kind}").format(kind=_(" or ").join(map(_kind, kinds)))
    if rule in _RULES:
        return _(_RULES[rule]).format(value=_shown(value))
    return _("does not match {rule} {value}").format(rule=rule, value=_shown(value)[:120])


def _shown(value: Any) -> str:
    """A value of a schema; a list of values is shown as in the errors about options."""
    if isinstance(value, list):
        return listed(map(_shown, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _kind(name: str) -> str:
    return _(_KINDS.get(name, name))


def _unknown_fields(error: Any) -> list[str]:
    return sorted(set(error.instance) - set(error.schema.get("properties", {})))


def _folder() -> Path:
    return _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT
