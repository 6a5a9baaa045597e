from __future__ import annotations

from typing import Any

import pytest

from dfpolicy.collect.api import RefusedError
from dfpolicy.watch.publishing import Publisher
from support.reports import report, result

GROUPS = ("apps", "openreports.io")
REPORT = report(result(), result(id="DF-K8S-002", subject={"kind": "Cluster", "name": "*"}))


class Cluster:
    """Keeps applied objects by their path."""

    def __init__(self) -> None:
        self.objects: dict[str, Any] = {}
        self.calls: list[str] = []

    def apply(self, path: str, document: Any, manager: str) -> Any:
        self.calls.append(f"apply {path}")
        self.objects[path] = document
        return document

    def get(self, path: str, query: dict[str, str]) -> Any:
        plural = path.rpartition("/")[2]
        found = [one for at, one in self.objects.items() if at.split("/")[-2] == plural]
        wanted = query["labelSelector"].split("=")
        return {"items": [one for one in found if wanted[1] in one["metadata"]["labels"].values()]}

    def request(self, method: str, path: str) -> Any:
        self.calls.append(f"{method} {path}")
        if self.objects.pop(path, None) is None:
            raise RefusedError(404, "not found")


ROOT = "/apis/openreports.io/v1alpha1"
PATHS = {
    f"{ROOT}/clusterreports/dfpolicy-single-k8s",
    f"{ROOT}/namespaces/deepflow/reports/dfpolicy-single-k8s",
}


def test_only_what_changed_is_written_unless_anew() -> None:
    cluster = Cluster()
    publisher = Publisher(cluster)
    assert publisher.publish(REPORT, GROUPS) == 2
    assert cluster.objects.keys() == PATHS
    assert publisher.publish(REPORT, GROUPS) == 0
    assert publisher.publish(REPORT, GROUPS, anew=True) == 2
    changed = report(result("pass"), REPORT["results"][1])
    assert publisher.publish(changed, GROUPS) == 1


def test_former_reports_of_the_watcher_are_deleted_and_no_others() -> None:
    cluster = Cluster()
    publisher = Publisher(cluster)
    publisher.publish(REPORT, GROUPS)
    other = {"metadata": {"name": "other", "labels": {}}}
    cluster.objects[f"{ROOT}/clusterreports/other"] = other
    assert publisher.publish(None, GROUPS) == 0
    assert cluster.objects.keys() == {f"{ROOT}/clusterreports/other"}


def test_a_cluster_without_the_kinds_gets_no_objects() -> None:
    cluster = Cluster()
    assert Publisher(cluster).publish(REPORT, ["apps"]) == 0
    assert cluster.calls == []


def test_what_another_replica_deleted_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = Cluster()
    publisher = Publisher(cluster)
    publisher.publish(REPORT, GROUPS)
    gone = [*cluster.objects.values()]
    monkeypatch.setattr(cluster, "get", lambda path, query: {"items": gone})
    cluster.objects.clear()
    publisher.publish(None, GROUPS)
    assert any(call.startswith("DELETE") for call in cluster.calls)
