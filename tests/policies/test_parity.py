"""All engines return byte-identical decisions: wasm, a local OPA, and a server with the bundle."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from tools.dev import opa

from dfpolicy.engines.base import Engine
from dfpolicy.engines.opa import OpaEngine
from dfpolicy.engines.wasm import WasmEngine
from dfpolicy.policy.opa_bundle import packed
from dfpolicy.policy.source import policy_files, revision
from support import decisions, inputs, opa_server, seen
from support.decisions import Json

GENERATED = 500
# Inputs that other hosts may pass: none, or not an object.
STRANGE: list[Json] = [{}, {"resources": None}, {"resources": [None, 1, "x", []]}]
# For the two ways to compile and for the server, which evaluate one input at a time.
FEW = [path for path in decisions.example_files() if path.parent.parent == decisions.EXAMPLES]


@pytest.fixture(scope="module", autouse=True)
def _opa() -> None:
    decisions.need_opa()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The engine `server` with a real OPA, one for all tests."""
    from dfpolicy.engines.server import ServerEngine, ServerOptions

    folder = tmp_path_factory.mktemp("opa")
    (folder / "bundle.tar.gz").write_bytes(packed(policy_files()))
    with opa_server.running(folder, "--bundle", str(folder / "bundle.tar.gz")) as running:
        yield ServerEngine(ServerOptions(running.url), revision(policy_files()))


@pytest.fixture(scope="module")
def generated() -> list[Json]:
    """Generated clusters and hosts, the small ones first."""
    documents = inputs.sample(GENERATED)
    assert len(documents) >= GENERATED
    texts = map(json.dumps, documents + inputs.sample(GENERATED // 2, inputs.hosts()))
    return [json.loads(text) for text in sorted(texts, key=len)]


def _differing(
    documents: Sequence[Json], told: Sequence[object], wanted: Sequence[object]
) -> list[str]:
    """The documents, the small ones first, for which two engines return different bytes."""
    return sorted(
        (
            json.dumps(document)
            for document, one, other in zip(documents, told, wanted, strict=True)
            if decisions.canonical(one) != decisions.canonical(other)
        ),
        key=len,
    )[:3]


def _names(told: Mapping[Path, object], wanted: Mapping[Path, object]) -> list[str]:
    """The examples for which two engines return different bytes."""
    return [
        decisions.name_of(path)
        for path in wanted
        if decisions.canonical(told[path]) != decisions.canonical(wanted[path])
    ]


def _embedded(paths: Sequence[Path]) -> dict[Path, object]:
    return {path: decisions.example_decision(path) for path in paths}


def _each(engine: Engine, paths: Sequence[Path]) -> dict[Path, object]:
    return {path: engine.evaluate(decisions.example_input(path)) for path in paths}


def test_examples() -> None:
    assert _names(decisions.examples_by_opa(), _embedded(decisions.example_files())) == []


def test_the_compilers_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    for least in (0, 1 << 40):
        monkeypatch.setattr("dfpolicy.engines.wasm.LARGE", least)
        # After the optimised compilation, the engine keeps using that module.
        assert _names(_each(WasmEngine(), FEW), _embedded(FEW)) == []


def test_a_server_agrees_with_wasm(server: Engine) -> None:
    assert _names(_each(server, FEW), _embedded(FEW)) == []
    for path in FEW:
        document = decisions.example_input(path)
        assert server.features(document) == decisions.wasm().features(document)


def _strictest(told: Mapping[Path, Json | None]) -> seen.Cells:
    return seen.strictest(
        (result["id"], result["level"])
        for path in decisions.violating_files()
        for result in (told[path] or {"results": ()})["results"]
        if result["outcome"] == "violation"
    )


@pytest.mark.parametrize("column", ["wasm", "opa"])
def test_the_documented_answers_are_up_to_date(column: str, update_golden: bool) -> None:
    # The test above shows that they are byte-identical, so one column is enough.
    seen.check(column, _strictest(decisions.examples_by_opa()), update_golden)


@pytest.mark.slow
def test_the_documented_answers_of_a_server_are_up_to_date(
    server: Engine, update_golden: bool
) -> None:
    paths = decisions.example_files()
    told = _each(server, paths)
    assert _names(told, _embedded(paths)) == []
    seen.check("server", _strictest(decisions.examples_by_opa()), update_golden)


@pytest.mark.slow
def test_generated_inputs(generated: list[Json]) -> None:
    wanted = [decisions.decide(document) for document in generated]
    assert _differing(generated, decisions.by_opa(generated), wanted) == []


@pytest.mark.slow
def test_generated_inputs_on_a_server(server: Engine, generated: list[Json]) -> None:
    wanted = [decisions.decide(document) for document in generated]
    assert _differing(generated, [server.evaluate(one) for one in generated], wanted) == []


def test_strange_inputs(server: Engine) -> None:
    wanted = [decisions.decide(document) for document in STRANGE]
    assert _differing(STRANGE, decisions.by_opa(STRANGE), wanted) == []
    assert _differing(STRANGE, [server.evaluate(one) for one in STRANGE], wanted) == []


def test_single_evaluations_agree_with_a_batch() -> None:
    """The batches above are equivalent to single calls, and to the engine `opa`."""
    path = decisions.EXAMPLES / "single-k8s" / "broken.yaml"
    document = decisions.example_input(path)
    told = opa.run(
        *("eval", "--bundle", "policies", "--stdin-input", "--format", "raw"),
        "data.dfpolicy.main.decision",
        stdin=json.dumps(document),
    )
    engine = OpaEngine(opa.binary())
    assert decisions.examples_by_opa()[path] == json.loads(told) == engine.evaluate(document)
