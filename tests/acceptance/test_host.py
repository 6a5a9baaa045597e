"""Agents on hosts: Compose files and units with the names that users give them, and other files."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from support.command import Completed, Run

COMPOSE = """\
services:
  deepflow-agent:
    image: registry.example.com/deepflow-ce/deepflow-agent:v7.1
    network_mode: host
    pid: host
    environment:
      DB_PASSWORD: hunter2
    cap_add: [SYS_ADMIN, SYS_RESOURCE, SYS_PTRACE, NET_ADMIN, NET_RAW, IPC_LOCK, SYSLOG]
    volumes:
      - /etc/deepflow-agent.yaml:/etc/deepflow-agent/deepflow-agent.yaml:ro
      - /sys/kernel/debug:/sys/kernel/debug:ro
"""
CONFIGURATION = "controller-ips: [172.20.14.7]\nvtap-group-id-request: g-1a2b3c4d5e\n"
UNIT = """\
# As the package has it, but for the user.
[Unit]
After=syslog.target network-online.target

[Service]
ExecStart=/usr/sbin/deepflow-agent
User=deepflow
Restart=always
LimitNOFILE=1024:4096
Delegate=true

[Install]
WantedBy=multi-user.target
"""


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "compose.yaml").write_text(COMPOSE, "utf-8")
    (tmp_path / "deepflow-agent.yaml").write_text(CONFIGURATION, "utf-8")
    (tmp_path / "unit" / "etc").mkdir(parents=True)
    (tmp_path / "unit" / "deepflow-agent.service").write_text(UNIT, "utf-8")
    (tmp_path / "unit" / "etc" / "deepflow-agent.yaml").write_text(CONFIGURATION, "utf-8")
    (tmp_path / "unit" / "etc" / "deepflow-agent.conf").write_text("hunter2", "utf-8")
    return tmp_path


def results(done: Completed) -> dict[str, dict[str, Any]]:
    report = json.loads(done.stdout)
    assert done.stderr == ""
    return {result["id"]: result for result in report["results"]}


def one_line(done: Completed, *parts: str) -> None:
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"dfpolicy: [^\n]+\n", done.stderr), done.stderr
    assert "hunter2" not in done.stderr
    for part in parts:
        assert part in done.stderr


@pytest.mark.usefixtures("host")
def test_a_compose_file_and_the_agent_s_file(cli: Run) -> None:
    done = cli("eval", "-m", "legacy-host", "compose.yaml", "deepflow-agent.yaml", "-o", "json")
    told = results(done)
    assert done.returncode == 0
    assert "hunter2" not in done.stdout
    assert told["DF-LH-001"]["observed"] == "controller-ips is 172.20.14.7"
    assert told["DF-LH-001"]["location"] == {"file": "compose.yaml", "document": 1, "line": 3}
    assert told["DF-CFG-001"]["location"]["file"] == "deepflow-agent.yaml"
    assert told["DF-K8S-001"]["outcome"] == "pass"
    assert not {"DF-LH-006", "DF-K8S-002", "DF-RBAC-001", "DF-CNI-001", "DF-CH-001"} & told.keys()


@pytest.mark.usefixtures("host")
def test_a_folder_with_a_unit(cli: Run) -> None:
    done = cli("eval", "-m", "cloud-host", "unit", "-o", "json")
    told = results(done)
    assert done.returncode == 1
    place = {"file": "unit/deepflow-agent.service", "document": 1, "line": 2}
    assert told["DF-EBPF-006"]["outcome"] == "violation"
    assert told["DF-EBPF-006"]["location"] == place
    assert told["DF-LH-006"]["outcome"] == "pass"
    assert told["DF-LH-001"]["outcome"] == "pass"
    assert not {"DF-LH-002", "DF-LH-007", "DF-K8S-001", "DF-EBPF-010"} & told.keys()


@pytest.mark.usefixtures("host")
def test_the_agents_version_can_be_set(cli: Run) -> None:
    done = cli(
        *("eval", "-m", "cloud-host", "unit", "--set", "agentVersion=v6.6"),
        *("-o", "json", "--fail-on", "none"),
    )
    (agent,) = json.loads(done.stdout)["agents"]
    assert agent["version"] == "6.6"


@pytest.mark.usefixtures("host")
def test_host_files_contain_no_agent_in_a_cluster_mode(cli: Run) -> None:
    for source in ("compose.yaml", "unit"):
        one_line(cli("eval", "-m", "single-k8s", source), "no DeepFlow agent in the input")


@pytest.mark.parametrize(
    ("name", "text", "parts"),
    [
        (
            "compose.yaml",
            "# a\nservices: [hunter2]\n",
            ["compose.yaml:2: not a valid Compose file: services must be an object"],
        ),
        ("compose.yaml", "services:\n\ta: b\n", ["compose.yaml:2: "]),
        (
            "a.service",
            "[Service]\nUser=a\nhunter2\n",
            ["a.service:3: not a valid unit file: expected [Section] or Key=value"],
        ),
        (
            "a.service",
            "hunter2=a\n",
            ["a.service:1: not a valid unit file: a setting before the first [Section]"],
        ),
        (
            "a.service",
            "\n\n[hunter2\n",
            ["a.service:3: not a valid unit file: a section without a name or a closing bracket"],
        ),
        ("a.service", "[Service]\nExecStart=/bin/hunter2\n", ["no DeepFlow agent in the input"]),
        (
            "a.service",
            "",
            ["no DeepFlow agent in the input", "give the Compose file or the .service"],
        ),
        ("compose.yaml", "services: {hunter2: {image: x}}", ["no DeepFlow agent in the input"]),
    ],
)
def test_invalid_host_files_give_one_line(
    cli: Run, host: Path, name: str, text: str, parts: list[str]
) -> None:
    (host / name).write_text(text, "utf-8")
    one_line(cli("eval", "-m", "legacy-host", name), *parts)


@pytest.mark.parametrize(
    "change",
    [
        ("cap_add: [", "cap_add: SYS_ADMIN\n    cap_drop: ["),
        ("network_mode: host", "network_mode: [host]"),
        ("    volumes:\n", "    configs: 5\n    volumes:\n      - null\n      - [a]\n      - {}\n"),
        ("pid: host", "pid: {a: b}\n    user: [0]\n    privileged: 1\n    security_opt: x"),
        ("DB_PASSWORD: hunter2", "5: {a: b}"),
    ],
)
def test_fields_of_wrong_types_do_not_crash(cli: Run, host: Path, change: tuple[str, str]) -> None:
    (host / "compose.yaml").write_text(COMPOSE.replace(*change), "utf-8")
    done = cli("eval", "-m", "legacy-host", "compose.yaml", "-o", "json", "--fail-on", "none")
    assert (done.returncode, done.stderr) == (0, "")
    assert len(results(done)) >= 20
