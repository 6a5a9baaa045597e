"""How the content of a rendered object is written as values of a chart, one function for each form.

A form gets the object before and after the operations, and returns the values, or None if no values
make the chart render the object after them. Members of lists that no values express, but that were
there before, come from a patch or from another value: they are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dfpolicy.changes.chart_table import Row
from dfpolicy.changes.operations import part_at
from dfpolicy.changes.yaml_edit import same
from dfpolicy.changes.yaml_rendering import inline, ordered
from dfpolicy.model import JsonObject

# The path of a value below that of the row, and the value.
Entry = tuple[tuple[str, ...], Any]

_NAMESPACES = "/var/run/netns"
_WATCH = ("K8S_WATCH_POLICY", "watch-disabled")


@dataclass(frozen=True, slots=True)
class Content:
    """The content of an object that a row is about.

    `pod` and `container` are the fields of the row; a field that is absent is None.
    """

    kind: str
    pod: Any
    container: Any


def written(row: Row, before: Content, after: Content) -> list[Entry] | None:
    """Return the values after which the chart renders `after`; None if there are none."""
    return _FORMS[row.form](row, before, after)


def is_template(text: Any) -> bool:
    """Whether a value contains a string that the chart would evaluate as a template."""
    if isinstance(text, dict):
        return any(is_template(item) for pair in text.items() for item in pair)
    if isinstance(text, list):
        return any(map(is_template, text))
    return isinstance(text, str) and "{{" in text


def line(value: Any) -> Any:
    """Return a value that the template writes behind a colon, without quotes."""
    return inline(value) if isinstance(value, str) else value


def word(value: Any) -> Any:
    """Return a scalar as a string: the template evaluates it, and writes it without quotes."""
    return inline(value) if isinstance(value, (bool, int, float)) else value


def variables(row: Row, kind: str, env: Any) -> list[Any]:
    """Return the variables that the template does not write itself: they come after those.

    The one that disables watching is left out if another value writes it.
    """
    members = env if isinstance(env, list) else []
    names = list(row.fixed.get(kind, ()))
    elsewhere = _WATCH[0] in names
    for i, member in enumerate(members):
        name = member.get("name") if isinstance(member, dict) else None
        if name not in names:
            return [one for one in members[i:] if not (elsewhere and is_unwatched([one]))]
        names = names[names.index(name) + 1 :]
    return []


def is_unwatched(env: Any) -> bool:
    """Return whether one of the variables disables watching."""
    return any((one.get("name"), one.get("value")) == _WATCH for one in _members(env))


def _word(row: Row, _before: Content, after: Content) -> list[Entry] | None:
    value = row.otherwise if after.pod is None else after.pod
    return None if is_template(value) else [((), word(value))]


def _object(row: Row, before: Content, after: Content) -> list[Entry] | None:
    old, new = _side(row, before), _side(row, after)
    if not new or not isinstance(new, dict):
        return [((), None)]
    entries = list(_differences(old if isinstance(old, dict) else {}, new))
    for path in row.defaults:
        # Without it, the chart would set its default as soon as the object has another field.
        if part_at(old, path) is None and not any(_starts(path, one) for one, _ in entries):
            entries.append((path, part_at(new, path)))
    return entries


def _list(row: Row, _before: Content, after: Content) -> list[Entry] | None:
    return [((), _side(row, after) or [])]


def _labels(row: Row, before: Content, after: Content) -> list[Entry] | None:
    sides = (_side(row, content) for content in (before, after))
    old, new = (side if isinstance(side, dict) else {} for side in sides)
    if not new:
        # A null for each key would be rendered as a null.
        return [((), None)]
    return None if set(old) - set(new) else list(_differences(old, new))


def _terms(row: Row, _before: Content, after: Content) -> list[Entry] | None:
    made = []
    for term in _members(part_at(_side(row, after), ("nodeSelectorTerms",))):
        expressions = [_expression(one) for one in _members(term.get("matchExpressions"))]
        if set(term) != {"matchExpressions"} or None in expressions:
            return None
        made.append({"matchExpressions": expressions})
    return [((), made)]


def _expression(expression: JsonObject) -> JsonObject | None:
    """An expression whose values are one string, as the chart expects them."""
    values = expression.get("values") or []
    if any(not isinstance(value, str) or "," in value for value in values):
        return None
    made = {key: expression.get(key) for key in ("key", "operator")}
    return {**made, "values": ",".join(values)} if values else made


def _image(row: Row, before: Content, after: Content) -> list[Entry] | None:
    old, new = _parts(_side(row, before)), _parts(_side(row, after))
    if new is None or is_template(list(new)):
        return None
    moved = [(("repository",), new[0])] if old is None or old[0] != new[0] else []
    return [*moved, (("tag",), new[1])]


def _parts(image: Any) -> tuple[str, str] | None:
    repository, _, tag = str(image).rpartition(":")
    return (repository, tag) if repository and "/" not in tag and "@" not in image else None


def _namespaces(_row: Row, before: Content, after: Content) -> list[Entry] | None:
    """The value if the only difference is the mount of the host's named network namespaces."""
    volumes, mounts = _new(before.pod, after.pod), _new(before.container, after.container)
    if len(volumes) != 1 or len(mounts) != 1 or _new(after.pod, before.pod):
        return None
    gone = _new(after.container, before.container)
    if any(one.get("mountPath") != _NAMESPACES for one in gone):
        return None
    volume, mount = volumes[0], mounts[0]
    wanted = {
        "name": volume.get("name"),
        "mountPath": _NAMESPACES,
        "readOnly": True,
        "mountPropagation": "HostToContainer",
    }
    path = part_at(volume, ("hostPath", "path"))
    return [((), True)] if path == _NAMESPACES and same(mount, wanted) else None


