"""Missing facts never turn a violation or unknown into a pass, and every pass counts something.

Each test removes a part of an input that a result may depend on: a fact of a node or of the
cluster, all nodes, or all objects of a kind. Only knowledge is removed. Without a field of a
manifest, or without one of several nodes, the deployment itself is another one, which may pass.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from support import decisions, inputs
from support.decisions import Json

if TYPE_CHECKING:
    from dfpolicy.model import Decision, Result

# What is removed, and the requirements that may pass without it, with the reason.
MAY_PASS_WITHOUT = {
    (
        "ClusterRole",
        "DF-RBAC-016",
    ): "the cluster itself has the role, unless the input redefines it",
    ("Deployment", "DF-UPG-002"): "without a new server, the running one counts",
    ("Deployment", "DF-UPG-003"): "without a new server, the running one counts",
    ("ServerConfig", "DF-LH-004"): "a server has the default ranges, unless the input changes them",
    ("labels", "DF-CH-005"): "a node that the collector ran on is not virtual",
    ("labels", "DF-SL-006"): "a node that the collector ran on is not virtual",
}
# Facts that only count as a whole: with fewer labels, the node is another one.
WHOLE = {"labels"}
# Examples and generated inputs have at most this many nodes each; the first ones are enough.
NODES = 3
GENERATED = 150


class Loss:
    """A part that is removed: its name in messages, and the input without it."""

    def __init__(self, part: str, rest: Json) -> None:
        self.part = part
        self.rest = rest


def losses(document: Json) -> Iterator[Loss]:
    """Every loss of knowledge of an input, the small ones first."""
    yield from _facts(document)
    yield from _sets(document)


def _facts(document: Json) -> Iterator[Loss]:
    for place, node in enumerate((document.get("nodes") or [])[:NODES]):
        # The Node object of the same name answers some of the facts as well.
        rest = _without_objects(document, "Node", node["metadata"]["name"])
        for path in _keys(node.get("spec")):
            yield Loss(".".join(path), _cut(rest, ("nodes", place, "spec", *path)))
    cluster = document.get("cluster") or {}
    for path in _keys(cluster.get("spec")):
        yield Loss(".".join(path), _cut(document, ("cluster", "spec", *path)))


def _sets(document: Json) -> Iterator[Loss]:
    if document.get("cluster"):
        yield Loss("cluster", {key: document[key] for key in document if key != "cluster"})
    objects = document["resources"]
    if document.get("nodes") or any(item["kind"] == "Node" for item in objects):
        yield Loss("nodes", _without_objects(document, "Node") | {"nodes": []})
    for kind in sorted({item["kind"] for item in objects} - {"Node"}):
        yield Loss(kind, _without_objects(document, kind))


def _without_objects(document: Json, kind: str, name: str | None = None) -> Json:
    kept = [
        item
        for item in document["resources"]
        if item["kind"] != kind or (name is not None and item["metadata"]["name"] != name)
    ]
    return {**document, "resources": kept}


def _keys(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The paths of all keys. A list is one fact: with a shorter one, the node is another."""
    if isinstance(value, dict):
        for key in value:
            yield (*path, key)
            if key not in WHOLE:
                yield from _keys(value[key], (*path, key))


def _cut(document: Json, path: tuple[str | int, ...]) -> Json:
    """The input without one key; it shares all other parts."""
    shortened: Any = dict(document)
    here = shortened
    for step in path[:-1]:
        here[step] = copy.copy(here[step])
        here = here[step]
    del here[path[-1]]
    return dict(shortened)


def _subjects(decision: Decision) -> dict[tuple[str, str], Result]:
    return {
        (one["id"], json.dumps(one["subject"], sort_keys=True)): one for one in decision["results"]
    }


def empty_passes(decision: Decision) -> set[str]:
    """The passes that count nodes or objects and found none."""
    return {
        f"{one['id']}: {one['observed']}"
        for one in decision["results"]
        if one["outcome"] == "pass"
        and one.get("messages", {}).get("observed", {}).get("values", {}).get("count") == 0
    }


def unfounded_passes(document: Json, decision: Decision) -> set[str]:
    """What passes only because a part of the input is missing."""
    before = _subjects(decision)
    found = empty_passes(decision)
    for loss in losses(document):
        rest = decisions.decide(loss.rest | {"mode": decision["mode"]["name"]})
        found |= empty_passes(rest)
        for key, one in _subjects(rest).items():
            met_before = key not in before or before[key]["outcome"] == "pass"
            allowed = met_before or (loss.part, one["id"]) in MAY_PASS_WITHOUT
            if one["outcome"] == "pass" and not allowed:
                found.add(f"{one['id']} without {loss.part}: {one['observed']}")
    return found


def _found(paths: Iterable[Path]) -> dict[str, set[str]]:
    return {
        decisions.name_of(path): names
        for path in paths
        if (
            names := unfounded_passes(
                decisions.example_input(path), decisions.example_decision(path)
            )
        )
    }


def test_violations() -> None:
    assert _found(decisions.violating_files()) == {}


def test_a_loss_is_seen() -> None:
    """The check itself finds a pass that appears, and a pass that counts nothing."""
    document = {"resources": [], "nodes": [{"metadata": {"name": "a"}, "spec": {"btf": False}}]}
    assert [(loss.part, loss.rest["nodes"]) for loss in losses(document)] == [
        ("btf", [{"metadata": {"name": "a"}, "spec": {}}]),
        ("nodes", []),
    ]


@pytest.mark.slow
def test_all_examples() -> None:
    assert _found(decisions.example_files()) == {}


@pytest.mark.slow
def test_generated_inputs() -> None:
    """The namespace is given: objects that contradict each other would decide it with each loss."""
    hosts = inputs.sample(GENERATED // 3, inputs.hosts())
    found: set[str] = set()
    for generated in [*inputs.sample(GENERATED), *hosts]:
        document = generated | {"release": {"namespace": "deepflow"}}
        found |= unfounded_passes(document, decisions.decide(document))
    assert found == set()
