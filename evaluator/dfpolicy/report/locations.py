"""The place of a result's subject in the input."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dfpolicy.input.items import Item
from dfpolicy.model import JsonObject, Location, Subject
from dfpolicy.reading.positions import Positions

_POD_SPECS = {
    "Pod": ("spec",),
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
}
_TEMPLATE = ("spec", "template", "spec")


class Locator:
    """Finds file, document, line and chart template of subjects.

    Lines inside a document are looked up only for documents that have results, and each subject
    once: a node has a dozen results.
    """

    def __init__(self, items: Sequence[Item]) -> None:
        self._items: dict[tuple[str, str], list[Item]] = {}
        for item in items:
            metadata = item.value["metadata"]
            name = metadata.get("name") or metadata["generateName"]
            self._items.setdefault((item.value["kind"], name), []).append(item)
        self._positions = Positions()
        self._found: dict[tuple[str | None, ...], Location | None] = {}

    def locate(self, subject: Subject) -> Location | None:
        """{file, document, line, template?} of a subject, or None if it is not in the input.

        Results of one subject share the value.
        """
        key = (
            *(subject["kind"], subject["name"], subject.get("namespace")),
            *(subject.get("container"), subject.get("apiVersion")),
        )
        if key not in self._found:
            self._found[key] = self._place(subject)
        return self._found[key]

    def _place(self, subject: Subject) -> Location | None:
        item = self._item(subject)
        if item is None:
            return None
        document = item.document
        location: Location = {
            "file": document.source,
            "document": document.index,
            "line": self._line(item, subject.get("container")),
        }
        if document.template:
            location["template"] = document.template
        return location

    def _item(self, subject: Subject) -> Item | None:
        kinds = ("NodeFacts", "Node") if subject["kind"] == "Node" else (subject["kind"],)
        for kind in kinds:
            for item in self._items.get((kind, subject["name"]), ()):
                namespace = item.value["metadata"].get("namespace")
                version = subject.get("apiVersion")
                if version not in (None, item.value["apiVersion"]):
                    continue
                if namespace in (None, subject.get("namespace")):
                    return item
        return None

    def _line(self, item: Item, container: str | None) -> int:
        document, path = item.origin
        if container and item.value["kind"] == "ComposeProject":
            # A file with one document is as it was written; its document is never left out.
            wrapped = () if not item.path and "services" in document.value else ("spec",)
            path = (*path, *wrapped, "services", container)
        elif container:
            spec = _POD_SPECS.get(item.value["kind"], _TEMPLATE)
            position = _position(item.value, spec, container)
            if position is not None:
                path = (*path, *spec, "containers", position)
        if item.section is not None and path == item.section.path:
            return document.line
        return self._positions.line(document, path)


def _position(value: JsonObject, spec: tuple[str, ...], container: str) -> int | None:
    found: Any = value
    for step in (*spec, "containers"):
        found = found.get(step) if isinstance(found, dict) else None
    if not isinstance(found, list):
        return None
    for position, entry in enumerate(found):
        if isinstance(entry, dict) and entry.get("name") == container:
            return position
    return None
