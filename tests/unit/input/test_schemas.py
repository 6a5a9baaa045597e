from __future__ import annotations

import json
import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from dfpolicy.errors import UsageError
from dfpolicy.input import schemas

NODE = {"apiVersion": "dfpolicy.dev/v1", "kind": "NodeFacts", "metadata": {"name": "a"}, "spec": {}}


@pytest.mark.parametrize("name", schemas.names())
def test_a_schema_is_valid_and_self_contained(name: str) -> None:
    schema = json.loads(schemas.text(name))
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    # OPA does not follow references to other files.
    references = re.findall(r'"\$ref": "([^"]*)"', schemas.text(name))
    assert all(reference.startswith("#/$defs/") for reference in references)


def test_the_names() -> None:
    wanted = {"input", "node-facts", "cluster-facts", "decision", "report"}
    assert wanted <= set(schemas.names())
    for name in ("absent", "../input", ""):
        with pytest.raises(UsageError, match="unknown schema"):
            schemas.text(name)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({}, None),
        ({"spec": {"cpus": "hunter2"}}, "spec.cpus: must be a whole number"),
        ({"spec": {"hunter": 1}}, "spec: unknown field 'hunter'; known fields: "),
        ({"metadata": {}}, "metadata: the field 'name' is missing"),
        ({"kind": "hunter2"}, "kind: must be NodeFacts"),
    ],
)
def test_an_error_names_the_field_and_quotes_no_value(
    change: dict[str, Any], error: str | None
) -> None:
    told = schemas.first_error(NODE | change, "node-facts")
    if error is None:
        assert told is None
    else:
        assert told
        assert told.startswith(error)
        assert "hunter2" not in told
