"""Finds the keys of ConfigMaps that set the variables which requirements read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

# The variables whose values requirements read.
READ_VARIABLES = frozenset(
    (
        "CTRL_NETWORK_INTERFACE",
        "IN_CONTAINER",
        "K8S_NAMESPACE_FOR_DEEPFLOW",
        "K8S_NODE_IP_FOR_DEEPFLOW",
        "K8S_POD_IP_FOR_DEEPFLOW",
        "K8S_WATCH_POLICY",
        "NODE_IP_FOR_DEEPFLOW",
        "ONLY_WATCH_K8S_RESOURCE",
    )
)
_DEEPFLOW = "deepflow"
# Between a CronJob and its pod: spec, jobTemplate, spec, template, spec.
_TO_POD = ("spec", "template", "jobTemplate")
_DEEPEST = 5

# The keys by the namespace and the name of their ConfigMap.
Keys = dict[tuple[str, str], set[str]]


def referenced(resources: Iterable[Mapping[str, Any]]) -> Keys:
    """Return the keys by which the agents among the resources set variables that are read."""
    found: Keys = {}
    for resource in resources:
        for pod, near in _pods(resource, False, _DEEPEST):
            for name, keys in referenced_by(pod, near).items():
                place = _text(resource, "metadata", "namespace"), name
                found.setdefault(place, set()).update(keys)
    return found


def referenced_by(pod: Mapping[str, Any], near: bool = True) -> dict[str, set[str]]:
    """Return the keys of each ConfigMap by which a pod sets variables that are read.

    `near` is whether the pod is known to be DeepFlow's; otherwise its containers decide.
    """
    found: dict[str, set[str]] = {}
    for container in [*_objects(pod, "containers"), *_objects(pod, "initContainers")]:
        texts = (container.get("image"), container.get("name"))
        if not near and not any(_DEEPFLOW in str(text) for text in texts):
            continue
        for name, key in _of_container(container):
            if name and key:
                found.setdefault(name, set()).add(key)
    return found


def keys_of(config_map: Mapping[str, Any], keys: Keys) -> set[str]:
    """Return the keys of this ConfigMap. Rendered objects often have no namespace."""
    namespace, name = (_text(config_map, "metadata", key) for key in ("namespace", "name"))
    places = [
        place
        for place in keys
        if place[1] == name and (place[0] == namespace or not (place[0] and namespace))
    ]
    return set().union(*(keys[place] for place in places))


def _of_container(container: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for source in _objects(container, "envFrom"):
        prefix = _text(source, "prefix")
        for name in READ_VARIABLES:
            if name.startswith(prefix):
                yield _text(source, "configMapRef", "name"), name[len(prefix) :]
    for entry in _objects(container, "env"):
        if _text(entry, "name") in READ_VARIABLES:
            path = ("valueFrom", "configMapKeyRef")
            yield _text(entry, *path, "name"), _text(entry, *path, "key")


def _pods(value: Any, near: bool, levels: int) -> Iterator[tuple[Mapping[str, Any], bool]]:
    if not isinstance(value, dict):
        return
    metadata = value.get("metadata")
    if isinstance(metadata, dict):
        texts = (metadata.get("name"), metadata.get("labels"))
        near = near or any(_DEEPFLOW in str(text) for text in texts)
    if isinstance(value.get("containers"), list):
        yield value, near
    elif levels:
        for key in _TO_POD:
            yield from _pods(value.get(key), near, levels - 1)


def _objects(value: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    items = value.get(key)
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _text(value: Any, *path: str) -> str:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""
