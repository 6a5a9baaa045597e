"""Reports for the tests of the HTML format: one of each outcome, and one of a large cluster."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, cast

from dfpolicy.model import FeatureRow, Level, Outcome, Report, Result, UnjudgedReport
from dfpolicy.report.verdict import judged
from support import reports

Json = dict[str, Any]

WORKLOAD = {"kind": "DaemonSet", "namespace": "deepflow", "name": "agent", "container": "agent"}
EVERY_NODE = {"kind": "Node", "name": "*"}
KERNELS = (
    ("5.15.0-91-generic", "Ubuntu 22.04.4 LTS", "yes", "listed"),
    ("4.18.0-553.el8.x86_64", "Red Hat Enterprise Linux 8.10 (Ootpa)", "yes", "listed"),
    ("4.14.35-1902.el7", "Oracle Linux Server 7.9", "host-only", "unlisted"),
    ("3.10.0-862.el7.x86_64", "CentOS Linux 7 (Core)", "no", "listed"),
    ("unknown", "unknown", "unknown", "unknown"),
)


def result(identifier: str, outcome: Outcome, level: Level = "required", **changes: Any) -> Result:
    """Return a result; `changes` replace other fields of it, None removes one."""
    base: Json = {
        "id": identifier,
        "group": "ebpf",
        "title": f"The title of {identifier}",
        "subject": dict(WORKLOAD),
        "observed": "no mount of `/sys/kernel/debug`",
        "expected": "hostPath /sys/kernel/debug is mounted" if outcome == "violation" else "",
        "message": "m",
        "impact": ["AutoTracing", "AutoProfiling"],
        "remediation": "Mount the hostPath `/sys/kernel/debug` read-only at the same path.",
        "location": {"file": "-", "document": 2, "line": 187, "template": "c/templates/ds.yaml"},
    }
    if outcome == "unknown":
        base["collect"] = "sysctl kernel.kptr_restrict"
    return reports.result(outcome, level, **(base | changes))


def feature(node: str, kernel: int = 0, *notes: str) -> FeatureRow:
    """Return the feature row of a node with the kernel at that position in KERNELS."""
    release, system, value, certainty = KERNELS[kernel]
    row = {
        "node": node,
        "architecture": "unknown" if release == "unknown" else "amd64",
        "kernelRelease": release,
        "os": system,
        "kprobe": "yes" if value == "host-only" else value,
        "golang_uprobe": value,
        "openssl_uprobe": value,
        "perf": "yes" if value == "host-only" else value,
        "fentry": "yes" if kernel == 0 else "unknown" if kernel == 4 else "no",
        "certainty": certainty,
        "notes": list(notes),
    }
    return cast(FeatureRow, row)


def report(
    results: Iterable[Result], features: Iterable[FeatureRow] = (), **changes: Any
) -> Report:
    """Return a report on the results; `changes` replace other fields of it."""
    results = list(results)
    counted = Counter(
        ("waived" if entry.get("waiver") else entry["outcome"], entry["level"]) for entry in results
    )
    unknown = sum(count for (state, _), count in counted.items() if state == "unknown")
    base = {
        "apiVersion": "dfpolicy.dev/v1",
        "kind": "Report",
        "dfpolicy": {"version": "0.1.0", "bundle": "388cf0f4d286", "engine": "wasm"},
        "mode": {
            "name": "single-k8s",
            "source": "detected",
            "reason": "controller-ips holds deepflow-server",
            "candidates": [],
        },
        "profile": "default",
        "summary": {
            "pass": sum(count for (state, _), count in counted.items() if state == "pass"),
            "violation": {
                level: counted["violation", level]
                for level in ("required", "recommended", "informational")
            },
            "unknown": unknown,
            "waived": sum(count for (state, _), count in counted.items() if state == "waived"),
            "ignored": 0,
        },
        "agents": [
            {
                "subject": dict(WORKLOAD),
                "role": "collector",
                "image": "registry.example.com/deepflow-agent:v7.1",
                "version": "7.1",
            }
        ],
        "results": results,
        "features": list(features),
        "ignored": [],
        "waivers": {"unused": [], "expired": []},
    }
    return judged(cast(UnjudgedReport, base | changes), "required", False)


def one_of_each() -> Report:
    """Return a report with each outcome and level, a waiver and a small cluster."""
    node = {"kind": "Node", "name": "node-1"}
    return report(
        [
            result("DF-K8S-001", "pass", group="kubernetes-info", impact=["AutoTagging"]),
            result(
                "DF-K8S-004",
                "violation",
                "recommended",
                group="kubernetes-info",
                impact=["AutoTagging"],
                observed="/var/run/netns is not mounted",
            ),
            result("DF-EBPF-005", "violation"),
            result("DF-EBPF-007", "unknown", subject=dict(EVERY_NODE), location=None),
            result("DF-EBPF-008", "violation", "informational", subject=node),
            result(
                "DF-EBPF-012",
                "violation",
                "recommended",
                waiver={
                    "reason": "accepted until the migration",
                    "owner": "platform team",
                    "expires": "2027-01-31",
                },
            ),
            *(
                result("DF-EBPF-001", "pass", subject={"kind": "Node", "name": f"node-{number}"})
                for number in range(1, 9)
            ),
        ],
        [
            *(feature(f"node-{number}") for number in range(1, 6)),
            feature("node-6", 2, "Go uprobes reach processes on the host only"),
            feature("node-7", 3),
            feature("node-8", 4),
        ],
        waivers={
            "unused": [
                {
                    "id": "DF-CNI-001",
                    "subject": "Cluster/*",
                    "reason": "accepted by the vendor",
                    "owner": "network team",
                    "expires": "2027-06-30",
                    "file": "dfpolicy.yaml",
                    "line": 12,
                }
            ],
            "expired": [],
        },
        configuration="dfpolicy.yaml",
        ignored=[{"file": "values.yaml", "document": 1, "line": 1}],
    )


def large(nodes: int = 2000, requirements: int = 5) -> Report:
    """Return a report on a cluster of this many nodes, each with this many results."""
    results = [
        result("DF-EBPF-005", "violation"),
        result("DF-K8S-004", "violation", "recommended", group="kubernetes-info"),
    ]
    for requirement in range(requirements):
        for number in range(nodes):
            kernel = number % 40
            outcome: Outcome = "violation" if kernel < 3 else "unknown" if kernel < 5 else "pass"
            results.append(
                result(
                    f"DF-KERNEL-{requirement + 1:03}",
                    outcome,
                    "required" if requirement == 0 else "recommended",
                    group="kernel",
                    subject={"kind": "Node", "name": f"worker-{number:04}"},
                    location={
                        "file": "nodes.yaml",
                        "document": number + 1,
                        "line": 40 * number + 1,
                    },
                    observed=f"the kernel is 4.{kernel}.0",
                )
            )
    features = []
    for number in range(nodes):
        row = feature(f"worker-{number:04}", (0, 0, 0, 1, 1, 2, 3, 4)[number % 8])
        if row["kernelRelease"] != "unknown":
            row["kernelRelease"] += f".{number % 40}"
        features.append(row)
    return report(results, features)
