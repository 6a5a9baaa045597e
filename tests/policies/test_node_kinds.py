"""One node of each kind is evaluated, and the decision is the same as on all nodes."""

from __future__ import annotations

import json
import random
import shutil
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools.dev import opa

from dfpolicy.engines import expansion
from dfpolicy.engines.opa import OpaEngine
from dfpolicy.engines.wasm import WasmEngine
from dfpolicy.formats import text as text_report
from dfpolicy.formats.base import Style
from dfpolicy.input import node_kinds
from dfpolicy.input.build import EvaluationInput
from dfpolicy.pipeline import judge
from dfpolicy.reading.documents import split
from dfpolicy.reading.sources import Source
from dfpolicy.report.baseline import Baseline
from dfpolicy.settings.resolution import resolve
from support import decisions, inputs
from support.command import Run
from support.decisions import Json

KERNELS = ["4.14.0", "5.15.0-91-generic", "3.10.0-1160.el7.x86_64", "6.1.0-13-amd64"]
TAINTS: list[Any] = [[], [{"key": "k", "effect": "NoSchedule"}], [{"key": "k", "effect": "odd"}]]
FACTS: list[Json] = [
    {"kernelRelease": "5.4.0", "btf": True, "portsInUse": [38086]},
    {"kernelRelease": "4.18.0", "selinux": {"mode": "enforcing"}, "interfaces": ["foo0", "a eth9"]},
    {"paths": {"/sys/kernel/debug": {"mounted": False}}, "interfaces": ["eth0", "azv1"]},
    {"sysctls": {"net.core.bpf_jit_enable": 0, "kernel.kptr_restrict": 2}, "cpus": 300},
    {"dockerVersion": "19.03.1", "cni": {"configs": [{"file": "a.conf", "plugins": ["calico"]}]}},
    {"labels": {"zone": "a"}, "operatingSystem": "windows", "memoryBytes": 1 << 30},
]


def _node(source: random.Random) -> Json:
    labels = {"zone": source.choice("ab")}
    if source.random() < 0.1:
        labels["type"] = "virtual-kubelet"
    info = {
        "kernelVersion": source.choice(KERNELS),
        "architecture": source.choice(["amd64", "arm64"]),
        "operatingSystem": source.choice(["linux", "linux", "linux", "windows"]),
        "containerRuntimeVersion": source.choice(["containerd://1.4.3", "containerd://1.7.2"]),
        "kubeletVersion": source.choice(["v1.15.1", "v1.30.1"]),
    }
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"labels": labels},
        "spec": {"taints": source.choice(TAINTS), "unschedulable": source.random() < 0.1},
        "status": {"nodeInfo": info, "capacity": {"cpu": source.choice(["2", "300"])}},
    }


def _facts(source: random.Random) -> Json:
    document: Json = {"apiVersion": "dfpolicy.dev/v1", "kind": "NodeFacts", "metadata": {}}
    if source.random() < 0.3:
        document["status"] = {"unread": [{"fact": "selinux", "reason": "denied"}]}
    return {**document, "spec": source.choice(FACTS)}


def _named(document: Json, name: str, source: random.Random) -> Json:
    """A copy with the differences that nodes of one kind can have."""
    document = deepcopy(document)
    document["metadata"]["name"] = name
    number = source.randrange(1 << 24)
    if document["kind"] == "Node":
        document["metadata"]["annotations"] = {"node.alpha.kubernetes.io/ttl": str(number)}
        document["metadata"]["labels"]["kubernetes.io/hostname"] = name
        document["spec"]["providerID"] = f"example://{name}"
        for taint in document["spec"]["taints"]:
            taint["timeAdded"] = str(number)
        document["status"]["addresses"] = [{"type": "Hostname", "address": name}]
        document["status"]["capacity"]["memory"] = f"{number}Ki"
        document["status"]["nodeInfo"]["machineID"] = str(number)
        return document
    spec = document["spec"]
    if source.random() < 0.5:
        spec["addresses"] = [f"10.0.0.{number % 250}"]
        spec["memoryBytes"] = number + 1
    if "interfaces" in spec:
        at = source.randint(0, 1)
        spec["interfaces"] = [*spec["interfaces"][at:], f"veth{number:08x}", f"lxc{number:x}"]
    if "portsInUse" in spec:
        spec["portsInUse"] = [*spec["portsInUse"], 30000 + number % 1000]
    for entry in document.get("status", {}).get("unread", ()):
        entry["path"] = f"/proc/{number}"
    return document


