"""Nothing is lost: every requirement has one result for each of its subjects."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dfpolicy.engines.shape import omission
from dfpolicy.input.schemas import first_error
from dfpolicy.policy.catalogue import load_catalogue
from support import decisions, inputs
from support.decisions import Json

if TYPE_CHECKING:
    from dfpolicy.model import Decision, Result, Subject

# Requirements that may have no result for an agent or a node, and why.
MAY_BE_SILENT = {
    "DF-CFG-003": "checks the configuration of the agent's group only where it is in the input",
    "DF-EBPF-015": "asks for options of a kernel configuration only where one was collected",
    "DF-EBPF-016": "checks the runtime only for agents that add BPF or PERFMON",
    "DF-RBAC-018": "checks rights only for resources that the agent group enables",
    "DF-SK-003": "asks a server elsewhere for its ports only where that server is in the input",
    "DF-UPG-004": "asks Grafana, which the server's manifests hold and the agent's do not",
}
# Requirements on node access do not apply to a sidecar, which sees only its own pod.
OF_NODES = {"DF-NET-001", "DF-NET-006", "DF-CH-005", "DF-CH-009"}
OF_NODES |= {"DF-KERNEL-005", "DF-UPG-005", "DF-UPG-007", "DF-UPG-009"}
OF_NODES_PREFIXES = ("DF-K8S-", "DF-CNI-")
# Requirements that apply to every agent, watchers too.
OF_ALL = ("DF-SL-003", "DF-SL-005")
# The same on hosts, where some requirements apply to one form of installation only.
MAY_BE_SILENT_ON_HOSTS = {
    "DF-K8S-001": "asks containers",
    "DF-K8S-003": "asks containers",
    "DF-EBPF-009": "asks containers",
    "DF-EBPF-010": "asks containers",
    "DF-LH-006": "asks units of systemd",
    "DF-LH-007": "asks services of Docker Compose",
    "DF-LH-012": "asks services of Docker Compose",
    "DF-LH-010": "asks agents of a cluster's nodes",
}
HOST_MODES = {"legacy-host", "cloud-host"}
OUTCOMES = {"pass", "violation", "unknown"}
EVERY_NODE = json.dumps({"kind": "Node", "name": "*"})
LEVELS = {"required", "recommended", "informational"}


@cache
def kinds_of_subject() -> dict[str, str]:
    """The kinds of subjects of each requirement, for one agent with one node."""
    node = {
        "apiVersion": "dfpolicy.dev/v1",
        "kind": "NodeFacts",
        "metadata": {"name": "a"},
        "spec": {"kernelConfig": {"CONFIG_BPF": "y"}},
    }
    return {
        result["id"]: result["subject"]["kind"]
        for mode in inputs.MODES
        for result in decisions.decide(
            {"mode": mode, "resources": inputs.deployment(), "nodes": [node]}
        )["results"]
    }


def check(document: Json, decision: Decision | None = None) -> None:
    """Fail if the decision on a document lacks a result; by default it is made here."""
    decision = decision or decisions.decide(document)
    results = decision["results"]
    assert first_error(decision, "decision") is None
    for result in results:
        assert result["outcome"] in OUTCOMES
        assert result["level"] in LEVELS
        assert bool(result.get("collect")) <= (result["outcome"] == "unknown")
        assert bool(result["expected"]) <= (result["outcome"] == "violation")
    _check_once(results)
    _check_order(results)
    _check_mode(decision)
    assert omission(decision, document) is None
    for identifier in set(OF_ALL) & _applicable(decision["mode"]["name"]):
        answered = {_workload(one["subject"]) for one in results if one["id"] == identifier}
        assert answered == _agents(decision, "collector", "sidecar", "watcher")
    if _agents(decision, "collector", "sidecar"):
        _check_all_answer(document, decision)


def _identity(subject: Mapping[str, Any]) -> str:
    return json.dumps(subject, sort_keys=True)


def _check_once(results: list[Result]) -> None:
    counted = Counter((result["id"], _identity(result["subject"])) for result in results)
    assert [key for key, count in counted.items() if count > 1] == []


def _check_order(results: list[Result]) -> None:
    order = [entry["id"] for entry in load_catalogue().requirements]
    places = [order.index(result["id"]) for result in results]
    assert places == sorted(places)


def _applied(decision: Decision) -> set[str]:
    """The requirements of the mode; in an upgrade also those of the upgraded mode.

    If Docker Compose runs the server, they are those of its host.
    """
    mode = decision["mode"]
    if "servers" in decision:
        own = {one["id"] for one in load_catalogue().requirements if one["modes"] == [mode["name"]]}
        return own | _applicable("legacy-host")
    upgraded = mode["candidates"][:1] if mode["name"] == "upgrade" else []
    return set().union(*map(_applicable, [mode["name"], *upgraded]))


def _applicable(mode: str) -> set[str]:
    return {entry["id"] for entry in load_catalogue().requirements if mode in entry["modes"]}


def _check_mode(decision: Decision) -> None:
    applicable = _applied(decision)
    assert {result["id"] for result in decision["results"]} <= applicable


def _agents(decision: Decision, *roles: str) -> set[str]:
    return {_workload(one["subject"]) for one in decision["agents"] if one["role"] in roles}


def _of_nodes(identifier: str) -> bool:
    return identifier in OF_NODES or identifier.startswith(OF_NODES_PREFIXES)


def _check_all_answer(document: Json, decision: Decision) -> None:
    on_node, sidecars = _agents(decision, "collector"), _agents(decision, "sidecar")
    expected = _applied(decision) - MAY_BE_SILENT.keys()
    if decision["mode"]["name"] in HOST_MODES:
        expected -= MAY_BE_SILENT_ON_HOSTS.keys()
    answered: dict[str, set[str]] = {identifier: set() for identifier in expected}
    for result in decision["results"]:
        answered.setdefault(result["id"], set()).add(_workload(result["subject"]))
    silent = {identifier for identifier in expected if _of_nodes(identifier) and not on_node}
    assert {identifier for identifier in expected if not answered[identifier]} == silent
    # A requirement about nodes can be about agents as well.
    asked = [
        {subject for subject in answered[name] if json.loads(subject)["kind"] == "Node"}
        for name in expected
        if kinds_of_subject().get(name) == "Node"
    ]
    assert all(nodes == asked[0] for nodes in asked)
    _check_nodes(document, decision, asked[0])
    for identifier in expected:
        kind = kinds_of_subject().get(identifier)
        if kind == "DaemonSet" and not identifier.startswith("DF-RBAC-"):
            assert on_node <= answered[identifier], identifier
            assert answered[identifier].isdisjoint(sidecars) == (
                not sidecars or _of_nodes(identifier)
            ), identifier


def _check_nodes(document: Json, decision: Decision, asked: set[str]) -> None:
    """A node is checked, or DF-CH-005 reports that the agent does not reach it.

    No Node object describes the machine of a sidecar; collected facts may. A virtual node does not
    count as a node for DaemonSets.
    """
    nodes = _nodes(document)
    missing = nodes - asked
    if _agents(decision, "sidecar"):
        assert asked - {EVERY_NODE} <= nodes
        assert asked
        assert {_node(item) for item in _objects(document.get("nodes"))} <= asked
    else:
        assert asked <= nodes or (asked == {EVERY_NODE} and missing == nodes)
    for result in decision["results"]:
        if result["id"] == "DF-CH-005" and missing - _virtual(document):
            assert result["outcome"] == "violation"
            assert result["subject"]["kind"] != "DaemonSet" or all(
                json.loads(node)["name"] in result["observed"]
                for node in missing - _virtual(document)
            )


def _virtual(document: Json) -> set[str]:
    """The nodes with a mark of virtual nodes."""
    items = [*_objects(document.get("nodes")), *_objects(document.get("resources"))]
    return {
        _node(item)
        for item in items
        if any(mark in json.dumps(item) for mark in ("virtual-kubelet", "eklet"))
    }


def _workload(subject: Subject) -> str:
    return _identity({key: value for key, value in subject.items() if key != "container"})


def _nodes(document: Json) -> set[str]:
    named = list(_objects(document.get("nodes")))
    named += [
        item
        for item in _objects(document.get("resources"))
        if item.get("kind") == "Node" and item.get("apiVersion") == "v1"
    ]
    return {_node(item) for item in named}


def _node(item: Json) -> str:
    return _identity({"kind": "Node", "name": item["metadata"]["name"]})


def _objects(value: Any) -> list[Json]:
    members = value if isinstance(value, list) else []
    return [item for item in members if isinstance(item, dict) and "metadata" in item]


def test_requirements_that_may_have_no_result_say_so() -> None:
    """Otherwise the engines refuse a decision without them."""
    said = {entry["id"] for entry in load_catalogue().requirements if "conditional" in entry}
    sidecars = {"DF-KERNEL-005"}
    assert said == MAY_BE_SILENT.keys() | MAY_BE_SILENT_ON_HOSTS.keys() | sidecars


def test_every_requirement_has_a_kind_of_subject() -> None:
    for mode in set(inputs.MODES) - {"auto"}:
        assert _applicable(mode) - MAY_BE_SILENT.keys() <= kinds_of_subject().keys()


def test_examples() -> None:
    for path in decisions.example_files():
        try:
            check(decisions.example_input(path), decisions.example_decision(path))
        except AssertionError as error:
            raise AssertionError(decisions.name_of(path)) from error


def _check_order_of_resources(document: Json, random: Any) -> None:
    """Objects of a stream can have any order."""
    shuffled = deepcopy(document)
    random.shuffle(shuffled["resources"])
    random.shuffle(shuffled["nodes"])
    results = [decisions.decide(one)["results"] for one in (document, shuffled)]
    assert results[0] == results[1]


ANY = st.one_of(inputs.inputs(), inputs.hosts())
RANDOM = st.randoms(use_true_random=False)


@settings(inputs.PROPERTY, max_examples=100)
@given(ANY)
def test_generated_inputs(document: Json) -> None:
    check(document)


@settings(inputs.PROPERTY, max_examples=30)
@given(ANY, RANDOM)
def test_the_order_of_resources_does_not_matter(document: Json, random: Any) -> None:
    _check_order_of_resources(document, random)


@pytest.mark.slow
@settings(inputs.PROPERTY, max_examples=500)
@given(inputs.inputs())
def test_many_generated_clusters(document: Json) -> None:
    check(document)


@pytest.mark.slow
@settings(inputs.PROPERTY, max_examples=300)
@given(inputs.hosts())
def test_many_generated_hosts(document: Json) -> None:
    check(document)


@pytest.mark.slow
@settings(inputs.PROPERTY, max_examples=100)
@given(ANY, RANDOM)
def test_many_orders_of_resources(document: Json, random: Any) -> None:
    _check_order_of_resources(document, random)
