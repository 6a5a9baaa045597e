"""Finds the objects that operations are about: in documents, in lists and in texts inside them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dfpolicy.changes.operations import UnfitError
from dfpolicy.errors import InputError
from dfpolicy.model import JsonObject, Operation, Target
from dfpolicy.reading.documents import Document, split
from dfpolicy.reading.host_documents import API_VERSION, wrap, wrap_server_file
from dfpolicy.reading.limits import Limits, within
from dfpolicy.reading.server_file import SERVER_CONFIG, SERVER_FILE
from dfpolicy.reading.sources import Source


def matches(value: JsonObject, target: Target, namespace: str | None = None) -> bool:
    """Whether the target of an operation is this object.

    `namespace` is the release's, for objects without one.
    """
    metadata = value.get("metadata")
    if not isinstance(metadata, dict) or value.get("kind") != target["kind"]:
        return False
    if metadata.get("name") != target["name"]:
        return False
    version = target.get("apiVersion")
    if version is not None and version != value.get("apiVersion"):
        return False
    own, wanted = metadata.get("namespace"), target.get("namespace")
    if own is not None or wanted is None:
        return own == wanted or wanted is None
    # It gets the namespace of the release; a document of a host is in none.
    return wanted == (namespace or wanted) or value.get("apiVersion") == API_VERSION


@dataclass(frozen=True, slots=True)
class Place:
    """An object of a document, where it is in it, and how operations on it are worded there."""

    value: JsonObject
    path: tuple[str | int, ...] = ()
    form: str = "object"

    def operation(self, operation: Operation) -> Operation:
        """The operation on what is at `path`."""
        path = operation["path"]
        if self.form == "object":
            return operation
        if path[:1] != ["spec"] or not path[1:]:
            raise UnfitError
        if self.form == "host":
            return {**operation, "path": path[1:]}
        inside = [step for step in path[1:] if isinstance(step, str)]
        if len(inside) < len(path) - 1:
            raise UnfitError
        return {**operation, "path": ["data", SERVER_FILE], "inside": inside}


def places(document: Document, kind: str) -> Iterator[Place]:
    """Yield the objects of a document; those inside a text only if they are of the wanted kind."""
    value = document.value
    if not isinstance(value, dict) or "kind" not in value or "apiVersion" not in value:
        wrapped = wrap(document)
        if wrapped is not None:
            yield Place(wrapped, (), "host")
        return
    yield from unfolded(value, (), kind == SERVER_CONFIG)


def unfolded(value: JsonObject, path: tuple[str | int, ...], with_server: bool) -> Iterator[Place]:
    """Yield an object, or those of a list; `path` is where it is in its document.

    With `with_server`, the server's file in a ConfigMap is one more object.
    """
    kind, members = value.get("kind"), value.get("items")
    if isinstance(kind, str) and kind.endswith("List") and isinstance(members, list):
        typed = {"apiVersion": value.get("apiVersion"), "kind": kind.removesuffix("List")}
        for i, member in enumerate(members):
            if isinstance(member, dict):
                # The API server omits kind and apiVersion in the items of a typed list.
                named = member if kind == "List" else {**typed, **member}
                yield from unfolded(named, (*path, "items", i), with_server)
        return
    yield Place(value, path)
    data, metadata = value.get("data"), value.get("metadata")
    if (
        with_server
        and kind == "ConfigMap"
        and isinstance(data, dict)
        and isinstance(metadata, dict)
    ):
        text = data.get(SERVER_FILE)
        documents = list(documents_of(Source("", text))) if isinstance(text, str) else []
        wrapped = wrap_server_file(metadata, documents[0].value) if len(documents) == 1 else None
        if wrapped:
            yield Place(wrapped, path, "server")


class Named:
    """The documents by the names of their objects, so that nobody has to look at each of them.

    `names` are those of each document if they are known: the value of a document can be left out
    of a large input.
    """

    def __init__(
        self, documents: Sequence[Document], names: Sequence[Collection[str]] | None = None
    ) -> None:
        self._count = len(documents)
        self._unread: set[int] = set()
        self._by_name: dict[str, set[int]] = {}
        for position, document in enumerate(documents):
            if names is None and document.value is None:
                self._unread.add(position)
                continue
            for name in names[position] if names is not None else by_name(document):
                self._by_name.setdefault(name, set()).add(position)

    def about(self, targets: Iterable[Target]) -> list[int]:
        """Return the positions of the documents that can contain one of the targets, in order."""
        found = {*self._unread}
        for target in targets:
            if target["kind"] == SERVER_CONFIG:
                return [*range(self._count)]
            found |= self._by_name.get(target["name"], set())
        return sorted(found)


def by_name(document: Document) -> dict[str, list[Place]]:
    """Return the objects of a document by their names, without those inside a text."""
    found: dict[str, list[Place]] = {}
    for place in places(document, ""):
        found.setdefault(name_of(place.value), []).append(place)
    return found


def name_of(value: JsonObject) -> str:
    """Return the name of an object; empty if it has none."""
    metadata = value.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    return name if isinstance(name, str) else ""


def value_of(document: Document) -> Any:
    """Return the value of a document, read again if it was left out of a large input.

    None if its text is not a single document.
    """
    if document.value is not None:
        return document.value
    found = list(documents_of(Source(document.source, document.text)))
    return found[0].value if len(found) == 1 else None


def documents_of(source: Source) -> Iterator[Document]:
    """Yield the documents of a text; none if it is not valid."""
    try:
        with within(Limits()):
            yield from list(split(source))
    except InputError:
        return
