"""The page of the schemas: the fields of each document."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tools.dev.docs.markdown import table

from dfpolicy.input import schemas

Schema = dict[str, Any]


def page() -> str:
    """Return the page, a section for each schema."""
    parts = ["# Schemas", "`dfpolicy schema NAME` prints the JSON Schema itself."]
    for name in schemas.names():
        schema = json.loads(schemas.text(name))
        rows = list(_fields(schema, ""))
        parts += [f"## {name}", schema.get("description", schema.get("title", ""))]
        parts += [table(["Field", "Type", "Meaning"], rows)] if rows else []
    return "\n\n".join(part for part in parts if part)


def _fields(schema: Schema, prefix: str) -> Iterator[list[str]]:
    for key, field in schema.get("properties", {}).items():
        name = f"{prefix}{key}"
        yield [f"`{name}`", _type(field), field.get("description", "")]
        yield from _fields(field, f"{name}.")
        if isinstance(field.get("items"), dict):
            yield from _fields(field["items"], f"{name}[].")


def _type(field: Schema) -> str:
    if "enum" in field:
        return ", ".join(str(json.dumps(word)) for word in field["enum"])
    if "const" in field:
        return json.dumps(field["const"])
    kind = field.get("type", "")
    return " or ".join(kind) if isinstance(kind, list) else str(kind)
