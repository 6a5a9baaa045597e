"""Checks whether the answer of another process is a decision."""

from __future__ import annotations

import json
from typing import Any

from dfpolicy.input.schemas import first_error

# The schema restricts these strings; others must at most not be empty.
_WORDS = ("id", "outcome", "level")


def decision_fault(value: Any) -> str | None:
    """Return what is wrong with a decision by its schema, or None. Never quotes the value.

    Results that differ only in their texts are validated once: there is one for each node and
    requirement, and jsonschema takes 0.2 ms each.
    """
    if isinstance(value, dict) and isinstance(value.get("results"), list):
        value = {
            **value,
            "results": list({_outline(one): one for one in value["results"]}.values()),
        }
    return first_error(value, "decision")


def features_fault(value: Any) -> str | None:
    """Return what is wrong with the feature rows of a decision, or None."""
    mode = {"name": "single-k8s", "source": "given", "reason": "", "candidates": []}
    return first_error({"agents": [], "features": value, "mode": mode, "results": []}, "decision")


def _outline(result: Any) -> str:
    return json.dumps(_emptied(result), sort_keys=True)


def _emptied(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _emptied(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_emptied(item) for item in value]
    return bool(value) if isinstance(value, str) and key not in _WORDS else [value]
