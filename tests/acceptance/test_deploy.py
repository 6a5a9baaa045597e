"""The manifests of deploy/: their promises, and their configuration in a real OPA."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from tools.dev import opa

from dfpolicy.policy.source import policy_files, revision
from support import decisions, opa_server
from support.command import Run
from support.decisions import ROOT

FOLDER = ROOT / "deploy" / "opa"


def manifest(name: str) -> Any:
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))


def test_the_kustomization_names_every_manifest() -> None:
    files = {path.name for path in FOLDER.glob("*.yaml")} - {"kustomization.yaml"}
    assert set(manifest("kustomization")["resources"]) == files


def test_the_image_has_the_tested_opa_version() -> None:
    (container,) = manifest("deployment")["spec"]["template"]["spec"]["containers"]
    assert container["image"].endswith(f":{opa.pinned()['OPA_VERSION']}-static")


def test_selectors_find_the_pods() -> None:
    labels = manifest("deployment")["spec"]["template"]["metadata"]["labels"]
    selectors = [
        manifest("deployment")["spec"]["selector"]["matchLabels"],
        manifest("service")["spec"]["selector"],
        manifest("poddisruptionbudget")["spec"]["selector"]["matchLabels"],
        manifest("networkpolicy")["spec"]["podSelector"]["matchLabels"],
    ]
    assert selectors == [labels] * 4


def test_the_configuration(cli: Run, tmp_path: Path) -> None:
    """As shipped it refuses every bundle; with its placeholders filled it accepts a signed one."""
    decisions.need_opa()
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    (tmp_path / "key").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    public = key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "www" / "dfpolicy").mkdir(parents=True)
    built = cli("bundle", "build", "--signing-key", "key")
    assert built.returncode == 0, built.stderr
    shutil.move(tmp_path / "bundle.tar.gz", tmp_path / "www" / "dfpolicy")
    shipped = manifest("configmap")["data"]["config.yaml"]
    with opa_server.serving(tmp_path / "www") as url:
        config = shipped.replace("https://bundles.example.com", url)
        arguments = ("--config-file", str(tmp_path / "config.yaml"))
        (tmp_path / "config.yaml").write_text(config, "utf-8")
        with opa_server.running(tmp_path / "1", *arguments) as server:
            opa_server.wait(lambda: "message" in server.bundle_status("dfpolicy"), server.log)
            assert server.get("/health?bundles") is None
        indented = public.decode().strip().replace("\n", "\n      ")
        filled = re.sub(r"-----BEGIN.*END PUBLIC KEY-----", indented, config, flags=re.DOTALL)
        (tmp_path / "config.yaml").write_text(filled, "utf-8")
        with opa_server.running(tmp_path / "2", *arguments, ready="/health?bundles") as server:
            found = server.bundle_status("dfpolicy")["active_revision"]
            assert found == revision(policy_files())


@pytest.mark.parametrize("name", ["namespace", "configmap", "deployment", "networkpolicy"])
def test_all_objects_are_in_one_namespace(name: str) -> None:
    metadata = manifest(name)["metadata"]
    assert metadata.get("namespace", metadata["name"]) == "dfpolicy"
