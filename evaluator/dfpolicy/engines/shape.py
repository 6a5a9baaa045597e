"""Checks whether the answer of another process is a whole decision."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from dfpolicy.i18n.language import _, listed
from dfpolicy.input.schemas import first_error
from dfpolicy.model import Decision, JsonObject
from dfpolicy.policy.catalogue import load_catalogue

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


def omission(decision: Decision, document: JsonObject) -> str | None:
    """Return what a valid decision on the document leaves out, or None.

    If a server manages an agent that captures, each requirement of the mode has a result, except
    those whose METADATA says that they may have none. Policies that are older, or cut, leave some
    out, and nothing else would show it.
    """
    mode = decision["mode"]
    asked = document.get("mode", "auto")
    if asked not in ("auto", mode["name"]):
        return _("it is about the mode {mode}").format(mode=mode["name"])
    answered = {result["id"] for result in decision["results"]}
    missing = [name for name in _expected(decision) if name not in answered]
    if not missing:
        return None
    return _("it has no result of {ids}, required in the mode {mode}").format(
        ids=listed(missing), mode=mode["name"]
    )


def _expected(decision: Decision) -> Iterator[str]:
    """Yield the ids that the decision must have results of."""
    mode = decision["mode"]
    roles = {agent["role"] for agent in decision["agents"] if "standalone" not in agent}
    if roles.isdisjoint(("collector", "sidecar")):
        return
    # In an upgrade the requirements of the upgraded mode apply too.
    modes = {mode["name"], *(mode["candidates"][:1] if mode["name"] == "upgrade" else ())}
    for entry in load_catalogue().requirements:
        silent = entry.get("conditional", ())
        if silent is True:
            continue
        # With sidecars only, the requirements on a pod without a node apply, in any mode.
        needed = set() if "collector" in roles else {"serverless-pod"}
        within = set(entry["modes"]).difference(silent)
        if within & modes and needed <= within and not modes & {*silent}:
            yield entry["id"]


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
