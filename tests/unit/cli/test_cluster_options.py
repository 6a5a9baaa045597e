"""The options of commands that read a cluster, as a user gives them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from dfpolicy.cli.cluster import seconds as read_seconds
from dfpolicy.errors import UsageError
from support import broken_server as broken
from support.access import kubeconfig
from support.command import Run
from support.decisions import EXAMPLES

MANIFESTS = str(EXAMPLES / "single-k8s" / "manifests.yaml")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", None),
        ("0s", None),
        ("5", 5),
        ("30s", 30),
        ("1m30s", 90),
        ("1.5h", 5400),
        ("50ms", 0.05),
    ],
)
def test_durations(text: str, seconds: float | None) -> None:
    assert read_seconds(text) == seconds


@pytest.mark.parametrize("text", ["", "s", "-1s", "1d", "1 s", "1s ", "٣", "9" * 400, "1.2.3s"])
def test_invalid_durations(text: str) -> None:
    with pytest.raises(UsageError, match="must be a duration"):
        read_seconds(text)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--dry-run"], "--dry-run needs --deep"),
        (["--image", "a"], "--image needs --deep"),
        (["--registry", "a"], "--registry needs --deep"),
        (["--image-pull-secret", "a/b"], "--image-pull-secret needs --deep"),
        (["--request-timeout", "soon"], "--request-timeout: must be a duration"),
        (["--as-group", "a"], "--as-group needs --as"),
    ],
)
def test_invalid_options_give_one_line(arguments: list[str], message: str, cli: Run) -> None:
    for command in (["collect", "cluster"], ["check"]):
        done = cli(*command, *arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith(f"dfpolicy: error: {message}")
        assert done.stderr.count("\n") == 1


def objects(text: str) -> dict[str, Any]:
    return {one["kind"]: one for one in yaml.safe_load(text)["items"]}


@pytest.mark.parametrize("command", [["collect", "cluster"], ["check"]])
def test_a_dry_run_with_an_image_needs_no_cluster(command: list[str], cli: Run) -> None:
    options = ["--image", "r/a:1", "--image-pull-secret", "registry/pull"]
    done = cli(*command, "--kubeconfig", "absent", "--deep", "--dry-run", *options)
    assert (done.returncode, done.stderr) == (0, "")
    made = objects(done.stdout)
    assert list(made) == ["ConfigMap", "DaemonSet"]
    pod = made["DaemonSet"]["spec"]["template"]["spec"]
    assert pod["containers"][0]["image"] == "r/a:1"
    assert pod["imagePullSecrets"] == [{"name": "pull"}]
    assert made["DaemonSet"]["metadata"]["namespace"] == "registry"


def test_a_dry_run_only_reads_to_choose_the_image(tmp_path: Path, cli: Run) -> None:
    with broken.answering([broken.status(200, b'{"items": []}')]) as server:
        access = ["--kubeconfig", kubeconfig(tmp_path / "kubeconfig", server.url)]
        done = cli("collect", "cluster", *access, "--deep", "--dry-run")
        checked = cli("check", MANIFESTS, *access, "--deep", "--dry-run")
    assert {request.split()[0] for request in server.requests} == {b"GET"}
    images = []
    for one in (done, checked):
        assert (one.returncode, one.stderr) == (0, "")
        made = objects(one.stdout)
        assert list(made) == ["Namespace", "ConfigMap", "DaemonSet"]
        (container,) = made["DaemonSet"]["spec"]["template"]["spec"]["containers"]
        images.append(container["image"].rpartition("/")[2].partition(":")[0])
    # The agent of the manifests is pulled anyway.
    assert images == ["busybox", "deepflow-agent"]


def test_the_commands_of_the_report_read_the_same_cluster(tmp_path: Path, cli: Run) -> None:
    with broken.answering([broken.status(200, b'{"items": []}')]) as server:
        file = kubeconfig(tmp_path / "kubeconfig", server.url)
        access = ["--kubeconfig", file, "--as", "auditor", "--as-group", "a b"]
        done = cli("check", MANIFESTS, *access, "-o", "json")
    proposed = json.loads(done.stdout)["verdict"]["next"]
    repeated = f"--kubeconfig {file} --as auditor --as-group 'a b'"
    assert proposed["check"] == [f"dfpolicy check --deep {MANIFESTS} {repeated}"]
    assert proposed["elsewhere"][0].endswith(f"facts.yaml {repeated}")
    assert proposed["elsewhere"][1] == f"dfpolicy eval {MANIFESTS} --facts facts.yaml"
