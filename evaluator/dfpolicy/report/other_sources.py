"""The sources of an input that a rendering of the chart does not replace."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from dfpolicy.changes.rendered_charts import CHART_LABEL
from dfpolicy.errors import InputError
from dfpolicy.input.items import Item
from dfpolicy.model import FACTS, Invocation, OtherSources
from dfpolicy.reading.sources import RENDERED, paths_of

_DEEPFLOW = "deepflow"
_STDIN = "stdin"


@dataclass(slots=True)
class _Content:
    facts: bool = False
    rendered: bool = False
    other: bool = False

    def add(self, item: Item, labelled: bool) -> None:
        """Note what kind of object this is."""
        labels = item.value["metadata"].get("labels")
        chart = labels.get(CHART_LABEL) if isinstance(labels, dict) else None
        known = str(chart).startswith(_DEEPFLOW) if chart else bool(item.document.template)
        if item.value["kind"] in FACTS:
            self.facts = True
        elif known or not labelled:
            self.rendered = True
        else:
            self.other = True


def other_sources(items: Iterable[Item], given: Invocation, labelled: bool) -> OtherSources:
    """Return the sources of the invocation that a rendering of the chart does not replace.

    If objects of the chart are not `labelled`, every object that is no fact can be one.
    """
    contents: dict[str, _Content] = {}
    for item in items:
        if not item.document.source.startswith(RENDERED):
            contents.setdefault(item.document.source, _Content()).add(item, labelled)
    found: OtherSources = {"sources": [], "facts": [], "mixed": False, "collected": False}
    for argument in given["facts"]:
        for name in _files(argument, contents):
            del contents[name]
    for argument in given["sources"]:
        files = _files(argument, contents)
        rendered = any(contents[name].rendered for name in files)
        for name in files if rendered else [argument]:
            held = [contents.pop(one) for one in ([name] if rendered else files)]
            _add(found, name, held)
    found["collected"] = any(one.facts for one in contents.values())
    return found


def _add(found: OtherSources, name: str, contents: Sequence[_Content]) -> None:
    facts = any(one.facts for one in contents)
    if any(one.rendered for one in contents):
        found["mixed"] = found["mixed"] or facts
    elif any(one.other for one in contents):
        found["sources"].append(name)
    elif facts:
        found["facts"].append(name)


def _files(argument: str, contents: Iterable[str]) -> list[str]:
    """The files of the input that the argument names."""
    if argument == "-":
        return [name for name in contents if name == _STDIN]
    if argument in contents:
        return [argument]
    with suppress(InputError):
        named = set(paths_of(argument))
        return [name for name in contents if name in named]
    return []
