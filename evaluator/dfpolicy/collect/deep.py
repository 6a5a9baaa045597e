"""Collects NodeFacts on every node with a temporary DaemonSet.

The pods see the host's files read-only and have no token. Their only capability is the one for
reading about the host's process 1. With `places`, the probe runs in DaemonSets of its own.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from dfpolicy.collect import deep_probe, probing
from dfpolicy.collect.api import TOO_LARGE, Api, RefusedError
from dfpolicy.collect.cluster import Progress, silent
from dfpolicy.collect.deep_probe import Place
from dfpolicy.collect.images import Image
from dfpolicy.collect.node import LARGEST, parse, script
from dfpolicy.errors import DfpolicyError
from dfpolicy.i18n.language import _, marked
from dfpolicy.model import JsonObject
from dfpolicy.system.signals import held

_NAME = "dfpolicy-collect"
_INSTANCE = "app.kubernetes.io/instance"
_LABELS = {"app.kubernetes.io/name": _NAME, "app.kubernetes.io/managed-by": "dfpolicy"}
_END = deep_probe.END
_INTERVAL_SECONDS = 1.0
_NOT_FOUND = 404
# The container has not started.
_NOT_YET = (400, _NOT_FOUND)
_WAITING = {
    "ErrImagePull",
    "ImagePullBackOff",
    "InvalidImageName",
    "CreateContainerConfigError",
    "CreateContainerError",
}


@dataclass
class _Seen:
    """The documents by node, the reasons of the others, and which of those are final."""

    found: dict[str, JsonObject] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)


@dataclass
class _Probe:
    """A DaemonSet of the probe, and its answers and final reasons by node; or why there is none."""

    place: Place
    item: JsonObject
    refusal: str = ""
    answers: dict[str, JsonObject] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)

    def waits(self, nodes: Sequence[str]) -> bool:
        """Whether a node can still answer."""
        return not self.refusal and any(
            node not in self.answers and node not in self.reasons for node in nodes
        )


def collect_nodes(
    api: Api,
    nodes: Sequence[str],
    image: Image,
    timeout: float,
    progress: Progress = silent,
    places: Sequence[Place] = (),
) -> tuple[list[JsonObject], list[dict[str, str]]]:
    """Return NodeFacts of the nodes that answered, and {fact, path, reason} for the others.

    `timeout` is in seconds. In each of the `places`, the probe runs on every node. Everything
    created is always removed, also after a signal. Raises DfpolicyError if it cannot be created.
    """
    seen = _Seen()
    objects = manifests(image, places)
    collector = next(item for item in objects if item["kind"] == "DaemonSet")
    # The probes come last, in the order of their places.
    probes = [
        _Probe(place, item)
        for place, item in zip(places, objects[len(objects) - len(places) :], strict=True)
    ]
    try:
        with _created(api, objects, probes):
            deadline = time.monotonic() + timeout
            while True:
                _look(api, collector["metadata"], seen, deadline)
                for probe in probes:
                    _look_at_probe(api, probe)
                missing = [name for name in nodes if name not in seen.found]
                progress(marked("nodes (NodeFacts)"), len(nodes) - len(missing), len(nodes))
                waiting = any(probe.waits(nodes) for probe in probes)
                if seen.broken.issuperset(missing) and not waiting:
                    break
                if time.monotonic() >= deadline:
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
    for name, document in seen.found.items():
        answers = [probe.answers[name] for probe in probes if name in probe.answers]
        if answers:
            document["spec"]["probe"] = answers
    return list(seen.found.values()), [
        {
            "fact": f"NodeFacts {name}",
            "path": f"/api/v1/nodes/{name}",
            "reason": seen.reasons.get(name, marked("no pod ran there in time")),
        }
        for name in missing
    ] + [row for probe in probes for row in _unanswered(probe, nodes)]


def _unanswered(probe: _Probe, nodes: Sequence[str]) -> Iterator[dict[str, str]]:
    """Yield {fact, path, reason} for a probe that could not run, on all nodes or on one."""
    where = probe.place.subject.get("name", "privileged")
    if probe.refusal:
        yield {"fact": f"probe {where}", "path": _collection(probe.item), "reason": probe.refusal}
        return
    for name in nodes:
        if name not in probe.answers:
            yield {
                "fact": f"probe {where} {name}",
                "path": f"/api/v1/nodes/{name}",
                "reason": probe.reasons.get(name, marked("no pod ran there in time")),
            }


def manifests(image: Image, places: Sequence[Place] = ()) -> list[JsonObject]:
    """Return the objects to create: the script and the DaemonSet, after their namespace.

    With a pull secret, they are in the namespace of that secret instead. The binaries of the probe
    and a DaemonSet for each of the `places` come last.
    """
    suffix = secrets.token_hex(3)
    labels = {**_LABELS, _INSTANCE: suffix}
    name, namespace = f"{_NAME}-{suffix}", image.namespace
    objects: list[JsonObject] = []
    if not namespace:
        name, namespace = _NAME, name
        privileged = {"pod-security.kubernetes.io/enforce": "privileged"}
        metadata: JsonObject = {"name": namespace, "labels": {**labels, **privileged}}
        objects.append({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata})
    metadata = {"namespace": namespace, "name": name, "labels": labels}
    return [
        *objects,
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
                "selector": {"matchLabels": labels},
                "template": {"metadata": {"labels": labels}, "spec": _pod(image, name)},
            },
        },
        *_probing(image, places, metadata),
    ]


def _probing(image: Image, places: Sequence[Place], metadata: JsonObject) -> Iterator[JsonObject]:
    """Yield the binaries and the DaemonSets of the probe; each has its own labels."""
    binaries = {**metadata, "name": f"{metadata['name']}-probe"}
    if places:
        yield deep_probe.config_map(binaries)
    for number, place in enumerate(places):
        labels = {**metadata["labels"], _INSTANCE: f"{metadata['labels'][_INSTANCE]}-{number}"}
        own = {**metadata, "name": f"{binaries['name']}-{number}", "labels": labels}
        yield deep_probe.daemon_set(place, image, own, binaries["name"])


def _pod(image: Image, config_map: str) -> JsonObject:
    command = (
        'sh /collect/collect_node.sh --root /host --name "$NODE_NAME" 2>/dev/null;'
        f' echo "{_END}"; exec sleep 3600'
    )
    pull = {"imagePullSecrets": [{"name": image.pull_secret}]} if image.pull_secret else {}
    return {
        **pull,
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
                "image": image.name,
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
            {"name": "script", "configMap": {"name": config_map}},
            {"name": "host", "hostPath": {"path": "/", "type": "Directory"}},
        ],
    }


def _collection(item: JsonObject) -> str:
    """Return the path of the collection that an object belongs to."""
    version, kind, metadata = item["apiVersion"], item["kind"], item["metadata"]
    place = f"/namespaces/{metadata['namespace']}" if "namespace" in metadata else ""
    root = "/api" if version == "v1" else "/apis"
    return f"{root}/{version}{place}/{kind.lower()}s"


@contextmanager
def _created(api: Api, objects: Sequence[JsonObject], probes: Sequence[_Probe]) -> Iterator[None]:
    """Create the objects, and remove them. A probe that is refused leaves the other facts."""
    try:
        for item in objects:
            probe = next((one for one in probes if one.item is item), None)
            try:
                api.request("POST", _collection(item), item)
            except RefusedError as error:
                if probe is None:
                    raise
                probe.refusal = error.reason
        yield
    finally:
        with held():
            _remove(api, objects)


def _remove(api: Api, objects: Sequence[JsonObject]) -> None:
    left: list[str] = []
    reason = ""
    for item in reversed(objects):
        metadata = item["metadata"]
        path = f"{_collection(item)}/{metadata['name']}"
        try:
            api.request("DELETE", path, {"propagationPolicy": "Background"})
        except RefusedError as error:
            if error.status != _NOT_FOUND:
                reason = error.reason
                place = f" -n {metadata['namespace']}" if "namespace" in metadata else ""
                left.append(f"kubectl delete {item['kind'].lower()} {metadata['name']}{place}")
    if left:
        # Everything else is in the namespace.
        raise DfpolicyError(
            _("cannot remove the collector DaemonSet: {reason}").format(reason=_(reason)),
            api.name,
            _("run `{command}`").format(command=" && ".join(left)),
        )


def _look(api: Api, metadata: JsonObject, seen: _Seen, deadline: float) -> None:
    """Read what the pods of a DaemonSet printed; a broken one does not stop the others."""
    selector = f"{_INSTANCE}={metadata['labels'][_INSTANCE]}"
    path = f"/api/v1/namespaces/{metadata['namespace']}/pods"
    for pods, _remaining in api.pages(path, {"labelSelector": selector}):
        for pod in pods:
            node, name = _text(pod, "spec", "nodeName"), _text(pod, "metadata", "name")
            if not node or not name or node in seen.found or node in seen.broken:
                continue
            seen.reasons[node] = _state(pod)
            try:
                document = _facts_of(api, f"{path}/{name}/log", seen, node)
            except DfpolicyError as error:
                seen.broken.add(node)
                seen.reasons[node] = error.message
                continue
            if document is not None:
                seen.found[node] = document
            if time.monotonic() >= deadline:
                # Each broken node can delay an answer.
                return


def _look_at_probe(api: Api, probe: _Probe) -> None:
    """Read the answers of the pods that have not answered yet."""
    metadata = probe.item["metadata"]
    if probe.refusal:
        return
    selector = f"{_INSTANCE}={metadata['labels'][_INSTANCE]}"
    path = f"/api/v1/namespaces/{metadata['namespace']}/pods"
    query = {"container": deep_probe.CONTAINER, "limitBytes": str(probing.LARGEST + 1)}
    for pods, _remaining in api.pages(path, {"labelSelector": selector}):
        for pod in pods:
            node, name = _text(pod, "spec", "nodeName"), _text(pod, "metadata", "name")
            if not node or not name or node in probe.answers or node in probe.reasons:
                continue
            try:
                log = api.log(f"{path}/{name}/log", query, probing.LARGEST)
                document = deep_probe.answer(log, probe.place)
            except RefusedError as error:
                if error.status not in _NOT_YET:
                    probe.reasons[node] = error.reason
            except DfpolicyError as error:
                probe.reasons[node] = error.message
            else:
                if document is not None:
                    probe.answers[node] = document


def _text(value: Any, *path: str) -> str:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def _state(pod: JsonObject) -> str:
    status = pod.get("status")
    statuses = status.get("containerStatuses") if isinstance(status, dict) else None
    for one in statuses if isinstance(statuses, list) else ():
        waiting = _text(one, "state", "waiting", "reason")
        if waiting in _WAITING:
            return waiting
    return marked("its pod did not answer in time")


def _facts_of(api: Api, path: str, seen: _Seen, node: str) -> JsonObject | None:
    """Return the facts that the pod printed, or None so far.

    Raises DfpolicyError for output that is invalid, too large, or about another node.
    """
    query = {"container": "collect", "limitBytes": str(LARGEST + 1)}
    try:
        log = api.log(path, query, LARGEST)
    except RefusedError as error:
        if error.reason == TOO_LARGE:
            size = LARGEST >> 20
            raise DfpolicyError(
                _("the collector's output is larger than {size} MiB").format(size=size)
            ) from None
        if error.status not in _NOT_YET:
            seen.reasons[node] = error.reason
        return None
    text, end, _rest = log.partition(_END.encode())
    if not end:
        return None
    document = parse(text)
    if document["metadata"]["name"] != node:
        raise DfpolicyError(_("the collector's output is about another node"))
    return document
