"""Each way to break a deployment violates its own requirement and no unrelated one.

The base is the example manifest in the shape that the chart renders by default:
no host network, no mount of /var/run/netns.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from support import decisions

EXAMPLE = Path(__file__).parents[2] / "examples" / "single-k8s" / "manifests.yaml"

Document = dict[str, Any]
Finding = tuple[str, str, str]


class Manifests:
    """The documents of the example, and shortcuts to the parts that tests break."""

    def __init__(self) -> None:
        self.documents: list[Document] = [
            document for document in yaml.safe_load_all(EXAMPLE.read_text("utf-8")) if document
        ]
        self.pod["hostNetwork"] = False
        self.pod["dnsPolicy"] = "ClusterFirst"
        self.agent["volumeMounts"] = [
            mount for mount in self.agent["volumeMounts"] if mount["name"] != "netns"
        ]

    def find(self, kind: str) -> Document:
        return next(document for document in self.documents if document["kind"] == kind)

    @property
    def pod(self) -> Document:
        pod: Document = self.find("DaemonSet")["spec"]["template"]["spec"]
        return pod

    @property
    def agent(self) -> Document:
        container: Document = self.pod["containers"][0]
        return container

    @property
    def added(self) -> list[str]:
        names: list[str] = self.agent["securityContext"]["capabilities"]["add"]
        return names

    @property
    def rules(self) -> list[Document]:
        rules: list[Document] = self.find("ClusterRole")["rules"]
        return rules


def findings(documents: list[Document], profile: str = "default") -> set[Finding]:
    """The violations of an input as (id, level, observed)."""
    decision = decisions.decide(
        {
            "mode": "single-k8s",
            "profile": profile,
            "release": {},
            "resources": documents,
            "nodes": [],
            "parameters": {},
        }
    )
    return {
        (result["id"], result["level"], result["observed"])
        for result in decision["results"]
        if result["outcome"] == "violation"
    }


BASE = {("DF-NET-001", "recommended"), ("DF-K8S-004", "recommended")}

ALL_CAPABILITIES = {
    ("DF-K8S-002", "required"),
    ("DF-K8S-003", "required"),
    ("DF-NET-001", "required"),
    ("DF-NET-002", "required"),
    ("DF-NET-003", "required"),
    ("DF-NET-004", "recommended"),
    ("DF-EBPF-002", "required"),
    ("DF-EBPF-003", "required"),
    ("DF-EBPF-004", "required"),
}

CLUSTER_ACCESS = {(f"DF-RBAC-{number:03}", "required") for number in (*range(1, 12), 14, 15)} | {
    ("DF-RBAC-012", "recommended")
}


def remove_capability(name: str) -> Callable[[Manifests], None]:
    return lambda manifests: manifests.added.remove(name)


def prefix_capability(manifests: Manifests) -> None:
    manifests.added[manifests.added.index("SYSLOG")] = "CAP_SYSLOG"


def prefix_capabilities(manifests: Manifests) -> None:
    manifests.added[:] = [f"CAP_{name}" for name in manifests.added]


def capabilities_of_the_pod(manifests: Manifests) -> None:
    manifests.pod["securityContext"] = manifests.agent.pop("securityContext")


def capabilities_of_another_container(manifests: Manifests) -> None:
    context = manifests.agent.pop("securityContext")
    manifests.pod["containers"].append(
        {"name": "log-shipper", "image": "shipper:v1", "securityContext": context}
    )


def capabilities_of_the_init_container(manifests: Manifests) -> None:
    context = manifests.agent.pop("securityContext")
    manifests.pod["initContainers"][0]["securityContext"] |= context


def run_as_user(manifests: Manifests) -> None:
    manifests.agent["securityContext"]["runAsUser"] = 1000


def run_as_non_root(manifests: Manifests) -> None:
    manifests.pod["securityContext"] = {"runAsNonRoot": True}


def user_namespace(manifests: Manifests) -> None:
    manifests.pod["hostUsers"] = False


def debugfs_of_an_empty_directory(manifests: Manifests) -> None:
    volume = next(item for item in manifests.pod["volumes"] if item["name"] == "sys-kernel-debug")
    del volume["hostPath"]
    volume["emptyDir"] = {}


def debugfs_at_another_path(manifests: Manifests) -> None:
    manifests.agent["volumeMounts"][0]["mountPath"] = "/host/sys/kernel/debug"


def role_binding(manifests: Manifests) -> None:
    binding = manifests.find("ClusterRoleBinding")
    binding["kind"] = "RoleBinding"
    binding["metadata"]["namespace"] = "deepflow"


def no_watch(manifests: Manifests) -> None:
    manifests.rules[1]["verbs"] = ["get", "list"]


def logs_for_pods(manifests: Manifests) -> None:
    resources = manifests.rules[0]["resources"]
    resources[resources.index("pods")] = "pods/log"


def resource_names(manifests: Manifests) -> None:
    manifests.rules[2]["resourceNames"] = ["shop"]


def another_service_account(manifests: Manifests) -> None:
    manifests.pod["serviceAccountName"] = "default"


def no_token(manifests: Manifests) -> None:
    manifests.pod["automountServiceAccountToken"] = False


CASES: dict[str, tuple[Callable[[Manifests], None], set[tuple[str, str]]]] = {
    "SYS_PTRACE removed": (
        remove_capability("SYS_PTRACE"),
        {("DF-K8S-003", "required"), ("DF-NET-001", "required")},
    ),
    "SYSLOG removed": (remove_capability("SYSLOG"), {("DF-EBPF-004", "required")}),
    "SYSLOG with the prefix CAP_": (prefix_capability, {("DF-EBPF-004", "required")}),
    "every capability with the prefix CAP_": (prefix_capabilities, ALL_CAPABILITIES),
    "capabilities at pod level": (capabilities_of_the_pod, ALL_CAPABILITIES),
    "capabilities on another container": (capabilities_of_another_container, ALL_CAPABILITIES),
    "capabilities on the init container": (capabilities_of_the_init_container, ALL_CAPABILITIES),
    "runAsUser 1000": (run_as_user, ALL_CAPABILITIES | {("DF-EBPF-006", "required")}),
    "runAsNonRoot": (run_as_non_root, {("DF-EBPF-006", "required")}),
    "hostUsers false": (user_namespace, ALL_CAPABILITIES | {("DF-CH-007", "required")}),
    "debugfs is an emptyDir": (debugfs_of_an_empty_directory, {("DF-EBPF-005", "required")}),
    "debugfs at another path": (debugfs_at_another_path, {("DF-EBPF-005", "required")}),
    "RoleBinding for ClusterRoleBinding": (role_binding, CLUSTER_ACCESS),
    "watch missing": (
        no_watch,
        {(f"DF-RBAC-{number:03}", "required") for number in (7, 8, 9, 10, 15)},
    ),
    "pods/log for pods": (logs_for_pods, {("DF-RBAC-005", "required")}),
    "resourceNames": (resource_names, {("DF-RBAC-011", "required")}),
    "another service account": (
        another_service_account,
        CLUSTER_ACCESS | {("DF-RBAC-017", "recommended")},
    ),
    "no token": (no_token, {("DF-RBAC-013", "required")}),
}


@pytest.mark.parametrize("name", CASES)
def test_each_mistake_violates_only_its_requirement(name: str) -> None:
    break_it, expected = CASES[name]
    manifests = Manifests()
    break_it(manifests)
    found = {(identifier, level) for identifier, level, _ in findings(manifests.documents)}
    base = {(identifier, level) for identifier, level in BASE if identifier not in dict(expected)}
    assert found == base | expected


def test_the_base_has_no_required_violation() -> None:
    assert {row[:2] for row in findings(Manifests().documents)} == BASE


def test_the_strict_profile_accepts_no_equivalent() -> None:
    found = {row[:2] for row in findings(Manifests().documents, "strict")}
    assert found == {("DF-NET-001", "required"), ("DF-K8S-004", "recommended")}


def test_the_finding_names_the_mistake() -> None:
    manifests = Manifests()
    prefix_capability(manifests)
    observed = {row[2] for row in findings(manifests.documents) if row[0] == "DF-EBPF-004"}
    assert observed == {
        "capabilities.add has CAP_SYSLOG; Kubernetes expects SYSLOG, without the prefix"
    }
