"""A copy of a collection: what the API server sends, and what becomes of the copy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from dfpolicy.collect.api import RefusedError
from dfpolicy.watch import mirror as mirrors
from dfpolicy.watch.mirror import Collection, Mirror

NODES = Collection("/api/v1/nodes", "v1", "Node")


def node(name: str, kernel: str = "5.15.0", version: str = "1", **status: Any) -> dict[str, Any]:
    info = {"nodeInfo": {"kernelVersion": kernel}, **status}
    return {"metadata": {"name": name, "resourceVersion": version}, "status": info}


def event(kind: str, item: Any) -> dict[str, Any]:
    return {"type": kind, "object": item}


class Server:
    """Answers lists and watches one after the other; an exception is raised."""

    def __init__(self, lists: list[Any], watches: list[Any]) -> None:
        self.lists, self.watches = lists, watches
        self.asked: list[str] = []
        self.mirror: Mirror | None = None

    def get(self, path: str, query: dict[str, str] | None = None) -> dict[str, Any]:
        self.asked.append("list")
        if not self.lists:
            assert self.mirror is not None
            self.mirror.stop()
            raise RefusedError(0, "nothing is left")
        answer: Any = self.lists.pop(0)
        if isinstance(answer, Exception):
            raise answer
        items, version = answer
        return {"items": items, "metadata": {"resourceVersion": version}}

    def stream(self, path: str, query: dict[str, str], silence: float) -> Iterator[dict[str, Any]]:
        self.asked.append(f"watch from {query['resourceVersion']}")
        if not self.watches:
            assert self.mirror is not None
            self.mirror.stop()
            return
        for one in self.watches.pop(0):
            if isinstance(one, Exception):
                raise one
            yield one


class Run:
    """A mirror that ran until the server had nothing more to say."""

    def __init__(self, *lists: Any, watches: list[Any] | None = None, resync: float = 1e9) -> None:
        self.changes = 0
        self.failures: list[str] = []
        self.pauses: list[float] = []
        self.server = Server([*lists], watches or [])
        self.mirror = Mirror(
            self.server,
            NODES,
            self._count,
            lambda what, _collection, error: self.failures.append(f"{what}: {error.reason}"),
            resync,
            self._pause,
        )
        self.server.mirror = self.mirror
        self.mirror.run()

    def _count(self) -> None:
        self.changes += 1

    def _pause(self, seconds: float) -> bool:
        self.pauses.append(seconds)
        return False

    def kernels(self) -> dict[str, str]:
        return {
            one["metadata"]["name"]: one["status"]["nodeInfo"]["kernelVersion"]
            for one in self.mirror.objects()
        }


@pytest.fixture(autouse=True)
def exact_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mirrors, "_spread", lambda seconds: seconds)


def test_events_change_the_copy_and_the_watch_resumes_from_the_last_version() -> None:
    first = [
        event("MODIFIED", node("a", "6.1.0", "11")),
        event("ADDED", node("c", version="12")),
        event("DELETED", node("b", version="13")),
        event("BOOKMARK", {"metadata": {"resourceVersion": "20"}}),
    ]
    run = Run(([node("a"), node("b")], "10"), watches=[first])
    assert run.kernels() == {"a": "6.1.0", "c": "5.15.0"}
    assert run.server.asked == ["list", "watch from 10", "watch from 20"]
    assert run.changes == 4


def test_a_change_of_what_no_requirement_reads_is_no_change() -> None:
    beat = event("MODIFIED", node("a", version="11", conditions=[{"type": "Ready"}]))
    run = Run(([node("a")], "10"), watches=[[beat]])
    assert run.changes == 1
    assert run.server.asked[-1] == "watch from 11"


@pytest.mark.parametrize(
    "gone", [RefusedError(410, "expired"), event("ERROR", {"kind": "Status", "code": 410})]
)
def test_an_expired_version_is_listed_again(gone: Any) -> None:
    run = Run(([node("a")], "10"), ([node("b")], "30"), watches=[[gone]])
    assert run.kernels() == {"b": "5.15.0"}
    assert run.server.asked == ["list", "watch from 10", "list", "watch from 30"]
    assert run.failures == []


def test_a_lost_connection_is_resumed_with_growing_pauses_and_the_copy_stays() -> None:
    lost = [[RefusedError(0, "the connection was lost")] for _number in range(4)]
    run = Run(([node("a")], "10"), watches=lost)
    assert run.server.asked == ["list", *["watch from 10"] * 5]
    assert run.pauses == [0.5, 1.0, 2.0, 4.0]
    assert run.kernels() == {"a": "5.15.0"}
    assert run.failures == ["watch: the connection was lost"] * 4


def test_a_busy_server_is_asked_after_the_time_that_it_states() -> None:
    busy = RefusedError(429, "too many requests", wait=7.0)
    run = Run(([node("a")], "10"), watches=[[busy]])
    assert run.pauses == [7.0]
    assert run.server.asked == ["list", "watch from 10", "watch from 10"]


def test_a_server_with_other_data_is_listed_again() -> None:
    later = event("ERROR", {"code": 504, "message": "Too large resource version"})
    run = Run(([node("a")], "10"), ([], "3"), watches=[[later]])
    assert run.server.asked == ["list", "watch from 10", "list", "watch from 3"]
    assert run.kernels() == {}


def test_a_collection_that_is_forbidden_is_refused_at_once_and_tried_again() -> None:
    forbidden = RefusedError(403, "forbidden")
    run = Run(forbidden, forbidden)
    assert run.mirror.synced.is_set()
    with pytest.raises(RefusedError):
        run.mirror.objects()
    later = Run(forbidden, ([node("a")], "10"))
    assert later.kernels() == {"a": "5.15.0"}


def test_a_copy_survives_a_refusal_that_does_not_last(monkeypatch: pytest.MonkeyPatch) -> None:
    forbidden = RefusedError(403, "forbidden")
    run = Run(([node("a")], "10"), forbidden, watches=[[forbidden]])
    assert run.kernels() == {"a": "5.15.0"}
    monkeypatch.setattr(mirrors, "_PATIENCE_SECONDS", 0.0)
    lasting = Run(([node("a")], "10"), forbidden, watches=[[forbidden]])
    with pytest.raises(RefusedError):
        lasting.mirror.objects()


def test_everything_is_listed_again_after_the_resync_time() -> None:
    run = Run(([node("a")], "10"), ([node("b")], "20"), watches=[[]], resync=-1.0)
    assert run.server.asked == ["list", "watch from 10", "list", "watch from 20"]
    assert run.kernels() == {"b": "5.15.0"}


def test_objects_of_any_shape_are_accepted() -> None:
    odd: list[Any] = [None, 1, {}, {"metadata": 1}, {"metadata": {"name": 1}}]
    events = [event("ADDED", item) for item in odd] + [{}, event("BOOKMARK", None)]
    run = Run(([*odd, node("a")], "10"), watches=[events])
    assert run.kernels() == {"a": "5.15.0"}
