"""`dfpolicy fleet` on directories of clusters, with its worker processes."""

from __future__ import annotations

import json
import os
import re
import signal
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from dfpolicy.fleet import worker
from dfpolicy.fleet.clusters import Cluster
from dfpolicy.fleet.judging import Terms
from dfpolicy.fleet.pool import judge_all
from dfpolicy.settings.resolution import resolve
from support import fleets
from support.command import Run
from support.decisions import ROOT

GOOD = (ROOT / "examples" / "single-k8s" / "manifests.yaml").read_text("utf-8")
WEAK = GOOD.replace("- NET_RAW\n", "- CHOWN\n")
WAIVER = """\
waivers:
  - {id: ID, reason: no packets, owner: net team, expires: "2099-12-31"}
"""


def write(folder: Path, **clusters: str) -> None:
    for name, text in clusters.items():
        (folder / "clusters" / name).mkdir(parents=True)
        (folder / "clusters" / name / "agent.yaml").write_text(text, "utf-8")


def report(cli: Run, *arguments: str, code: int) -> Any:
    done = cli("fleet", "clusters", "--jobs", "2", "-o", "json", *arguments)
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout)


def by_name(made: Any) -> dict[str, Any]:
    return {one["name"]: one for one in made["clusters"]}


def test_each_cluster_is_judged_as_eval_does_and_a_broken_one_does_not_end_the_run(
    cli: Run, tmp_path: Path
) -> None:
    write(tmp_path, fine=GOOD, weak=WEAK, broken="a: [", bare="apiVersion: v1\nkind: X\n")
    (tmp_path / "clusters" / "empty").mkdir()
    (tmp_path / "clusters" / "link").symlink_to(tmp_path / "clusters" / "fine")
    (tmp_path / "clusters" / "piped").mkdir()
    os.mkfifo(tmp_path / "clusters" / "piped" / "dfpolicy.yaml")
    found = by_name(report(cli, code=2))
    for name, code in {"fine": 0, "weak": 1}.items():
        alone = json.loads(cli("eval", f"clusters/{name}", "-o", "json").stdout)
        assert found[name]["exitCode"] == alone["exitCode"] == code
        alone["verdict"].pop("proposal", None)
        assert found[name]["verdict"] == alone["verdict"]
    errors = {name: one["error"] for name, one in found.items() if "error" in one}
    assert {name: one["where"] for name, one in errors.items()} == {
        "broken": "clusters/broken/agent.yaml:2",
        "bare": "clusters/bare/agent.yaml:1",
        "empty": "clusters/empty",
        "link": "clusters/link",
        "piped": "clusters/piped/dfpolicy.yaml",
    }


def test_the_file_of_a_cluster_waives_and_judges_but_is_not_trusted_with_more(
    cli: Run, tmp_path: Path
) -> None:
    write(tmp_path, own=WEAK, other=WEAK, loose=WEAK)
    identifier = next(
        problem["ids"][0]
        for problem in json.loads(cli("eval", "clusters/own", "-o", "json").stdout)["verdict"][
            "problems"
        ]
        if problem["effect"] == "blocks"
    )
    evil = 'engine: opa\nopa: ./evil\noutputs: ["json=stolen.json"]\nmaxDocuments: 1\n'
    clusters = tmp_path / "clusters"
    clusters.joinpath("own", "dfpolicy.yaml").write_text(
        evil + WAIVER.replace("ID", identifier), "utf-8"
    )
    clusters.joinpath("loose", "dfpolicy.yaml").write_text("failOn: none\n", "utf-8")
    made = report(cli, "--strict", code=1)
    found = by_name(made)
    assert {name: one["verdict"]["counts"]["accepted"] for name, one in found.items()} == {
        "own": 1,
        "other": 0,
        "loose": 0,
    }
    assert made["dfpolicy"]["engine"] == "wasm"
    assert [path.name for path in tmp_path.iterdir()] == ["clusters"]
    assert found["loose"]["settings"] == [
        {"key": "failOn", "value": "none", "place": "clusters/loose/dfpolicy.yaml:1"}
    ]
    # A flag counts more than the file of a cluster, and the waivers of the fleet are for all.
    (tmp_path / "fleet.yaml").write_text(WAIVER.replace("ID", identifier), "utf-8")
    made = report(cli, "--fail-on", "required", "--config", "fleet.yaml", code=0)
    assert {one["verdict"]["failOn"] for one in made["clusters"]} == {"required"}
    assert {one["verdict"]["counts"]["accepted"] for one in made["clusters"]} == {1}
    assert {one["command"] for one in made["clusters"]} == {
        "dfpolicy eval clusters/own --config clusters/own/dfpolicy.yaml --fail-on required",
        "dfpolicy eval clusters/loose --config clusters/loose/dfpolicy.yaml --fail-on required",
        "dfpolicy eval clusters/other --config fleet.yaml --fail-on required",
    }


