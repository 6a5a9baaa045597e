"""The two engines say the same, to the byte."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dfpolicy.engines.wasm import WasmEngine
from support import decisions, inputs

GENERATED = 500


def _compare(documents: list[decisions.Json], names: list[str]) -> None:
    engine = WasmEngine()
    for name, document, by_opa in zip(names, documents, decisions.by_opa(documents), strict=True):
        by_wasm = engine.evaluate(document)
        assert decisions.canonical(by_wasm) == decisions.canonical(by_opa), name


def test_examples() -> None:
    decisions.need_opa()
    paths = decisions.example_files()
    _compare(
        [decisions.example_input(path) for path in paths],
        [str(path.relative_to(decisions.ROOT)) for path in paths],
    )


def test_generated_inputs() -> None:
    decisions.need_opa()
    documents = inputs.sample(GENERATED)
    assert len(documents) >= GENERATED
    documents.sort(key=lambda document: len(json.dumps(document)))
    _compare(documents, [json.dumps(document) for document in documents])


def test_generated_hosts() -> None:
    decisions.need_opa()
    documents = inputs.sample(GENERATED // 2, inputs.hosts())
    _compare(documents, [json.dumps(document) for document in documents])


def test_one_by_one_is_as_all_at_once(tmp_path: Path) -> None:
    """The batches above stand for the plain call that users make."""
    decisions.need_opa()
    from dfpolicy.dev import opa

    path = decisions.EXAMPLES / "single-k8s" / "broken.yaml"
    document = decisions.example_input(path)
    (tmp_path / "input.json").write_text(json.dumps(document), "utf-8")
    told = opa.run(
        *("eval", "--bundle", "policies", "--input", str(tmp_path / "input.json")),
        *("--format", "raw", "data.dfpolicy.main.decision"),
    )
    assert decisions.by_opa([document]) == [json.loads(told)]


@pytest.mark.parametrize("document", [{}, {"resources": None}, {"resources": [None, 1, "x", []]}])
def test_inputs_of_other_hosts(document: decisions.Json) -> None:
    decisions.need_opa()
    _compare([document], [json.dumps(document)])
