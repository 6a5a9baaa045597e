"""What the cluster collector requests from an API server: no more than deploy/collector grants."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from dfpolicy.collect.api import Api
from dfpolicy.collect.cluster import collect
from dfpolicy.collect.deep import collect_nodes, manifests
from dfpolicy.collect.images import Image
from support.access import granted, wanted
from support.decisions import EXAMPLES, ROOT

DEPLOY = ROOT / "deploy" / "collector"
RBAC, DEEP = DEPLOY / "rbac.yaml", DEPLOY / "rbac-deep.yaml"
# What Kubernetes shows every account.
OPEN = ("/version", "/apis")
READS = {"get", "list"}
IMAGE = Image("busybox:1.36")


class RecordingApi(Api):
    """An API server with the example's agent and one pod; it records the requests."""

    def __init__(self) -> None:
        self.name = "test"
        self.asked: list[tuple[str, str]] = []
        self.nodes: list[Any] = []
        text = (EXAMPLES / "single-k8s" / "manifests.yaml").read_text("utf-8")
        self._agents = [
            one | {"metadata": one["metadata"] | {"namespace": "deepflow"}}
            for one in yaml.safe_load_all(text)
            if one and one["kind"] == "DaemonSet"
        ]

    def _send(self, method: str, path: str, *_: Any, **__: Any) -> bytes:
        self.asked.append((method, path))
        return json.dumps(self._answer(path)).encode()

    def _answer(self, path: str) -> dict[str, Any]:
        if path == "/apis":
            return {"groups": [{"name": "k8s.cni.cncf.io"}]}
        if path == "/api/v1/nodes":
            return {"items": self.nodes}
        if path.endswith("/pods"):
            pod = {"metadata": {"name": "pod"}, "spec": {"nodeName": "a"}}
            return {"items": [pod]}
        if path.startswith("/api/v1/namespaces/deepflow/"):
            return {"metadata": {"name": "a", "namespace": "deepflow"}}
        return {"items": self._agents if path.endswith("/daemonsets") else []}


@pytest.fixture
def api() -> RecordingApi:
    return RecordingApi()


def test_every_request_only_reads(api: RecordingApi) -> None:
    found = collect(api)
    assert found.unread == []
    assert {method for method, _ in api.asked} == {"GET"}
    assert not [path for _, path in api.asked if "secret" in path]


def test_names_of_a_tenant_lead_to_no_other_object(api: RecordingApi) -> None:
    """The API server accepts any name in a volume."""
    (agent,) = api._agents
    pod = agent["spec"]["template"]["spec"]
    for volume in pod["volumes"]:
        if "configMap" in volume:
            volume["configMap"]["name"] = "../secrets/a?b=c"
    collect(api)
    last = [path for _, path in api.asked if "secret" in path]
    assert last == ["/api/v1/namespaces/deepflow/configmaps/..%2Fsecrets%2Fa%3Fb%3Dc"]


def test_invalid_objects_are_named_and_the_others_are_kept(api: RecordingApi) -> None:
    labelled = {"name": "labelled", "labels": {"a": 5}}
    broken: list[Any] = [
        None,
        [],
        {},
        {"metadata": []},
        {"metadata": {"name": 5}},
        {"metadata": labelled},
    ]
    odd = {"metadata": {"name": "odd"}, "spec": [], "status": {"nodeInfo": {"osImage": ["a"]}}}
    api.nodes = [{"metadata": {"name": "first"}}, *broken, odd]
    found = collect(api)
    nodes = [one for one in found.objects if one["kind"] == "Node"]
    assert [one["metadata"]["name"] for one in nodes] == ["first", "odd"]
    assert nodes[1]["status"] == {"nodeInfo": {}}
    assert found.unread == [
        {"fact": f"Node {name}", "path": f"/api/v1/nodes/{name}", "reason": "invalid object"}
        for name in ("?", "labelled")
    ]


def test_rbac_yaml_grants_exactly_the_requests(api: RecordingApi) -> None:
    collect(api)
    rights = granted([RBAC])
    asked = [wanted(*one) for one in api.asked if one[1] not in OPEN]
    assert [one for one in asked if not any(right.covers(one) for right in rights)] == []
    assert [right for right in rights if not any(right.covers(one) for one in asked)] == []
    assert {right.verb for right in rights} == READS


def test_deep_removes_what_it_creates(api: RecordingApi) -> None:
    collect_nodes(api, ["a"], IMAGE, 0)
    (space,) = {path.split("/")[4] for _, path in api.asked if path.endswith("/pods")}
    assert space.startswith("dfpolicy-collect-")
    made = [(method, path) for method, path in api.asked if method != "GET"]
    configmaps = f"/api/v1/namespaces/{space}/configmaps"
    daemonsets = f"/apis/apps/v1/namespaces/{space}/daemonsets"
    assert made == [
        ("POST", "/api/v1/namespaces"),
        ("POST", configmaps),
        ("POST", daemonsets),
        ("DELETE", f"{daemonsets}/dfpolicy-collect"),
        ("DELETE", f"{configmaps}/dfpolicy-collect"),
        ("DELETE", f"/api/v1/namespaces/{space}"),
    ]


def test_deep_with_a_pull_secret_runs_in_the_namespace_of_the_secret(api: RecordingApi) -> None:
    image = Image("r/a:1", "registry", "pull")
    collect_nodes(api, ["a"], image, 0)
    made = [(method, path.rpartition("-")[0]) for method, path in api.asked if method == "DELETE"]
    assert made == [
        ("DELETE", "/apis/apps/v1/namespaces/registry/daemonsets/dfpolicy-collect"),
        ("DELETE", "/api/v1/namespaces/registry/configmaps/dfpolicy-collect"),
    ]
    assert "/api/v1/namespaces" not in [path for _, path in api.asked]
    config_map, daemon_set = manifests(image)
    pod = daemon_set["spec"]["template"]["spec"]
    assert pod["imagePullSecrets"] == [{"name": "pull"}]
    assert pod["volumes"][0]["configMap"]["name"] == config_map["metadata"]["name"]


def test_rbac_deep_yaml_grants_exactly_the_requests_of_deep(api: RecordingApi) -> None:
    collect_nodes(api, ["a"], IMAGE, 0)
    rights = granted([DEEP])
    asked = [wanted(*one) for one in api.asked]
    assert [one for one in asked if not any(right.covers(one) for right in rights)] == []
    assert [right for right in rights if not any(right.covers(one) for one in asked)] == []


def test_the_pod_of_deep_can_change_nothing() -> None:
    (daemon_set,) = [one for one in manifests(IMAGE) if one["kind"] == "DaemonSet"]
    pod = daemon_set["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert pod["automountServiceAccountToken"] is False
    assert not {"hostPID", "hostIPC", "serviceAccountName"} & pod.keys()
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"], "add": ["SYS_PTRACE"]},
    }
    mounts = {mount["name"]: mount for mount in container["volumeMounts"]}
    assert all(mount["readOnly"] for mount in mounts.values())
    # Otherwise, a mount below the host's root is as writable as on the host. The API server refuses
    # the two together.
    assert mounts["host"]["recursiveReadOnly"] == "IfPossible"
    assert "mountPropagation" not in mounts["host"]
