"""No result is a pass if a real kernel refused what the feature needs."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from dfpolicy.report.impacts import implied
from support import decisions
from support.decisions import Json

if TYPE_CHECKING:
    from dfpolicy.model import Decision

_ANSWERS: Json = yaml.safe_load(
    Path(__file__).with_name("kernel_answers.yaml").read_text("utf-8"),
)
KERNELS: dict[str, Json] = _ANSWERS["kernels"]
CASES: list[Json] = _ANSWERS["cases"]
SEVEN = ["SYS_ADMIN", "SYS_RESOURCE", "SYSLOG", "SYS_PTRACE", "NET_RAW", "NET_ADMIN", "IPC_LOCK"]
# The requirements that state what a kernel can refuse. The others have other reasons.
ANSWERED = {
    *(f"DF-EBPF-{number:03}" for number in (*range(1, 9), 10, 14)),
    *("DF-NET-002", "DF-NET-003", "DF-NET-004", "DF-K8S-002", "DF-K8S-003"),
}
# Hosts have no pods: there is no namespace to enter.
OF_PODS = {"enterNamespace", "openNamespace"}
DEBUGFS = "/sys/kernel/debug"


def _facts(kernel: str, given: Json) -> Json:
    selinux = given.get("selinux", "disabled")
    return {
        "apiVersion": "dfpolicy.dev/v1",
        "kind": "NodeFacts",
        "metadata": {"name": "node"},
        "spec": {
            **KERNELS[kernel],
            "os": {"id": "debian", "prettyName": "Debian GNU/Linux"},
            "btf": True,
            "uprobePmu": True,
            "cpus": 2,
            "lockdown": given.get("lockdown", "none"),
            "selinux": {"enabled": selinux != "disabled", "mode": selinux},
            "containerRuntime": {"name": "containerd", "version": "2.1.4"},
            "paths": {DEBUGFS: {"exists": True, "readable": True, "mounted": True}},
            "sysctls": {
                "kernel.kptr_restrict": given.get("kptr", 1),
                "kernel.perf_event_paranoid": given.get("paranoid", 2),
                "net.core.bpf_jit_enable": 1,
            },
        },
    }


def _workload(given: Json) -> Json:
    capabilities = {"add": given.get("add", SEVEN), "drop": given.get("drop", [])}
    context: Json = {"capabilities": capabilities, "runAsUser": given.get("user", 0)}
    if given.get("seccomp"):
        context["seccompProfile"] = {"type": "RuntimeDefault"}
    mount: Json = {"name": "debug", "mountPath": DEBUGFS}
    mount["readOnly"] = given.get("debugfs") == "read-only"
    absent = given.get("debugfs") == "absent"
    container = {
        "name": "deepflow-agent",
        "image": "registry.example.com/deepflow-ce/deepflow-agent:v7.1",
        "securityContext": context,
        "volumeMounts": [] if absent else [mount],
    }
    pod = {
        "hostPID": True,
        "hostNetwork": True,
        "containers": [container],
        "volumes": [{"name": "debug", "hostPath": {"path": DEBUGFS}}],
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": "deepflow-agent", "namespace": "deepflow"},
        "spec": {"template": {"spec": pod}},
    }


def _unit(given: Json) -> Json:
    service = {"ExecStart": ["/usr/sbin/deepflow-agent"]}
    for key, setting in (("ambient", "AmbientCapabilities"), ("bounded", "CapabilityBoundingSet")):
        if key in given:
            service[setting] = [" ".join(f"CAP_{name}" for name in given[key])]
    if "ambient" in given:
        service["User"] = ["deepflow"]
    if "memlock" in given:
        service["LimitMEMLOCK"] = [given["memlock"]]
    return {
        "apiVersion": "dfpolicy.dev/v1",
        "kind": "SystemdUnit",
        "metadata": {"name": "deepflow-agent.service"},
        "spec": {"Service": service},
    }


def _hosted(case: Json) -> bool:
    return not {"ambient", "bounded"}.isdisjoint(case.get("given", {}))


@cache
def _decision(kernel: str, number: int) -> Decision:
    given = CASES[number].get("given", {})
    hosted = _hosted(CASES[number])
    return decisions.decide(
        {
            "mode": "legacy-host" if hosted else "single-k8s",
            "resources": [_unit(given) if hosted else _workload(given)],
            "nodes": [_facts(kernel, given)],
        }
    )


def _lost(kernel: str, number: int) -> frozenset[str]:
    """Return the features that the requirements report as lost on this kernel."""
    found: set[str] = set()
    for result in _decision(kernel, number)["results"]:
        if result["id"] in ANSWERED and result["outcome"] != "pass":
            found |= implied(result["impact"])
    return frozenset(found)


def _refused(case: Json, kernel: str) -> set[str]:
    refused: Json = case.get("refused", {})
    return {name for name, where in refused.items() if where == "all" or kernel in where}


def test_nothing_is_lost_with_all_that_is_required() -> None:
    usual = next(n for n, case in enumerate(CASES) if case["case"].startswith("the seven cap"))
    for kernel in KERNELS:
        assert not _lost(kernel, usual)


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case["case"] for case in CASES])
def test_what_a_kernel_refused_is_lost(number: int) -> None:
    features: dict[str, str] = _ANSWERS["features"]
    for kernel in KERNELS:
        refused = _refused(CASES[number], kernel) & features.keys()
        for attempt in refused - OF_PODS if _hosted(CASES[number]) else refused:
            assert features[attempt] in _lost(kernel, number), (kernel, attempt)


@pytest.mark.parametrize("kernel", KERNELS)
def test_no_fentry_where_the_kernel_refused_it(kernel: str) -> None:
    usual = next(n for n, case in enumerate(CASES) if case["case"].startswith("the seven cap"))
    [row] = _decision(kernel, usual)["features"]
    assert row["fentry"] == ("no" if "fentry" in _refused(CASES[usual], kernel) else "yes")