def with_nodes(document: Json, seed: int) -> Json:
    """The document with up to 60 nodes of few kinds, in any order, as objects or as facts."""
    source = random.Random(seed)
    names = [source.choice(["n", "n", "eklet-", "gk3-"]) + str(one) for one in range(60)]
    names = source.sample(names, source.choice([9, 15, 60]))
    document = deepcopy(document)
    others = [one for one in document.get("resources", []) if one.get("kind") != "Node"]
    for one in others:
        pod = node_kinds.at(one, ["spec", "template", "spec"])
        if isinstance(pod, dict) and source.random() < 0.3:
            pod["nodeSelector"] = source.choice([{"zone": "a"}, {}])
            if source.random() < 0.3:
                pod["nodeName"] = names[0]
    objects, facts = [_node(source) for _ in range(3)], [_facts(source) for _ in range(2)]
    document["resources"] = [
        *others,
        *(_named(source.choice(objects), name, source) for name in names),
    ]
    given = [name for name in names if source.random() < 0.3]
    given += [f"only-facts-{one}" for one in range(3)]
    document["nodes"] = [_named(source.choice(facts), name, source) for name in given]
    return document


def check(document: Json, engine: OpaEngine | WasmEngine | None = None) -> bool:
    """Fail unless both decisions are equal. Return whether nodes were grouped."""
    engine = engine or decisions.wasm()
    given, kinds = node_kinds.grouped(engine, document)
    built = EvaluationInput(given, kinds=kinds)
    whole = engine.evaluate(document)
    decision = expansion.evaluate(engine, built)
    expanded = {**decision, "results": expansion.expanded(decision["results"])}
    assert decisions.canonical(expanded) == decisions.canonical(whole)
    assert expansion.features(engine, built) == whole["features"]
    return bool(kinds)


@pytest.fixture(autouse=True)
def _no_threshold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node_kinds, "FEW", {"wasm": 1, "opa": 1})


def test_every_mode_judges_kinds_like_nodes() -> None:
    paths = [path for path in decisions.example_files() if path.parents[1] == decisions.EXAMPLES]
    grouped = [
        check(with_nodes(decisions.example_input(path), seed)) for seed, path in enumerate(paths)
    ]
    assert sum(grouped) > len(paths) / 2


@pytest.mark.slow
@settings(inputs.PROPERTY, max_examples=150)
@given(st.one_of(inputs.inputs(), inputs.hosts()), st.integers(0, 1 << 30))
def test_generated_clusters_are_judged_by_kind_like_by_node(document: Json, seed: int) -> None:
    check(with_nodes(document, seed))


@pytest.mark.slow
def test_opa_judges_kinds_like_nodes() -> None:
    decisions.need_opa()
    engine = OpaEngine(str(opa.binary()))
    for seed, mode in enumerate(["all-in-one", "legacy-host", "upgrade"]):
        path = decisions.EXAMPLES / mode / "manifests.yaml"
        check(with_nodes(decisions.example_input(path), seed), engine)


@pytest.mark.slow
def test_examples_of_all_requirements_are_judged_by_kind_like_by_node() -> None:
    for seed, path in enumerate(decisions.violating_files()):
        check(with_nodes(decisions.example_input(path), seed))


def test_a_node_given_twice_is_not_grouped() -> None:
    document = with_nodes(decisions.example_input(decisions.example_files()[0]), 1)
    document["resources"] += [document["resources"][-1]]
    assert node_kinds.grouped(decisions.wasm(), document) == (document, {})


def test_memory_addresses_and_interfaces_of_pods_make_no_kinds() -> None:
    source = random.Random(3)
    document = decisions.example_input(decisions.EXAMPLES / "single-k8s" / "manifests.yaml")
    node, facts = _node(source), {**_facts(source), "spec": {**FACTS[2], "portsInUse": [22]}}
    names = [f"node-{number}" for number in range(9)]
    objects = [_named(node, name, source) for name in names]
    collected = [_named(facts, name, source) for name in names]
    for one in collected:
        one["spec"] |= {"interfaces": ["eth0", f"veth{one['metadata']['name']}"]}
    document = {**document, "resources": [*document["resources"], *objects], "nodes": collected}
    assert node_kinds.grouped(decisions.wasm(), document)[1] == {"node-0": names}


