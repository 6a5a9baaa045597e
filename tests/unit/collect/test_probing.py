"""Collecting with the probe: on this host, by the script, and on the nodes of a cluster."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from dfpolicy.collect import deep, deep_probe, node, probing
from dfpolicy.collect.api import Api, RefusedError
from dfpolicy.collect.images import Image
from dfpolicy.errors import DfpolicyError, InputError
from dfpolicy.input.schemas import first_error

ANSWER: dict[str, Any] = {
    "version": 1,
    "as": {"uid": 0, "effective": ["SYS_ADMIN"]},
    "results": {"load.kprobe": "ok", "kallsyms": "zeros"},
    "refused": {},
}
linux = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in probing.MACHINES,
    reason="no binary for this host",
)


@linux
def test_the_facts_of_this_host_contain_the_answers() -> None:
    document, _ = node.collect(probe=True)
    assert first_error(document, "node-facts") is None
    (answers,) = document["spec"]["probe"]
    assert answers["as"]["uid"] == os.geteuid()
    assert "load.kprobe" in answers["results"]


def test_another_root_cannot_be_probed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--root"):
        node.collect(str(tmp_path), probe=True)


def test_a_host_without_a_probe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(DfpolicyError, match="riscv64"):
        probing.run()


@pytest.mark.parametrize(
    ("output", "told"),
    [
        (b"", "spec.probe"),
        (b"[" * 60_000, "spec.probe"),
        (b" " * (64 << 10) + json.dumps(ANSWER).encode(), "spec.probe"),
        (json.dumps({**ANSWER, "results": {"kallsyms": "no"}}).encode(), "kallsyms"),
        (json.dumps({**ANSWER, "secret": "x"}).encode(), "secret"),
    ],
)
def test_output_that_is_no_document_of_the_probe(output: bytes, told: str) -> None:
    with pytest.raises(DfpolicyError, match=told):
        probing.parse(output)


# --- The script


def run(shell: list[str], script: str, **environment: str) -> tuple[dict[str, Any], str]:
    done = subprocess.run(
        shell,
        input=script.encode(),
        capture_output=True,
        env={"PATH": os.environ["PATH"], **environment},
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    document = yaml.safe_load(done.stdout)
    assert first_error(document, "node-facts") is None
    return document, done.stderr.decode()


@linux
@pytest.mark.parametrize(
    "shell", [["dash", "-s"], ["busybox", "sh", "-s"], ["bash", "--posix", "-s"]]
)
def test_the_script_probes_and_leaves_nothing(shell: list[str], tmp_path: Path) -> None:
    document, _ = run(shell, node.script(probe=True), TMPDIR=str(tmp_path))
    (answers,) = document["spec"]["probe"]
    assert answers["results"]["load.kprobe"] == probing.run()["results"]["load.kprobe"]
    assert list(tmp_path.iterdir()) == []


@linux
def test_the_script_finds_another_directory_than_one_that_runs_nothing(tmp_path: Path) -> None:
    """As with `noexec`: here the directory does not exist."""
    document, _ = run(["sh", "-s"], node.script(probe=True), TMPDIR=str(tmp_path / "missing"))
    assert "probe" in document["spec"]


@linux
def test_a_probe_that_was_changed_on_its_way_does_not_run() -> None:
    script = node.script(probe=True)
    for machine in probing.MACHINES:
        start = script.index("END' ;;", script.index(f"    {machine}) cat"))
        at = start + 200
        script = script[:at] + ("A" if script[at] != "A" else "B") + script[at + 1 :]
    document, told = run(["sh", "-s"], script)
    assert "probe" not in document["spec"]
    assert "collect: probe: /proc/self/exe: no directory where a program can be written" in told


def test_without_probe_the_script_carries_none() -> None:
    assert len(node.script()) < 48 << 10
    assert "\nprobing=\n" in node.script()
    # Both architectures as base64, and little more.
    sizes = sum(len(probing.binary(machine)) for machine in probing.MACHINES)
    assert len(node.script(probe=True)) - len(node.script()) < sizes * 1.4


# --- Clusters

AGENT: dict[str, Any] = {
    "kind": "DaemonSet",
    "metadata": {"name": "deepflow-agent", "namespace": "deepflow"},
    "spec": {
        "template": {
            "metadata": {
                "annotations": {
                    "container.apparmor.security.beta.kubernetes.io/deepflow-agent": "unconfined"
                }
            },
            "spec": {
                "hostPID": True,
                "hostNetwork": False,
                "securityContext": {"runAsUser": 7},
                "containers": [
                    {
                        "name": "sidecar",
                        "image": "busybox",
                        "securityContext": {"privileged": True},
                    },
                    {
                        "name": "deepflow-agent",
                        "image": "registry.example.com/deepflow-ce/deepflow-agent:v7.1",
                        "env": [{"name": "TOKEN", "value": "secret"}],
                        "securityContext": {"capabilities": {"add": ["BPF"]}},
                        "volumeMounts": [
                            {"name": "debug", "mountPath": "/sys/kernel/debug"},
                            {"name": "other", "mountPath": "/sys/kernel/tracing"},
                            {"name": "etc", "mountPath": "/etc"},
                        ],
                    },
                ],
                "volumes": [
                    {"name": "debug", "hostPath": {"path": "/sys/kernel/debug"}},
                    {"name": "other", "emptyDir": {}},
                    {"name": "etc", "hostPath": {"path": "/etc"}},
                ],
            },
        }
    },
}
SUBJECT = {
    "kind": "DaemonSet",
    "namespace": "deepflow",
    "name": "deepflow-agent",
    "container": "deepflow-agent",
}


def test_the_probe_runs_in_the_place_of_the_agent_and_privileged() -> None:
    objects = deep.manifests(Image("busybox"), deep_probe.places([AGENT], []))
    binaries, own, privileged = objects[-3:]
    assert set(binaries["binaryData"]) == set(probing.MACHINES)
    assert len(json.dumps(binaries)) < 1 << 20
    template = own["spec"]["template"]
    (container,) = template["spec"]["containers"]
    assert container["securityContext"] == {"capabilities": {"add": ["BPF"]}}
    assert template["spec"]["securityContext"] == {"runAsUser": 7}
    assert (template["spec"]["hostPID"], template["spec"]["hostNetwork"]) == (True, False)
    assert list(template["metadata"]["annotations"].values()) == ["unconfined"]
    # The mount of debugfs; nothing else of the host, and no variable.
    paths = [one["hostPath"]["path"] for one in template["spec"]["volumes"] if "hostPath" in one]
    assert paths == ["/sys/kernel/debug"]
    assert "secret" not in json.dumps(own)
    (container,) = privileged["spec"]["template"]["spec"]["containers"]
    assert container["securityContext"]["privileged"] is True
    selectors = [
        one["spec"]["selector"]["matchLabels"] for one in objects if "selector" in str(one)
    ]
    assert len({json.dumps(labels) for labels in selectors}) == 3


def test_the_agent_to_install_comes_before_the_running_one() -> None:
    running = {**AGENT, "metadata": {"name": "old"}}
    names = [place.subject.get("name") for place in deep_probe.places([AGENT], [running])]
    assert names == ["deepflow-agent", None]
    assert [place.subject for place in deep_probe.places([], [])] == [{}]


def test_without_the_option_no_probe_is_created() -> None:
    kinds = [one["kind"] for one in deep.manifests(Image("busybox"))]
    assert kinds == ["Namespace", "ConfigMap", "DaemonSet"]


class Nodes(Api):
    """Nodes that print their facts, and the answers of the probe; `refused` objects fail."""

    def __init__(self, refused: str = "", answer: bytes = b"") -> None:
        self.name = "test"
        self.refused = refused
        self.answer = answer or json.dumps(ANSWER).encode()
        self.created: list[str] = []
        self.removed: list[str] = []

    def _send(self, method: str, path: str, *rest: Any, **_: Any) -> bytes:
        if method == "POST":
            name = rest[1]["metadata"]["name"]
            if self.refused and name.endswith(self.refused):
                raise RefusedError(403, "forbidden")
            self.created.append(name)
        if method == "DELETE":
            self.removed.append(path.rpartition("/")[2])
        if path.endswith("/pods"):
            return json.dumps(
                {"items": [{"metadata": {"name": "p"}, "spec": {"nodeName": "node-1"}}]}
            ).encode()
        if path.endswith("/log"):
            head = b"apiVersion: dfpolicy.dev/v1\nkind: NodeFacts\n"
            facts = head + b"metadata: {name: node-1}\nspec: {}\n"
            probe = "'container': 'probe'" in str(rest)
            return (self.answer + b"\n" if probe else facts) + b"# dfpolicy: end\n"
        return b"{}"


def test_the_answers_become_facts_and_everything_is_removed() -> None:
    api = Nodes()
    found, unread = deep.collect_nodes(
        api, ["node-1"], Image("i"), 5, places=deep_probe.places([AGENT], [])
    )
    assert unread == []
    assert found[0]["spec"]["probe"] == [{**ANSWER, "for": SUBJECT}, ANSWER]
    assert first_error(found[0], "node-facts") is None
    assert sorted(api.created) == sorted(api.removed)
    assert len(api.created) == 6


def test_a_refused_privileged_probe_leaves_the_rest() -> None:
    api = Nodes(refused="-probe-1")
    found, unread = deep.collect_nodes(
        api, ["node-1"], Image("i"), 5, places=deep_probe.places([AGENT], [])
    )
    assert [one["for"] for one in found[0]["spec"]["probe"]] == [SUBJECT]
    assert [(one["fact"], one["reason"]) for one in unread] == [("probe privileged", "forbidden")]


def test_a_hostile_answer_is_reported_and_the_facts_are_kept() -> None:
    found, unread = deep.collect_nodes(
        Nodes(answer=b'{"version": 2}'), ["node-1"], Image("i"), 5, places=deep_probe.places([], [])
    )
    assert "probe" not in found[0]["spec"]
    assert unread[0]["reason"].startswith("the probe's output is not valid")
