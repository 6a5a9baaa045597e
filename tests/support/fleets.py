"""Directories of many clusters with planted faults, for tests and measurements.

python -m support.fleets DIRECTORY COUNT
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dfpolicy.fleet.clusters import Cluster
from dfpolicy.fleet.judging import failed, summarised
from dfpolicy.model import JsonObject, Report
from dfpolicy.report.fleet import fleet_report
from dfpolicy.report.fleet_shapes import FleetReport, JudgedCluster
from support import reports
from support.decisions import ROOT

NODES = 20
OLD, CAPABILITY, NO_AGENT, INVALID, WAIVED, GROUP, SHARED = range(7)
# A cluster has the fault of its number modulo 25; most clusters have none.
FAULTS = {1: OLD, 4: CAPABILITY, 9: NO_AGENT, 13: INVALID, 16: WAIVED, 19: GROUP, 22: SHARED}
OLD_KERNEL = "4.4.0-31-generic"
_EVERY = 25
_KERNELS = (
    ("5.15.0-124-generic", "amd64", "Ubuntu 22.04.5 LTS"),
    ("6.1.0-25-amd64", "amd64", "Debian GNU/Linux 12 (bookworm)"),
    ("5.14.0-427.el9.x86_64", "amd64", "Rocky Linux 9.4 (Blue Onyx)"),
)
_ARCHITECTURES = {"amd64": "x86_64", "arm64": "aarch64"}
_WAIVER = """\
failOn: required
waivers:
  - id: DF-EBPF-004
    reason: this cluster is not profiled
    owner: observability team
    expires: "2099-12-31"
"""


def name(number: int) -> str:
    """The name of a cluster."""
    return f"cluster-{number:03}"


def write(directory: Path, count: int) -> None:
    """Write a directory for each cluster: manifests.yaml, nodes.yaml, perhaps dfpolicy.yaml."""
    example = (ROOT / "examples" / "multi-k8s" / "manifests.yaml").read_text("utf-8")
    parts = example.split("\n---\n")
    kept = [part for part in parts if "\nkind: Node" not in f"\n{part}"]
    base = "\n---\n".join(kept)
    assert "\nkind: NodeFacts" not in base
    for number in range(count):
        folder = directory / name(number)
        folder.mkdir(parents=True)
        fault = FAULTS.get(number % _EVERY)
        manifests = base.replace("d-5m8k2pxq9r", f"d-{number:010}").replace("lisbon", name(number))
        if fault in (CAPABILITY, WAIVED):
            manifests = manifests.replace("                - SYSLOG\n", "")
        elif fault == GROUP:
            manifests = manifests.replace("g-4h7d2w9s1k", "g-other00000")
        elif fault == SHARED:
            manifests = manifests.replace(f"d-{number:010}", "d-5m8k2pxq9r")
        elif fault == NO_AGENT:
            manifests = kept[1] + "\n"
        elif fault == INVALID:
            manifests += "\n---\nkind: [\n"
        folder.joinpath("manifests.yaml").write_text(manifests, "utf-8")
        folder.joinpath("nodes.yaml").write_text(_nodes(number, fault == OLD), "utf-8")
        if fault == WAIVED:
            folder.joinpath("dfpolicy.yaml").write_text(_WAIVER, "utf-8")


def _nodes(cluster: int, old: bool) -> str:
    """The Nodes and NodeFacts; of the old ones, three in each cluster."""
    texts = []
    for number in range(NODES):
        kernel, architecture, system = _KERNELS[number % len(_KERNELS)]
        if old and number < 3:
            kernel, architecture, system = OLD_KERNEL, "arm64", "Ubuntu 14.04.6 LTS"
        node = f"{name(cluster)}-{number}"
        texts.append(
            _NODE.format(
                node=node,
                architecture=architecture,
                machine=_ARCHITECTURES[architecture],
                kernel=kernel,
                system=system,
                number=number,
            )
        )
    return "---\n".join(texts)


_NODE = """\
apiVersion: v1
kind: Node
metadata:
  name: {node}
  labels:
    kubernetes.io/os: linux
    kubernetes.io/arch: {architecture}
spec:
  podCIDR: 10.64.{number}.0/24
status:
  capacity:
    cpu: "8"
  nodeInfo:
    architecture: {architecture}
    kernelVersion: {kernel}
    operatingSystem: linux
    osImage: {system}
---
apiVersion: dfpolicy.dev/v1
kind: NodeFacts
metadata:
  name: {node}
spec:
  architecture: {machine}
  kernelRelease: {kernel}
  cpus: 8
  btf: true
  uprobePmu: true
  selinux:
    enabled: false
    mode: disabled
  lockdown: none
  sysctls:
    kernel.kptr_restrict: 1
    net.core.bpf_jit_enable: 1
  paths:
    /sys/kernel/debug:
      exists: true
      mounted: true
  interfaces: [lo, eth0, cali{number:011}]
  portsInUse: [22, 10250]
"""


def cluster(
    name: str, report: Report, resources: Sequence[JsonObject] = (), **changes: Any
) -> JudgedCluster:
    """A cluster with this report; a keyword replaces a field."""
    made: Any = summarised(Cluster(name, f"clusters/{name}"), report, resources)
    judged: JudgedCluster = made | changes
    return judged


def broken(name: str, code: int = 2, message: str = "not valid YAML") -> JudgedCluster:
    """A cluster that could not be checked."""
    return failed(Cluster(name, f"clusters/{name}"), code, message, f"clusters/{name}/a.yaml:3")


def hostile() -> FleetReport:
    """A report in which each text is hostile."""
    report = reports.hostile()
    clusters = []
    for number, text in enumerate(reports.HOSTILE):
        settings = [
            {"object": text, "path": text, "value": f"{text}{number % 2}"},
            {"object": text, "path": "kubernetes-cluster-id", "value": text},
        ]
        own = cluster(text, report, command=text, unread=[text], agentSettings=settings)
        clusters += [own, cluster(f"{text} 2", report, agentSettings=settings)]
        clusters.append(failed(Cluster(text, text), 2, text, text, text))
    return fleet_report(clusters, "en", reports.HOSTILE[0])


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
