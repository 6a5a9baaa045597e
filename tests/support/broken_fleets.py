"""A broken deployment on many nodes of few kinds, as `dfpolicy eval` reads it."""

from __future__ import annotations

import json
from functools import cache
from typing import cast

from dfpolicy.model import Report
from support import command
from support.decisions import ROOT

# Kernel, architecture, system: three in ten nodes have one that DeepFlow does not support.
KINDS = (
    ("5.15.0-124-generic", "amd64", "Ubuntu 22.04.5 LTS"),
    ("4.19.90-24.4.v2101.ky10.aarch64", "arm64", "Kylin Linux Advanced Server V10 (Tercel)"),
    ("5.14.0-427.el9.x86_64", "amd64", "Rocky Linux 9.4 (Blue Onyx)"),
    ("3.10.0-1160.119.1.el7.x86_64", "amd64", "CentOS Linux 7 (Core)"),
    ("6.1.0-25-amd64", "amd64", "Debian GNU/Linux 12 (bookworm)"),
    ("5.10.0-216.0.0.115.oe2203sp4.x86_64", "amd64", "openEuler 22.03 (LTS-SP4)"),
)


def nodes(count: int) -> str:
    """The Node objects, as YAML documents; every fortieth has a taint."""
    return "".join(f"---\n{json.dumps(_node(number))}\n" for number in range(count))


def manifests(sound: bool = False) -> str:
    """The manifests of the example for one cluster: those with mistakes, or the correct ones."""
    name = "manifests.yaml" if sound else "broken.yaml"
    return (ROOT / "examples" / "single-k8s" / name).read_text("utf-8")


def without_rbac() -> str:
    """The correct manifests without roles and bindings."""
    documents = manifests(sound=True).split("\n---\n")
    return "\n---\n".join(text for text in documents if "\nkind: ClusterRole" not in f"\n{text}")


def evaluated(*arguments: str, text: str = "") -> Report:
    """The report of `dfpolicy eval` in English, without a configuration."""
    done = command.run("eval", *arguments, "--config", "", "-o", "json", "--lang", "en", stdin=text)
    return cast(Report, json.loads(done.stdout))


@cache
def broken(count: int) -> Report:
    """The report on the deployment with mistakes and this many nodes."""
    return evaluated("-", text=manifests() + nodes(count))


@cache
def sound() -> Report:
    """The report on the correct manifests, without facts."""
    return evaluated("-", text=manifests(sound=True))


@cache
def unbound() -> Report:
    """The report on the correct manifests without roles and bindings."""
    return evaluated("-", text=without_rbac())


def _node(number: int) -> dict[str, object]:
    kernel, architecture, system = KINDS[number % 10 % len(KINDS)]
    taint = {"key": "nvidia.com/gpu", "effect": "NoSchedule"}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": f"ip-10-3-{number // 250}-{number % 250}",
            "labels": {"kubernetes.io/os": "linux", "kubernetes.io/arch": architecture},
        },
        "spec": {"taints": [taint]} if number % 40 == 39 else {},
        "status": {
            "nodeInfo": {
                "kernelVersion": kernel,
                "architecture": architecture,
                "osImage": system,
                "operatingSystem": "linux",
            }
        },
    }
