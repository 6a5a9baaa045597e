"""What is accepted quickly is valid, and what people write is accepted quickly."""

from __future__ import annotations

import json
import random
from copy import deepcopy
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from dfpolicy.input.quick_schema import check
from support.decisions import ROOT, example_files, example_input

_VALUES = [None, True, 0, 1, -1, 4.0, 0.5, "", "a", "y", [], ["a"], [1], {}, {"a": 1}, 1 << 70]
_FACTS = [
    document
    for path in example_files()
    for document in example_input(path)["nodes"]
    if document["spec"]
]


def _schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / f"schemas/{name}.schema.json").read_text("utf-8"))
    return found


def _changed(value: Any, source: random.Random) -> Any:
    """The value with one part replaced, removed or added, at any depth."""
    if not isinstance(value, (dict, list)) or not value or source.random() < 0.15:
        return source.choice(_VALUES)
    key: Any = source.choice(list(value) if isinstance(value, dict) else range(len(value)))
    if source.random() < 0.1:
        del value[key]
    elif source.random() < 0.1 and isinstance(value, dict):
        value[source.choice(["x", "CONFIG_A", "path"])] = source.choice(_VALUES)
    else:
        value[key] = _changed(value[key], source)
    return value


def test_what_is_accepted_quickly_is_valid() -> None:
    schema = _schema("node-facts")
    quick, validator, source = check(schema), Draft202012Validator(schema), random.Random(1)
    assert quick is not None
    accepted = 0
    for _ in range(1500):
        document = _changed(deepcopy(source.choice(_FACTS)), source)
        if quick(document):
            accepted += 1
            assert validator.is_valid(document), document
        else:
            # A whole float is the only valid value that is left to jsonschema.
            assert "4.0" in json.dumps(document) or not validator.is_valid(document), document
    assert accepted > 100


def test_facts_are_accepted_quickly() -> None:
    quick = check(_schema("node-facts"))
    assert quick is not None
    assert all(quick(document) for document in _FACTS)


@pytest.mark.parametrize("schema", [{"oneOf": []}, {"type": "number"}, {"items": {"$ref": "#"}}])
def test_a_schema_with_other_keywords_is_left_to_jsonschema(schema: dict[str, Any]) -> None:
    assert check(schema) is None