@pytest.mark.skipif(
    not Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").exists(),
    reason="the kernel lists no children",
)
def test_a_worker_that_is_killed_fails_its_cluster_and_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, one=GOOD, two=GOOD, three=GOOD)
    settings = resolve({}, {}, None)
    clusters = [
        Cluster(name, str(tmp_path / "clusters" / name)) for name in ("one", "two", "three")
    ]
    os.mkfifo(tmp_path / "pipe")
    # Reading a named pipe without a writer waits until the process is killed.
    clusters[1] = Cluster("two", str(tmp_path / "pipe"))
    killed: list[int] = []

    def kill(done: int, _total: int) -> None:
        if done == 1:
            children = Path(f"/proc/{os.getpid()}/task").glob("*/children")
            for child in " ".join(path.read_text("utf-8") for path in children).split():
                command = Path(f"/proc/{child}/cmdline").read_bytes()
                if b"dfpolicy.fleet.worker" in command:
                    killed.append(int(child))
                    os.kill(int(child), signal.SIGKILL)

    order = worker.Order(Terms({}, settings), "en")
    found = judge_all(clusters, order, 1, kill)
    assert len(killed) == 1
    assert [one["exitCode"] for one in found] == [0, 3, 0]
    assert found[1]["error"]["message"] == "the process that judged this cluster ended"


def test_kubeconfig_without_contexts_and_no_source_are_errors(cli: Run) -> None:
    assert cli("fleet").stderr.startswith("dfpolicy: error: no SOURCE and no --contexts")
    done = cli("fleet", ".", "--kubeconfig", "k")
    assert (done.returncode, done.stdout) == (2, "")


@pytest.mark.slow
def test_planted_faults_are_all_found(cli: Run, tmp_path: Path) -> None:
    """The expected numbers are counted in the texts of the files, not by dfpolicy's readers."""
    fleets.write(tmp_path / "clusters", 75)
    made = report(cli, code=2)
    states = Counter(one["state"] for one in made["clusters"])
    expected: Counter[str] = Counter()
    shared: Counter[str] = Counter()
    groups: Counter[str] = Counter()
    old = 0
    for folder in (tmp_path / "clusters").iterdir():
        manifests = (folder / "manifests.yaml").read_text("utf-8")
        if "image:" not in manifests or "kind: [" in manifests:
            expected["error"] += 1
            continue
        shared[re.findall(r"kubernetes-cluster-id: (\S+)", manifests)[0]] += 1
        groups[re.findall(r"vtap-group-id-request: (\S+)", manifests)[0]] += 1
        nodes = (folder / "nodes.yaml").read_text("utf-8")
        old += nodes.count(f"kernelVersion: {fleets.OLD_KERNEL}")
        missing = "- SYSLOG" not in manifests and not (folder / "dfpolicy.yaml").exists()
        if missing:
            expected["do-not-deploy"] += 1
        elif fleets.OLD_KERNEL in nodes:
            expected["blocked-on-some-nodes"] += 1
        else:
            expected["deployable"] += 1
    assert states == expected
    assert (
        sum(kind["nodes"] for kind in made["kinds"] if kind["kernelRelease"].startswith("4.4."))
        == old
    )
    assert {(one["value"], len(one["clusters"])) for one in made["shared"]} == {
        (value, count) for value, count in shared.items() if count > 1
    }
    (group,) = [one for one in made["drift"] if one["setting"] == "vtap-group-id-request"]
    assert {one["value"]: len(one["clusters"]) for one in group["values"]} == groups
