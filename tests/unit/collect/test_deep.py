"""A hostile or broken node is reported by its name, and the facts of the others are kept."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from dfpolicy.collect import deep
from dfpolicy.collect.api import TOO_LARGE, Api, RefusedError
from dfpolicy.collect.images import Image

END = b"# dfpolicy: end\n"


def facts(name: str, spec: str = "{}") -> bytes:
    head = f"apiVersion: dfpolicy.dev/v1\nkind: NodeFacts\nmetadata: {{name: {name}}}\n"
    return f"{head}spec: {spec}\n".encode() + END


BOMB = "\n".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12))
INVALID_YAML = "the collector's output is not valid YAML"
INVALID_FACTS = "the collector's output is not valid NodeFacts: "
# What the pod of a node prints, or how the API server refuses its log; and the reason.
NODES: dict[str, tuple[bytes | RefusedError, str]] = {
    "good": (facts("good"), ""),
    "silent": (b"", "its pod did not answer in time"),
    "not-started": (RefusedError(400, "HTTP 400"), "its pod did not answer in time"),
    "unreachable": (RefusedError(502, "HTTP 502"), "HTTP 502"),
    "forbidden": (RefusedError(403, "forbidden"), "forbidden"),
    "endless": (RefusedError(0, TOO_LARGE), "the collector's output is larger than 8 MiB"),
    "impostor": (facts("good", "{cpus: 1}"), "the collector's output is about another node"),
    "binary": (b"\xff\x00" + END, INVALID_YAML),
    "aliases": (f"a0: &a0 [1]\n{BOMB}\n".encode() + END, INVALID_YAML),
    "nested": (b"[" * 100_000 + END, INVALID_YAML),
    "number": (facts("number", f"{{cpus: {'9' * 5000}}}"), INVALID_FACTS + "spec.cpus"),
    "date": (facts("date", "{cpus: 2024-99-99}"), INVALID_FACTS + "spec.cpus"),
    "nothing": (END, INVALID_FACTS),
    "zero": (facts("zero", "{cpus: 0}"), INVALID_FACTS + "spec.cpus: must be at least 1"),
    "last": (facts("last", "{cpus: 4}"), ""),
}


class Nodes(Api):
    """An API server whose nodes can print anything."""

    def __init__(self, names: list[str]) -> None:
        self.name = "test"
        self.names = names
        self.logs: list[str] = []

    def _send(self, method: str, path: str, *_: Any, **__: Any) -> bytes:
        if path.endswith("/pods"):
            pods: list[Any] = [None, {}, {"spec": {"nodeName": "good"}}]
            pods += [{"metadata": {"name": n}, "spec": {"nodeName": n}} for n in self.names]
            return json.dumps({"items": pods}).encode()
        if not path.endswith("/log"):
            return b"{}"
        name = path.split("/")[-2]
        self.logs.append(name)
        answer = NODES[name][0]
        if isinstance(answer, RefusedError):
            raise answer
        return answer


def test_one_broken_node_does_not_end_the_collection(monkeypatch: pytest.MonkeyPatch) -> None:
    # The second attempt is the last one.
    times = iter([0.0] * (2 + len(NODES)))
    clock = SimpleNamespace(sleep=lambda _: None, monotonic=lambda: next(times, 1.0))
    monkeypatch.setattr(deep, "time", clock)
    api = Nodes(list(NODES))
    found, unread = deep.collect_nodes(api, list(NODES), Image("i"), 1)
    assert [one["metadata"]["name"] for one in found] == ["good", "last"]
    reasons = {one["path"].rpartition("/")[2]: one["reason"] for one in unread}
    assert list(reasons) == [name for name, (_, reason) in NODES.items() if reason]
    for name, reason in reasons.items():
        assert reason.startswith(NODES[name][1]), name
    # Output that is complete and invalid is not read again.
    again = [name for name in NODES if api.logs.count(name) > 1]
    assert set(again) <= {"silent", "not-started", "unreachable", "forbidden"}


def test_collecting_ends_when_all_nodes_have_answered_or_are_broken() -> None:
    names = ["good", "aliases"]
    found, unread = deep.collect_nodes(Nodes(names), names, Image("i"), 3600)
    assert len(found) == len(unread) == 1