def test_every_fact_is_known_to_be_read_or_not() -> None:
    decisions.need_opa()
    listed = opa.run(
        *("eval", "--data", "policies/dfpolicy/tables/node_facts", "--format", "json"),
        "data.dfpolicy.tables.node_facts",
    )
    table = json.loads(listed)["result"][0]["expressions"][0]["value"]
    schema = json.loads((decisions.ROOT / "schemas/node-facts.schema.json").read_text("utf-8"))
    known = [*table["always"], *table["in_modes"], *table["never"]]
    assert sorted(known) == sorted(schema["properties"]["spec"]["properties"])


def test_no_requirement_reads_a_fact_that_nodes_of_one_kind_can_differ_in() -> None:
    """With `kinds`, the policies leave out the facts that are not listed as read."""
    for path in decisions.example_files():
        document = decisions.example_input(path)
        if document["nodes"]:
            alone = decisions.decide(document | {"kinds": {}})
            assert alone == decisions.example_decision(path), path


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_report_on_kinds_counts_their_nodes(
    monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    settings = resolve({"language": language}, {}, None)
    for seed, path in enumerate(["single-k8s/broken.yaml", "multi-k8s/manifests.yaml"]):
        document = with_nodes(decisions.example_input(decisions.EXAMPLES / path), seed)
        items = [*document["resources"], *document["nodes"]]
        text = json.dumps({"apiVersion": "v1", "kind": "List", "items": items})
        of_kinds, expanded = (
            judge(split(Source("a.json", text)), settings, each=each) for each in (False, True)
        )
        with monkeypatch.context() as patch:
            patch.setattr(node_kinds, "FEW", {"wasm": 1000})
            of_nodes = judge(split(Source("a.json", text)), settings)
        assert expanded == of_nodes
        assert len(of_kinds["results"]) < len(of_nodes["results"])
        assert text_report.render(of_kinds, Style()) == text_report.render(of_nodes, Style())
        assert {**of_kinds, "results": []} == {**of_nodes, "results": []}


def test_what_is_known_of_one_node_counts_for_that_node() -> None:
    document = with_nodes(
        decisions.example_input(decisions.EXAMPLES / "single-k8s" / "broken.yaml"), 0
    )
    items = [*document["resources"], *document["nodes"]]
    source = Source("a.json", json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))
    settings = resolve({}, {}, None)
    before = judge(split(source), settings)
    largest = max(before["verdict"]["nodes"]["kinds"], key=lambda kind: len(kind["names"]))
    new = largest["names"][-1]
    older = [one for one in before["results"] if one["subject"]["name"] != new]
    after = judge(split(source), settings, baseline=Baseline({**before, "results": older}))
    failed = [one for one in after["results"] if one["outcome"] == "violation"]
    assert {one["subject"]["name"] for one in failed if not one.get("known")} == {new}


def test_own_policies_see_every_node(
    cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decisions.need_opa()
    monkeypatch.setenv("DFPOLICY_OPA", opa.binary())
    shutil.copytree(decisions.EXAMPLES / "policy" / "acme", tmp_path / "own")
    rego = tmp_path / "own" / "node_cpus.rego"
    # A fact that no requirement of dfpolicy reads.
    rego.write_text(rego.read_text("utf-8").replace("cpus", "memoryBytes"), "utf-8")
    facts = [
        {**_facts(random.Random(1)), "metadata": {"name": name}, "spec": {"memoryBytes": size}}
        for name, size in (("a", 1), ("b", 4))
    ]
    (tmp_path / "facts.json").write_text("\n".join(map(json.dumps, facts)), "utf-8")
    manifests = decisions.EXAMPLES / "single-k8s" / "manifests.yaml"
    answer = cli("eval", str(manifests), "--facts", "facts.json", "--policy", "own", "-o", "json")
    found = {
        (one["subject"]["name"], one["outcome"])
        for one in json.loads(answer.stdout)["results"]
        if one["id"] == "DF-ACME-002"
    }
    assert found == {("a", "violation"), ("b", "pass")}
