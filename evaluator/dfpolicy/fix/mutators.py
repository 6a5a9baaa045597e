"""Writes operations on workloads as Gatekeeper mutators: Assign and ModifySet.

Gatekeeper then changes the workload whenever it is applied, whatever a chart renders. A mutator can
set fields and change lists; it cannot remove a field or create an object.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from dfpolicy.gatekeeper.review import MATCHED
from dfpolicy.i18n.language import marked
from dfpolicy.model import JsonObject, Operation, Target

NO_WORKLOAD = marked("a mutator only changes a workload")
NO_REMOVAL = marked("a mutator cannot remove a field")
NO_TEXT = marked("a mutator cannot change a file inside an object")
NO_METADATA = marked("a mutator cannot change this part of the metadata")

_API = "mutations.gatekeeper.sh/v1"
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")


@dataclass(slots=True)
class Mutators:
    """The mutators, and the operations that none can express, with the reason (a msgid)."""

    objects: list[JsonObject] = field(default_factory=list)
    skipped: list[tuple[Operation, str]] = field(default_factory=list)


def mutators(operations: Sequence[Operation], namespace: str | None = None) -> Mutators:
    """Return the mutators for the operations, which have their values.

    `namespace` is the release's, for objects without one. Operations of the same kind on the same
    list become one mutator.
    """
    found = Mutators()
    sets: dict[str, list[Any]] = {}
    for operation in operations:
        reason = _obstacle(operation)
        if reason:
            found.skipped.append((operation, reason))
            continue
        made = _mutator(operation, namespace)
        if made["kind"] == "ModifySet":
            values = made["spec"]["parameters"]["values"]["fromList"]
            former = sets.setdefault(made["metadata"]["name"], values)
            if former is not values:
                former += [value for value in values if value not in former]
                continue
        if made not in found.objects:
            found.objects.append(made)
    return found


def _obstacle(operation: Operation) -> str:
    """Why no mutator does this; empty if one does."""
    path = operation["path"]
    if operation["op"] == "create" or _group(operation["target"]) is None:
        return NO_WORKLOAD
    if "inside" in operation:
        return NO_TEXT
    if operation["op"] == "remove" or operation.get("value") is None:
        return NO_REMOVAL
    if path[:1] == ["metadata"]:
        return NO_METADATA
    if not path or not isinstance(path[-1], str):
        return NO_REMOVAL
    return ""


def _group(target: Target) -> str | None:
    """The API group of a workload; None for other objects."""
    return next((group for group, kinds in MATCHED.items() if target["kind"] in kinds), None)


def _mutator(operation: Operation, namespace: str | None) -> JsonObject:
    target, path, value = operation["target"], list(operation["path"]), operation["value"]
    key = operation.get("key")
    kind, verb = "Assign", ""
    parameters: JsonObject = {"assign": {"value": value}}
    if key is not None:
        path.append({key: value[key]})
    elif operation["op"] != "set":
        kind, verb = "ModifySet", "merge" if operation["op"] == "add" else "prune"
        parameters = {"operation": verb, "values": {"fromList": [value]}}
    tests = [
        {"subPath": location(path[: i + 1]), "condition": "MustExist"}
        for i, step in enumerate(path[:-1])
        if not isinstance(step, str)
    ]
    if tests:
        # Without them, Gatekeeper would create a container that has nothing but a name.
        parameters["pathTests"] = tests
    group, _, version = (target.get("apiVersion") or f"{_group(target)}/v1").rpartition("/")
    match: JsonObject = {
        "scope": "Namespaced",
        "kinds": [{"apiGroups": [group], "kinds": [target["kind"]]}],
        "name": target["name"],
    }
    place = target.get("namespace") or namespace
    if place:
        match["namespaces"] = [place]
    spec = {
        "applyTo": [{"groups": [group], "versions": [version], "kinds": [target["kind"]]}],
        "match": match,
        "location": location(path),
        "parameters": parameters,
    }
    name = _name([kind, verb, match, spec["location"]])
    return {"apiVersion": _API, "kind": kind, "metadata": {"name": name}, "spec": spec}


def location(path: Sequence[str | dict[str, str]]) -> str:
    """Return a path as Gatekeeper writes it, as in `spec.containers[name: agent].image`."""
    return "".join(_steps(path)).removeprefix(".")


def _steps(path: Sequence[str | dict[str, str]]) -> Iterator[str]:
    for step in path:
        if isinstance(step, str):
            yield f".{_quoted(step)}"
        else:
            yield from (f"[{_quoted(key)}: {_quoted(value)}]" for key, value in step.items())


def _quoted(text: str) -> str:
    if _PLAIN.match(text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _name(parts: Sequence[Any]) -> str:
    """A name that is the same in each run, and valid whatever the objects are called."""
    digest = sha256(json.dumps(parts, sort_keys=True).encode("utf-8", "replace"))
    return f"dfpolicy-fix-{digest.hexdigest()[:16]}"
