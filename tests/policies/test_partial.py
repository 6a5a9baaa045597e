"""An object alone, said to be a part, shows no violation that the whole deployment does not."""

from __future__ import annotations

from dfpolicy.engines.wasm import WasmEngine
from support import decisions, inputs
from support.decisions import Json

SAMPLES = 40


def _violations(decision: Json) -> set[str]:
    """Ids alone: other objects may move the level."""
    counted = ("required", "recommended")
    return {
        result["id"]
        for result in decision["results"]
        if result["outcome"] == "violation" and result["level"] in counted
    }


def _parts(document: Json) -> list[Json]:
    common = {key: document[key] for key in ("mode", "profile", "release") if key in document}
    resources = [{"resources": [item]} for item in document["resources"]]
    nodes = [{"nodes": [item]} for item in document.get("nodes") or ()]
    return [common | part | {"partial": True} for part in (*resources, *nodes)]


def _unfounded(engine: WasmEngine, document: Json) -> set[str]:
    whole = _violations(engine.evaluate(document))
    return {
        name for part in _parts(document) for name in _violations(engine.evaluate(part))
    } - whole


def test_generated_inputs() -> None:
    engine = WasmEngine()
    for document in inputs.sample(SAMPLES):
        assert _unfounded(engine, document) == set(), document


def test_examples() -> None:
    engine = WasmEngine()
    found = {
        f"{path.parent.name}/{path.name}": names
        for path in decisions.example_files()
        if (names := _unfounded(engine, decisions.example_input(path)))
    }
    assert found == {}
