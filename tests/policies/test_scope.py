"""What is out of scope changes no decision.

This is so if the policies skip it, and if the evaluator has left it out beforehand. A requirement
that reads more of other objects than `lib/scope` keeps fails with its example.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from dfpolicy.engines.wasm import WasmEngine
from dfpolicy.errors import InputError
from dfpolicy.input import pruning
from dfpolicy.input.build import EvaluationInput, build_input
from dfpolicy.input.pruning import Scoper
from dfpolicy.reading.documents import split
from dfpolicy.reading.sources import Source
from dfpolicy.report.build import build_report
from support import decisions, inputs
from support.decisions import Json

GENERATED = 60
_REFERRED = ("ConfigMap", "PersistentVolumeClaim", "Service", "ServiceAccount")


@pytest.fixture(scope="module")
def engine() -> WasmEngine:
    return decisions.wasm()


def _named(kind: str, namespace: str, **fields: object) -> Json:
    metadata = {"name": f"other-{kind.lower()}", "namespace": namespace}
    return {"apiVersion": "v1", "kind": kind, "metadata": metadata, **fields}


def _bystanders(namespace: str) -> Iterator[Json]:
    pod = {"serviceAccountName": "a", "containers": [{"name": "c", "image": "nginx:1"}]}
    subject = {"kind": "ServiceAccount", "name": "a", "namespace": namespace}
    yield _named("Pod", namespace, spec=pod)
    yield _named("ConfigMap", namespace, data={"a": "é"})
    yield _named("Secret", namespace, data={"a": "Yg=="})
    yield _named("Service", namespace, spec={"ports": [{"port": 80}]})
    yield _named("ServiceAccount", namespace, automountServiceAccountToken=False)
    yield _named("PersistentVolumeClaim", namespace, spec={"storageClassName": "a"})
    yield _named("Deployment", namespace, spec={"template": {"spec": pod}})
    yield _named("StatefulSet", namespace, spec={"template": {"spec": pod}})
    yield _named("Role", namespace, rules=[])
    yield _named(
        "RoleBinding", namespace, subjects=[subject], roleRef={"kind": "Role", "name": "a"}
    )


OTHERS = [*_bystanders("other"), *_bystanders("zoo")]


def _apart(document: Json, namespace: str) -> Json:
    """The workloads without their namespace, as Helm prints them.

    What they refer to is in this namespace, whose name is not DeepFlow's.
    """
    text = json.dumps(document)
    for item in document.get("resources", []):
        if item["kind"] in _REFERRED:
            name = json.dumps(item["metadata"]["name"])
            text = text.replace(name, name.replace("deepflow", "d"))
    apart: Json = json.loads(text)
    for item in apart.get("resources", []):
        item["metadata"].pop("namespace", None)
        if item["kind"] in _REFERRED:
            item["metadata"]["namespace"] = namespace
    return apart


def _read(document: Json, scoper: Scoper | None = None) -> EvaluationInput:
    """The input as it is read from a file with its resources."""
    text = "\n".join(map(json.dumps, document["resources"]))
    namespace = (document.get("release") or {}).get("namespace")
    return build_input(
        split(Source("x", text)),
        document.get("mode", "single-k8s"),
        namespace=namespace,
        scoper=scoper,
    )


def _check(engine: WasmEngine, document: Json) -> int:
    """Compare the decisions on a crowded input in three ways; return how many objects are left out.

    First with all objects in scope, then as the policies choose, then as the evaluator leaves them
    out.
    """
    crowded = document | {"resources": [*document.get("resources", []), *OTHERS]}
    read, rest = _read(crowded), _read(crowded, engine)
    chosen = engine.evaluate(read.data)
    assert chosen == engine.evaluate(read.data | {"whole": True})
    assert engine.evaluate(rest.data) == chosen
    assert rest.objects == len(read.items)
    return rest.objects - len(rest.items)


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let even small inputs be pruned, object by object."""
    monkeypatch.setattr(pruning, "PART", 1)


WHOLE = decisions.whole_files()
OF_REQUIREMENTS = [path for path in decisions.example_files() if path not in WHOLE]
EXAMPLES = pytest.mark.parametrize(
    "paths",
    [
        pytest.param(WHOLE, id="whole deployments"),
        pytest.param(OF_REQUIREMENTS, id="requirements", marks=pytest.mark.slow),
    ],
)


@EXAMPLES
def test_objects_out_of_scope_change_no_decision(
    engine: WasmEngine, paths: list[Path], in_parts: None
) -> None:
    documents = [decisions.example_input(path) for path in paths]
    left_out = [_check(engine, document) for document in documents]
    # Of each document, the pods, configuration and secrets of the others.
    assert sum(left_out) > 6 * len(documents)


@pytest.mark.slow
def test_generated_inputs(engine: WasmEngine, in_parts: None) -> None:
    for document in inputs.sample(GENERATED):
        _check(engine, document)


@EXAMPLES
@pytest.mark.parametrize("namespace", ["deepflow", "default"])
def test_an_agent_without_a_namespace_keeps_the_objects_it_needs(
    engine: WasmEngine, paths: list[Path], namespace: str
) -> None:
    for path in paths:
        document = _apart(decisions.example_input(path), namespace)
        assert engine.evaluate(document) == engine.evaluate(document | {"whole": True}), path


def test_an_object_given_twice_is_read_once(engine: WasmEngine, in_parts: None) -> None:
    twice = {"resources": [*OTHERS, *OTHERS]}
    assert len(_read(twice, engine).items) == len(_read({"resources": OTHERS}, engine).items)
    changed = OTHERS[2] | {"data": {"a": "Yw=="}}
    with pytest.raises(InputError, match="the Secret other-secret is also defined at x:"):
        _read({"resources": [*OTHERS, changed]}, engine)


def test_a_host_document_is_located_beside_omitted_objects(
    engine: WasmEngine, in_parts: None
) -> None:
    """In one List: the line of its services is still found."""
    service = {"image": "deepflow-agent:v7.1"}
    project = {
        "apiVersion": "dfpolicy.dev/v1",
        "kind": "ComposeProject",
        "metadata": {"name": "a"},
        "spec": {"services": {"deepflow-agent": service}},
    }
    members = {"apiVersion": "v1", "kind": "List", "items": [*OTHERS, project]}
    text = json.dumps(members, indent=2)
    built = build_input(split(Source("x", text)), "legacy-host", scoper=engine)
    assert len(built.items) < built.objects
    report = build_report(built, decisions.decide(built.data), engine)
    lines = {result["location"]["line"] for result in report["results"] if "location" in result}
    assert text.count("\n", 0, text.index('"deepflow-agent": {')) + 1 in lines
