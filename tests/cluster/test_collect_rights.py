"""The accounts of deploy/collector, against a real API server."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from cluster import fake_kubelet
from cluster.api_server import ApiServer
from conftest import Run
from dfpolicy.model import JsonObject
from support.decisions import EXAMPLES, ROOT

DEPLOY = ROOT / "deploy" / "collector"
USER = "system:serviceaccount:dfpolicy-collector:dfpolicy-collect"
MANIFESTS = (EXAMPLES / "single-k8s" / "manifests.yaml").read_text("utf-8")
Granted = Callable[..., list[str]]


def documents(name: str) -> list[JsonObject]:
    return list(yaml.safe_load_all((DEPLOY / name).read_text("utf-8")))


@pytest.fixture(scope="module")
def cluster(api_server: ApiServer) -> ApiServer:
    """A cluster with the agent of the example, and the certificate that every cluster has."""
    ca = {"name": "kube-root-ca.crt", "namespace": "kube-system"}
    made: list[JsonObject] = [
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": ca, "data": {"ca.crt": "c"}}
    ]
    for document in yaml.safe_load_all(MANIFESTS):
        if document and document["kind"] == "Namespace":
            assert api_server.apply(document).ok
        elif document:
            if not document["kind"].startswith("Cluster"):
                document["metadata"].setdefault("namespace", "deepflow")
            made.append(document)
    for document in made:
        answer = api_server.apply(document)
        assert answer.ok, answer.message
    return api_server


@pytest.fixture
def granted(cluster: ApiServer, tmp_path: Path) -> Iterator[Granted]:
    """Return a function that applies manifests, and returns the options for their account."""
    made: list[JsonObject] = []

    def apply(*names: str) -> list[str]:
        for document in [one for name in names for one in documents(name)]:
            answer = cluster.apply(document, strict=True)
            assert answer.ok, answer.message
            made.append(document)
        token = cluster.service_account_token("dfpolicy-collector", "dfpolicy-collect")
        # The authorizer sees roles a little later.
        limit = time.monotonic() + 30
        for resource, group in (("configmaps", ""), ("roles", "rbac.authorization.k8s.io")):
            verb = "get" if resource == "configmaps" else "list"
            wanted = {"verb": verb, "resource": resource, "group": group, "namespace": "deepflow"}
            while not cluster.access(USER, [], **wanted)["allowed"]:
                assert time.monotonic() < limit
                time.sleep(0.1)
        return ["--kubeconfig", str(cluster.kubeconfig(tmp_path / "kubeconfig", token))]

    yield apply
    for document in reversed(made):
        if document["kind"] not in ("Namespace", "ServiceAccount"):
            cluster.delete(document)


def test_the_account_reads_all_that_the_administrator_reads(
    cluster: ApiServer, granted: Granted, dfpolicy: Run, tmp_path: Path
) -> None:
    account = granted("rbac.yaml")
    administrator = ["--kubeconfig", str(cluster.kubeconfig(tmp_path / "admin"))]
    by_account, by_administrator = (
        dfpolicy("collect", "cluster", *options, "-o", "json")
        for options in (account, administrator)
    )
    assert (by_account.returncode, by_account.stderr) == (0, "")
    assert json.loads(by_account.stdout) == json.loads(by_administrator.stdout)
    kinds = {item["kind"] for item in json.loads(by_account.stdout)["items"]}
    assert {"ClusterFacts", "DaemonSet", "ConfigMap", "ServiceAccount", "ClusterRole"} <= kinds


@pytest.mark.parametrize(
    ("verb", "group", "resource", "namespace"),
    [
        ("get", "", "secrets", "deepflow"),
        ("list", "", "secrets", ""),
        ("list", "", "configmaps", "deepflow"),
        ("get", "", "configmaps", "default"),
        ("create", "", "pods", "deepflow"),
        ("create", "apps", "daemonsets", "deepflow"),
        ("delete", "", "namespaces", ""),
    ],
)
def test_the_account_can_do_nothing_else(
    cluster: ApiServer, granted: Granted, verb: str, group: str, resource: str, namespace: str
) -> None:
    granted("rbac.yaml")
    wanted = {"verb": verb, "group": group, "resource": resource, "namespace": namespace}
    assert not cluster.access(USER, [], **wanted)["allowed"]


def test_deep_runs_with_what_rbac_deep_adds(
    cluster: ApiServer, granted: Granted, dfpolicy: Run, tmp_path: Path
) -> None:
    (tmp_path / "host").mkdir()
    account = granted("rbac.yaml", "rbac-deep.yaml")
    cluster.delete_nodes()
    with fake_kubelet.running(cluster, {"worker-1": tmp_path / "host"}, tmp_path / "pods") as seen:
        done = dfpolicy("collect", "cluster", *account, "--deep", "-o", "json")
        (daemon_set,) = seen.seen
    assert (done.returncode, done.stderr) == (0, "")
    kinds = [item["kind"] for item in json.loads(done.stdout)["items"]]
    assert kinds.count("NodeFacts") == 1
    mounts = daemon_set["spec"]["template"]["spec"]["containers"][0]["volumeMounts"]
    assert {mount["name"]: mount.get("recursiveReadOnly") for mount in mounts} == {
        "script": None,
        "host": "IfPossible",
    }
