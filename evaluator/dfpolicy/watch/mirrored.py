"""The collections that are watched, and a connection that answers from their copies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from dfpolicy.collect import cluster
from dfpolicy.collect.api import RefusedError
from dfpolicy.i18n.language import marked
from dfpolicy.model import JsonObject
from dfpolicy.watch.mirror import Collection, Mirror

# Each copy has a thread. Anybody who may create a workload in many namespaces could ask for more;
# those are listed for each judgement.
_MOST = 100
# How long a judgement waits for the first list of a collection.
_LIST_SECONDS = 60.0
# What `collect` reads of the whole cluster.
COLLECTIONS = tuple(Collection(*one) for one in cluster.WHOLE)
ATTACHMENTS = Collection(*cluster.ATTACHMENTS)


class Mirrored:
    """Answers like an Api: collections from their copies, everything else from the cluster.

    A namespace's Roles and RoleBindings are watched from when they are first read; ConfigMaps and
    service accounts are read each time, so that no permission to list them is needed.
    """

    def __init__(self, api: Any, mirror: Callable[[Collection], Mirror]) -> None:
        self._api, self._mirror = api, mirror
        self.name = api.name
        self.mirrors: dict[str, Mirror] = {}
        # The last request that the API server did not answer, as opposed to a refusal.
        self.lost: RefusedError | None = None
        self._read: set[str] = set()

    def start(self) -> None:
        """Begin to watch what every judgement reads."""
        for collection in COLLECTIONS:
            self._watched(collection)

    def begin(self) -> None:
        """Begin a judgement."""
        self.lost = None
        self._read.clear()

    def end(self) -> None:
        """End a judgement: what it did not read is no longer watched."""
        needed = {collection.path for collection in COLLECTIONS} | self._read
        for path in self.mirrors.keys() - needed:
            self.mirrors.pop(path).stop()

    def stop(self) -> None:
        """End all watches."""
        for mirror in self.mirrors.values():
            mirror.stop()

    def synced(self) -> bool:
        """Whether each collection was listed or refused."""
        return all(mirror.synced.is_set() for mirror in self.mirrors.values())

    def get(self, path: str, query: dict[str, str] | None = None) -> JsonObject:
        """Return the object at a path, from the cluster."""
        try:
            answer: JsonObject = self._api.get(path, query)
        except RefusedError as error:
            self.lost = error if error.transient else self.lost
            raise
        return answer

    def pages(self, path: str) -> Iterator[tuple[list[JsonObject], int]]:
        """Yield the objects of a collection as one page. Raises RefusedError."""
        self._read.add(path)
        mirror = self.mirrors.get(path) or self._of(path)
        if mirror is None:
            yield from self._api.pages(path)
            return
        if not mirror.synced.wait(_LIST_SECONDS):
            raise RefusedError(0, marked("timed out"))
        yield mirror.objects(), 0

    def _of(self, path: str) -> Mirror | None:
        """Begin to watch a collection that a judgement reads for the first time."""
        if len(self.mirrors) >= _MOST:
            return None
        if path == ATTACHMENTS.path:
            return self._watched(ATTACHMENTS)
        for plural, kind in (("roles", "Role"), ("rolebindings", "RoleBinding")):
            if path.startswith(f"/apis/{cluster.RBAC}/namespaces/") and path.endswith(f"/{plural}"):
                return self._watched(Collection(path, cluster.RBAC, kind))
        return None

    def _watched(self, collection: Collection) -> Mirror:
        mirror = self._mirror(collection)
        self.mirrors[collection.path] = mirror
        mirror.start()
        return mirror
