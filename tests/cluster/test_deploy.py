"""The API server accepts the manifests of deploy/, and Pod Security admits their pods."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from cluster.api_server import ApiServer
from dfpolicy.model import JsonObject
from support.decisions import ROOT

FOLDER = ROOT / "deploy" / "opa"
PATHS = sorted(set(FOLDER.glob("*.yaml")) - {FOLDER / "kustomization.yaml"})


def _document(name: str) -> JsonObject:
    document: JsonObject = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
    return document


@pytest.fixture(scope="module", autouse=True)
def _namespace(api_server: ApiServer) -> None:
    assert api_server.create(_document("namespace")).status in (201, 409)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_strict_dry_run(api_server: ApiServer, path: Path) -> None:
    document = yaml.safe_load(path.read_text("utf-8"))
    if path.stem == "namespace":
        document["metadata"]["name"] = "dfpolicy-dry-run"
    answer = api_server.apply(document, dry_run=True, strict=True)
    assert answer.ok, answer.message


def test_its_pods_are_admitted(api_server: ApiServer) -> None:
    """The namespace enforces the level restricted."""
    template = _document("deployment")["spec"]["template"]
    metadata = {**template["metadata"], "name": "opa", "namespace": "dfpolicy"}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"]}
    account = {"name": "default", "namespace": "dfpolicy"}
    api_server.apply({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": account})
    answer = api_server.create(pod, dry_run=True, strict=True)
    assert answer.ok, answer.message
    pod["spec"]["containers"][0]["securityContext"]["allowPrivilegeEscalation"] = True
    assert api_server.create(pod, dry_run=True).status == 403
