"""Keeps a copy of a collection of the API server: it lists, and then watches for changes.

Only what requirements read of an object is kept, so that memory grows with that, and a change of
anything else, such as the heartbeat of a node, is no change.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from dfpolicy.collect.api import PAGE, RefusedError
from dfpolicy.collect.kept import kept
from dfpolicy.i18n.language import marked
from dfpolicy.model import JsonObject

# Seconds. The API server ends a watch after this time; it is then resumed. A connection that is
# silent for longer is lost.
WATCH_SECONDS = 60
SILENCE_SECONDS = 90.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
# A collection that is forbidden or not served may be permitted later.
_LONGEST_REFUSED_PAUSE = 60.0
_PATIENCE_SECONDS = 60.0
_GONE = 410
_REFUSALS = (401, 403, 404, 405)
# The watch is resumed later; 0 is a lost connection.
_BUSY = (0, 429, 502, 503)


class Source(Protocol):
    """What a mirror needs of a connection; it raises RefusedError."""

    def get(self, path: str, query: dict[str, str] | None = None) -> JsonObject:
        """Return the object at a path."""
        ...

    def stream(self, path: str, query: dict[str, str], silence: float) -> Iterator[JsonObject]:
        """Yield the events of a watch."""
        ...


@dataclass(frozen=True)
class Collection:
    """A collection: its path, and the version and kind of its objects."""

    path: str
    version: str
    kind: str

    @property
    def name(self) -> str:
        """The plural of the kind, as in the path."""
        return self.path.rpartition("/")[2]


class Mirror:
    """The copy of a collection, kept by a thread.

    `changed` is called after each change of what is kept, and `failed` with "list" or "watch" after
    each failure.
    """

    def __init__(
        self,
        source: Source,
        collection: Collection,
        changed: Callable[[], None],
        failed: Callable[[str, Collection, RefusedError], None],
        resync: float,
        pause: Callable[[float], bool] | None = None,
    ) -> None:
        self.collection = collection
        self._source, self._changed, self._failed = source, changed, failed
        self._resync = resync
        self._objects: dict[tuple[str, str], JsonObject] = {}
        self._refused: RefusedError | None = None
        self._refused_since = 0.0
        self._lock = threading.Lock()
        self._version = ""
        self._listed = 0.0
        self._stop = threading.Event()
        self._pause = pause or self._stop.wait
        self.synced = threading.Event()
        # When the copy was last known to be complete, in seconds since 1970; 0 for never.
        self.current = 0.0

    def start(self) -> None:
        """Begin to keep the copy."""
        name = f"watch {self.collection.name}"
        threading.Thread(target=self.run, name=name, daemon=True).start()

    def stop(self) -> None:
        """End the thread when its present request ends."""
        self._stop.set()

    def objects(self) -> list[JsonObject]:
        """Return what is kept. Raises RefusedError if the collection could not be listed."""
        with self._lock:
            if self._refused is not None:
                raise self._refused
            return [*self._objects.values()]

    def run(self) -> None:
        """List and watch until it is stopped."""
        pause = _FIRST_PAUSE
        while not self._stop.is_set():
            try:
                if not self._version or time.monotonic() - self._listed > self._resync:
                    self._list()
                self._watch()
                pause = _FIRST_PAUSE
            except RefusedError as error:
                if not self._stop.is_set():
                    pause = self._after(error, pause)

    def _after(self, error: RefusedError, pause: float) -> float:
        """Wait as long as a failure requires, and return the next pause."""
        if error.status == _GONE:
            # What changed meanwhile is no longer known, so everything is listed again.
            self._version = ""
            self._pause(_spread(_FIRST_PAUSE))
            return pause
        self._failed("watch" if self._version else "list", self.collection, error)
        refused = error.status in _REFUSALS
        if refused or not self.synced.is_set():
            self._refuse(error, refused)
        if error.status not in _BUSY:
            # A server with other data does not know the version that was seen last.
            self._version = ""
        self._pause(max(error.wait, _spread(pause)))
        return min(pause * 2, _LONGEST_REFUSED_PAUSE if refused else _LONGEST_PAUSE)

    def _refuse(self, error: RefusedError, final: bool) -> None:
        """Remember why there is no copy.

        A copy that was complete is kept for a while: an API server that starts refuses everything
        until it has read the roles.
        """
        now = time.monotonic()
        self._refused_since = self._refused_since or now
        had = self.synced.is_set() and self._refused is None
        if had and now - self._refused_since < _PATIENCE_SECONDS:
            return
        with self._lock:
            self._refused, self._objects = error, {}
        if final:
            self.synced.set()
            self.current = time.time()
        if had or final:
            self._changed()

    def _list(self) -> None:
        found: dict[tuple[str, str], JsonObject] = {}
        query = {"limit": str(PAGE)}
        while True:
            page = self._source.get(self.collection.path, query)
            metadata = page.get("metadata")
            items = page.get("items") or []
            if not isinstance(metadata, dict) or not isinstance(items, list):
                raise RefusedError(0, marked("the answer is not a list"))
            found.update(filter(None, map(self._entry, items)))
            if not metadata.get("continue"):
                break
            query["continue"] = str(metadata["continue"])
        with self._lock:
            different = found != self._objects or self._refused is not None
            self._objects, self._refused = found, None
        self._refused_since = 0.0
        self._version = str(metadata.get("resourceVersion") or "0")
        self._listed, self.current = time.monotonic(), time.time()
        first = not self.synced.is_set()
        self.synced.set()
        if different or first:
            self._changed()

    def _watch(self) -> None:
        query = {
            "watch": "1",
            "allowWatchBookmarks": "true",
            "resourceVersion": self._version,
            "timeoutSeconds": str(WATCH_SECONDS),
        }
        for event in self._source.stream(self.collection.path, query, SILENCE_SECONDS):
            self._accept(event)
            if self._stop.is_set():
                return
        self.current = time.time()

    def _accept(self, event: JsonObject) -> None:
        item = event.get("object")
        if event.get("type") == "ERROR":
            code = item.get("code") if isinstance(item, dict) else None
            raise RefusedError(code if isinstance(code, int) else 0, marked("the watch failed"))
        if event.get("type") != "BOOKMARK":
            self._change(item, event.get("type") == "DELETED")
        metadata = item.get("metadata") if isinstance(item, dict) else None
        version = metadata.get("resourceVersion") if isinstance(metadata, dict) else None
        if isinstance(version, str) and version:
            self._version = version
        self.current = time.time()

    def _change(self, item: Any, deleted: bool) -> None:
        entry = self._entry(item)
        if entry is None:
            return
        key, value = entry
        with self._lock:
            different = key in self._objects if deleted else self._objects.get(key) != value
            if deleted:
                self._objects.pop(key, None)
            else:
                self._objects[key] = value
        if different:
            self._changed()

    def _entry(self, item: Any) -> tuple[tuple[str, str], JsonObject] | None:
        """Return the key of an object and what is kept of it; None for one without a name."""
        value = kept(self.collection.version, self.collection.kind, item)
        metadata = (value or (item if isinstance(item, dict) else {})).get("metadata")
        name = metadata.get("name") if isinstance(metadata, dict) else None
        if not isinstance(metadata, dict) or not isinstance(name, str):
            return None
        # The collector reports what it cannot keep by its name.
        return (str(metadata.get("namespace") or ""), name), value or {"metadata": {"name": name}}


def _spread(seconds: float) -> float:
    """Return about as many seconds, so that clients do not all come back at once."""
    return seconds * random.uniform(0.8, 1.2)
