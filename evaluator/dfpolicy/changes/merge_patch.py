"""Writes the difference of two objects as a strategic-merge patch, or by RFC 6902.

kubectl and kustomize merge some lists by a key of their members. All others are replaced.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dfpolicy.changes.yaml_edit import same
from dfpolicy.changes.yaml_rendering import ordered
from dfpolicy.model import JsonObject

Path = tuple[str | int, ...]

_DIRECTIVE = "$patch"
# The lists of pods, containers, services and service accounts that are merged, and their keys.
_KEYS = {
    "containers": "name",
    "env": "name",
    "ephemeralContainers": "name",
    "hostAliases": "ip",
    "imagePullSecrets": "name",
    "initContainers": "name",
    "secrets": "name",
    "volumeDevices": "devicePath",
    "volumeMounts": "mountPath",
    "volumes": "name",
}
# Those whose members cannot be told apart by one key.
_REPLACED = {"ownerReferences", "ports", "topologySpreadConstraints"}
_ROLES = {"ClusterRole", "Role"}
_MERGED_KINDS = {
    "CronJob",
    "DaemonSet",
    "Deployment",
    "Job",
    "Pod",
    "ReplicaSet",
    "ReplicationController",
    "Service",
    "ServiceAccount",
    "StatefulSet",
}


def merge_patch(old: JsonObject, new: JsonObject) -> JsonObject:
    """Return the strategic-merge patch that makes `new` of `old`, with the name of the object.

    A field that goes is null. Merged lists contain only the members that change; all other lists
    are written as a whole.
    """
    found = _patch(old, new, old.get("kind") in _MERGED_KINDS)
    named = identity(old)
    return {**named, **found, "metadata": {**named["metadata"], **found.get("metadata", {})}}


def is_mergeable(value: JsonObject) -> bool:
    """Whether a merge keeps the object whole: not lists whose members share a key.

    Kustomize drops such members, wherever they are. The rules of roles have no key.
    """
    kind = value.get("kind")
    return kind not in _ROLES and (kind not in _MERGED_KINDS or _has_keys(value))


def json_patch(old: Any, new: Any, path: Path = ()) -> Iterator[JsonObject]:
    """Yield the operations of RFC 6902 that make `new` of `old`."""
    if same(old, new):
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in ordered(new):
            if key in old:
                yield from json_patch(old[key], new[key], (*path, key))
            else:
                yield _operation("add", (*path, key), new[key])
        yield from (
            {"op": "remove", "path": _pointer((*path, key))} for key in old if key not in new
        )
    elif isinstance(old, list) and isinstance(new, list) and len(new) >= len(old):
        for i, member in enumerate(old):
            if path and path[-1] in _KEYS:
                yield from json_patch(member, new[i], (*path, i))
            elif not same(member, new[i]):
                yield _operation("replace", (*path, i), new[i])
        yield from (_operation("add", (*path, "-"), member) for member in new[len(old) :])
    else:
        yield _operation("replace", path, new)


def identity(value: JsonObject) -> JsonObject:
    """Return what names an object: apiVersion, kind, name, and namespace if it has one."""
    metadata = value["metadata"]
    named = {key: metadata[key] for key in ("name", "namespace") if metadata.get(key)}
    return {"apiVersion": value.get("apiVersion"), "kind": value.get("kind"), "metadata": named}


def _patch(old: JsonObject, new: JsonObject, merged: bool) -> JsonObject:
    found: JsonObject = {}
    for key, value in ordered(new).items():
        former = old.get(key)
        if key in old and same(former, value):
            continue
        if isinstance(former, dict) and isinstance(value, dict):
            # Without a field, a merge changes nothing.
            found[key] = (
                _patch(former, value, merged) if value else {**value, _DIRECTIVE: "replace"}
            )
        elif isinstance(former, list) and isinstance(value, list) and merged and key in _KEYS:
            found[key] = _list_patch(former, value, _KEYS[key])
        elif isinstance(former, list) and isinstance(value, list) and merged and key in _REPLACED:
            found[key] = [*value, {_DIRECTIVE: "replace"}]
        else:
            found[key] = value
    for key in old:
        if key not in new:
            found[key] = None
    return found


def _list_patch(old: list[Any], new: list[Any], key: str) -> list[Any]:
    before, after = _keyed(old, key), _keyed(new, key)
    if before is None or after is None:
        return [*ordered(new), {_DIRECTIVE: "replace"}]
    changed = []
    for name, member in after.items():
        former = before.get(name)
        if former is None:
            changed.append(ordered(member))
        elif not same(former, member):
            changed.append({key: name, **_patch(former, member, merged=True)})
    gone = [{key: name, _DIRECTIVE: "delete"} for name in before if name not in after]
    return [*changed, *gone]


def _keyed(members: list[Any], key: str) -> dict[Any, JsonObject] | None:
    """The members by their keys; None if one has no key, or two have the same."""
    found = {
        member[key]: member
        for member in members
        if isinstance(member, dict) and isinstance(member.get(key), str)
    }
    return found if len(found) == len(members) else None


def _has_keys(value: Any) -> bool:
    """Whether all members of merged lists differ in their keys."""
    if isinstance(value, list):
        return all(map(_has_keys, value))
    if not isinstance(value, dict):
        return True
    return all(
        _has_keys(item)
        and (key not in _KEYS or not isinstance(item, list) or _keyed(item, _KEYS[key]) is not None)
        for key, item in value.items()
    )


def _operation(verb: str, path: Path, value: Any) -> JsonObject:
    return {"op": verb, "path": _pointer(path), "value": ordered(value)}


def _pointer(path: Path) -> str:
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)
