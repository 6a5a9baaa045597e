"""`dfpolicy fix --want`: from everything that an agent can have, what the features need."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from support import agents
from support.command import Run
from support.decisions import Json

OF_METRICS = {"SYS_PTRACE", "NET_RAW", "NET_ADMIN", "IPC_LOCK"}
OF_ALL = {*OF_METRICS, "SYS_ADMIN", "SYS_RESOURCE", "SYSLOG"}


@pytest.fixture
def generous(tmp_path: Path) -> Path:
    """The agent that has everything, and facts of its node."""
    document = agents.generous()
    path = tmp_path / "agent.yaml"
    path.write_text(yaml.safe_dump_all([*document["resources"], agents.NODE]), "utf-8")
    return path


def reduced(cli: Run, path: Path, *arguments: str) -> Json:
    """The objects of the input after the plan."""
    done = cli("fix", str(path), *arguments, "-o", f"patched={path.parent / 'out'}")
    assert done.returncode == 0, done.stderr
    text = (path.parent / "out" / path.name).read_text("utf-8")
    return {"resources": [one for one in yaml.safe_load_all(text) if one["kind"] != "NodeFacts"]}


@pytest.mark.parametrize(
    ("want", "capabilities"),
    [
        ("autometrics, AutoTagging", {*OF_METRICS, "SYS_ADMIN"}),
        ("all", OF_ALL),
    ],
)
def test_the_least_privileges_remain(
    cli: Run, generous: Path, want: str, capabilities: set[str]
) -> None:
    document = reduced(cli, generous, "--want", want)
    assert set(agents.added(document)) == capabilities
    assert "privileged" not in agents.context(document)
    assert "/host" not in [one["mountPath"] for one in agents.container(document)["volumeMounts"]]


def test_both_minima_are_shown(cli: Run, generous: Path) -> None:
    done = cli("fix", str(generous), "--want", "AutoTracing of system calls")
    heads = [line for line in done.stdout.splitlines() if line.startswith("LEAST PRIVILEGES")]
    assert len(heads) == 2
    assert "(host-network)" in heads[1]


def test_the_plan_lists_what_is_in_excess(cli: Run, generous: Path) -> None:
    done = cli("fix", str(generous), "--want", "all", "-o", "plan")
    plan = json.loads(done.stdout)
    excess = next(one for one in plan["changes"] if one["cause"] == "excess")
    assert not excess["ids"]
    assert ["spec", "template", "spec", "volumes", {"name": "host"}] in [
        one["path"] for one in excess["operations"]
    ]


def test_an_unknown_feature_is_refused(cli: Run, generous: Path) -> None:
    done = cli("fix", str(generous), "--want", "AutoMagic")
    assert done.returncode == 2
    assert "unknown feature 'AutoMagic'; use AutoMetrics" in done.stderr
