"""Applies operations to objects. Operations say what must be there, and change nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dfpolicy.changes.yaml_edit import edited, same, values_of
from dfpolicy.changes.yaml_places import UneditableError
from dfpolicy.model import JsonObject, Operation
from dfpolicy.reading.yaml_writer import write_yaml

# The kind of target of operations on the values of a chart.
VALUES = "HelmValues"

Step = str | Mapping[str, str]


class UnfitError(Exception):
    """The object does not have the shape that the operation needs."""


def applied(value: JsonObject, operation: Operation) -> JsonObject:
    """Return a copy of the object after the operation; the object itself if it holds already.

    `operation` has its value: answers are filled in before. An operation `inside` a YAML text edits
    this text, and keeps its comments. Raises UnfitError.
    """
    changed = copied(value)
    if "inside" in operation:
        _apply_inside(changed, operation)
    else:
        _apply(changed, operation)
    return value if same(changed, value) else changed


def copied(value: Any) -> Any:
    """Return a copy of a JSON value, in a fifth of the time of `copy.deepcopy`."""
    if isinstance(value, dict):
        return {key: copied(member) for key, member in value.items()}
    return [copied(member) for member in value] if isinstance(value, list) else value


def _apply_inside(value: JsonObject, operation: Operation) -> None:
    *above, last = operation["path"]
    parent = part_at(value, above)
    if operation["op"] in ("set", "add"):
        parent = _made(value, above, operation["path"])
    if parent is None and operation["op"] in ("remove", "discard"):
        return
    if not isinstance(parent, dict) or not isinstance(last, str):
        raise UnfitError
    text = parent.get(last)
    if text is not None and not isinstance(text, str):
        raise UnfitError
    inner: Operation = {**operation, "path": [*operation["inside"]]}
    del inner["inside"]
    changed = _text_with(text or "", inner)
    if changed != (text or ""):
        parent[last] = changed


def _text_with(text: str, operation: Operation) -> str:
    """The YAML text of an object after the operation."""
    documents = values_of(text)
    if documents is None or len(documents) > 1:
        raise UnfitError
    if not documents:
        made = applied({}, operation)
        return f"{text}{write_yaml(made)}" if made else text
    old = documents[0]
    if not isinstance(old, dict):
        raise UnfitError
    try:
        return edited(text, old, applied(old, operation))
    except UneditableError:
        raise UnfitError from None


def _apply(value: JsonObject, operation: Operation) -> None:
    path, op = operation["path"], operation["op"]
    if op in ("remove", "discard"):
        place = part_at(value, path if op == "discard" else path[:-1])
        if op == "discard" and isinstance(place, list):
            place[:] = [member for member in place if not same(member, operation["value"])]
        elif op == "remove":
            _remove(place, path[-1])
        return
    parent = _made(value, path[:-1], path)
    last = path[-1]
    if op == "set":
        _set(parent, last, operation["value"])
        return
    _add(_child_list(parent, last), operation)


def _set(parent: Any, step: Step, value: Any) -> None:
    if isinstance(step, str) and isinstance(parent, dict):
        parent[step] = copied(value)
        return
    raise UnfitError


def _add(members: list[Any], operation: Operation) -> None:
    member, key = operation["value"], operation.get("key")
    if key is None:
        if not any(same(member, other) for other in members):
            members.append(copied(member))
        return
    named = [i for i, other in enumerate(members) if _is(other, {key: member.get(key)})]
    if not named:
        members.append(copied(member))
        return
    # Of several members with one key, Kubernetes takes the last.
    if not same(members[named[0]], member):
        members[named[0]] = copied(member)
    for i in reversed(named[1:]):
        del members[i]


def _child_list(parent: Any, step: Step) -> list[Any]:
    if not isinstance(parent, dict) or not isinstance(step, str):
        raise UnfitError
    if parent.get(step) is None:
        parent[step] = []
    members = parent[step]
    if not isinstance(members, list):
        raise UnfitError
    return members


def _remove(parent: Any, step: Step) -> None:
    if isinstance(parent, dict) and isinstance(step, str):
        parent.pop(step, None)
    elif isinstance(parent, list) and not isinstance(step, str):
        parent[:] = [member for member in parent if not _is(member, step)]


def part_at(value: Any, path: Sequence[Step]) -> Any:
    """Return the part of an object at the path, or None."""
    here = value
    for step in path:
        if isinstance(step, str):
            here = here.get(step) if isinstance(here, dict) else None
        else:
            members = here if isinstance(here, list) else []
            here = next((member for member in members if _is(member, step)), None)
    return here


def _made(value: JsonObject, steps: Sequence[Step], path: Sequence[Step]) -> Any:
    """The part at the first steps of the path, with the objects that are missing on the way."""
    here: Any = value
    for i, step in enumerate(steps):
        following = path[i + 1]
        if isinstance(step, str):
            if not isinstance(here, dict):
                raise UnfitError
            if here.get(step) is None:
                here[step] = {} if isinstance(following, str) else []
            here = here[step]
            continue
        if not isinstance(here, list):
            raise UnfitError
        member = next((one for one in here if _is(one, step)), None)
        if member is None:
            raise UnfitError
        here = member
    return here


def _is(member: Any, step: Mapping[str, str]) -> bool:
    return isinstance(member, dict) and all(member.get(key) == step[key] for key in step)
