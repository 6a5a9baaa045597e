"""The work grows linearly: no requirement examines all objects again for each object.

The tests count the expressions that OPA's interpreter evaluates, not time. The interpreter
evaluates a partial rule again for each requested key; the WebAssembly module does not.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable

import pytest
from tools.dev import opa

from dfpolicy.engines.wasm import WasmEngine
from support import decisions, inputs
from support.decisions import Json

AMOUNT = 20

Place = tuple[str, int]


def _named(kind: str, number: int, version: str = "v1", **fields: object) -> Json:
    metadata = {"name": f"{kind.lower()}-{number}", "namespace": f"ns-{number}"}
    return {"apiVersion": version, "kind": kind, "metadata": metadata, **fields}


def _node(number: int) -> list[Json]:
    info = {"kernelVersion": f"5.{number}.0-9-generic", "architecture": "amd64"}
    return [_named("Node", number, status={"nodeInfo": info})]


def _bystander(number: int) -> list[Json]:
    pod = {"serviceAccountName": f"a-{number}", "containers": [{"name": "c", "image": "nginx:1"}]}
    return [
        _named("Namespace", number),
        _named("ConfigMap", number, data={"a": "b"}),
        _named("Service", number, spec={"ports": [{"port": 80}]}),
        _named("ServiceAccount", number),
        _named("Deployment", number, "apps/v1", spec={"template": {"spec": pod}}),
    ]


def _grant(number: int) -> list[Json]:
    group = "rbac.authorization.k8s.io"
    role = _named("ClusterRole", number, f"{group}/v1", rules=[])
    reference = {"apiGroup": group, "kind": "ClusterRole", "name": role["metadata"]["name"]}
    subject = {"kind": "ServiceAccount", "name": "deepflow-agent", "namespace": "deepflow"}
    binding = _named(
        "ClusterRoleBinding", number, f"{group}/v1", roleRef=reference, subjects=[subject]
    )
    return [role, binding]


def _release(number: int) -> list[Json]:
    text = json.dumps(inputs.deployment())
    for field in ("name", "serviceAccountName"):
        text = text.replace(f'"{field}": "deepflow-agent', f'"{field}": "agent-{number}')
    documents: list[Json] = json.loads(text)
    return [document for document in documents if document["kind"] != "Node"]


THINGS: dict[str, Callable[[int], list[Json]]] = {
    "nodes": _node,
    "other objects": _bystander,
    "grants": _grant,
    "agents": _release,
}


def _input(mode: str, things: str, amount: int) -> Json:
    added = [document for number in range(amount) for document in THINGS[things](number)]
    return {"mode": mode, "resources": inputs.deployment() + added}


def _facts(mode: str, amount: int) -> Json:
    spec = {"kernelRelease": "5.15.0-9-generic", "btf": True, "interfaces": ["lo", "eth0"]}
    nodes = [{"metadata": {"name": f"node-{number}"}, "spec": spec} for number in range(amount)]
    return {"mode": mode, "resources": inputs.deployment(), "nodes": nodes}


def _evaluated(document: Json) -> Counter[Place]:
    query = "count(data.dfpolicy.main.decision.results)"
    options = ("--profile", "--profile-limit", "0", "--format", "json", "--stdin-input")
    policies = ("--data", "policies", "--ignore", "*_test.rego")
    told = opa.run("eval", *options, *policies, query, stdin=json.dumps(document))
    counts: Counter[Place] = Counter()
    for entry in json.loads(told)["profile"]:
        counts[entry["location"]["file"], entry["location"]["row"]] += entry["num_eval"]
    return counts


@pytest.mark.parametrize(
    "mode",
    # An upgrade has the requirements of its mode, and more.
    [
        "upgrade",
        *(pytest.param(mode, marks=pytest.mark.slow) for mode in ("all-in-one", "single-k8s")),
    ],
)
@pytest.mark.parametrize(
    ("things", "factor"),
    [*((things, 2) for things in (*THINGS, "facts")), pytest.param("agents", 4)],
)
def test_a_larger_input_is_at_most_as_much_more_work(mode: str, things: str, factor: int) -> None:
    decisions.need_opa()
    once, more = (
        _evaluated(_facts(mode, amount) if things == "facts" else _input(mode, things, amount))
        for amount in (AMOUNT, factor * AMOUNT)
    )
    assert _overgrown(once, more, factor) == {}


@pytest.mark.slow
def test_an_upgrade_of_more_agents_is_at_most_as_much_more_work() -> None:
    """Each new agent replaces a running one."""
    once, more = (
        _evaluated(document | {"from": {"resources": document["resources"]}})
        for document in (_input("upgrade", "agents", amount) for amount in (AMOUNT, 2 * AMOUNT))
    )
    assert _overgrown(once, more, 2) == {}


def _overgrown(
    once: Counter[Place], more: Counter[Place], factor: int
) -> dict[Place, tuple[int, int]]:
    """The places that are evaluated too often for an input of `factor` times the size."""
    assert sum(more.values()) > sum(once.values()) + AMOUNT
    return {
        place: (once[place], count)
        for place, count in more.items()
        if count > 1.1 * factor * once[place] + 4 * AMOUNT
    }


def test_an_agent_takes_about_a_mebibyte() -> None:
    """With Python's own 150 MiB, 1,000 agents then take less than 1.2 GiB."""
    engine = WasmEngine()
    memory = []
    for amount in (AMOUNT, 5 * AMOUNT):
        engine.evaluate(_input("upgrade", "agents", amount))
        memory.append(engine.memory)
    assert 0 < memory[1] - memory[0] < 1.05 * 4 * AMOUNT * 2**20
