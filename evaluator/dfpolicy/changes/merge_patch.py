"""Writes the difference of two objects as a strategic-merge patch, or by RFC 6902.

kubectl and kustomize merge some lists by a key of their members. All others are replaced.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    return {**identity(old), **_patch(old, new, old.get("kind") in _MERGED_KINDS)}


def unmerged(old: JsonObject, new: JsonObject) -> list[Path]:
    """Return the paths of changed lists that should not be written as a whole or merged by key.

    These are the rules of roles, so that other rules stay, and lists with a key that occurs twice.
    """
    if old.get("kind") in ("Role", "ClusterRole") and not same(old.get("rules"), new.get("rules")):
        return [("rules",)]
    return list(_ambiguous(old, new, ())) if old.get("kind") in _MERGED_KINDS else []


def json_patch(old: JsonObject, new: JsonObject, paths: Sequence[Path]) -> list[JsonObject]:
    """Return the operations of RFC 6902 that change the lists at these paths."""
    return [
        {"op": verb, "path": "/" + "/".join(map(_escaped, path)), "value": ordered(value)}
        for one in paths
        for verb, path, value in _list_operations(one, _at(old, one), _at(new, one))
    ]


def with_lists(old: JsonObject, new: JsonObject, paths: Sequence[Path]) -> JsonObject:
    """Return `old` with the lists of `new` at these paths."""
    made: Any = old
    for path in paths:
        made = _with(made, path, _at(new, path))
    return made if isinstance(made, dict) else old


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


def _ambiguous(old: Any, new: Any, path: Path) -> Iterator[Path]:
    """The changed lists whose members cannot be told apart by their keys."""
    if same(old, new):
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in new:
            former, value = old.get(key), new[key]
            if not isinstance(former, list) or not isinstance(value, list) or key not in _KEYS:
                yield from _ambiguous(former, value, (*path, key))
                continue
            before, after = _keyed(former, _KEYS[key]), _keyed(value, _KEYS[key])
            if before is None or after is None:
                if not same(former, value):
                    yield (*path, key)
                continue
            for i, (name, member) in enumerate(before.items()):
                yield from _ambiguous(member, after.get(name), (*path, key, i))


def _list_operations(path: Path, old: Any, new: Any) -> Iterator[tuple[str, Path, Any]]:
    former, wanted = old or [], new or []
    if not former:
        yield "add", path, wanted
    elif len(wanted) < len(former):
        yield "replace", path, wanted
    else:
        for i, member in enumerate(wanted):
            if i >= len(former):
                yield "add", (*path, "-"), member
            elif not same(former[i], member):
                yield "replace", (*path, i), member


def _with(value: Any, path: Path, part: Any) -> Any:
    if not path:
        return part
    first, *rest = path
    if isinstance(value, list) and isinstance(first, int):
        return [_with(one, tuple(rest), part) if i == first else one for i, one in enumerate(value)]
    if isinstance(value, dict) and isinstance(first, str):
        return {**value, first: _with(value.get(first), tuple(rest), part)}
    return value


def _at(value: Any, path: Path) -> Any:
    for step in path:
        if isinstance(value, list) and isinstance(step, int):
            value = value[step] if step < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def _escaped(step: str | int) -> str:
    return str(step).replace("~", "~0").replace("/", "~1")
