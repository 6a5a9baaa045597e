"""The DaemonSets that run the probe on every node, and what they answered.

One runs in the place of the agent: with its security context, its host namespaces and its mounts of
debugfs and tracefs. The other one is privileged, for what the host allows at all.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from dfpolicy.collect import probing
from dfpolicy.collect.images import Image, is_agent
from dfpolicy.model import JsonObject

END = "# dfpolicy: end"
CONTAINER = "probe"
_APPARMOR = "container.apparmor.security.beta.kubernetes.io/"
_TRACING = ("/sys/kernel/debug", "/sys/kernel/tracing")
_HOST = ("hostPID", "hostNetwork", "hostUsers")


@dataclass(frozen=True)
class Place:
    """What the probe copies of an agent: its pod, its container, and who it is."""

    subject: dict[str, str] = field(default_factory=dict)
    pod: JsonObject = field(default_factory=dict)
    container: JsonObject = field(default_factory=dict)
    annotations: JsonObject = field(default_factory=dict)


# All privileges, for what the host allows.
PRIVILEGED = Place(
    pod={"hostPID": True, "hostNetwork": True},
    container={"securityContext": {"privileged": True, "runAsUser": 0}},
)


def places(given: Iterable[JsonObject], running: Iterable[JsonObject]) -> list[Place]:
    """Return where to probe: in the place of the agent, if there is one, and privileged.

    The agent to install, among the given objects, comes before one that runs.
    """
    agents = [one for item in (*given, *running) for one in _agents(item)]
    return [*agents[:1], PRIVILEGED]


def _agents(item: JsonObject) -> Iterator[Place]:
    if item.get("kind") != "DaemonSet":
        return
    metadata, template = _map(item, "metadata"), _map(item, "spec", "template")
    pod = _map(template, "spec")
    for container in _maps(pod, "containers"):
        image, name = container.get("image"), container.get("name")
        if isinstance(image, str) and is_agent(image) and isinstance(name, str):
            subject = {"kind": "DaemonSet", "name": str(metadata.get("name")), "container": name}
            if isinstance(metadata.get("namespace"), str):
                subject["namespace"] = metadata["namespace"]
            annotations = _map(template, "metadata", "annotations")
            yield Place(subject, pod, container, annotations)


def config_map(metadata: JsonObject) -> JsonObject:
    """Return the ConfigMap with the probe for each architecture."""
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": metadata,
        "binaryData": {
            machine: base64.b64encode(probing.binary(machine)).decode("ascii")
            for machine in probing.MACHINES
        },
    }


def daemon_set(place: Place, image: Image, metadata: JsonObject, binaries: str) -> JsonObject:
    """Return the DaemonSet that runs the probe in a place; `binaries` is the ConfigMap's name."""
    labels = metadata["labels"]
    profile = place.annotations.get(f"{_APPARMOR}{place.container.get('name')}")
    annotations = {"annotations": {f"{_APPARMOR}{CONTAINER}": profile}} if profile else {}
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": metadata,
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels, **annotations},
                "spec": _pod(place, image, binaries),
            },
        },
    }


def _pod(place: Place, image: Image, binaries: str) -> JsonObject:
    command = f'/probe/$(uname -m); echo "{END}"; exec sleep 3600'
    pull = {"imagePullSecrets": [{"name": image.pull_secret}]} if image.pull_secret else {}
    tracing = [path for path in _TRACING if path in _host_paths(place)]
    return {
        **pull,
        **{name: place.pod[name] for name in _HOST if isinstance(place.pod.get(name), bool)},
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": 0,
        "nodeSelector": {"kubernetes.io/os": "linux"},
        "tolerations": [{"operator": "Exists"}],
        "securityContext": _map(place.pod, "securityContext"),
        "containers": [
            {
                "name": CONTAINER,
                "image": image.name,
                "imagePullPolicy": "IfNotPresent",
                "command": ["sh", "-c", command],
                "securityContext": _map(place.container, "securityContext"),
                "resources": {
                    "requests": {"cpu": "10m", "memory": "16Mi"},
                    "limits": {"cpu": "500m", "memory": "128Mi"},
                },
                "volumeMounts": [
                    {"name": "probe", "mountPath": "/probe", "readOnly": True},
                    *(
                        {"name": f"tracing-{number}", "mountPath": path, "readOnly": True}
                        for number, path in enumerate(tracing)
                    ),
                ],
            }
        ],
        "volumes": [
            {"name": "probe", "configMap": {"name": binaries, "defaultMode": 0o555}},
            *(
                {"name": f"tracing-{number}", "hostPath": {"path": path}}
                for number, path in enumerate(tracing)
            ),
        ],
    }


def _host_paths(place: Place) -> set[str]:
    """Return the paths at which the place has the host's directory of the same path."""
    if place is PRIVILEGED:
        return {_TRACING[0]}
    paths = {
        volume.get("name"): _map(volume, "hostPath").get("path")
        for volume in _maps(place.pod, "volumes")
    }
    mounts = _maps(place.container, "volumeMounts")
    return {
        path
        for mount in mounts
        if isinstance(path := mount.get("mountPath"), str) and paths.get(mount.get("name")) == path
    }


def answer(log: bytes, place: Place) -> JsonObject | None:
    """Return the document in a container's log, or None if it is not complete.

    Raises DfpolicyError for output that is invalid.
    """
    text, end, _rest = log.partition(END.encode())
    if not end:
        return None
    document = probing.parse(text)
    return {**document, "for": place.subject} if place.subject else document


def _map(value: Any, *path: str) -> JsonObject:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def _maps(value: JsonObject, key: str) -> list[JsonObject]:
    found = value.get(key)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
