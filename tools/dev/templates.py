"""The message templates of the policies, read from OPA's syntax tree.

A text for readers must be a constant in a call of one of `TEXTS`, or a rule of the same file that
is one, so that it can be translated. A text composed there, with `$"…"` or `concat`, is a fault.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tools.dev import opa
from tools.dev.paths import POLICIES, ROOT

# The functions whose arguments are texts, by position from 1.
TEXTS = {
    "message.of": (1,),
    "message.text": (1,),
    "message.counted": (1, 2),
    "result.pass": (1,),
    "result.violation": (1, 2),
    "message.phrase": (1,),
    "result.unknown": (1,),
    "result.remedied": (1,),
    "facts.unknown": (3,),
    "settings.refused": (1,),
}
_COMPOSING = {"concat", "sprintf", "replace", "format_int"}
_COUNTED = "message.counted"


@dataclass(frozen=True, order=True)
class Template:
    """A text of the policies, its plural if it has one, and its `file:line`."""

    text: str
    plural: str
    place: str


@dataclass(frozen=True)
class Extracted:
    """The templates of the policies, and the places where a text is composed instead."""

    templates: list[Template]
    composed: list[str]


def extracted() -> Extracted:
    """Return the templates of all modules of the policies, without their tests."""
    paths = sorted(path for path in POLICIES.rglob("*.rego") if not path.stem.endswith("_test"))
    opa.binary()
    with ThreadPoolExecutor() as pool:
        found = list(pool.map(lambda path: _of_module(path, path.read_text("utf-8")), paths))
    return Extracted(
        sorted({template for one in found for template in one.templates}),
        [place for one in found for place in one.composed],
    )


@cache
def _of_module(path: Path, _text: str) -> Extracted:
    """The templates of one module, which OPA parses once as long as its text is the same."""
    tree = json.loads(
        opa.run("parse", "--format", "json", "--json-include", "locations", str(path))
    )
    name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    found = Extracted([], [])
    named = _named(tree)
    for function, arguments, line in _calls(tree):
        for position in TEXTS[function]:
            if position > len(arguments):
                continue
            place = f"{name}:{line}"
            texts = _texts(arguments[position - 1], named)
            if texts is None:
                found.composed.append(place)
            elif function != _COUNTED:
                found.templates.extend(Template(text, "", place) for text in texts if text)
            elif position == 1:
                plurals = _texts(arguments[1], named) or [""]
                found.templates.append(Template(texts[0], plurals[0], place))
    return found


def _calls(node: Any, line: int = 0) -> Iterator[tuple[str, list[Any], int]]:
    """Each call of one of `TEXTS`: its name, its arguments and its line."""
    if isinstance(node, list):
        for part in node:
            yield from _calls(part, line)
    if not isinstance(node, dict):
        return
    location = node.get("location")
    line = location["row"] if isinstance(location, dict) else line
    # A call in a body has `terms`; one inside a term has the type `call`.
    terms = node.get("value") if node.get("type") == "call" else node.get("terms")
    if isinstance(terms, list) and terms and _is_reference(terms[0]):
        name = ".".join(str(part["value"]) for part in terms[0]["value"])
        if name in TEXTS:
            yield name, terms[1:], line
    for part in node.values():
        yield from _calls(part, line)


def _is_reference(term: Any) -> bool:
    return isinstance(term, dict) and term.get("type") == "ref"


def _texts(term: Any, named: dict[str, list[str]]) -> list[str] | None:
    """The constant texts of an argument, or None for a composed one.

    `named` are the constants of the module. Another reference or call has none: its texts are
    collected where they are made.
    """
    if term["type"] == "string":
        return [term["value"]]
    if term["type"] == "templatestring":
        return None
    if term["type"] == "call":
        called = _called(term)
        return None if called in _COMPOSING else named.get(called, [])
    if term["type"] == "ref":
        return named.get(str(term["value"][0]["value"]), [])
    return named.get(str(term["value"]), []) if term["type"] == "var" else []


def _named(tree: Any) -> dict[str, list[str]]:
    """The strings that rules of the module are, or have as values of a table, by their names."""
    found: dict[str, list[str]] = {}
    for rule in tree.get("rules", ()):
        own: Any = rule
        while own:
            head = own["head"]
            name = str(head["ref"][0]["value"] if "ref" in head else head["name"])
            value = head.get("value", {})
            found.setdefault(rule["head"].get("name", name), []).extend(_strings(value))
            own = own.get("else")
    return found


def _strings(term: Any) -> Iterator[str]:
    if term.get("type") == "string":
        yield term["value"]
    elif term.get("type") == "object":
        for _key, value in term["value"]:
            yield from _strings(value)


def _called(term: Any) -> str:
    return ".".join(str(part["value"]) for part in term["value"][0]["value"])
