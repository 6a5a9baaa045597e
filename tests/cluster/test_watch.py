"""`dfpolicy watch` against a real API server, with the kinds of OpenReports and PolicyReport."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from cluster.api_server import ApiServer, free_ports, need_binaries, node, running
from cluster.test_policy_report import _definition
from support.decisions import EXAMPLES, ROOT

NAMESPACE = "deepflow"
# Only a hanging program takes that long, on any machine.
LIMIT = 120.0
OLD = "4.4.0-31-generic"
REPORTS = "/apis/openreports.io/v1alpha1"
CLUSTER_REPORTS = f"{REPORTS}/clusterreports"
DEFINITIONS = Path(__file__).parent / "openreports"
DEPLOYED = ROOT / "deploy" / "watch"


def documents(path: Path) -> list[Any]:
    return [one for one in yaml.safe_load_all(path.read_text("utf-8")) if one]


def until(found: Callable[[], Any], limit: float = LIMIT) -> Any:
    """Wait until the function returns something that is true."""
    end = time.monotonic() + limit
    while not (value := found()):
        assert time.monotonic() < end, "this never became true"
        time.sleep(0.1)
    return value


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ApiServer]:
    """An API server of its own, because it is restarted, with an agent, two nodes and the kinds."""
    need_binaries()
    (tmp_path / "server").mkdir()
    with running(tmp_path / "server") as started:
        for path in sorted(DEFINITIONS.glob("*.yaml")):
            for definition in documents(path):
                assert started.create(definition).ok
        assert started.create(_definition("PolicyReport")).ok
        assert started.create(_definition("ClusterPolicyReport")).ok
        until(lambda: served(started, "wgpolicyk8s.io/v1alpha2") >= 2)
        until(lambda: served(started, "openreports.io/v1alpha1") >= 2)
        started.create(namespaced("Namespace", NAMESPACE))
        for document in documents(EXAMPLES / "single-k8s" / "manifests.yaml"):
            if document.get("kind") not in (None, "Namespace") and "dfpolicy" not in str(
                document.get("apiVersion")
            ):
                document["metadata"].setdefault("namespace", NAMESPACE)
                answer = started.apply(document)
                assert answer.ok, answer.message
        started.create_nodes(2)
        yield started


def served(server: ApiServer, version: str) -> int:
    answer = server.request("GET", f"/apis/{version}")
    return sum("/" not in entry["name"] for entry in answer.body.get("resources", []))


def namespaced(kind: str, name: str) -> Any:
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": name}}


class Watched:
    """A running `dfpolicy watch`."""

    def __init__(self, port: int, process: subprocess.Popen[str], log: Path) -> None:
        self.url, self.process, self.log = f"http://127.0.0.1:{port}", process, log

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(self.url + path, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, ""
        except OSError:
            assert self.process.poll() is None, self.log.read_text("utf-8")
            return 0, ""

    def metric(self, name: str) -> float:
        for line in self.get("/metrics")[1].splitlines():
            if line.startswith(f"{name} "):
                return float(line.rpartition(" ")[2])
        return -1.0


@contextmanager
def watching(
    server: ApiServer, folder: Path, *arguments: str, token: str = ""
) -> Iterator[Watched]:
    (port,) = free_ports(1)
    config = server.kubeconfig(folder / "kubeconfig", token or None)
    log = folder / "watch.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "dfpolicy", "watch", "--kubeconfig", str(config)),
                *("--listen", f"127.0.0.1:{port}", "--interval", "3600", *arguments),
            ],
            stdout=output,
            stderr=output,
            text=True,
        )
    try:
        watched = Watched(port, process, log)
        until(lambda: watched.get("/readyz")[0] == 200)
        yield watched
    finally:
        process.terminate()
        assert process.wait(LIMIT) == 143, log.read_text("utf-8")


def failures(server: ApiServer, path: str = CLUSTER_REPORTS) -> dict[str, str]:
    """The message of each failing result."""
    items = server.request("GET", path).body.get("items", [])
    return {
        result["rule"]: result["message"]
        for item in items
        for result in item["results"]
        if result["result"] == "fail"
    }


def deployed_token(server: ApiServer) -> str:
    """A token of the service account with the permissions of deploy/watch."""
    for document in documents(DEPLOYED / "rbac.yaml"):
        assert server.apply(document).ok
    (account,) = (
        one for one in documents(DEPLOYED / "rbac.yaml") if one["kind"] == "ServiceAccount"
    )
    metadata = account["metadata"]
    return server.service_account_token(metadata["namespace"], metadata["name"])


def test_a_change_of_a_node_changes_metrics_and_reports_also_after_a_restart(
    server: ApiServer, tmp_path: Path
) -> None:
    """With no other permissions than those of deploy/watch."""
    token = deployed_token(server)
    with watching(server, tmp_path, token=token) as watched:
        assert watched.metric("dfpolicy_nodes") == 2
        before = failures(server)
        assert "DF-KERNEL-001" not in before
        changed = node(0)
        changed["status"]["nodeInfo"]["kernelVersion"] = OLD
        changed["status"]["nodeInfo"]["architecture"] = "arm64"
        begin = time.monotonic()
        path = f"/api/v1/nodes/{changed['metadata']['name']}/status"
        current = server.request("GET", path).body
        assert server.request("PUT", path, {**current, "status": changed["status"]}).ok
        until(lambda: OLD in failures(server).get("DF-KERNEL-001", ""))
        assert "dfpolicy_node_kind_nodes" in watched.get("/metrics")[1]
        print(f"seconds until the report changed: {time.monotonic() - begin:.1f}")
        assert f'kernel_release="{OLD}"' in watched.get("/metrics")[1]
        policy = "/apis/wgpolicyk8s.io/v1alpha2/clusterpolicyreports"
        until(lambda: failures(server, policy) == failures(server))
        # Everything that it needs is granted.
        assert "forbidden" not in watched.log.read_text("utf-8")

        server.restart()
        assert server.request("DELETE", f"/api/v1/nodes/{changed['metadata']['name']}").ok
        until(lambda: watched.metric("dfpolicy_nodes") == 1)
        until(lambda: "DF-KERNEL-001" not in failures(server))
        assert watched.get("/healthz")[0] == 200


def test_two_replicas_write_equal_reports_only_once_and_delete_former_ones(
    server: ApiServer, tmp_path: Path
) -> None:
    def versions() -> set[str]:
        return {
            item["metadata"]["resourceVersion"]
            for kind in ("clusterreports", "reports")
            for item in server.request("GET", f"{REPORTS}/{kind}").body.get("items", [])
        }

    stale = {
        "apiVersion": "openreports.io/v1alpha1",
        "kind": "ClusterReport",
        "metadata": {"name": "former", "labels": {"dfpolicy.dev/writer": "watch"}},
    }
    assert server.apply(stale).ok
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with watching(server, tmp_path / "a"):
        until(lambda: not server.get(stale).ok)
        first = versions()
        assert first
        with watching(server, tmp_path / "b") as second:
            until(lambda: second.metric("dfpolicy_report_objects_written_total") > 0)
            assert versions() == first
        # A cluster without an agent has no report.
        agent = {**namespaced("DaemonSet", "deepflow-agent"), "apiVersion": "apps/v1"}
        agent["metadata"]["namespace"] = NAMESPACE
        assert server.delete(agent).ok
        until(lambda: not versions())


def test_thousands_of_changes_are_judged_together(server: ApiServer, tmp_path: Path) -> None:
    with watching(server, tmp_path) as watched:
        server.create_nodes(1500, lambda number: node(number + 10))
        until(lambda: watched.metric("dfpolicy_nodes") == 1502)
        assert watched.metric("dfpolicy_evaluations_total") < 60
        rss = Path(f"/proc/{watched.process.pid}/status").read_text("utf-8")
        (kib,) = (line.split()[1] for line in rss.splitlines() if line.startswith("VmHWM"))
        print(f"peak memory with 1,502 nodes: {int(kib) >> 10} MiB")
        assert json.dumps(watched.get("/metrics")[1])
