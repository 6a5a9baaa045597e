"""Commands without cluster and server need no network, and do not try to use it.

Each command runs in a separate network namespace, where not even loopback is up, and in a Python
that exits when anything requests a socket or resolves a name.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tools.dev import opa

from support import decisions
from support.namespaces import unshared

pytestmark = pytest.mark.slow

EXAMPLE = str(decisions.EXAMPLES / "single-k8s" / "manifests.yaml")
FACTS = str(decisions.EXAMPLES / "single-k8s" / "facts.yaml")
OWN = str(decisions.EXAMPLES / "policy")
SECRET = "0123456789abcdef0123456789abcdef"
# Python reads this at its start, before anything of dfpolicy.
WATCH = """
import os, sys
def hook(event, arguments):
    if event.startswith("socket.") or event == "urllib.Request":
        os.write(2, f"network: {event} {arguments}\\n".encode())
        os._exit(97)
sys.addaudithook(hook)
"""
# The commands, and their exit codes.
COMMANDS = {
    "eval": (["eval", EXAMPLE, "-o", "text", "-o", "html=page.html"], 0),
    "eval by opa": (["eval", EXAMPLE, "--engine", "opa"], 0),
    "eval by opa of own policies": (["eval", EXAMPLE, "--policy", OWN], 1),
    "features": (["features", FACTS], 0),
    "fix": (["fix", EXAMPLE], 0),
    "explain": (["explain", "DF-K8S-001"], 0),
    "convert": (["convert", "report.json", "-o", "sarif"], 0),
    "diff": (["diff", "report.json", "report.json"], 0),
    "waive": (["waive", "DF-NET-004", "--reason", "r", "--owner", "o", "--config", "c.yaml"], 0),
    "config show": (["config", "show"], 0),
    "schema": (["schema", "report"], 0),
    "gatekeeper": (["gatekeeper", "-o", "constraints"], 0),
    "load the bundle that `dfpolicy bundle build` writes, or use --opa-any-revision": (
        ["bundle", "build", "-o", "b.tar.gz", "--signing-key", "secret"],
        0,
    ),
    "collect node": (["collect", "node"], 0),
    "collect script": (["collect", "script"], 0),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The inputs of the commands, with a report made with a network."""
    folder = tmp_path_factory.mktemp("network")
    (folder / "watch").mkdir()
    (folder / "watch" / "sitecustomize.py").write_text(WATCH, "utf-8")
    (folder / "secret").write_text(SECRET, "ascii")
    done = subprocess.run(
        [sys.executable, "-m", "dfpolicy", "eval", EXAMPLE, "-o", "json=report.json"],
        cwd=folder,
        check=False,
    )
    assert done.returncode == 0
    return folder


def cut_off(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run Python without any network."""
    return subprocess.run(
        [*unshared("--net"), sys.executable, *command],
        cwd=folder,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": f"{folder / 'watch'}:{os.environ['PYTHONPATH']}"},
        check=False,
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_work_without_a_network_and_open_no_socket(
    folder: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "by opa" in name:
        decisions.need_opa()
        monkeypatch.setenv("DFPOLICY_OPA", opa.binary())
    arguments, code = COMMANDS[name]
    done = cut_off(folder, "-m", "dfpolicy", *arguments)
    assert "network:" not in done.stderr
    assert done.returncode == code, done.stderr


def test_the_report_is_the_same_with_and_without_a_network(folder: Path) -> None:
    done = cut_off(folder, "-m", "dfpolicy", "eval", EXAMPLE, "-o", "json")
    assert done.stdout == (folder / "report.json").read_text("utf-8")


@pytest.mark.parametrize(
    "attempt",
    [
        "import socket; socket.socket()",
        "import socket; socket.getaddrinfo('example.com', 80)",
        "from urllib.request import urlopen; urlopen('http://example.com')",
        "import requests; requests.get('http://127.0.0.1')",
    ],
)
def test_the_test_detects_a_socket(folder: Path, attempt: str) -> None:
    done = cut_off(folder, "-c", attempt)
    assert done.returncode == 97
    assert "network: " in done.stderr


def test_the_test_detects_an_engine_that_connects(folder: Path) -> None:
    url = ("--engine", "server", "--opa-url", "http://127.0.0.1:1")
    assert cut_off(folder, "-m", "dfpolicy", "eval", EXAMPLE, *url).returncode == 97


def test_the_namespace_has_no_network_interface(folder: Path) -> None:
    command = [*unshared("--net"), "cat", "/proc/net/route", "/proc/net/fib_trie"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[1:] == []
