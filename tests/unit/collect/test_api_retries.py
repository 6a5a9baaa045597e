"""An API server that is overloaded or fails: retries as in client-go, then an error."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dfpolicy.collect.api import RETRIES, TIMEOUT_SECONDS, Access, Api, RefusedError, connect
from dfpolicy.collect.cluster import collect
from dfpolicy.errors import DfpolicyError
from support import broken_server as broken
from support import pauses
from support.access import kubeconfig

TOO_MANY = broken.status(429, headers="Retry-After: 0\r\n")
NODE = {"metadata": {"name": "a"}}
NODES = broken.status(200, json.dumps({"items": [NODE]}).encode())
EMPTY = broken.status(200, b'{"items": []}')


@pytest.fixture(autouse=True)
def made(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the pauses, which take no time."""
    return pauses.passed(monkeypatch)


@pytest.fixture
def connected(tmp_path: Path) -> Callable[[str], Api]:
    """Return a function that connects to a server."""

    def to(url: str) -> Api:
        return connect(Access(kubeconfig(tmp_path / "kubeconfig", url)))

    return to


def requested(server: broken.BrokenServer, line: str) -> int:
    return sum(request.startswith(line.encode()) for request in server.requests)


def failing(path: str, answer: broken.Answer) -> broken.Choice:
    """Answer like this at a path, and with an empty list elsewhere."""
    return lambda request: answer if request.split()[1].startswith(path.encode()) else EMPTY


@pytest.mark.parametrize(
    "answer",
    [
        *(TOO_MANY, broken.status(503), broken.killed, broken.closed, broken.half()),
        # Its body is not read before the next attempt.
        broken.failing_endlessly,
    ],
)
def test_a_transient_failure_loses_nothing(
    connected: Callable[[str], Api], answer: broken.Answer
) -> None:
    with broken.answering([EMPTY, answer, NODES]) as server:
        assert connected(server.url).get("/api/v1/nodes") == {"items": [NODE]}
    assert len(server.requests) == 3


def test_the_pause_follows_retry_after(connected: Callable[[str], Api], made: list[float]) -> None:
    answers = [EMPTY, broken.status(429, headers="Retry-After: 7\r\n"), NODES]
    with broken.answering(answers) as server:
        connected(server.url).get("/api/v1/nodes")
    assert made == [7]


@pytest.mark.parametrize("header", ["86400", "Fri, 31 Dec 2999 23:59:59 GMT"])
def test_no_pause_exceeds_the_time_limit(
    connected: Callable[[str], Api], made: list[float], header: str
) -> None:
    answers = [EMPTY, broken.status(503, headers=f"Retry-After: {header}\r\n")]
    with broken.answering(answers) as server:
        api = connected(server.url)
        with pytest.raises(RefusedError, match="HTTP 503"):
            api.get("/api/v1/nodes")
    assert made == []


def test_no_attempt_begins_after_the_time_limit(
    connected: Callable[[str], Api], made: list[float]
) -> None:
    answers = [EMPTY, broken.status(429, headers="Retry-After: 7\r\n")]
    with broken.answering(answers) as server:
        api = connected(server.url)
        with pytest.raises(RefusedError, match="too many requests"):
            api.get("/api/v1/nodes")
    assert made == [7, 7, 7, 7]
    assert sum(made) < TIMEOUT_SECONDS < sum(made) + 7
    assert requested(server, "GET /api/v1/nodes ") == 5


def test_a_header_that_is_invalid_is_ignored(connected: Callable[[str], Api]) -> None:
    answers = [EMPTY, broken.status(429, headers="Retry-After: soon\r\n"), NODES]
    with broken.answering(answers) as server:
        assert connected(server.url).get("/api/v1/nodes")["items"]


def test_a_server_that_is_overloaded_throughout_is_an_error(
    connected: Callable[[str], Api],
) -> None:
    with broken.answering([TOO_MANY]) as server, pytest.raises(DfpolicyError) as caught:
        connected(server.url)
    assert caught.value.exit_code == 3
    assert "the API server does not answer: too many requests" in str(caught.value)
    assert len(server.requests) == RETRIES + 1


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (TOO_MANY, "too many requests"),
        (broken.status(500), "HTTP 500"),
        (broken.killed, "the connection was lost"),
    ],
)
def test_a_failed_list_is_reported_as_an_error(
    connected: Callable[[str], Api], answer: broken.Answer, reason: str
) -> None:
    with broken.answering(failing("/api/v1/nodes", answer)) as server:
        collected = collect(connected(server.url))
    assert requested(server, "GET /api/v1/nodes") == RETRIES + 1
    (entry,) = collected.unread
    assert entry == {"fact": "nodes", "path": "/api/v1/nodes", "reason": reason}
    assert collected.document()["items"][0]["status"]["unread"] == [entry]
    with pytest.raises(DfpolicyError, match="failed to list nodes; try again later") as caught:
        collected.check_whole()
    assert caught.value.exit_code == 3


def test_missing_permissions_are_not_a_failure(connected: Callable[[str], Api]) -> None:
    with broken.answering(failing("/api/v1/nodes", broken.status(403))) as server:
        collected = collect(connected(server.url))
    assert [entry["reason"] for entry in collected.unread] == ["forbidden"]
    collected.check_whole()


def test_a_server_that_failed_a_whole_series_is_asked_once_for_the_rest(
    connected: Callable[[str], Api],
) -> None:
    with broken.answering(failing("/api", TOO_MANY)) as server:
        collected = collect(connected(server.url))
    assert requested(server, "GET /apis ") == RETRIES + 1
    assert requested(server, "GET /api/v1/nodes") == 1
    assert {"nodes", "daemonsets", "clusterroles"} <= set(collected.failed)


def test_a_request_that_changes_something_is_repeated_only_when_it_was_not_started(
    connected: Callable[[str], Api],
) -> None:
    for answer, count in ((TOO_MANY, 2), (broken.status(503), 1), (broken.closed, 1)):
        with broken.answering([EMPTY, answer, EMPTY]) as server:
            api = connected(server.url)
            try:
                api.request("POST", "/api/v1/namespaces", {})
            except RefusedError:
                assert count == 1
        assert requested(server, "POST") == count


def test_created_objects_are_removed_after_a_failure(
    connected: Callable[[str], Api],
) -> None:
    answers = [EMPTY, *[TOO_MANY] * (RETRIES + 2), EMPTY]
    with broken.answering(answers) as server:
        api = connected(server.url)
        with pytest.raises(RefusedError):
            api.get("/api/v1/nodes")
        api.request("DELETE", "/api/v1/namespaces/a")
    assert requested(server, "DELETE") == 2
