"""What the collector keeps of an object: the fields that requirements read, and no other.

A requirement that reads another field adds it here; the tests compare the decisions on all examples
with and without the other fields.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from itertools import pairwise
from typing import Any

from dfpolicy.model import JsonObject
from dfpolicy.reading.config_references import READ_VARIABLES, referenced_by
from dfpolicy.reading.redacted_command import redacted_command
from dfpolicy.reading.redacted_objects import (
    READ_ANNOTATIONS,
    kept_attachment,
    kept_prefix,
    redacted_image,
    redacted_object,
)
from dfpolicy.reading.redacted_text import HIDDEN, redacted
from dfpolicy.reading.server_file import SERVER_FILE, kept_server_file

# How to keep a value: a function, the members of an object, or, in a list, those of its items.
_Shape = Any
_DROPPED = object()


def _whole(value: Any) -> Any:
    return value


def _picked(value: Any, shape: _Shape) -> Any:
    """Return what the shape keeps of a value, or _DROPPED for a value of another type."""
    if callable(shape):
        return shape(value)
    if isinstance(shape, list):
        if not isinstance(value, list):
            return _DROPPED
        items = [_picked(item, shape[0]) for item in value]
        return [item for item in items if item is not _DROPPED]
    if not isinstance(value, dict):
        return _DROPPED
    made = {key: _picked(value[key], shape[key]) for key in shape if key in value}
    return {key: item for key, item in made.items() if item is not _DROPPED and item is not None}


def _members(*names: str) -> dict[str, _Shape]:
    return dict.fromkeys(names, _whole)


def _texts(value: Any) -> Any:
    """A list of strings; anything else could contain more than requirements read."""
    if not isinstance(value, list):
        return _DROPPED
    return [item for item in value if isinstance(item, str)]


def _plain(value: Any) -> Any:
    return _DROPPED if isinstance(value, dict | list) else value


def _scalars(*names: str) -> dict[str, _Shape]:
    return dict.fromkeys(names, _plain)


def _annotations(given: Any) -> Any:
    if not isinstance(given, dict):
        return _DROPPED
    kept = {
        key: redacted(text)
        for key, text in given.items()
        if key.startswith(READ_ANNOTATIONS) and isinstance(text, str)
    }
    return kept or _DROPPED


def _variable(entry: Any) -> Any:
    kept = _picked(
        entry,
        {
            **_scalars("name", "value"),
            "valueFrom": {
                "fieldRef": _scalars("fieldPath"),
                "resourceFieldRef": _scalars("resource"),
                "configMapKeyRef": _scalars("name", "key", "optional"),
                "secretKeyRef": _scalars("name", "key", "optional"),
            },
        },
    )
    if kept is not _DROPPED and kept.get("name") not in READ_VARIABLES:
        kept.pop("value", None)
    return kept


_TYPED = _scalars("type", "localhostProfile")
_CONTEXT = {
    **_scalars("privileged", "runAsUser", "runAsGroup", "runAsNonRoot", "fsGroup", "procMount"),
    **_scalars("readOnlyRootFilesystem", "allowPrivilegeEscalation"),
    "capabilities": {"add": _texts, "drop": _texts},
    "seccompProfile": _TYPED,
    "appArmorProfile": _TYPED,
    "seLinuxOptions": _scalars("type", "user", "role"),
    "windowsOptions": _scalars("hostProcess"),
    "sysctls": [_scalars("name")],
}
_ACTION: dict[str, _Shape] = {
    "exec": {},
    "grpc": {},
    "httpGet": {"host": redacted_image},
    "tcpSocket": {"host": redacted_image},
}
_CONTAINER = {
    **_scalars("name", "restartPolicy", "imagePullPolicy"),
    "image": redacted_image,
    "command": lambda words: redacted_command(words, program=isinstance(words, list)),
    "args": redacted_command,
    "env": [_variable],
    "envFrom": [
        {"prefix": kept_prefix, "configMapRef": _scalars("name"), "secretRef": _scalars("name")}
    ],
    "ports": [_scalars("name", "containerPort", "hostPort", "hostIP", "protocol")],
    "resources": _members("limits", "requests"),
    "securityContext": _CONTEXT,
    "volumeMounts": [
        _scalars("name", "mountPath", "mountPropagation", "readOnly", "subPath", "subPathExpr")
    ],
    "livenessProbe": _ACTION,
    "readinessProbe": _ACTION,
    "startupProbe": _ACTION,
    "lifecycle": {"postStart": _ACTION, "preStop": _ACTION},
}
_ITEMS = [_scalars("key", "path")]
_SOURCES: dict[str, _Shape] = {
    "configMap": {**_scalars("name", "defaultMode"), "items": _ITEMS},
    "hostPath": _scalars("path", "type"),
    "persistentVolumeClaim": _scalars("claimName"),
    "projected": {"sources": [{"serviceAccountToken": _scalars("path")}]},
    "secret": {**_scalars("secretName", "defaultMode"), "items": _ITEMS},
}


def _volume(volume: Any) -> Any:
    """The name and the type of a volume; of most types nothing else is read."""
    if not isinstance(volume, dict):
        return _DROPPED
    shapes = {key: _SOURCES.get(key, {}) for key in volume} | _scalars("name")
    return _picked(volume, shapes)


_EXPRESSIONS = [{**_scalars("key", "operator"), "values": _texts}]
_SELECTOR = {"matchLabels": _whole, "matchExpressions": _EXPRESSIONS}
_TERMS = [{"matchExpressions": _EXPRESSIONS, "matchFields": _EXPRESSIONS}]
_POD = {
    **_scalars("hostNetwork", "hostPID", "hostIPC", "hostUsers", "shareProcessNamespace"),
    **_scalars("dnsPolicy", "nodeName", "restartPolicy", "runtimeClassName", "priorityClassName"),
    **_scalars("serviceAccountName", "serviceAccount", "automountServiceAccountToken"),
    "os": _scalars("name"),
    "dnsConfig": {"nameservers": _texts, "searches": _texts},
    "hostAliases": [{**_scalars("ip"), "hostnames": _texts}],
    "nodeSelector": _whole,
    "tolerations": [_scalars("key", "operator", "value", "effect", "tolerationSeconds")],
    "affinity": {
        "nodeAffinity": {
            "requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": _TERMS}
        },
        "podAntiAffinity": {
            "requiredDuringSchedulingIgnoredDuringExecution": [_scalars("topologyKey")]
        },
    },
    "imagePullSecrets": [_scalars("name")],
    "securityContext": _CONTEXT,
    "volumes": [_volume],
    "containers": [_CONTAINER],
    "initContainers": [_CONTAINER],
    "ephemeralContainers": [_CONTAINER],
}
_STRATEGY = {**_scalars("type"), "rollingUpdate": _scalars("maxSurge", "maxUnavailable")}
_METADATA = {
    **_scalars("name", "namespace"),
    "labels": _whole,
    "annotations": _annotations,
    "ownerReferences": [_scalars("controller", "kind", "name")],
}
_AGENT = {
    "metadata": _METADATA,
    "spec": {
        **_scalars("replicas", "minReadySeconds", "revisionHistoryLimit"),
        "selector": _SELECTOR,
        "strategy": _STRATEGY,
        "updateStrategy": _STRATEGY,
        "template": {
            "metadata": {"labels": _whole, "annotations": _annotations},
            "spec": _POD,
        },
    },
}
_OTHER = {
    "metadata": {**_scalars("name", "namespace"), "labels": _whole},
    "spec": {"template": {"spec": {"containers": [{**_scalars("name"), "image": redacted_image}]}}},
}
_RULES = [dict.fromkeys(("apiGroups", "resources", "resourceNames", "verbs"), _texts)]
_BINDING = {
    "metadata": _METADATA,
    "roleRef": _scalars("apiGroup", "kind", "name"),
    "subjects": [_scalars("apiGroup", "kind", "name", "namespace")],
}


def _attachment(config: Any) -> Any:
    found = kept_attachment(config)
    return found if isinstance(found, str) and found != HIDDEN else _DROPPED


_SHAPES: dict[str, _Shape] = {
    "ClusterRole": {
        "metadata": _METADATA,
        "rules": _RULES,
        "aggregationRule": {"clusterRoleSelectors": [_SELECTOR]},
    },
    "ClusterRoleBinding": _BINDING,
    "Namespace": {"metadata": {**_scalars("name"), "labels": _whole}},
    "NetworkAttachmentDefinition": {"metadata": _METADATA, "spec": {"config": _attachment}},
    "Node": {
        "metadata": {**_scalars("name"), "labels": _whole},
        "spec": {
            "taints": [_scalars("key", "value", "effect")],
            **_scalars("unschedulable"),
        },
        "status": {
            "capacity": _scalars("cpu", "memory"),
            "nodeInfo": _scalars(
                *("architecture", "containerRuntimeVersion", "kernelVersion", "kubeletVersion"),
                *("operatingSystem", "osImage"),
            ),
        },
    },
    "Role": {"metadata": _METADATA, "rules": _RULES},
    "RoleBinding": _BINDING,
    "ServiceAccount": {"metadata": _METADATA, **_scalars("automountServiceAccountToken")},
    "StorageClass": {"metadata": _METADATA},
}


def kept(version: str, kind: str, item: Any) -> JsonObject | None:
    """Return what requirements read of an object, or None if the object is invalid.

    `item` is an object as the API server lists it; it is not changed. Of a ConfigMap, see
    `kept_files`.
    """
    shape = _SHAPES.get(kind)
    if shape is None:
        shape = _AGENT if names_deepflow(item) else _OTHER
    found = _picked(item, shape)
    if found is _DROPPED or not _named(found.get("metadata")):
        return None
    return {"apiVersion": version, "kind": kind, **found}


def _named(metadata: Any) -> bool:
    """Whether names and labels are strings, as an evaluation requires."""
    if not isinstance(metadata, dict) or not metadata.get("name"):
        return False
    labels = metadata.get("labels", {})
    texts = [metadata["name"], metadata.get("namespace", "")]
    return isinstance(labels, dict) and all(
        isinstance(text, str) for text in [*texts, *labels.values()]
    )


def names_deepflow(item: Any) -> bool:
    """Whether any field by which the policies detect an agent names DeepFlow."""
    named = [_scalars("image", "name")]
    fields = {
        "metadata": {**_scalars("name"), "labels": _whole},
        "spec": {
            "template": {
                "metadata": {"labels": _whole},
                "spec": {"containers": named, "initContainers": named},
            }
        },
    }
    found = _picked(item, fields)
    return found is not _DROPPED and "deepflow" in json.dumps(found).lower()


# The directory of each file that requirements read, and its name.
_FILES = (("/etc/deepflow-agent", "deepflow-agent.yaml"), ("/etc", SERVER_FILE))


def files_of(pod: Mapping[str, Any]) -> dict[str, set[str]]:
    """Return the ConfigMaps of a kept pod that requirements read, and which keys of each.

    These are the agent's file and the server's, and the values of variables that are read; other
    ConfigMaps are not even requested.
    """
    found = referenced_by(pod)
    volumes = {volume.get("name"): volume.get("configMap") for volume in pod.get("volumes") or ()}
    for container in [*(pod.get("initContainers") or ()), *(pod.get("containers") or ())]:
        for mount in container.get("volumeMounts") or ():
            source = volumes.get(mount.get("name"))
            if not source or not isinstance(source.get("name"), str):
                continue
            for folder, file in [*_FILES, *_named_files(container)]:
                path = str(mount.get("mountPath") or "").rstrip("/")
                if path not in (folder, f"{folder}/{file}"):
                    continue
                inside = str(mount.get("subPath") or file)
                keys = {
                    str(item.get("key"))
                    for item in source.get("items") or ()
                    if item.get("path") == inside
                }
                found.setdefault(source["name"], set()).update(keys or {inside})
    return found


def _named_files(container: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The directory and the name of the file that the agent's arguments name."""
    words = [word for word in container.get("args") or () if isinstance(word, str)]
    paths = [word for option, word in pairwise(words) if option in ("-f", "--config-file")]
    paths += [word.partition("=")[2] for word in words if word.startswith("--config-file=")]
    return [(folder, file) for folder, _, file in (path.rpartition("/") for path in paths) if file]


def kept_files(item: Any, keys: set[str], variables: Collection[str] = ()) -> JsonObject | None:
    """Return a ConfigMap with these keys only, or None if the object is invalid.

    The agent's file is kept whole, since each of its lines counts, without its secrets; of the
    server's file only the settings that requirements read.
    """
    found = _picked(item, {"metadata": _METADATA, "data": _scalars(*sorted(keys))})
    if found is _DROPPED or not _named(found.get("metadata")):
        return None
    data = {}
    for key, text in (found.get("data") or {}).items():
        if isinstance(text, str):
            data[key] = (kept_server_file(text) or "") if key == SERVER_FILE else text
    kept_map = {"apiVersion": "v1", "kind": "ConfigMap", **found, "data": data}
    return redacted_object(kept_map, variables)
