"""What the real Gatekeeper does with the export: it refuses, warns, admits, and audits.

It has an API server of its own, since its webhook would meet the objects of other tests.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest
import yaml

from cluster import gatekeeper
from cluster.api_server import ApiServer, Json, missing_binaries, running
from dfpolicy.catalogue import load_catalogue
from dfpolicy.engines.wasm import WasmEngine
from dfpolicy.gatekeeper.export import export
from dfpolicy.gatekeeper.objects import Scope
from support.decisions import EXAMPLES

NAMESPACE = "deepflow"


def _documents(path: Path) -> list[Json]:
    return [item for item in yaml.safe_load_all(path.read_text("utf-8")) if item]


def _agent(name: str = "deepflow-agent", **changes: object) -> Json:
    """The DaemonSet of the example that meets everything, renamed, its pod changed."""
    (found,) = (
        item
        for item in _documents(EXAMPLES / "single-k8s" / "manifests.yaml")
        if item["kind"] == "DaemonSet"
    )
    made = deepcopy(found)
    made["metadata"] |= {"name": name, "namespace": NAMESPACE}
    made["spec"]["template"]["spec"] |= changes
    return made


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    """An API server with the export in force, and a broken agent from before."""
    missing = [*missing_binaries(), *gatekeeper.missing()]
    if missing:
        text = f"there is no {' and no '.join(missing)}; run `make tools-cluster tools-gatekeeper`"
        if os.environ.get("CI"):
            pytest.fail(text)
        pytest.skip(text)
    folder = tmp_path_factory.mktemp("gatekeeper")
    files = export(WasmEngine(), load_catalogue(), Scope("single-k8s")).files
    parts = {
        part: [
            document
            for path, text in files.items()
            if path.startswith(part) and not path.endswith("kustomization.yaml")
            for document in yaml.safe_load_all(text)
        ]
        for part in ("templates/", "sync.yaml", "constraints/")
    }
    with running(folder) as started:
        namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}
        assert started.create(namespace).ok
        assert started.create(_agent("former", hostPID=False)).ok
        with gatekeeper.controlling(started, folder) as url:
            gatekeeper.apply(started, parts["templates/"])
            gatekeeper.apply(started, parts["sync.yaml"])
            gatekeeper.apply(started, parts["constraints/"])
            gatekeeper.register(started, url, NAMESPACE)
            broken = _agent("trial", hostPID=False, hostNetwork=False)
            # A constraint holds a moment after it is written.
            gatekeeper.awaited(
                lambda: not started.create(broken, dry_run=True).ok, "the constraints in force"
            )
            yield started


def test_a_broken_agent_is_refused(server: ApiServer) -> None:
    answer = server.create(_agent("broken", hostPID=False))
    assert answer.status == 403
    assert "[dfpolicy-kubernetes-info-required] DF-K8S-001 " in answer.message
    assert "Set `spec.template.spec.hostPID: true`" in answer.message
    assert server.get(_agent("broken")).status == 404


def test_the_mended_agent_is_admitted(server: ApiServer) -> None:
    answer = server.create(_agent())
    assert answer.ok, answer.message
    # An update is reviewed as well.
    update = server.apply(_agent(hostPID=False))
    assert update.status == 403, update.message


def test_what_is_no_agent_is_admitted(server: ApiServer) -> None:
    labels = {"app": "other"}
    container = {"name": "other", "image": "other:1"}
    answer = server.create(
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": "other", "namespace": NAMESPACE},
            "spec": {
                "selector": {"matchLabels": labels},
                "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
            },
        }
    )
    assert answer.ok, answer.message


def test_the_audit_tells_of_what_was_there_before(server: ApiServer) -> None:
    found = gatekeeper.awaited(
        lambda: gatekeeper.audited(
            server, "DfpolicyKubernetesInfo", "dfpolicy-kubernetes-info-required"
        ),
        "the audit's violations",
    )
    told = {(entry["name"], entry["message"][:10], entry["enforcementAction"]) for entry in found}
    assert ("former", "DF-K8S-001", "deny") in told


def test_the_audit_joins_roles_and_bindings(server: ApiServer) -> None:
    def missing() -> set[str]:
        found = gatekeeper.audited(server, "DfpolicyRbac", "dfpolicy-rbac-required")
        return {entry["message"][:11] for entry in found if entry["name"] == "former"}

    assert "DF-RBAC-001" in gatekeeper.awaited(missing, "the audit's violations of RBAC")
    documents = _documents(EXAMPLES / "single-k8s" / "manifests.yaml")
    granting = [item for item in documents if item["kind"] in ("ClusterRole", "ClusterRoleBinding")]
    assert granting
    gatekeeper.apply(server, granting)
    gatekeeper.awaited(lambda: not missing(), "the audit that knows the roles")
