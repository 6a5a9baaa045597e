"""A single object, marked as a part, has no violation that the whole deployment does not have."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

import pytest

from support import decisions, inputs
from support.decisions import Json

if TYPE_CHECKING:
    from dfpolicy.model import Decision

SAMPLES = 40


def _violations(decision: Decision) -> set[str]:
    """Only IDs, because other objects may change the level."""
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


@cache
def _of_part(text: str) -> set[str]:
    """The examples share many objects; each is checked once."""
    return _violations(decisions.decide(json.loads(text)))


def _unfounded(document: Json, whole: Decision) -> set[str]:
    parts = map(decisions.canonical, _parts(document))
    return {name for part in parts for name in _of_part(part)} - _violations(whole)


@pytest.mark.slow
def test_generated_inputs() -> None:
    for document in inputs.sample(SAMPLES):
        assert _unfounded(document, decisions.decide(document)) == set(), document


def test_examples() -> None:
    found = {
        decisions.name_of(path): names
        for path in decisions.example_files()
        if (names := _unfounded(decisions.example_input(path), decisions.example_decision(path)))
    }
    assert found == {}
