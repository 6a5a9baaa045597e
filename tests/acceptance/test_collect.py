"""`collect node` and `collect script` as a user runs them on this machine."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from dfpolicy.input.schemas import first_error
from support import broken_server as broken
from support.access import kubeconfig

Run = Callable[..., subprocess.CompletedProcess[str]]

linux = pytest.mark.skipif(sys.platform != "linux", reason="there are facts of Linux only")


def steady(document: dict[str, Any]) -> dict[str, Any]:
    """Remove values that change at any moment."""
    spec = {key: value for key, value in document["spec"].items() if key != "portsInUse"}
    return document | {"spec": spec}


@linux
def test_script_and_command_collect_the_same_facts(dfpolicy: Run) -> None:
    done = dfpolicy("collect", "node", "-o", "json")
    assert done.returncode == 0
    document = json.loads(done.stdout)
    assert first_error(document, "node-facts") is None
    unread = (document.get("status") or {}).get("unread") or []
    assert len(done.stderr.splitlines()) == len(unread)
    script = dfpolicy("collect", "script").stdout
    by_script = subprocess.run(
        ["sh", "-s"], input=script, capture_output=True, text=True, check=True
    )
    assert steady(yaml.safe_load(by_script.stdout)) == steady(document)


@linux
def test_facts_of_this_node_answer_its_requirements(dfpolicy: Run, tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    done = dfpolicy("collect", "node", "--name", "worker-1", "-o", f"yaml={path}")
    assert (done.returncode, done.stdout) == (0, "")
    rows = json.loads(dfpolicy("features", str(path), "-o", "json").stdout)
    assert [row["node"] for row in rows] == ["worker-1"]
    assert rows[0]["kprobe"] in ("yes", "no")


def test_another_root(dfpolicy: Run, tmp_path: Path) -> None:
    release = tmp_path / "host" / "proc" / "sys" / "kernel" / "osrelease"
    release.parent.mkdir(parents=True)
    release.write_text("4.14.0-115.el7a.0.1.aarch64\n", "utf-8")
    done = dfpolicy("collect", "node", "--root", "host", "--name", "a")
    document = yaml.safe_load(done.stdout)
    assert document["spec"]["kernelRelease"] == "4.14.0-115.el7a.0.1.aarch64"
    assert "dfpolicy: cannot read memoryBytes (/proc/meminfo): " in done.stderr or (
        "memoryBytes" not in done.stderr
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--root", "absent"], ["absent", "no such directory"]),
        (["--root", "."], ["name"]),
        (["--name", ""], ["name"]),
        (["-o", "toml"], ["toml", "use yaml or json"]),
        (["-o", "yaml="], ["--output"]),
    ],
)
def test_invalid_arguments_give_one_line(
    dfpolicy: Run, arguments: list[str], words: list[str]
) -> None:
    done = dfpolicy("collect", "node", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].startswith("dfpolicy: error: ")
    for word in words:
        assert word in done.stderr


def test_an_unreachable_cluster_is_an_error(dfpolicy: Run, tmp_path: Path) -> None:
    nowhere = {"HOME": str(tmp_path), "KUBECONFIG": "", "KUBERNETES_SERVICE_HOST": ""}
    for command in (["collect", "cluster"], ["check"]):
        done = dfpolicy(*command, env=nowhere)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.count("\n") == 1
        assert "~/.kube/config: no such file or directory" in done.stderr
        done = dfpolicy(*command, "--kubeconfig", "absent", env=nowhere)
        assert (done.returncode, done.stdout) == (2, "")
        assert "absent" in done.stderr


def test_an_upgrade_needs_the_new_manifests(dfpolicy: Run) -> None:
    done = dfpolicy("check", "--mode", "upgrade")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--mode upgrade needs the new manifests" in done.stderr


def test_a_cluster_that_does_not_answer_is_an_error(dfpolicy: Run, tmp_path: Path) -> None:
    path = kubeconfig(tmp_path / "kubeconfig", "https://127.0.0.1:1")
    done = dfpolicy("check", "--kubeconfig", path)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("dfpolicy: error: far: the API server does not answer")
    assert done.stderr.count("\n") == 1
    assert "hunter" not in done.stderr


EMPTY = broken.status(200, b'{"items": []}')


def test_an_api_server_that_is_overloaded_for_a_moment_loses_nothing(
    dfpolicy: Run, tmp_path: Path
) -> None:
    nodes = broken.status(200, b'{"items": [{"metadata": {"name": "a"}}]}')
    answers = iter([broken.status(429, headers="Retry-After: 0\r\n"), nodes])

    def choose(request: bytes) -> broken.Answer:
        return next(answers) if request.startswith(b"GET /api/v1/nodes") else EMPTY

    with broken.answering(choose) as server:
        path = kubeconfig(tmp_path / "kubeconfig", server.url)
        done = dfpolicy("collect", "cluster", "--kubeconfig", path, "-o", "json")
    assert (done.returncode, done.stderr) == (0, "")
    assert [item["kind"] for item in json.loads(done.stdout)["items"]] == ["ClusterFacts", "Node"]


def test_a_failure_to_list_nodes_is_an_error(dfpolicy: Run, tmp_path: Path) -> None:
    # Longer than dfpolicy waits.
    busy = broken.status(429, headers="Retry-After: 86400\r\n")

    def choose(request: bytes) -> broken.Answer:
        return busy if request.startswith(b"GET /api/v1/nodes") else EMPTY

    expected = (
        "dfpolicy: cannot read nodes (/api/v1/nodes): too many requests\n"
        "dfpolicy: error: far: the API server failed to list nodes; try again later\n"
    )
    with broken.answering(choose) as server:
        path = kubeconfig(tmp_path / "kubeconfig", server.url)
        done = dfpolicy("collect", "cluster", "--kubeconfig", path, "-o", "json")
        assert (done.returncode, done.stderr) == (3, expected)
        (facts,) = json.loads(done.stdout)["items"]
        (entry,) = facts["status"]["unread"]
        assert (entry["fact"], entry["reason"]) == ("nodes", "too many requests")
        done = dfpolicy("check", "--kubeconfig", path)
        assert (done.returncode, done.stdout, done.stderr) == (3, "", expected)


def test_an_api_server_that_is_overloaded_throughout_is_an_error(
    dfpolicy: Run, tmp_path: Path
) -> None:
    with broken.answering([broken.status(503, headers="Retry-After: 86400\r\n")]) as server:
        path = kubeconfig(tmp_path / "kubeconfig", server.url)
        for command in (["collect", "cluster"], ["check"]):
            done = dfpolicy(*command, "--kubeconfig", path)
            assert (done.returncode, done.stdout) == (3, "")
            assert done.stderr == (
                "dfpolicy: error: far: the API server does not answer: HTTP 503;"
                " check the kubeconfig and the network\n"
            )
