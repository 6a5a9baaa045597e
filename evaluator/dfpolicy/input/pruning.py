"""Leaves objects out of scope out of a large input, part by part while it is read.

The policies define the scope (`policies/dfpolicy/lib/scope`). They check nothing else in a whole
input either, so the decision is the same.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from dfpolicy.input.encoding import written
from dfpolicy.model import JsonObject

if TYPE_CHECKING:
    from dfpolicy.input.items import Item

# In bytes of JSON. Smaller inputs fit into one part, which is evaluated whole.
PART = 1 << 20
# The part that is kept of most objects out of scope.
NOTHING: JsonObject = {}


@runtime_checkable
class Scoper(Protocol):
    """An engine that finds the objects in scope."""

    def part(self, resources: Sequence[bytes]) -> JsonObject:
        """Return the result of the entry point `part` for objects, given as JSON texts."""
        ...

    def places(self, sightings: Sequence[JsonObject], namespace: str) -> Collection[str]:
        """Return the namespaces that are in scope."""
        ...


class Scoping:
    """Receives the objects of an input one by one, and keeps those of `resources` in scope.

    An item out of scope stores its whole value as JSON, until its namespace is known.
    """

    def __init__(self, scoper: Scoper, resources: list[JsonObject], namespace: str | None) -> None:
        self._scoper = scoper
        self._resources = resources
        self._namespace = namespace or ""
        self._sightings: list[JsonObject] = []
        self._pending: list[tuple[Item, bytes]] = []
        self._size = 0
        self._left_out: list[tuple[int, Item, str]] = []

    def add(self, item: Item) -> None:
        """Add the item of the last of `resources`. Raises EngineError."""
        content = written(self._resources[-1])
        self._pending.append((item, content))
        self._size += len(content)
        if self._size >= PART:
            self._ask()

    def finish(self) -> None:
        """Restore the items in a namespace in scope. Raises EngineError."""
        if not self._sightings:
            return
        self._ask()
        places = set(self._scoper.places(self._sightings, self._namespace))
        for position, item, namespace in self._left_out:
            if namespace in places:
                item.restore()
                self._resources[position] = item.value
        self._resources[:] = [resource for resource in self._resources if resource]

    def _ask(self) -> None:
        if not self._pending:
            return
        answer = self._scoper.part([content for _, content in self._pending])
        self._sightings.append(answer["sighting"])
        unread = set(answer["unread"])
        first = len(self._resources) - len(self._pending)
        for number, (item, content) in enumerate(self._pending):
            kept: JsonObject | bool = answer["kept"][number]
            if kept is True:
                continue
            position = first + number
            if number not in unread:
                namespace = item.value["metadata"].get("namespace") or ""
                self._left_out.append((position, item, namespace))
            item.leave_out(kept or NOTHING, content)
            self._resources[position] = item.value
        self._pending.clear()
        self._size = 0
