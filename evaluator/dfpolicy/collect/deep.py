"""Collects NodeFacts on every node with a temporary DaemonSet.

The pods see the host's files read-only and have no token. Their only capability is the one for
reading about the host's process 1.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from dfpolicy.collect.api import Api, RefusedError
from dfpolicy.collect.cluster import Progress, silent
from dfpolicy.collect.node import parse, script
from dfpolicy.errors import DfpolicyError
from dfpolicy.i18n.language import _, marked
from dfpolicy.model import JsonObject
from dfpolicy.system.signals import held

_NAME = "dfpolicy-collect"
_LABELS = {"app.kubernetes.io/name": _NAME, "app.kubernetes.io/managed-by": "dfpolicy"}
_END = "# dfpolicy: end"
_INTERVAL_SECONDS = 1.0
_NOT_FOUND = 404
_WAITING = {
    "ErrImagePull",
    "ImagePullBackOff",
    "InvalidImageName",
    "CreateContainerConfigError",
    "CreateContainerError",
}


def collect_nodes(
    api: Api,
    nodes: Sequence[str],
    image: str,
    timeout: float,
    progress: Progress = silent,
) -> tuple[list[JsonObject], list[dict[str, str]]]:
    """Return NodeFacts of the nodes that answered, and {fact, path, reason} for the others.

    `timeout` is in seconds. The temporary namespace is always removed, also after a signal. Raises
    DfpolicyError if it cannot be created.
    """
    found: dict[str, JsonObject] = {}
    reasons: dict[str, str] = {}
    try:
        with _daemon_set(api, image) as namespace:
            deadline = time.monotonic() + timeout
            while True:
                _look(api, namespace, found, reasons)
                missing = [name for name in nodes if name not in found]
                progress(marked("nodes (NodeFacts)"), len(nodes) - len(missing), len(nodes))
                if not missing or time.monotonic() >= deadline:
                    break
                time.sleep(_INTERVAL_SECONDS)
    except RefusedError as error:
        raise DfpolicyError(
            _("cannot run the collector DaemonSet: {reason}").format(reason=_(error.reason)),
            api.name,
            _(
                "it needs permission to create a Namespace, a ConfigMap and a DaemonSet, and to"
                " read pods and their logs; without --deep nothing is created"
            ),
        ) from error
    return list(found.values()), [
        {
            "fact": f"NodeFacts {name}",
            "path": f"/api/v1/nodes/{name}",
            "reason": reasons.get(name, marked("no pod ran there in time")),
        }
        for name in missing
    ]


def manifests(namespace: str, image: str) -> list[JsonObject]:
    """Return the objects to create: the namespace, the script, and the DaemonSet."""
    metadata = {"namespace": namespace, "name": _NAME, "labels": _LABELS}
    privileged = {"pod-security.kubernetes.io/enforce": "privileged"}
    return [
        {
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {"name": namespace, "labels": {**_LABELS, **privileged}},
        },
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": metadata,
            "data": {"collect_node.sh": script()},
        },
        {
            "apiVersion": "apps/v1",
            "kind": "DaemonSet",
            "metadata": metadata,
            "spec": {
                "selector": {"matchLabels": _LABELS},
                "template": {"metadata": {"labels": _LABELS}, "spec": _pod(image)},
            },
        },
    ]


def _pod(image: str) -> JsonObject:
    command = (
        'sh /collect/collect_node.sh --root /host --name "$NODE_NAME" 2>/dev/null;'
        f' echo "{_END}"; exec sleep 3600'
    )
    return {
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": 0,
        # Some sysctls and the host's interfaces are visible only in the host's network namespace.
        "hostNetwork": True,
        "nodeSelector": {"kubernetes.io/os": "linux"},
        "tolerations": [{"operator": "Exists"}],
        "securityContext": {"runAsUser": 0, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [
            {
                "name": "collect",
                "image": image,
                "imagePullPolicy": "IfNotPresent",
                "command": ["sh", "-c", command],
                "env": [
                    {
                        "name": "NODE_NAME",
                        "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}},
                    }
                ],
                "securityContext": {
                    "allowPrivilegeEscalation": False,
                    "readOnlyRootFilesystem": True,
                    "capabilities": {"drop": ["ALL"], "add": ["SYS_PTRACE"]},
                },
                "resources": {
                    "requests": {"cpu": "10m", "memory": "16Mi"},
                    "limits": {"cpu": "500m", "memory": "64Mi"},
                },
                "volumeMounts": [
                    {"name": "script", "mountPath": "/collect", "readOnly": True},
                    {
                        "name": "host",
                        "mountPath": "/host",
                        "readOnly": True,
                        # Nested mounts too; Kubernetes before 1.30 drops the field.
                        "recursiveReadOnly": "IfPossible",
                    },
                ],
            }
        ],
        "volumes": [
            {"name": "script", "configMap": {"name": _NAME}},
            {"name": "host", "hostPath": {"path": "/", "type": "Directory"}},
        ],
    }


@contextmanager
def _daemon_set(api: Api, image: str) -> Iterator[str]:
    namespace = f"{_NAME}-{secrets.token_hex(3)}"
    space, config_map, daemon_set = manifests(namespace, image)
    try:
        api.request("POST", "/api/v1/namespaces", space)
        api.request("POST", f"/api/v1/namespaces/{namespace}/configmaps", config_map)
        api.request("POST", f"/apis/apps/v1/namespaces/{namespace}/daemonsets", daemon_set)
        yield namespace
    finally:
        with held():
            _remove(api, namespace)


def _remove(api: Api, namespace: str) -> None:
    left = ""
    for path in (
        f"/apis/apps/v1/namespaces/{namespace}/daemonsets/{_NAME}",
        f"/api/v1/namespaces/{namespace}/configmaps/{_NAME}",
        f"/api/v1/namespaces/{namespace}",
    ):
        try:
            api.request("DELETE", path, {"propagationPolicy": "Background"})
        except RefusedError as error:
            if error.status != _NOT_FOUND:
                left = error.reason
    if left:
        raise DfpolicyError(
            _("cannot remove the collector DaemonSet: {reason}").format(reason=_(left)),
            api.name,
            _("run `kubectl delete namespace {namespace}`").format(namespace=namespace),
        )


def _look(api: Api, namespace: str, found: dict[str, JsonObject], reasons: dict[str, str]) -> None:
    for pods, _remaining in api.pages(f"/api/v1/namespaces/{namespace}/pods"):
        for pod in pods:
            node = (pod.get("spec") or {}).get("nodeName")
            if not node or node in found:
                continue
            reasons[node] = _state(pod)
            try:
                document = _facts_of(api, namespace, pod["metadata"]["name"])
            except DfpolicyError as error:
                reasons[node] = error.message
                continue
            if document is not None and document["metadata"]["name"] == node:
                found[node] = document


def _state(pod: JsonObject) -> str:
    for status in (pod.get("status") or {}).get("containerStatuses") or ():
        waiting = ((status.get("state") or {}).get("waiting") or {}).get("reason")
        if waiting in _WAITING:
            return f"{waiting}"
    return marked("its pod did not answer in time")


def _facts_of(api: Api, namespace: str, pod: str) -> JsonObject | None:
    """Return the facts that the pod printed, or None so far. Raises DfpolicyError like `parse`."""
    try:
        log = api.text(f"/api/v1/namespaces/{namespace}/pods/{pod}/log", {"container": "collect"})
    except RefusedError:
        return None
    document, end, _rest = log.partition(_END)
    return parse(document.encode()) if end else None
