"""The properties of the API server that the other tests rely on."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from cluster.api_server import NOBODY, ApiServer
from dfpolicy.model import JsonObject

MODULE = Path(__file__).parents[2] / "tools" / "cluster" / "kube-apiserver" / "go.mod"


def test_it_is_the_pinned_version(api_server: ApiServer) -> None:
    pinned = re.search(r"^\s*k8s\.io/kubernetes (\S+)$", MODULE.read_text("utf-8"), re.MULTILINE)
    assert pinned
    assert api_server.request("GET", "/version").body["gitVersion"] == pinned[1]


def test_users(api_server: ApiServer) -> None:
    account = api_server.service_account_token("api-server", "a")
    pods = "/api/v1/namespaces/api-server/pods"
    assert api_server.request("GET", pods).ok
    for token, user in ((api_server.nobody_token, NOBODY), (account, "api-server:a")):
        answer = api_server.request("GET", pods, token=token)
        assert answer.status == 403
        assert f'{user}" cannot list resource "pods"' in answer.message


def test_kubeconfig(api_server: ApiServer, tmp_path: Path) -> None:
    written = api_server.kubeconfig(tmp_path / "config", "token")
    content = json.loads(written.read_text("utf-8"))
    assert content["users"][0]["user"] == {"token": "token"}
    assert content["clusters"][0]["cluster"]["server"] == api_server.url


def test_nodes(api_server: ApiServer) -> None:
    from kubernetes.client import CoreV1Api

    core: Any = CoreV1Api(api_server.client())
    names = api_server.create_nodes(20)
    nodes = core.list_node().items
    api_server.delete_nodes()
    assert {each.metadata.name for each in nodes} == set(names)
    for each in nodes:
        assert not each.spec.taints
        assert each.status.node_info.kernel_version
        assert each.status.node_info.os_image
        assert each.status.node_info.architecture in ("amd64", "arm64")
    assert not core.list_node().items


def test_what_one_file_of_tests_stores_does_not_reach_the_next(api_server: ApiServer) -> None:
    about = {"namespace": "api-server-left", "name": "left"}
    stored: list[JsonObject] = [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "api-server-left"}},
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": about},
    ]
    for document in stored:
        assert api_server.apply(document).ok
    api_server.delete_stored()
    # Without a controller, what is in a namespace outlives it.
    assert [api_server.get(document).status for document in stored] == [404, 404]


def test_the_log_is_kept(api_server: ApiServer) -> None:
    assert "kube-apiserver.log" in api_server.log_tail(1)
