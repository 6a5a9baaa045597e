"""Kernels of real systems match the right row of DeepFlow's table of kernels.

The decision has the content of a row but not its name; OPA gives the name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import yaml
from tools.dev import opa

from dfpolicy.input.schemas import first_error
from support import decisions
from support.decisions import Json

if TYPE_CHECKING:
    from dfpolicy.model import Decision

CORPUS = Path(__file__).with_name("kernel_corpus.yaml")
MATRIX = decisions.ROOT / "policies/dfpolicy/tables/kernel_matrix/kernel_matrix.rego"
VALUES = ["kprobe", "golang_uprobe", "openssl_uprobe", "perf", "certainty"]
OF_A_NODE = {"architecture", "os", "osImage", "kernelRelease"}
LEAST = 120

Verdict = tuple[str, str, list[str]]
Value = TypeVar("Value")

# The kubelet's names of architectures, if they differ from those of `uname -m`.
OF_KUBELET = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm", "i686": "386"}

_NAMES_OF_ROWS = (
    "{node.name: data.dfpolicy.lib.features.of(node).row"
    " | some node in data.dfpolicy.lib.facts.nodes}"
)

_CORPUS: Json = yaml.safe_load(CORPUS.read_text("utf-8"))
ENTRIES: list[Json] = _CORPUS["kernels"]


def image_of(entry: Json) -> str:
    """The kubelet's osImage: the pretty name of os-release."""
    told: str = entry.get("osImage") or entry.get("os", {}).get("prettyName", "")
    return told


def _facts(entry: Json) -> Json:
    return {
        "apiVersion": "dfpolicy.dev/v1",
        "kind": "NodeFacts",
        "metadata": {"name": f"facts of {entry['name']}"},
        "spec": {key: value for key, value in entry.items() if key in OF_A_NODE},
    }


def _object(entry: Json) -> Json:
    architecture = entry["architecture"]
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": f"object of {entry['name']}"},
        "status": {
            "nodeInfo": {
                "architecture": OF_KUBELET.get(architecture, architecture),
                "kernelVersion": entry["kernelRelease"],
                "osImage": image_of(entry),
            }
        },
    }


FACTS = [_facts(entry) for entry in ENTRIES]
# A kubelet always reports an image; an entry without one is for collected facts only.
OBJECTS = [_object(entry) for entry in ENTRIES if image_of(entry)]
DOCUMENT: Json = {"mode": "single-k8s", "resources": OBJECTS, "nodes": FACTS}


def _nodes_of(entry: Json) -> list[str]:
    """The names of an entry in the document."""
    objects = [_object(entry)] if image_of(entry) else []
    return [node["metadata"]["name"] for node in (_facts(entry), *objects)]


@cache
def _decision() -> Decision:
    return decisions.decide(DOCUMENT)


def _named_rows() -> set[str]:
    """The names of the rows in the table itself."""
    text = MATRIX.read_text("utf-8")
    return set(re.findall(r'"id": "(\w+)"', text))


def _differing(found: dict[str, Value], wanted: Callable[[Json], Value]) -> list[str]:
    """A line for each node whose value differs from its entry."""
    return [
        f"{node}: {found.get(node)}, expected {wanted(entry)}"
        for entry in ENTRIES
        for node in _nodes_of(entry)
        if found.get(node) != wanted(entry)
    ]


def test_features() -> None:
    rows = {row["node"]: {key: row.get(key) for key in VALUES} for row in _decision()["features"]}
    assert len(rows) == len(FACTS) + len(OBJECTS)
    assert _differing(rows, lambda entry: {key: entry["expected"][key] for key in VALUES}) == []


def test_rows() -> None:
    decisions.need_opa()
    told = opa.run(
        *("eval", "--bundle", "policies", "--ignore", "*_test.rego"),
        *("--stdin-input", "--format", "raw", _NAMES_OF_ROWS),
        stdin=json.dumps(DOCUMENT),
    )
    assert _differing(json.loads(told), lambda entry: entry["expected"]["row"]) == []


def test_requirement() -> None:
    """DF-KERNEL-001 grades the row: unsupported, close to a listed kernel, or listed."""
    verdicts: dict[str, Verdict] = {
        result["subject"]["name"]: (result["outcome"], result["level"], result["impact"])
        for result in _decision()["results"]
        if result["id"] == "DF-KERNEL-001"
    }
    assert _differing(verdicts, lambda entry: _graded(entry["expected"])) == []


def _graded(expected: Json) -> Verdict:
    impact = ["AutoTracing", "AutoProfiling"]
    if expected["certainty"] == "unknown":
        return "unknown", "required", impact
    if expected["kprobe"] == "no":
        lost = impact[:1] if expected["perf"] == "yes" else impact
        return "violation", "required", lost
    if expected["certainty"] == "unlisted":
        return "violation", "recommended", impact
    return "pass", "required", impact


def test_every_row_has_a_kernel() -> None:
    named = _named_rows()
    assert {"X1", "X6", "A4b", "A7", "architecture", "unknown"} <= named
    assert {entry["expected"]["row"] for entry in ENTRIES} == named


def test_the_decision_is_whole() -> None:
    assert first_error(_decision(), "decision") is None


def test_the_corpus_is_large_and_plain() -> None:
    assert len({entry["name"] for entry in ENTRIES}) == len(ENTRIES)
    assert len({(image_of(entry), entry["kernelRelease"]) for entry in ENTRIES}) >= LEAST
    for entry in ENTRIES:
        assert entry.keys() <= {"name", "expected", *OF_A_NODE}, entry["name"]
        assert not {"os", "osImage"} <= entry.keys(), entry["name"]
    for facts in FACTS:
        assert first_error(facts, "node-facts") is None, facts["metadata"]["name"]


def test_both_ways_to_detect_a_distribution_are_common() -> None:
    told = [next(iter({"os", "osImage"} & entry.keys()), "nothing") for entry in ENTRIES]
    assert min(told.count("os"), told.count("osImage")) >= LEAST // 3
    assert "nothing" in told
