from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dfpolicy.engines import shape
from dfpolicy.engines.shape import decision_fault, features_fault
from dfpolicy.engines.wasm import WasmEngine
from dfpolicy.input import schemas
from support import decisions, inputs

DECISION = WasmEngine().evaluate(
    decisions.example_input(decisions.EXAMPLES / "single-k8s" / "broken.yaml")
)
WRONG: list[Any] = [None, "", "pass", "x", 0, True, [], ["a", 1], {}, {"a": "b"}]


def test_decisions_of_the_engine_are_decisions() -> None:
    assert decision_fault(DECISION) is None
    assert features_fault(DECISION["features"]) is None


def test_only_agents_that_a_server_manages_need_every_result() -> None:
    silent: Any = {**DECISION, "results": []}
    agents = [{**agent, "standalone": True} for agent in DECISION["agents"]]
    alone: Any = {**silent, "agents": agents}
    assert shape.omission(silent, {})
    assert shape.omission(alone, {}) is None


@pytest.mark.parametrize("value", [None, 1, "x", {}, {"results": 1}, {"results": [[], 1, {}]}])
def test_invalid_decisions_are_refused(value: Any) -> None:
    assert decision_fault(value)
    assert features_fault(value)


@inputs.PROPERTY
@given(st.data())
def test_the_fast_check_agrees_with_the_schema(data: st.DataObject) -> None:
    """Also for a result that differs from another one in a single field."""
    decision: Any = copy.deepcopy(DECISION)
    result = data.draw(st.sampled_from(decision["results"]))
    changed = data.draw(st.sampled_from([result, result["subject"]]))
    key = data.draw(st.sampled_from([*sorted(changed), "other"]))
    if data.draw(st.booleans()):
        changed[key] = data.draw(st.sampled_from(WRONG))
    else:
        changed.pop(key, None)
    assert bool(decision_fault(decision)) == bool(schemas.fault(decision, "decision"))


def test_results_that_differ_only_in_texts_are_validated_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    validated = []

    def first_error(value: Any, schema: str) -> str | None:
        validated.append(value["results"])
        return schemas.first_error(value, schema)

    monkeypatch.setattr(shape, "first_error", first_error)
    results = [
        {**result, "observed": f"{number} {result['observed']}"}
        for number in range(400)
        for result in DECISION["results"]
    ]
    assert decision_fault({**DECISION, "results": results}) is None
    assert len(validated[0]) <= len(DECISION["results"])
