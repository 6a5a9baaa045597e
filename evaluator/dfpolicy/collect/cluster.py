"""Collects the facts of a cluster that requirements need: nodes, the agent's objects, RBAC, CNI.

It only reads, and never reads Secrets. `kept` says what it keeps of an object. An object that is
invalid is reported by its name, and the others are kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import quote

from dfpolicy.collect.api import Api, RefusedError
from dfpolicy.collect.kept import files_of, kept, kept_files, names_deepflow
from dfpolicy.errors import DfpolicyError
from dfpolicy.i18n.language import _, listed, marked
from dfpolicy.model import JsonObject
from dfpolicy.reading.config_references import referenced_by
from dfpolicy.reading.host_documents import API_VERSION

RBAC = "rbac.authorization.k8s.io/v1"
_STORAGE = "storage.k8s.io/v1"
_CNI = "k8s.cni.cncf.io"
# The path, version and kind of the collections that are read of the whole cluster.
WHOLE = (
    ("/api/v1/nodes", "v1", "Node"),
    ("/api/v1/namespaces", "v1", "Namespace"),
    ("/apis/apps/v1/daemonsets", "apps/v1", "DaemonSet"),
    ("/apis/apps/v1/deployments", "apps/v1", "Deployment"),
    (f"/apis/{RBAC}/clusterroles", RBAC, "ClusterRole"),
    (f"/apis/{RBAC}/clusterrolebindings", RBAC, "ClusterRoleBinding"),
    (f"/apis/{_STORAGE}/storageclasses", _STORAGE, "StorageClass"),
)
# The same, where Multus is installed.
ATTACHMENTS = (
    f"/apis/{_CNI}/v1/network-attachment-definitions",
    f"{_CNI}/v1",
    "NetworkAttachmentDefinition",
)
# Distributions, by the strings in the version of their API server.
_VERSION_MARKS = {
    "-tke.": "tke",
    "-aliyun": "ack",
    "-eks-": "eks",
    "-gke.": "gke",
    "+k3s": "k3s",
    "+rke2": "rke2",
}


INVALID = marked("invalid object")

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
    found = {kind: reader.keep(path, version, kind) for path, version, kind in WHOLE}
    if _CNI in spec.get("apiGroups", ()):
        reader.keep(*ATTACHMENTS)
    workloads = [*found["DaemonSet"], *found["Deployment"]]
    agents = [workload for workload in workloads if names_deepflow(workload)]
    known = {space["metadata"]["name"] for space in found["Namespace"]}
    for namespace in sorted({_namespace(agent) for agent in agents} | set(namespaces)):
        if not known or namespace in known:
            reader.namespace(namespace, [one for one in agents if _namespace(one) == namespace])
    _authority(reader, spec)
    return reader.done(spec)


def daemon_sets(api: Api) -> list[JsonObject]:
    """Return the DaemonSets of the cluster. Raises RefusedError."""
    path, version = "/apis/apps/v1/daemonsets", "apps/v1"
    found = (kept(version, "DaemonSet", item) for items, _ in api.pages(path) for item in items)
    return [one for one in found if one]


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
            listed_groups = [one for one in groups.get("groups") or () if isinstance(one, dict)]
            spec["apiGroups"] = [str(group.get("name")) for group in listed_groups]
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

    def keep(self, path: str, version: str, kind: str) -> list[JsonObject]:
        """Keep the objects of a collection, and return them."""
        fact = path.rpartition("/")[2]
        self._progress(fact, 0, 0)
        found: dict[tuple[str, str], JsonObject] = {}
        invalid: dict[str, None] = {}
        try:
            for items, remaining in self._api.pages(path):
                for item in items:
                    one = kept(version, kind, item)
                    if one is None:
                        invalid[_name(item)] = None
                    else:
                        found[_namespace(one), one["metadata"]["name"]] = one
                self._progress(fact, len(found), len(found) + remaining)
        except RefusedError as error:
            # A part of a collection would look like the whole.
            self._note(fact, path, error)
            if error.transient:
                self._collected.failed.append(fact)
            return []
        for name in invalid:
            self._invalid(f"{kind} {name}", f"{path}/{name}")
        self._collected.objects += found.values()
        return list(found.values())

    def namespace(self, namespace: str, agents: list[JsonObject]) -> None:
        """Read what the agents of a namespace use there."""
        for kind in ("Role", "RoleBinding"):
            path = f"/apis/{RBAC}/namespaces/{namespace}/{kind.lower()}s"
            self.keep(path, RBAC, kind)
        pods = [_pod(agent) for agent in agents]
        place = f"/api/v1/namespaces/{namespace}"
        for name in sorted({str(pod.get("serviceAccountName") or "default") for pod in pods}):
            path = f"{place}/serviceaccounts/{quote(name, safe='')}"
            self._add(path, lambda item: kept("v1", "ServiceAccount", item))
        files, variables = _merged(map(files_of, pods)), _merged(map(referenced_by, pods))
        for name, keys in sorted(files.items()):
            keep = partial(kept_files, keys=keys, variables=variables.get(name, ()))
            self._add(f"{place}/configmaps/{quote(name, safe='')}", keep)

    def _add(self, path: str, keep: Callable[[JsonObject], JsonObject | None]) -> None:
        """Keep the object at a path."""
        fact = path.split("/")[-2]
        found = self.get(fact, path)
        if not found:
            return
        one = keep(found)
        if one is None:
            self._invalid(fact, path)
        else:
            self._collected.objects.append(one)

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

    def _invalid(self, fact: str, path: str) -> None:
        self._collected.unread.append({"fact": fact, "path": path, "reason": INVALID})

    def _note(self, fact: str, path: str, error: RefusedError) -> None:
        # A missing object is a fact, not a refusal.
        if error.status != 404:
            self._collected.unread.append({"fact": fact, "path": path, "reason": error.reason})


def _merged(maps: Iterable[dict[str, set[str]]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in maps:
        for name, keys in one.items():
            found.setdefault(name, set()).update(keys)
    return found


def _distribution(spec: Mapping[str, Any]) -> str:
    version = spec.get("version", "")
    return next((name for mark, name in _VERSION_MARKS.items() if mark in version), "")


def _authority(reader: _Reader, spec: JsonObject) -> None:
    # The agent identifies clusters by the digest of this file; the certificate is public.
    path = "/api/v1/namespaces/kube-system/configmaps/kube-root-ca.crt"
    found = reader.get("caCertificateMd5", path)
    data = (found or {}).get("data")
    certificate = data.get("ca.crt") if isinstance(data, dict) else None
    if isinstance(certificate, str):
        digest = hashlib.md5(certificate.encode(), usedforsecurity=False)
        spec["caCertificateMd5"] = digest.hexdigest()


def _namespace(item: JsonObject) -> str:
    return str(item["metadata"].get("namespace") or "")


def _name(item: Any) -> str:
    """The name of an object of any shape, for a message."""
    metadata = item.get("metadata") if isinstance(item, dict) else None
    name = metadata.get("name") if isinstance(metadata, dict) else None
    return name[:253] if isinstance(name, str) and name else "?"


def _pod(item: JsonObject) -> JsonObject:
    template = (item.get("spec") or {}).get("template") or {}
    return template.get("spec") or {}
