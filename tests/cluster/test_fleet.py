"""`dfpolicy fleet --contexts` against a real API server."""

from __future__ import annotations

import json
from pathlib import Path

import yaml

from cluster.api_server import ApiServer, free_ports
from support.command import Run
from support.decisions import EXAMPLES


def test_each_context_is_a_cluster_and_one_that_does_not_answer_is_an_error(
    api_server: ApiServer, cli: Run, tmp_path: Path
) -> None:
    for document in yaml.safe_load_all(
        (EXAMPLES / "single-k8s" / "manifests.yaml").read_text("utf-8")
    ):
        if document.get("kind") in ("Namespace", "DaemonSet", "ServiceAccount"):
            if document["kind"] != "Namespace":
                document["metadata"]["namespace"] = "deepflow"
            assert api_server.apply(document).ok
    path = api_server.kubeconfig(tmp_path / "kubeconfig")
    config = json.loads(path.read_text("utf-8"))
    (port,) = free_ports(1)
    config["clusters"].append({"name": "gone", "cluster": {"server": f"https://127.0.0.1:{port}"}})
    config["contexts"].append({"name": "gone", "context": {"cluster": "gone", "user": "test"}})
    path.write_text(json.dumps(config), "utf-8")
    flags = ("--kubeconfig", str(path), "-o", "json")
    done = cli("fleet", "--contexts", "test,gone,other", *flags)
    assert done.returncode == 3, done.stderr
    found = {one["name"]: one for one in json.loads(done.stdout)["clusters"]}
    alone = json.loads(cli("check", "--context", "test", *flags).stdout)
    assert found["test"]["verdict"]["counts"] == alone["verdict"]["counts"]
    assert found["test"]["command"] == f"dfpolicy check --context test --kubeconfig {path}"
    assert found["gone"]["error"]["message"].startswith("the API server does not answer")
    assert found["other"]["exitCode"] == 2
    assert "known contexts: gone, test" in found["other"]["error"]["hint"]
