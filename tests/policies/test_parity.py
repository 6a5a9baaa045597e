"""The engines say the same, to the byte: wasm, a local OPA, and a server that has the bundle."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from dfpolicy.engines.base import Engine
from dfpolicy.engines.opa import OpaEngine
from dfpolicy.engines.wasm import WasmEngine
from dfpolicy.policy.opa_bundle import packed
from dfpolicy.policy.source import policy_files, revision
from support import decisions, inputs, opa_server, seen

GENERATED = 500


@pytest.fixture(scope="module")
def wasm() -> WasmEngine:
    return WasmEngine()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The engine `server` before a real OPA, one for all tests."""
    decisions.need_opa()
    from dfpolicy.engines.server import ServerEngine, ServerOptions

    folder = tmp_path_factory.mktemp("opa")
    (folder / "bundle.tar.gz").write_bytes(packed(policy_files()))
    with opa_server.running(folder, "--bundle", str(folder / "bundle.tar.gz")) as running:
        yield ServerEngine(ServerOptions(running.url), revision(policy_files()))


class _Case(NamedTuple):
    """An input, and the decision of the embedded engine in canonical form."""

    name: str
    document: decisions.Json
    wanted: str


def _case(wasm: WasmEngine, name: str, document: decisions.Json) -> _Case:
    return _Case(name, document, decisions.canonical(wasm.evaluate(document)))


@pytest.fixture(scope="module")
def examples(wasm: WasmEngine) -> list[_Case]:
    """Every example."""
    decisions.need_opa()
    paths = decisions.example_files()
    return [
        _case(wasm, str(path.relative_to(decisions.ROOT)), decisions.example_input(path))
        for path in paths
    ]


@pytest.fixture(scope="module")
def generated(wasm: WasmEngine) -> list[_Case]:
    """Generated clusters and hosts, the small ones first."""
    decisions.need_opa()
    documents = inputs.sample(GENERATED)
    assert len(documents) >= GENERATED
    texts = map(json.dumps, documents + inputs.sample(GENERATED // 2, inputs.hosts()))
    return [_case(wasm, text, json.loads(text)) for text in sorted(texts, key=len)]


def _compare_opa(cases: list[_Case]) -> None:
    """A local OPA evaluates them in one process."""
    found = decisions.by_opa([case.document for case in cases])
    for case, decision in zip(cases, found, strict=True):
        assert decisions.canonical(decision) == case.wanted, case.name


def _compare_server(server: Engine, cases: list[_Case]) -> None:
    for case in cases:
        assert decisions.canonical(server.evaluate(case.document)) == case.wanted, case.name


def test_examples(examples: list[_Case]) -> None:
    _compare_opa(examples)


def test_both_ways_to_compile(examples: list[_Case], monkeypatch: pytest.MonkeyPatch) -> None:
    for least in (0, 1 << 40):
        monkeypatch.setattr("dfpolicy.engines.wasm.LARGE", least)
        # Once it has compiled thoroughly it stays with that.
        engine = WasmEngine()
        for case in examples:
            assert decisions.canonical(engine.evaluate(case.document)) == case.wanted, case.name


def test_examples_on_a_server(server: Engine, examples: list[_Case]) -> None:
    _compare_server(server, examples)


def test_what_is_told_is_in_the_docs(wasm: WasmEngine, server: Engine, update_golden: bool) -> None:
    decisions.need_opa()
    documents = [decisions.example_input(path) for path in decisions.violating_files()]
    found: dict[str, Sequence[decisions.Json | None]] = {
        "wasm": [wasm.evaluate(document) for document in documents],
        "opa": decisions.by_opa(documents),
        "server": [server.evaluate(document) for document in documents],
    }
    for engine, told in found.items():
        violations = (
            (result["id"], result["level"])
            for decision in told
            if decision is not None
            for result in decision["results"]
            if result["outcome"] == "violation"
        )
        seen.check(engine, seen.strictest(violations), update_golden)


def test_generated_inputs(generated: list[_Case]) -> None:
    _compare_opa(generated)


def test_generated_inputs_on_a_server(server: Engine, generated: list[_Case]) -> None:
    _compare_server(server, generated)


def test_features_on_a_server(wasm: WasmEngine, server: Engine, examples: list[_Case]) -> None:
    for case in examples:
        assert server.features(case.document) == wasm.features(case.document), case.name


def test_one_by_one_is_as_all_at_once(tmp_path: Path) -> None:
    """The batches above stand for the plain call that users make, and for the engine `opa`."""
    decisions.need_opa()
    from tools.dev import opa

    engine = OpaEngine(opa.binary())
    for name in ("broken.yaml", "manifests.yaml"):
        document = decisions.example_input(decisions.EXAMPLES / "single-k8s" / name)
        (tmp_path / "input.json").write_text(json.dumps(document), "utf-8")
        told = opa.run(
            *("eval", "--bundle", "policies", "--input", str(tmp_path / "input.json")),
            *("--format", "raw", "data.dfpolicy.main.decision"),
        )
        assert decisions.by_opa([document]) == [json.loads(told)] == [engine.evaluate(document)]


@pytest.mark.parametrize("document", [{}, {"resources": None}, {"resources": [None, 1, "x", []]}])
def test_inputs_of_other_hosts(wasm: WasmEngine, server: Engine, document: decisions.Json) -> None:
    cases = [_case(wasm, json.dumps(document), document)]
    _compare_opa(cases)
    _compare_server(server, cases)
