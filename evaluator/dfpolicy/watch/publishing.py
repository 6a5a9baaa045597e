"""Writes the report as objects of the cluster, and deletes those of former reports.

Server-side apply changes nothing if an object is equal, so several replicas can write the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from typing import Any

from dfpolicy.collect.api import RefusedError
from dfpolicy.formats import openreports, policyreport
from dfpolicy.model import JsonObject, Report

MANAGER = "dfpolicy-watch"
_LABEL = "dfpolicy.dev/writer"
_SELECTOR = f"{_LABEL}=watch"
_PLURALS = {
    "Report": "reports",
    "ClusterReport": "clusterreports",
    "PolicyReport": "policyreports",
    "ClusterPolicyReport": "clusterpolicyreports",
}
# The kinds of each API group, with the version that is written.
_GROUPS: dict[str, tuple[str, tuple[str, str], Callable[[Report], Iterator[JsonObject]]]] = {
    openreports.GROUP: (
        f"{openreports.GROUP}/v1alpha1",
        ("Report", "ClusterReport"),
        openreports.objects,
    ),
    "wgpolicyk8s.io": (
        "wgpolicyk8s.io/v1alpha2",
        ("PolicyReport", "ClusterPolicyReport"),
        policyreport.objects,
    ),
}


class Publisher:
    """Writes to each API group for reports that the cluster has."""

    def __init__(self, api: Any) -> None:
        self._api = api
        self._written: dict[str, str] = {}

    def publish(self, report: Report | None, groups: Iterable[str], anew: bool = False) -> int:
        """Write the report, None for no agent, and return how many objects were written.

        `groups` are the API groups of the cluster. Objects that were written before are written
        only if they changed, or `anew`: somebody else may have changed or deleted them. Raises
        RefusedError.
        """
        count = 0
        served = {*groups}
        for group, (version, kinds, make) in _GROUPS.items():
            if group not in served:
                continue
            objects = [_labelled(one) for one in make(report)] if report else []
            paths = {f"{_place(one)}/{one['metadata']['name']}": one for one in objects}
            for path, one in paths.items():
                digest = sha256(json.dumps(one, sort_keys=True).encode()).hexdigest()
                if anew or self._written.get(path) != digest:
                    self._api.apply(path, one, MANAGER)
                    self._written[path] = digest
                    count += 1
            self._delete_others(version, kinds, paths.keys(), anew)
        return count

    def _delete_others(
        self, version: str, kinds: Iterable[str], kept: Iterable[str], anew: bool
    ) -> None:
        root = f"/apis/{version}"
        gone = {path for path in self._written if path.startswith(f"{root}/")} - {*kept}
        if not gone and not anew:
            return
        for kind in kinds:
            listed = self._api.get(f"{root}/{_PLURALS[kind]}", {"labelSelector": _SELECTOR})
            for item in listed.get("items") or []:
                path = f"{_place({**item, 'apiVersion': version, 'kind': kind})}/{_name(item)}"
                if path not in {*kept}:
                    self._delete(path)
        for path in gone:
            self._written.pop(path, None)

    def _delete(self, path: str) -> None:
        try:
            self._api.request("DELETE", path)
        except RefusedError as error:
            # Another replica was faster.
            if error.status != 404:
                raise


def _labelled(document: JsonObject) -> JsonObject:
    metadata = document["metadata"]
    labels = {**metadata.get("labels", {}), _LABEL: "watch"}
    return {**document, "metadata": {**metadata, "labels": labels}}


def _place(document: JsonObject) -> str:
    """Return the path of the collection that has the object."""
    namespace = document["metadata"].get("namespace")
    inside = f"/namespaces/{namespace}" if namespace else ""
    return f"/apis/{document['apiVersion']}{inside}/{_PLURALS[document['kind']]}"


def _name(item: JsonObject) -> str:
    return str(item["metadata"]["name"])
