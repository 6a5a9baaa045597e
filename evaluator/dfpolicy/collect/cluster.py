"""Collects the facts of a cluster that requirements need: nodes, the agent's objects, RBAC, CNI.

It only reads, and never reads Secrets. Of workloads unrelated to DeepFlow it keeps only names,
labels and images, because their environment may contain passwords.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dfpolicy.collect.api import Api, RefusedError
from dfpolicy.errors import DfpolicyError
from dfpolicy.i18n.language import _, listed
from dfpolicy.model import JsonObject
from dfpolicy.reading.host_documents import API_VERSION
from dfpolicy.reading.redaction import names_secret

Trim = Callable[[JsonObject], JsonObject]
_RBAC = "/apis/rbac.authorization.k8s.io/v1"
_ATTACHMENTS = "k8s.cni.cncf.io"
_DROPPED_ANNOTATIONS = {
    "kubectl.kubernetes.io/last-applied-configuration",
    "deprecated.daemonset.template.generation",
    "deployment.kubernetes.io/revision",
}
# Distributions, by the strings in the version of their API server.
_VERSION_MARKS = {
    "-tke.": "tke",
    "-aliyun": "ack",
    "-eks-": "eks",
    "-gke.": "gke",
    "+k3s": "k3s",
    "+rke2": "rke2",
}


# Called with the kind, the number read so far, and the total (0: unknown).
Progress = Callable[[str, int, int], None]


def silent(_what: str, _done: int, _total: int) -> None:
    """Show no progress."""


@dataclass
class Collected:
    """The objects read, ClusterFacts first, and `unread`: {fact, path, reason} for each refusal.

    `name` is the context of the kubeconfig. `failed` are the facts whose list is missing because
    the API server failed, not because of missing permissions.
    """

    name: str
    objects: list[JsonObject] = field(default_factory=list)
    unread: list[dict[str, str]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def note(self, unread: Iterable[dict[str, str]]) -> None:
        """Add unread facts, also to the ClusterFacts."""
        self.unread += unread
        if self.unread:
            self.objects[0]["status"] = {"unread": self.unread}

    def check_whole(self) -> None:
        """Raise DfpolicyError if the API server failed to return a list."""
        if self.failed:
            raise DfpolicyError(
                _("the API server failed to list {names}").format(
                    names=listed(dict.fromkeys(self.failed))
                ),
                self.name,
                _("try again later"),
            )

    def document(self) -> JsonObject:
        """Return everything as one `v1 List`."""
        return {"apiVersion": "v1", "kind": "List", "items": self.objects}


def collect(
    api: Api,
    namespaces: Iterable[str] = (),
    progress: Progress = silent,
) -> Collected:
    """Read the cluster. Unreadable facts are noted in `unread`, and reading continues.

    `namespaces` are those where an agent will be installed, in addition to those with an agent.
    `progress` receives the number of objects read of each kind.
    """
    reader = _Reader(api, progress)
    spec = reader.facts()
    reader.keep("nodes", "/api/v1/nodes", "v1", "Node", _node)
    spaces = reader.keep("namespaces", "/api/v1/namespaces", "v1", "Namespace", _labelled)
    workloads = [
        *reader.keep("daemonsets", "/apis/apps/v1/daemonsets", "apps/v1", "DaemonSet", _workload),
        *reader.keep(
            "deployments", "/apis/apps/v1/deployments", "apps/v1", "Deployment", _workload
        ),
    ]
    for kind in ("ClusterRole", "ClusterRoleBinding"):
        name = f"{kind.lower()}s"
        reader.keep(name, f"{_RBAC}/{name}", "rbac.authorization.k8s.io/v1", kind, _plain)
    reader.keep(
        "storageclasses",
        "/apis/storage.k8s.io/v1/storageclasses",
        "storage.k8s.io/v1",
        "StorageClass",
        _plain,
    )
    if _ATTACHMENTS in spec.get("apiGroups", ()):
        reader.keep(
            "network-attachment-definitions",
            f"/apis/{_ATTACHMENTS}/v1/network-attachment-definitions",
            f"{_ATTACHMENTS}/v1",
            "NetworkAttachmentDefinition",
            _plain,
        )
    agents = [workload for workload in workloads if _of_deepflow(workload)]
    known = {space["metadata"]["name"] for space in spaces}
    for namespace in sorted({_namespace(agent) for agent in agents} | set(namespaces)):
        if not known or namespace in known:
            reader.namespace(namespace, [one for one in agents if _namespace(one) == namespace])
    _authority(reader, spec)
    return reader.done(spec)


class _Reader:
    def __init__(self, api: Api, progress: Progress) -> None:
        self._api = api
        self._progress = progress
        self._collected = Collected(api.name)

    def facts(self) -> JsonObject:
        """Return the spec of ClusterFacts from the discovery endpoints."""
        spec: JsonObject = {}
        version = self.get("version", "/version")
        if version:
            spec["version"] = str(version.get("gitVersion", ""))
        groups = self.get("apiGroups", "/apis")
        if groups:
            spec["apiGroups"] = [str(group.get("name")) for group in groups.get("groups") or ()]
        distribution = _distribution(spec)
        if distribution:
            spec["distribution"] = distribution
        return spec

    def get(self, fact: str, path: str) -> JsonObject | None:
        """Return one object, or note the refusal and return None."""
        self._progress(fact, 0, 0)
        try:
            return self._api.get(path)
        except RefusedError as error:
            self._note(fact, path, error)
            return None

    def keep(self, fact: str, path: str, version: str, kind: str, trim: Trim) -> list[JsonObject]:
        """Keep the objects of a collection, and return them."""
        self._progress(fact, 0, 0)
        found: dict[tuple[str, str], JsonObject] = {}
        try:
            for items, remaining in self._api.pages(path):
                for item in items:
                    kept = _kept(version, kind, trim(item))
                    found[_namespace(kept), kept["metadata"]["name"]] = kept
                self._progress(fact, len(found), len(found) + remaining)
        except RefusedError as error:
            # A part of a collection would look like the whole.
            self._note(fact, path, error)
            if error.transient:
                self._collected.failed.append(fact)
            return []
        self._collected.objects += found.values()
        return list(found.values())

    def namespace(self, namespace: str, agents: list[JsonObject]) -> None:
        """Read what the agents of a namespace use there."""
        for kind in ("Role", "RoleBinding"):
            name = f"{kind.lower()}s"
            path = f"{_RBAC}/namespaces/{namespace}/{name}"
            self.keep(name, path, "rbac.authorization.k8s.io/v1", kind, _plain)
        pods = [_pod(agent) for agent in agents]
        accounts = {pod.get("serviceAccountName") or "default" for pod in pods}
        maps = {
            volume["configMap"].get("name")
            for pod in pods
            for volume in pod.get("volumes") or ()
            if isinstance(volume.get("configMap"), dict)
        }
        for plural, kind, names in (
            ("serviceaccounts", "ServiceAccount", accounts),
            ("configmaps", "ConfigMap", maps - {None}),
        ):
            for name in sorted(names):
                path = f"/api/v1/namespaces/{namespace}/{plural}/{name}"
                found = self.get(plural, path)
                if found:
                    kept = {"apiVersion": "v1", "kind": kind, **_plain(found)}
                    self._collected.objects.append(kept | {"metadata": _metadata(kept["metadata"])})

    def done(self, spec: JsonObject) -> Collected:
        """Put ClusterFacts before the objects."""
        facts: JsonObject = {
            "apiVersion": API_VERSION,
            "kind": "ClusterFacts",
            "metadata": {"name": self._api.name},
            "spec": spec,
        }
        self._collected.objects.insert(0, facts)
        self._collected.note(())
        return self._collected

    def _note(self, fact: str, path: str, error: RefusedError) -> None:
        # A missing object is a fact, not a refusal.
        if error.status != 404:
            self._collected.unread.append({"fact": fact, "path": path, "reason": error.reason})


def _distribution(spec: Mapping[str, Any]) -> str:
    if "config.openshift.io" in spec.get("apiGroups", ()):
        return "openshift"
    version = spec.get("version", "")
    return next((name for mark, name in _VERSION_MARKS.items() if mark in version), "")


def _authority(reader: _Reader, spec: JsonObject) -> None:
    # The agent identifies clusters by the digest of this file; the certificate is public.
    path = "/api/v1/namespaces/kube-system/configmaps/kube-root-ca.crt"
    found = reader.get("caCertificateMd5", path)
    certificate = ((found or {}).get("data") or {}).get("ca.crt")
    if isinstance(certificate, str):
        digest = hashlib.md5(certificate.encode(), usedforsecurity=False)
        spec["caCertificateMd5"] = digest.hexdigest()


def _kept(version: str, kind: str, item: JsonObject) -> JsonObject:
    return {
        "apiVersion": version,
        "kind": kind,
        **item,
        "metadata": _metadata(item["metadata"]),
    }


def _metadata(metadata: JsonObject) -> JsonObject:
    kept = {
        key: metadata[key]
        for key in ("name", "namespace", "labels", "ownerReferences")
        if metadata.get(key)
    }
    annotations = {
        key: text
        for key, text in (metadata.get("annotations") or {}).items()
        if key not in _DROPPED_ANNOTATIONS
    }
    return kept | ({"annotations": annotations} if annotations else {})


def _namespace(item: JsonObject) -> str:
    return str(item["metadata"].get("namespace") or "")


def _plain(item: JsonObject) -> JsonObject:
    return {
        key: value for key, value in item.items() if key not in ("status", "apiVersion", "kind")
    }


def _labelled(item: JsonObject) -> JsonObject:
    metadata = item["metadata"]
    return {"metadata": {"name": metadata["name"], "labels": metadata.get("labels")}}


def _node(item: JsonObject) -> JsonObject:
    spec, status = item.get("spec") or {}, item.get("status") or {}
    kept = {key: spec[key] for key in ("taints", "unschedulable") if spec.get(key)}
    return {
        **_labelled(item),
        "spec": kept,
        "status": {
            key: status[key] for key in ("capacity", "allocatable", "nodeInfo") if status.get(key)
        },
    }


def _workload(item: JsonObject) -> JsonObject:
    if _of_deepflow(item):
        _forget_secrets(_pod(item))
        return _plain(item)
    metadata = item["metadata"]
    kept = {key: metadata.get(key) for key in ("name", "namespace", "labels")}
    containers = [
        {"name": container.get("name"), "image": container.get("image")}
        for container in _pod(item).get("containers") or ()
    ]
    return {"metadata": kept, "spec": {"template": {"spec": {"containers": containers}}}}


def _forget_secrets(pod: JsonObject) -> None:
    for container in [*(pod.get("initContainers") or ()), *(pod.get("containers") or ())]:
        for entry in container.get("env") or ():
            if names_secret(entry.get("name") or ""):
                entry.pop("value", None)


def _of_deepflow(item: JsonObject) -> bool:
    """Whether any field by which the policies detect an agent names DeepFlow."""
    metadata = item["metadata"]
    template = (item.get("spec") or {}).get("template") or {}
    images = [container.get("image") for container in _pod(item).get("containers") or ()]
    labels = [metadata.get("labels"), (template.get("metadata") or {}).get("labels")]
    return "deepflow" in json.dumps([metadata["name"], images, labels]).lower()


def _pod(item: JsonObject) -> JsonObject:
    template = (item.get("spec") or {}).get("template") or {}
    return template.get("spec") or {}
