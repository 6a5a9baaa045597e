"""Access to an API server: what requests need, what RBAC manifests grant, and a kubeconfig."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_VERBS = {"POST": "create", "DELETE": "delete"}


@dataclass(frozen=True, order=True)
class Right:
    """A verb on a resource; an empty namespace or name is any."""

    group: str
    resource: str
    verb: str
    namespace: str = ""
    name: str = ""

    def covers(self, wanted: Right) -> bool:
        """Whether this permission covers the needed one."""
        return (
            (self.group, self.resource, self.verb) == (wanted.group, wanted.resource, wanted.verb)
            and self.namespace in ("", wanted.namespace)
            and self.name in ("", wanted.name)
        )


def wanted(method: str, path: str) -> Right:
    """Return the permission that a request to a resource needs."""
    parts = path.strip("/").split("/")
    group, rest = ("", parts[2:]) if parts[0] == "api" else (parts[1], parts[3:])
    namespace = ""
    if rest[0] == "namespaces" and len(rest) > 2:
        namespace, rest = rest[1], rest[2:]
    name = rest[1] if len(rest) > 1 else ""
    verb = _VERBS.get(method) or ("get" if name else "list")
    return Right(group, "/".join([rest[0], *rest[2:]]), verb, namespace, name)


def granted(paths: Sequence[Path]) -> list[Right]:
    """Return the permissions of the roles in the manifests, one for each verb and resource."""
    return sorted(
        right
        for path in paths
        for document in yaml.safe_load_all(path.read_text("utf-8"))
        if document["kind"] in ("ClusterRole", "Role")
        for right in _rights(document)
    )


def _rights(role: dict[str, Any]) -> Iterator[Right]:
    namespace = role["metadata"].get("namespace", "")
    for rule in role["rules"]:
        for group in rule["apiGroups"]:
            for resource in rule["resources"]:
                for verb in rule["verbs"]:
                    for name in rule.get("resourceNames", [""]):
                        yield Right(group, resource, verb, namespace, name)


def kubeconfig(path: Path, server: str) -> str:
    """Write the kubeconfig of a server."""
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "c", "cluster": {"server": server}}],
        "users": [{"name": "u", "user": {"token": "hunter2"}}],
        "contexts": [{"name": "far", "context": {"cluster": "c", "user": "u"}}],
        "current-context": "far",
    }
    path.write_text(json.dumps(content), "utf-8")
    return str(path)
