"""The module needs nothing from its host except memory and a function to report a failure."""

from __future__ import annotations

from pathlib import Path

import pytest
import wasmtime

import dfpolicy
from dfpolicy.engines.wasm import ENTRYPOINTS
from support import decisions, inputs

MODULE = Path(dfpolicy.__file__).parent / "policy" / "bundle" / "policy.wasm"


def test_the_module_needs_no_host_builtin() -> None:
    assert decisions.wasm().builtins() == {}


def test_entry_points_are_in_their_order() -> None:
    names = {f"dfpolicy/main/{name}": number for number, name in enumerate(ENTRYPOINTS)}
    assert decisions.wasm().entrypoints() == names


def test_features_are_those_of_the_decision() -> None:
    for document in inputs.sample(20):
        features = decisions.wasm().features(document)
        assert features == decisions.decide(document)["features"]


def test_the_module_has_only_the_expected_imports() -> None:
    module = wasmtime.Module(wasmtime.Engine(), MODULE.read_bytes())
    assert {f"{wanted.module}.{wanted.name}" for wanted in module.imports} <= {
        "env.memory",
        "env.opa_abort",
        "env.opa_println",
        *(f"env.opa_builtin{arity}" for arity in range(5)),
    }


@pytest.mark.parametrize(
    "document",
    [
        {},
        {
            "mode": None,
            "profile": 1,
            "release": [],
            "resources": {},
            "nodes": "x",
            "parameters": None,
        },
        {"resources": [None, True, 1, 1.5, "x", [], {}], "nodes": [None, {}], "cluster": []},
        {"resources": [{"apiVersion": None, "kind": ["DaemonSet"], "metadata": "x"}]},
    ],
)
def test_a_strange_input_has_a_decision(document: decisions.Json) -> None:
    decision = decisions.decide(document)
    assert decision["agents"] == []
