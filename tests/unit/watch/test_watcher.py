"""Judging a cluster that is watched, with a connection that answers from the example."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from dfpolicy.collect.api import RefusedError
from dfpolicy.errors import DfpolicyError, UsageError
from dfpolicy.settings.resolution import resolve
from dfpolicy.watch.mirrored import COLLECTIONS
from dfpolicy.watch.serving import parse_address, serve
from dfpolicy.watch.watcher import Plan, Watcher
from support.decisions import EXAMPLES

DOCUMENTS = [*yaml.safe_load_all((EXAMPLES / "single-k8s" / "manifests.yaml").read_text("utf-8"))]


class Cluster:
    """Answers requests for the objects of the example; streams have no event."""

    name = "test"

    def __init__(self) -> None:
        self.down = False
        self.asked: list[str] = []
        self.ended = threading.Event()
        self.kinds: dict[str, list[Any]] = {}
        for one in DOCUMENTS:
            if "metadata" in one:
                one["metadata"].setdefault("namespace", "deepflow")
                self.kinds.setdefault(f"{one['kind'].lower()}s", []).append(one)

    def get(self, path: str, query: dict[str, str] | None = None) -> dict[str, Any]:
        self.asked.append(path)
        if self.down:
            raise RefusedError(0, "connection refused")
        if path in ("/version", "/apis"):
            return {"gitVersion": "v1.31.0"} if path == "/version" else {"groups": []}
        *_others, plural, name = path.split("/")
        for one in self.kinds.get(plural, ()):
            if one["metadata"]["name"] == name:
                found: dict[str, Any] = one
                return found
        if plural in ("configmaps", "serviceaccounts"):
            raise RefusedError(404, "not found")
        return {"items": self.kinds.get(name, []), "metadata": {"resourceVersion": "1"}}

    def pages(self, path: str) -> Iterator[tuple[list[Any], int]]:
        yield self.get(path)["items"], 0

    def stream(self, path: str, query: dict[str, str], silence: float) -> Iterator[dict[str, Any]]:
        self.ended.wait()
        yield from ()
        raise RefusedError(0, "the connection was lost")


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    made = Cluster()
    yield made
    made.ended.set()


@pytest.fixture
def watcher(cluster: Cluster) -> Iterator[Watcher]:
    made = Watcher(cluster, resolve({}, {}, None), Plan(60, 600, False))
    made._mirrored.start()
    for mirror in made._mirrored.mirrors.values():
        assert mirror.synced.wait(60)
    yield made
    made._mirrored.stop()


def values(watcher: Watcher) -> dict[str, float]:
    lines = watcher.metrics.text().decode().splitlines()
    return {
        line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if line[0] != "#"
    }


def status(watcher: Watcher, path: str) -> int:
    return watcher.answers()[path]()[0]


def test_without_an_answer_of_the_api_server_the_last_result_stays(
    cluster: Cluster, watcher: Watcher, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(watcher, "/readyz") == 503
    watcher.judge_once()
    before = values(watcher)
    assert before["dfpolicy_agents"] == 1
    assert status(watcher, "/readyz") == status(watcher, "/healthz") == 200
    cluster.down = True
    watcher.judge_once()
    watcher.judge_once()
    after = values(watcher)
    assert after['dfpolicy_errors_total{what="judge"}'] == 2
    kept = ("dfpolicy_requirements", "dfpolicy_state", "dfpolicy_evaluations_total")
    assert {key: after[key] for key in after if key.startswith(kept)} == {
        key: before[key] for key in before if key.startswith(kept)
    }
    # An error that stays is printed once.
    assert capsys.readouterr().err.count("the API server does not answer") == 1


def test_collections_are_listed_once_and_those_of_a_namespace_while_an_agent_is_there(
    cluster: Cluster, watcher: Watcher
) -> None:
    roles = "/apis/rbac.authorization.k8s.io/v1/namespaces/deepflow/roles"
    watcher.judge_once()
    watcher.judge_once()
    assert all(cluster.asked.count(one.path) == 1 for one in COLLECTIONS)
    assert cluster.asked.count(roles) == 1
    assert roles in watcher._mirrored.mirrors
    watcher._mirrored.begin()
    watcher._mirrored.end()
    assert watcher._mirrored.mirrors.keys() == {one.path for one in COLLECTIONS}


def test_once_raises_what_watching_only_counts(cluster: Cluster) -> None:
    watcher = Watcher(cluster, resolve({}, {}, None), Plan(60, 600, False))
    assert "dfpolicy_agents 1.0" in watcher.once()
    cluster.down = True
    with pytest.raises(DfpolicyError):
        watcher.once()


def test_only_known_paths_are_served() -> None:
    server = serve(("127.0.0.1", 0), {"/healthz": lambda: (200, "text/plain", b"ok\n")})
    try:
        url = f"http://127.0.0.1:{server.server_address[1]}"
        with urllib.request.urlopen(f"{url}/healthz?verbose") as answer:
            assert answer.read() == b"ok\n"
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(f"{url}/../etc/passwd")
        with caught.value:
            assert caught.value.code == 404
        with pytest.raises(DfpolicyError, match="cannot listen"):
            serve(("127.0.0.1", server.server_address[1]), {})
    finally:
        server.shutdown()
        server.server_close()


def test_addresses() -> None:
    assert parse_address(":8080") == ("", 8080)
    assert parse_address("[::1]:80") == ("::1", 80)
    for text in ("", "8080", "a:", "a:b", ":99999", ":-1"):
        with pytest.raises(UsageError):
            parse_address(text)
