"""Renders values as YAML that fits into a text: its indents, its line ends, its quotes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dfpolicy.i18n.escaping import json_text
from dfpolicy.reading.yaml_writer import write_yaml

# Between brackets, other strings could end early.
_PLAIN_IN_FLOW = re.compile(r"[A-Za-z0-9_./][A-Za-z0-9_./+-]*\Z")
_RANKS = {key: i for i, key in enumerate(("apiVersion", "apiGroup", "kind", "metadata", "name"))}


@dataclass(frozen=True, slots=True)
class Layout:
    """How a text is laid out.

    `step` is the indent of a mapping below its key, `dash` that of a list. `json` is the indent of
    a JSON text, empty if it is on one line, or None for YAML; `spaced` is whether JSON has blanks
    after its colons.
    """

    step: int = 2
    dash: int = 0
    end: str = "\n"
    json: str | None = None
    spaced: bool = True


def ordered(value: Any) -> Any:
    """Return the value with the keys of its objects in the order in which people write them.

    Engines return the keys of an object in any order.
    """
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (_RANKS.get(key, len(_RANKS)), key))
        return {key: ordered(value[key]) for key in keys}
    return [ordered(item) for item in value] if isinstance(value, list) else value


def block_lines(value: Any, layout: Layout) -> list[str]:
    """Return the lines of a value in block style, without line ends.

    A string of several lines is a literal, a single line anything else that is no collection.
    """
    if isinstance(value, dict) and value:
        return [line for key, item in value.items() for line in entry_lines(key, item, layout)]
    if isinstance(value, list) and value:
        return [line for item in value for line in member_lines(item, layout)]
    return list(_literal(value)) if _is_literal(value) else [inline(value)]


def entry_lines(key: str, value: Any, layout: Layout) -> list[str]:
    """Return the lines of a key and its value in a block mapping."""
    lines = block_lines(value, layout)
    head = f"{inline(key)}:"
    if isinstance(value, (dict, list)) and value:
        indent = layout.step if isinstance(value, dict) else layout.dash
        return [head, *shifted(lines, indent)]
    return [f"{head} {lines[0]}", *lines[1:]]


def member_lines(value: Any, layout: Layout) -> list[str]:
    """Return the lines of a member of a block list, with its dash."""
    first, *rest = block_lines(value, layout)
    if _is_literal(value):
        return [f"- {first}", *rest]
    return [f"- {first}", *shifted(rest, 2)]


def shifted(lines: list[str], indent: int) -> list[str]:
    """Return the lines with this indent; empty lines stay empty."""
    return [" " * indent + line if line else line for line in lines]


def inline(value: Any, quote: str | None = None) -> str:
    """Return a scalar, or a collection between brackets, for a line of a block.

    `quote` is the quote of the string that it replaces.
    """
    if isinstance(value, (dict, list)):
        return flow(value)
    if not isinstance(value, str):
        return json.dumps(value)
    if quote == "'" and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    return value if quote is None and write_yaml([value]) == f"- {value}\n" else _quoted(value)


def flow(value: Any) -> str:
    """Return a value for a place between brackets."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flow(key)}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, str) and not _PLAIN_IN_FLOW.match(value):
        return _quoted(value)
    return inline(value)


def json_lines(value: Any, layout: Layout) -> list[str]:
    """Return the lines of a value in a JSON text; a single one if the text is on one line."""
    if layout.json:
        text = json.dumps(value, indent=layout.json, ensure_ascii=False)
    else:
        separators = (", ", ": ") if layout.spaced else (",", ":")
        text = json.dumps(value, separators=separators, ensure_ascii=False)
    return text.split("\n")


def _quoted(text: str) -> str:
    return json_text(text).removesuffix("\n")


def _is_literal(value: Any) -> bool:
    """Whether a literal shows the string as it is, and needs no indicator but `-`."""
    return (
        isinstance(value, str)
        and "\n" in value
        and not value.startswith((" ", "\n"))
        and not value.endswith("\n\n")
        and value.replace("\n", "").isprintable()
    )


def _literal(text: str) -> Iterator[str]:
    yield "|" if text.endswith("\n") else "|-"
    yield from shifted(text.removesuffix("\n").split("\n"), 2)