def _mounts(row: Row, before: Content, after: Content) -> list[Entry] | None:
    """The whole list of mounts, each with its volume."""
    if not same(_fixed(row, before), _fixed(row, after)):
        return None
    volumes = {volume.get("name"): volume for volume in _members(after.pod)}
    own = []
    for mount in _members(after.container):
        name = mount.get("name")
        volume = volumes.pop(name, None)
        if row.fixed.get(name) == mount.get("mountPath"):
            continue
        made = _mount(mount, volume)
        if made is not None:
            own.append(made)
        elif not _has(before.container, mount):
            return None
    # The chart renders no volume that nothing mounts.
    return None if _new(before.pod, list(volumes.values())) else [((), own)]


def _fixed(row: Row, content: Content) -> list[Any]:
    """The mounts and volumes that the template itself writes."""
    mounts = [
        mount
        for mount in _members(content.container)
        if row.fixed.get(mount.get("name")) == mount.get("mountPath")
    ]
    names = [mount["name"] for mount in mounts]
    return [mounts, [one for one in _members(content.pod) if one.get("name") in names]]


def _mount(mount: JsonObject, volume: JsonObject | None) -> JsonObject | None:
    extra = {key for key in mount if mount[key]} - {"name", "mountPath", "subPath", "readOnly"}
    if volume is None or extra:
        return None
    made = {"name": mount["name"], "mountPath": mount["mountPath"]}
    if mount.get("subPath"):
        made["subPath"] = mount["subPath"]
    made["readOnly"] = bool(mount.get("readOnly"))
    source = {key: item for key, item in volume.items() if key != "name"}
    path = part_at(source, ("hostPath", "path"))
    claim = part_at(source, ("persistentVolumeClaim", "claimName"))
    if source == {"hostPath": {"path": path}}:
        return {**made, "hostPath": path}
    if source == {"persistentVolumeClaim": {"claimName": claim}}:
        return {**made, "existingClaim": claim}
    return made if source == {"emptyDir": {}} else None


def _unwatched(_row: Row, before: Content, after: Content) -> list[Entry] | None:
    """The value if the only difference is the variable that disables watching."""
    new = _new(before.container, after.container)
    return [((), True)] if len(new) == 1 and is_unwatched(new) else None


def _variables(row: Row, before: Content, after: Content) -> list[Entry] | None:
    old, new = _members(before.container), _members(after.container)
    own = variables(row, before.kind, new)
    former = variables(row, before.kind, old)
    if not same(_new(former, old), _new(own, new)):
        return None
    made = []
    for member in own:
        variable = _variable(member)
        if variable is not None:
            made.append(variable)
        elif not _has(old, member):
            return None
    return [((), made)]


def _variable(member: JsonObject) -> JsonObject | None:
    if set(member) - {"name", "value"}:
        return None
    value = member.get("value")
    return {"name": line(member["name"]), "value": line("" if value is None else value)}


def _side(row: Row, content: Content) -> Any:
    return content.pod if row.pod else content.container


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Entry]:
    """What a merge must change: lists as a whole, null for what must go."""
    for key, value in ordered(new).items():
        former = old.get(key)
        if isinstance(value, dict) and isinstance(former, dict):
            yield from (((key, *path), item) for path, item in _differences(former, value))
        elif key not in old or not same(former, value):
            yield (key,), value
    for key in old:
        if key not in new:
            yield (key,), None


def _starts(path: Sequence[str], start: Sequence[str]) -> bool:
    return list(path[: len(start)]) == list(start)


def _members(value: Any) -> list[Any]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _has(members: Any, wanted: Any) -> bool:
    return any(same(member, wanted) for member in _members(members))


def _new(old: Any, new: Any) -> list[Any]:
    return [one for one in _members(new) if not _has(old, one)]


_FORMS: dict[str, Callable[[Row, Content, Content], list[Entry] | None]] = {
    "image": _image,
    "labels": _labels,
    "list": _list,
    "mounts": _mounts,
    "namespaces": _namespaces,
    "object": _object,
    "terms": _terms,
    "unwatched": _unwatched,
    "variables": _variables,
    "word": _word,
}
