"""`collect cluster` and `check` against a real API server."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml

from cluster import fake_kubelet
from cluster.api_server import ApiServer
from dfpolicy.input.schemas import first_error
from dfpolicy.model import JsonObject
from support.decisions import EXAMPLES

Run = Callable[..., subprocess.CompletedProcess[str]]
NAMESPACE = "deepflow"
MANIFESTS = (EXAMPLES / "single-k8s" / "manifests.yaml").read_text("utf-8")
CALICO: JsonObject = {
    "apiVersion": "apps/v1",
    "kind": "DaemonSet",
    "metadata": {"name": "calico-node", "namespace": "kube-system"},
    "spec": {
        "selector": {"matchLabels": {"k8s-app": "calico-node"}},
        "template": {
            "metadata": {"labels": {"k8s-app": "calico-node"}},
            "spec": {
                "containers": [
                    {
                        "name": "calico-node",
                        "image": "calico/node:v3.27.0",
                        "env": [{"name": "PASSPHRASE", "value": "hunter2"}],
                        "args": ["--token=hunter2"],
                    }
                ]
            },
        },
    },
}
SECRET: JsonObject = {
    "apiVersion": "v1",
    "kind": "Secret",
    "metadata": {"name": "s", "namespace": NAMESPACE},
    "stringData": {"password": "hunter2"},
}
STORAGE: JsonObject = {
    "apiVersion": "storage.k8s.io/v1",
    "kind": "StorageClass",
    "metadata": {"name": "local"},
    "provisioner": "example.com/local",
}


@pytest.fixture(scope="module")
def cluster(api_server: ApiServer) -> ApiServer:
    """A cluster with the agent of the example, Calico, a Secret, and three nodes."""
    documents = [document for document in yaml.safe_load_all(MANIFESTS) if document]
    namespaces = [document for document in documents if document["kind"] == "Namespace"]
    objects = [document for document in documents if document["kind"] != "Namespace"]
    for document in objects:
        # As `helm install -n deepflow` does for objects without a namespace.
        if not document["kind"].startswith("Cluster"):
            document["metadata"].setdefault("namespace", NAMESPACE)
    for document in [*namespaces, *objects, CALICO, SECRET, STORAGE]:
        answer = api_server.apply(document)
        assert answer.ok, answer.message
    api_server.create_nodes(3)
    return api_server


@pytest.fixture
def kubeconfig(cluster: ApiServer, tmp_path: Path) -> tuple[str, str]:
    return "--kubeconfig", str(cluster.kubeconfig(tmp_path / "kubeconfig"))


def items(done: subprocess.CompletedProcess[str]) -> list[JsonObject]:
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert (document["apiVersion"], document["kind"]) == ("v1", "List")
    facts: JsonObject = document["items"][0]
    assert first_error(facts, "cluster-facts") is None
    found: list[JsonObject] = document["items"]
    return found


def names(found: list[JsonObject], kind: str) -> list[str]:
    return [item["metadata"]["name"] for item in found if item["kind"] == kind]


def test_what_the_requirements_read_is_collected(
    dfpolicy: Run, kubeconfig: tuple[str, str]
) -> None:
    done = dfpolicy("collect", "cluster", *kubeconfig, "-o", "json")
    found = items(done)
    assert done.stderr == ""
    spec = found[0]["spec"]
    assert spec["version"] == "v1.34.4"
    assert {"apps", "rbac.authorization.k8s.io"} <= set(spec["apiGroups"])
    assert names(found, "Node") == ["node-00000", "node-00001", "node-00002"]
    assert {"deepflow", "kube-system"} <= set(names(found, "Namespace"))
    assert {"deepflow-agent", "calico-node"} <= set(names(found, "DaemonSet"))
    assert "deepflow-agent" in names(found, "ClusterRole")
    assert "deepflow-agent" in names(found, "ServiceAccount")
    assert "deepflow-agent" in names(found, "ConfigMap")
    assert names(found, "StorageClass") == ["local"]


def test_nothing_secret_is_collected(dfpolicy: Run, kubeconfig: tuple[str, str]) -> None:
    for output in ("json", "yaml"):
        done = dfpolicy("collect", "cluster", *kubeconfig, "-o", output)
        assert done.returncode == 0
        assert "hunter" not in done.stdout
        assert "managedFields" not in done.stdout


def test_both_formats_are_the_same_input(
    dfpolicy: Run, kubeconfig: tuple[str, str], tmp_path: Path
) -> None:
    documents = []
    for output in ("json", "yaml"):
        path = tmp_path / f"facts.{output}"
        assert dfpolicy("collect", "cluster", *kubeconfig, "-o", f"{output}={path}").stdout == ""
        report = dfpolicy("eval", str(path), "-o", "json")
        documents.append([result["message"] for result in json.loads(report.stdout)["results"]])
    assert documents[0] == documents[1]


def test_check_judges_the_agent_of_the_cluster(dfpolicy: Run, kubeconfig: tuple[str, str]) -> None:
    done = dfpolicy("check", *kubeconfig, "-o", "json")
    report = json.loads(done.stdout)
    outcomes = {result["id"]: result["outcome"] for result in report["results"]}
    assert done.returncode == report["exitCode"] == 0
    assert {outcomes[f"DF-RBAC-{number:03}"] for number in range(1, 12)} == {"pass"}
    assert outcomes["DF-CNI-001"] == outcomes["DF-KERNEL-001"] == "pass"
    assert [agent["subject"]["name"] for agent in report["agents"]] == ["deepflow-agent"]
    assert len(report["features"]) == 3


def test_check_judges_manifests_against_the_cluster(
    dfpolicy: Run, kubeconfig: tuple[str, str]
) -> None:
    changed = MANIFESTS.replace("hostPID: true", "hostPID: false")
    assert changed != MANIFESTS
    done = dfpolicy("check", *kubeconfig, "-", "-o", "json", stdin=changed)
    report = json.loads(done.stdout)
    assert done.returncode == 1
    (result,) = [one for one in report["results"] if one["id"] == "DF-K8S-001"]
    assert (result["outcome"], result["location"]["file"]) == ("violation", "stdin")
    assert len(report["agents"]) == 1
    assert len(report["features"]) == 3


def test_check_judges_an_upgrade_of_what_runs(
    dfpolicy: Run, kubeconfig: tuple[str, str], tmp_path: Path
) -> None:
    changed = MANIFESTS.replace("hostNetwork: true", "hostNetwork: false").replace(":v7.1", ":v7.2")
    done = dfpolicy("check", *kubeconfig, "--mode", "upgrade", "-", "-o", "json", stdin=changed)
    report = json.loads(done.stdout)
    outcomes = {result["id"]: result["outcome"] for result in report["results"]}
    assert [entry["version"] for entry in report["running"]] == ["7.1"]
    assert [entry["version"] for entry in report["agents"]] == ["7.2"]
    assert (outcomes["DF-UPG-006"], outcomes["DF-UPG-007"]) == ("pass", "violation")
    # The same in two steps.
    path = tmp_path / "running.yaml"
    assert dfpolicy("collect", "cluster", *kubeconfig, "-o", f"yaml={path}").returncode == 0
    done = dfpolicy("eval", "-", "--from", str(path), "-o", "json", stdin=changed)
    report = json.loads(done.stdout)
    again = {result["id"]: result["outcome"] for result in report["results"]}
    assert {key: again[key] for key in again if key.startswith("DF-UPG")} == {
        key: outcomes[key] for key in outcomes if key.startswith("DF-UPG")
    }
    assert len(report["features"]) == 3


def test_two_thousand_nodes_come_in_pages(
    cluster: ApiServer, dfpolicy: Run, kubeconfig: tuple[str, str]
) -> None:
    cluster.delete_nodes()
    cluster.create_nodes(2000)
    try:
        found = items(dfpolicy("collect", "cluster", *kubeconfig, "-o", "json"))
        assert len(set(names(found, "Node"))) == 2000
        done = dfpolicy("features", "-o", "json", stdin=json.dumps({**LIST, "items": found}))
        assert len(json.loads(done.stdout)) == 2000
    finally:
        cluster.delete_nodes()
        cluster.create_nodes(3)


LIST = {"apiVersion": "v1", "kind": "List"}


def test_an_account_without_rights_reads_nothing_and_says_so(
    cluster: ApiServer, dfpolicy: Run, tmp_path: Path
) -> None:
    path = cluster.kubeconfig(tmp_path / "kubeconfig", cluster.nobody_token)
    done = dfpolicy("collect", "cluster", "--kubeconfig", str(path), "-o", "json")
    found = items(done)
    assert [item["kind"] for item in found] == ["ClusterFacts"]
    unread = {entry["fact"]: entry["reason"] for entry in found[0]["status"]["unread"]}
    assert {"nodes", "daemonsets", "clusterroles", "clusterrolebindings"} <= unread.keys()
    assert set(unread.values()) == {"forbidden"}
    assert len(done.stderr.splitlines()) == len(unread)
    assert "dfpolicy: cannot read nodes (/api/v1/nodes): forbidden\n" in done.stderr


def test_impersonation_has_the_rights_of_the_user_and_the_groups(
    dfpolicy: Run, kubeconfig: tuple[str, str]
) -> None:
    options = (*kubeconfig, "--as", "somebody")
    found = items(dfpolicy("collect", "cluster", *options, "-o", "json"))
    assert [item["kind"] for item in found] == ["ClusterFacts"]
    groups = ("--as-group", "others", "--as-group", "system:masters")
    done = dfpolicy("collect", "cluster", *options, *groups, "-o", "json")
    assert done.stderr == ""
    assert "DaemonSet" in {item["kind"] for item in items(done)}


def test_refused_facts_are_unknown_and_not_violations(
    cluster: ApiServer, dfpolicy: Run, tmp_path: Path
) -> None:
    path = cluster.kubeconfig(tmp_path / "kubeconfig", cluster.nobody_token)
    agent = [item for item in yaml.safe_load_all(MANIFESTS) if item and item["kind"] == "DaemonSet"]
    done = dfpolicy(
        "check", "--kubeconfig", str(path), "-", "-o", "json", stdin=yaml.safe_dump_all(agent)
    )
    report = json.loads(done.stdout)
    outcomes = {result["id"]: result["outcome"] for result in report["results"]}
    assert {outcomes[f"DF-RBAC-{number:03}"] for number in range(1, 16)} == {"unknown"}
    assert outcomes["DF-KERNEL-001"] == outcomes["DF-CNI-001"] == outcomes["DF-CH-003"] == "unknown"


def test_each_permission_adds_a_kind(cluster: ApiServer, dfpolicy: Run, tmp_path: Path) -> None:
    token = cluster.service_account_token(NAMESPACE, "reader")
    group = "rbac.authorization.k8s.io"
    role = {
        "apiVersion": f"{group}/v1",
        "kind": "ClusterRole",
        "metadata": {"name": "read-nodes"},
        "rules": [{"apiGroups": [""], "resources": ["nodes"], "verbs": ["list"]}],
    }
    binding = {
        "apiVersion": f"{group}/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": "read-nodes"},
        "roleRef": {"apiGroup": group, "kind": "ClusterRole", "name": "read-nodes"},
        "subjects": [{"kind": "ServiceAccount", "name": "reader", "namespace": NAMESPACE}],
    }
    path = cluster.kubeconfig(tmp_path / "kubeconfig", token)
    try:
        for document in (role, binding):
            assert cluster.apply(document).ok
        limit = time.monotonic() + 10
        user = f"system:serviceaccount:{NAMESPACE}:reader"
        while not cluster.access(user, [], verb="list", resource="nodes")["allowed"]:
            assert time.monotonic() < limit
        found = items(dfpolicy("collect", "cluster", "--kubeconfig", str(path), "-o", "json"))
    finally:
        for document in (binding, role):
            cluster.delete(document)
    assert {item["kind"] for item in found} == {"ClusterFacts", "Node"}


def test_unknown_credentials(cluster: ApiServer, dfpolicy: Run, tmp_path: Path) -> None:
    path = cluster.kubeconfig(tmp_path / "kubeconfig", "expired")
    done = dfpolicy("check", "--kubeconfig", str(path))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "credentials" in done.stderr


def test_a_terminal_sees_progress(
    kubeconfig: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    main, side = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "dfpolicy", "collect", "cluster", *kubeconfig],
        stdout=subprocess.DEVNULL,
        stderr=side,
    )
    os.close(side)
    shown = ""
    # On Linux, reading a closed terminal ends with an error.
    with suppress(OSError), os.fdopen(main, "rb", 0) as stream:
        while part := stream.read(1 << 16):
            shown += part.decode()
    assert process.wait() == 0
    assert "✓ Kubernetes v1.34.4, 3 nodes" in shown
    # Nothing is left on the line with what is being read.
    assert shown.endswith("\x1b[2K")


TREE = {
    "proc/sys/kernel/osrelease": "5.15.0-91-generic\n",
    "proc/sys/kernel/kptr_restrict": "1\n",
    "etc/os-release": 'ID=ubuntu\nVERSION_ID="22.04"\n',
}


@pytest.fixture
def kubelet(cluster: ApiServer, tmp_path: Path) -> Iterator[fake_kubelet.FakeKubelet]:
    trees = {name: tmp_path / "hosts" / name for name in ("worker-1", "worker-2")}
    for root in trees.values():
        for path, text in TREE.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, "utf-8")
    cluster.delete_nodes()
    with fake_kubelet.running(cluster, trees, tmp_path / "pods") as found:
        yield found
    cluster.create_nodes(3)


def left_over(cluster: ApiServer) -> list[str]:
    """What the collecting left in the cluster; a namespace that is ending counts as gone."""
    left = []
    for path in (
        "/api/v1/namespaces",
        "/api/v1/configmaps",
        "/apis/apps/v1/daemonsets",
    ):
        query = "labelSelector=app.kubernetes.io/name=dfpolicy-collect"
        for item in cluster.request("GET", f"{path}?{query}").body["items"]:
            if "deletionTimestamp" not in item["metadata"]:
                left.append(item["metadata"]["name"])
    return left


def test_deep_collects_on_each_node_and_leaves_nothing(
    cluster: ApiServer,
    kubelet: fake_kubelet.FakeKubelet,
    dfpolicy: Run,
    kubeconfig: tuple[str, str],
) -> None:
    done = dfpolicy("collect", "cluster", *kubeconfig, "--deep", "-o", "json")
    facts = [item for item in items(done) if item["kind"] == "NodeFacts"]
    assert {item["metadata"]["name"] for item in facts} == {"worker-1", "worker-2"}
    for item in facts:
        assert first_error(item, "node-facts") is None
        assert item["spec"]["kernelRelease"] == "5.15.0-91-generic"
        assert item["spec"]["sysctls"]["kernel.kptr_restrict"] == 1
    assert left_over(cluster) == []
    (daemon_set,) = kubelet.seen
    pod: Any = daemon_set["spec"]["template"]["spec"]
    assert not pod.get("hostPID")
    assert "privileged" not in json.dumps(pod)
    assert pod["automountServiceAccountToken"] is False
    assert all(mount["readOnly"] for mount in pod["containers"][0]["volumeMounts"])


def test_deep_with_a_pull_secret_runs_in_its_namespace(
    cluster: ApiServer,
    kubelet: fake_kubelet.FakeKubelet,
    dfpolicy: Run,
    kubeconfig: tuple[str, str],
) -> None:
    options = ("--deep", "--image-pull-secret", f"{NAMESPACE}/pull", "--registry", "r:5000")
    done = dfpolicy("collect", "cluster", *kubeconfig, *options, "-o", "json")
    assert sorted(names(items(done), "NodeFacts")) == ["worker-1", "worker-2"]
    assert left_over(cluster) == []
    (daemon_set,) = kubelet.seen
    assert daemon_set["metadata"]["namespace"] == NAMESPACE
    pod: Any = daemon_set["spec"]["template"]["spec"]
    assert pod["imagePullSecrets"] == [{"name": "pull"}]
    assert pod["containers"][0]["image"] == "r:5000/busybox:1.36"
    # It is not the collector's.
    assert cluster.request("GET", f"/api/v1/namespaces/{NAMESPACE}").ok


def test_the_api_server_accepts_what_a_dry_run_prints(
    cluster: ApiServer, dfpolicy: Run, kubeconfig: tuple[str, str]
) -> None:
    done = dfpolicy("collect", "cluster", *kubeconfig, "--deep", "--dry-run", "-o", "json")
    assert (done.returncode, done.stderr) == (0, "")
    assert left_over(cluster) == []
    made = json.loads(done.stdout)["items"]
    assert [one["kind"] for one in made] == ["Namespace", "ConfigMap", "DaemonSet"]
    # The agent of the cluster has the host's namespaces.
    image = made[2]["spec"]["template"]["spec"]["containers"][0]["image"]
    assert image in MANIFESTS
    for one in made:
        if one["kind"] != "Namespace":
            # In a dry run, its own namespace does not exist.
            one["metadata"]["namespace"] = NAMESPACE
        answer = cluster.create(one, dry_run=True, strict=True)
        assert answer.ok, answer.message


def test_deep_names_the_nodes_that_did_not_answer(
    cluster: ApiServer,
    kubelet: fake_kubelet.FakeKubelet,
    dfpolicy: Run,
    kubeconfig: tuple[str, str],
) -> None:
    del kubelet.trees["worker-2"]
    done = dfpolicy("collect", "cluster", *kubeconfig, "--deep", "--timeout", "3", "-o", "json")
    found = items(done)
    assert names(found, "NodeFacts") == ["worker-1"]
    (entry,) = found[0]["status"]["unread"]
    assert entry["fact"] == "NodeFacts worker-2"
    assert "dfpolicy: cannot read NodeFacts of 1 node (worker-2): " in done.stderr
    assert left_over(cluster) == []


def test_deep_says_why_it_cannot_read_a_fact(
    kubelet: fake_kubelet.FakeKubelet, dfpolicy: Run, kubeconfig: tuple[str, str]
) -> None:
    kubelet.garbled.add("worker-2")
    done = dfpolicy("collect", "cluster", *kubeconfig, "--deep", "--timeout", "3", "-o", "json")
    found = items(done)
    assert names(found, "NodeFacts") == ["worker-1"]
    (entry,) = found[0]["status"]["unread"]
    assert entry["fact"] == "NodeFacts worker-2"
    assert entry["reason"].startswith("the collector's output is not valid NodeFacts: kind")


@pytest.mark.parametrize(
    ("number", "code", "told"),
    [
        (signal.SIGINT, 130, "interrupted"),
        (signal.SIGTERM, 143, "terminated"),
        (signal.SIGHUP, 129, "the terminal was closed"),
    ],
)
def test_deep_cleans_up_when_it_is_interrupted(
    cluster: ApiServer,
    kubelet: fake_kubelet.FakeKubelet,
    kubeconfig: tuple[str, str],
    number: signal.Signals,
    code: int,
    told: str,
) -> None:
    kubelet.trees.clear()
    process = subprocess.Popen(
        [sys.executable, "-m", "dfpolicy", "collect", "cluster", *kubeconfig, "--deep"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    limit = time.monotonic() + 30
    while not kubelet.seen:
        assert time.monotonic() < limit
        time.sleep(0.1)
    process.send_signal(number)
    output, complaints = process.communicate(timeout=30)
    assert (process.returncode, output, complaints) == (code, "", f"dfpolicy: {told}\n")
    assert left_over(cluster) == []
