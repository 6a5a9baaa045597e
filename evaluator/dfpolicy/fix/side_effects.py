"""What the values of a chart change beside the operations, because its objects share values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from dfpolicy.changes.object_places import matches, value_of
from dfpolicy.changes.operations import Step, part_at
from dfpolicy.changes.selection import Change
from dfpolicy.changes.yaml_edit import same, values_of
from dfpolicy.fix.deployment import Deployment
from dfpolicy.model import JsonObject, Operation, Target
from dfpolicy.reading.documents import Document
from dfpolicy.reading.server_file import SERVER_CONFIG, SERVER_FILE

Path = tuple[Step, ...]

# What tells the members of a list apart, where it is not their name.
_KEYS = {"volumeMounts": "mountPath", "devices": "devicePath"}

_DIRECTORY = "hostPath"

# Annotations that a chart computes from its other objects begin with this.
_CHECKSUM = "checksum/"


@dataclass(frozen=True, slots=True)
class SideEffect:
    """An object that the values add or remove, or the paths that they change in it."""

    effect: Literal["add", "remove", "change"]
    target: Target
    paths: tuple[Path, ...] = ()


def side_effects(
    deployment: Deployment, changes: Sequence[Change], values: JsonObject
) -> list[SideEffect]:
    """Return what the chart renders differently with the values, beside the operations' paths.

    What differs between two runs of the chart, such as a random password, is no effect of the
    values. Raises DfpolicyError if Helm fails.
    """
    if deployment.rendered is None or not values:
        return []
    expected = _objects(deployment.simulated_chart(changes))
    actual = _objects(deployment.with_values(values))
    operations = [one for change in changes for one in change.operations]
    found = list(_differences(expected, actual, operations, deployment.namespace))
    if not found:
        return []
    again = deployment.rendered.render(deployment.rendered.chart)
    random = {
        _identity(one.target): one
        for one in _differences(_objects(deployment.from_chart), _objects(again), (), None)
    }
    return [
        one for effect in found for one in _without(effect, random.get(_identity(effect.target)))
    ]


def _identity(target: Target) -> tuple[str, ...]:
    return target.get("apiVersion", ""), target["kind"], target.get("namespace", ""), target["name"]


def _without(effect: SideEffect, random: SideEffect | None) -> Iterator[SideEffect]:
    if random is None:
        yield effect
    elif effect.effect == random.effect == "change":
        paths = tuple(path for path in effect.paths if path not in random.paths)
        if paths:
            yield SideEffect("change", effect.target, paths)


def _objects(documents: Iterable[Document]) -> dict[tuple[str, ...], tuple[Target, JsonObject]]:
    found = {}
    for document in documents:
        value = value_of(document)
        metadata = value.get("metadata") if isinstance(value, dict) else None
        if not isinstance(metadata, dict):
            continue
        target: Target = {
            "apiVersion": str(value.get("apiVersion", "")),
            "kind": str(value.get("kind", "")),
            "name": str(metadata.get("name", "")),
        }
        if metadata.get("namespace"):
            target["namespace"] = str(metadata["namespace"])
        found[_identity(target)] = target, value
    return found


def _differences(
    expected: Mapping[tuple[str, ...], tuple[Target, JsonObject]],
    actual: Mapping[tuple[str, ...], tuple[Target, JsonObject]],
    operations: Sequence[Operation],
    namespace: str | None,
) -> Iterator[SideEffect]:
    for identity in [*expected, *(one for one in actual if one not in expected)]:
        if identity not in actual:
            yield SideEffect("remove", expected[identity][0])
            continue
        target, value = actual[identity]
        if identity not in expected:
            if not any(_is_created(one, target) for one in operations):
                yield SideEffect("add", target)
            continue
        own = [path for one in operations for path in _paths(one, value, namespace)]
        paths = tuple(
            path
            for path in _changed(expected[identity][1], value)
            if not any(_is_below(path, other) for other in own)
        )
        if paths:
            yield SideEffect("change", target, paths)


def _is_created(operation: Operation, target: Target) -> bool:
    wanted = operation["target"]
    return operation["op"] == "create" and (wanted["kind"], wanted["name"]) == (
        target["kind"],
        target["name"],
    )


def _paths(operation: Operation, value: JsonObject, namespace: str | None) -> Iterator[Path]:
    """The path of the operation in the object, if it is about it."""
    target, path = operation["target"], tuple(operation["path"])
    if target["kind"] == SERVER_CONFIG:
        # The server's configuration is a text in a ConfigMap.
        target, path = {**target, "kind": "ConfigMap"}, ("data", SERVER_FILE, *path[1:])
        target.pop("apiVersion", None)
    if operation["op"] == "add" and operation.get("key"):
        step = _step(operation["value"], str(path[-1]))
        path = (*path, step) if step else path
    if matches(value, target, namespace):
        yield (*path, *operation.get("inside", ()))


def _is_below(path: Path, above: Path) -> bool:
    return path[: len(above)] == above


def _changed(before: Any, after: Any, at: Path = ()) -> Iterator[Path]:
    """The paths of the innermost parts that differ."""
    if at[-1:] == ("annotations",):
        before, after = _without_checksums(before), _without_checksums(after)
    if same(before, after) or (_is_empty(before) and _is_empty(after)):
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*before, *(key for key in after if key not in before)]:
            yield from _changed(before.get(key), after.get(key), (*at, key))
        return
    if isinstance(before, list) and isinstance(after, list):
        yield from _changed_members(before, after, at)
        return
    if isinstance(before, str) and isinstance(after, str) and at[:1] == ("data",):
        inner = values_of(before) or [None], values_of(after) or [None]
        if all(len(one) == 1 and isinstance(one[0], dict) for one in inner):
            yield from _changed(inner[0][0], inner[1][0], at)
            return
    yield at


def _without_checksums(annotations: Any) -> Any:
    if not isinstance(annotations, dict):
        return annotations
    return {key: one for key, one in annotations.items() if not key.startswith(_CHECKSUM)}


def _is_empty(value: Any) -> bool:
    return value is None or value in ({}, [])


def _changed_members(before: list[Any], after: list[Any], at: Path) -> Iterator[Path]:
    """The paths of the members of a list that differ; those with keys have no order."""
    kind = at[-1] if at and isinstance(at[-1], str) else ""
    old, new = (_keyed(members, kind) for members in (before, after))
    if old is None or new is None:
        yield at
        return
    for key in [*old, *(key for key in new if key not in old)]:
        step, former = old.get(key, ({}, None))
        now, member = new.get(key, ({}, None))
        yield from _changed(former, member, (*at, now or step))


def _keyed(members: list[Any], kind: str) -> dict[str, tuple[Step, Any]] | None:
    """The members of a list by what tells them apart, each with its step in a path."""
    found: dict[str, tuple[Step, Any]] = {}
    for member in members:
        step = _step(member, kind)
        if step is None or str(step) in found:
            return None
        # The chart has its own names for the volumes of directories.
        found[str(step)] = step, {**member, "name": ""} if _DIRECTORY in step else member
    return found


def _step(member: Any, kind: str) -> dict[str, str] | None:
    """What tells a member of a list from the others."""
    directory = part_at(member, [_DIRECTORY, "path"]) if kind == "volumes" else None
    if isinstance(directory, str):
        return {_DIRECTORY: directory}
    key = _KEYS.get(kind, "name")
    value = member.get(key) if isinstance(member, dict) else None
    return {key: value} if isinstance(value, str) else None
