"""Finds the keys of ConfigMaps that set the variables which requirements read.

It also says which objects are DeepFlow's, for everything that hides the values of the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dfpolicy.model import JsonObject

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
TO_POD = ("spec", "template", "jobTemplate")
DEEPEST = 5

# The keys by the namespace and the name of their ConfigMap.
Keys = dict[tuple[str, str], set[str]]


def referenced(resources: Iterable[Mapping[str, Any]]) -> Keys:
    """Return the keys by which the agents among the resources set variables that are read."""
    found: Keys = {}
    for resource in resources:
        for pod, near in _pods(resource, False, DEEPEST):
            for name, keys in referenced_by(pod, near).items():
                place = _text(resource, "metadata", "namespace"), name
                found.setdefault(place, set()).update(keys)
    return found


def referenced_by(pod: Mapping[str, Any], near: bool = True) -> dict[str, set[str]]:
    """Return the keys of each ConfigMap by which a pod sets variables that are read.

    `near` is whether the pod is known to be DeepFlow's; otherwise its containers decide.
    """
    found: dict[str, set[str]] = {}
    for container in [*objects(pod.get("containers")), *objects(pod.get("initContainers"))]:
        if not near and not container_names_deepflow(container):
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


def metadata_names_deepflow(metadata: Any) -> bool:
    """Return whether the name or the value of a label of an object names DeepFlow."""
    if not isinstance(metadata, dict):
        return False
    labels = metadata.get("labels")
    texts = [metadata.get("name"), *(labels.values() if isinstance(labels, dict) else ())]
    return any(isinstance(text, str) and _DEEPFLOW in text for text in texts)


def container_names_deepflow(container: Mapping[str, Any]) -> bool:
    """Return whether the image or the name of a container names DeepFlow."""
    return any(_DEEPFLOW in str(container.get(key)) for key in ("image", "name"))


def objects(values: Any) -> list[JsonObject]:
    """Return the objects in a list; none if it is not a list."""
    return [item for item in values if isinstance(item, dict)] if isinstance(values, list) else []


def _of_container(container: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for source in objects(container.get("envFrom")):
        prefix = _text(source, "prefix")
        for name in READ_VARIABLES:
            if name.startswith(prefix):
                yield _text(source, "configMapRef", "name"), name[len(prefix) :]
    for entry in objects(container.get("env")):
        if _text(entry, "name") in READ_VARIABLES:
            path = ("valueFrom", "configMapKeyRef")
            yield _text(entry, *path, "name"), _text(entry, *path, "key")


def _pods(value: Any, near: bool, levels: int) -> Iterator[tuple[Mapping[str, Any], bool]]:
    if not isinstance(value, dict):
        return
    near = near or metadata_names_deepflow(value.get("metadata"))
    if isinstance(value.get("containers"), list):
        yield value, near
    elif levels:
        for key in TO_POD:
            yield from _pods(value.get(key), near, levels - 1)


def _text(value: Any, *path: str) -> str:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""
