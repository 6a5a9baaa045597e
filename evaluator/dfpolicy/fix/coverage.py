"""Which changes of a plan are in the outputs: only what is written can be applied."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from dfpolicy.changes.operations import VALUES
from dfpolicy.fix.deployment import Deployment
from dfpolicy.fix.rounds import Plan
from dfpolicy.model import Operation
from dfpolicy.reading.host_documents import API_VERSION

# It shows all changes, as the text does, but nothing applies it.
_SHOWN = "plan"
_ON_FILES = {"diff", "patched"}
# Of the outputs that can contain an operation, the one to add.
_VALUES, _PATCH, _OBJECTS, _DIFF = "values=FILE", "patch=FILE", "objects=FILE", "diff=FILE"
_PREFERRED = {"values": _VALUES, "patch": _PATCH, "objects": _OBJECTS, "diff": _DIFF}
_FOLDER = "kustomize=DIR"


@dataclass(frozen=True, slots=True)
class Missing:
    """Changes that the outputs do not contain whole.

    `count` is their number, `outputs` are the names of the outputs, and `add` those to add, each as
    NAME=PATH.
    """

    count: int
    outputs: list[str]
    add: list[str]


def missing(names: Iterable[str], plan: Plan, deployment: Deployment) -> Missing | None:
    """Return which changes the outputs with these names lack; None if they contain all.

    Without an output that can be applied, the plan is only shown, and nothing is missing.
    """
    written = dict.fromkeys(name for name in names if name != _SHOWN)
    if not written:
        return None
    places = _Places(plan, deployment, "gatekeeper" in written)
    count, lacking = 0, []
    for change in plan.changes:
        left = [one for one in change.operations if places.of(one).isdisjoint(written)]
        count += bool(left)
        lacking += left
    if not lacking:
        return None
    return Missing(count, [*written], _to_add([places.of(one) for one in lacking], written))


def _to_add(lacking: Iterable[Collection[str]], written: Collection[str]) -> list[str]:
    """The outputs that contain the rest: one directory instead of a patch and objects."""
    found = dict.fromkeys(
        next(text for name, text in _PREFERRED.items() if name in places) for places in lacking
    )
    if _OBJECTS in found and "patch" not in written:
        found = dict.fromkeys(_FOLDER if one in (_PATCH, _OBJECTS) else one for one in found)
    return [*found]


class _Places:
    """The outputs that can contain an operation of the plan."""

    def __init__(self, plan: Plan, deployment: Deployment, with_mutators: bool) -> None:
        self.deployment = deployment
        self.patched = {_text(one) for one in plan.changed.patched}
        self.mutated: set[str] = set()
        if with_mutators:
            from dfpolicy.fix.mutators import mutators

            operations = on_objects(plan)
            skipped = {_text(one) for one, _ in mutators(operations).skipped}
            self.mutated = {_text(one) for one in operations} - skipped

    def of(self, operation: Operation) -> set[str]:
        """The names of the outputs, each of which is enough."""
        mutators = {"gatekeeper"} if _text(operation) in self.mutated else set()
        if operation["target"]["kind"] == VALUES:
            return {"values"}
        patch = {"kustomize", "objects" if operation["op"] == "create" else "patch"}
        if _text(operation) in self.patched:
            return patch | mutators
        if self.deployment.rendered is None:
            is_of_host = operation["target"].get("apiVersion") == API_VERSION
            return _ON_FILES | mutators | (set() if is_of_host else patch)
        return (_ON_FILES if self.deployment.is_in_files(operation) else {"values"}) | mutators


def on_objects(plan: Plan) -> list[Operation]:
    """Return the operations of the plan that are not on values of a chart."""
    return [
        operation
        for change in plan.changes
        for operation in change.operations
        if operation["target"]["kind"] != VALUES
    ]


def _text(operation: Operation) -> str:
    return json.dumps(operation, sort_keys=True)
