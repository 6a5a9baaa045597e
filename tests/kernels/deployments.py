"""Deployments whose agents have the privileges of the cases, and what dfpolicy says about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from dfpolicy import evaluate_files
from kernels.cases import ALLOWING, Case, Privileges

Json = dict[str, Any]
# Each agent is compared with each node of its deployment.
_TOGETHER = 40
_IMAGE = "registry.example.com/deepflow-ce/deepflow-agent:v7.1.8"


@dataclass
class Judged:
    """The verdicts about the agent and the node of a case, and the row of features of the node."""

    outcomes: dict[str, str] = field(default_factory=dict)
    observed: dict[str, str] = field(default_factory=dict)
    features: dict[str, str] = field(default_factory=dict)


def judge(facts: dict[Case, Json], scratch: Path) -> dict[Case, Judged]:
    """Return what the policies say about each case, from the facts of its node.

    Many containers are one deployment, with a node and a DaemonSet for each case. A unit runs on
    each host of its deployment, so each one is a deployment of its own.
    """
    containers = [case for case in facts if not case.agent.unit]
    judged: dict[Case, Judged] = {}
    for start in range(0, len(containers), _TOGETHER):
        named = {
            f"case-{number}": case
            for number, case in enumerate(containers[start : start + _TOGETHER])
        }
        documents = [
            document
            for name, case in named.items()
            for document in (
                _node(name, case),
                _facts(name, facts[case]),
                _daemon_set(name, case.agent),
            )
        ]
        judged |= _evaluated(documents, "single-k8s", named, scratch)
    for case in facts:
        if case.agent.unit:
            documents = [_facts("case", facts[case]), _unit("case", case.agent)]
            judged |= _evaluated(documents, "cloud-host", {"case": case}, scratch)
    return judged


def _evaluated(
    documents: Iterable[Json], mode: str, named: dict[str, Case], scratch: Path
) -> dict[Case, Judged]:
    path = scratch / "deployment.yaml"
    path.write_text(yaml.safe_dump_all(documents), "utf-8")
    report: Any = evaluate_files(path, mode=mode, config="")
    judged = {case: Judged() for case in named.values()}
    for result in report["results"]:
        name = result["subject"]["name"].removesuffix(".service")
        if name in named and _is_worse(result, judged[named[name]]):
            one = judged[named[name]]
            one.outcomes[result["id"]] = result["outcome"]
            one.observed[result["id"]] = result["observed"]
    for row in report["features"]:
        if row["node"] in named:
            judged[named[row["node"]]].features = row
    return judged


def _is_worse(result: Json, known: Judged) -> bool:
    """Whether it counts: a requirement can have results about the agent and about its node."""
    ranks = ("", "pass", "unknown", "violation")
    return ranks.index(result["outcome"]) > ranks.index(known.outcomes.get(result["id"], ""))


def _node(name: str, case: Case) -> Json:
    runtime = case.agent.filtered_by or ALLOWING
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": {"kubernetes.io/hostname": name}},
        "status": {"nodeInfo": {"containerRuntimeVersion": runtime}},
    }


def _facts(name: str, collected: Json) -> Json:
    return {**collected, "metadata": {"name": name}}


def _daemon_set(name: str, agent: Privileges) -> Json:
    mount = {"name": "debug", "mountPath": "/sys/kernel/debug", "readOnly": agent.debugfs == "ro"}
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": name, "namespace": "lab"},
        "spec": {
            "selector": {"matchLabels": {"case": name}},
            "template": {
                "metadata": {"labels": {"case": name}},
                "spec": {
                    "hostPID": True,
                    "hostNetwork": True,
                    "nodeSelector": {"kubernetes.io/hostname": name},
                    "containers": [
                        {
                            "name": "deepflow-agent",
                            "image": _IMAGE,
                            "securityContext": _security_context(agent),
                            "volumeMounts": [] if agent.debugfs == "none" else [mount],
                        }
                    ],
                    "volumes": [{"name": "debug", "hostPath": {"path": "/sys/kernel/debug"}}],
                },
            },
        },
    }


def _security_context(agent: Privileges) -> Json:
    context: Json = {"capabilities": {"add": list(agent.add), "drop": list(agent.drop)}}
    if agent.privileged:
        context["privileged"] = True
    if agent.user:
        context["runAsUser"] = agent.user
    if agent.no_new_privs:
        context["allowPrivilegeEscalation"] = False
    if agent.filtered_by:
        context["seccompProfile"] = {"type": "RuntimeDefault"}
    return context


def _unit(name: str, agent: Privileges) -> Json:
    capabilities = " ".join(f"CAP_{capability}" for capability in agent.capabilities)
    service = {
        "ExecStart": ["/usr/sbin/deepflow-agent"],
        "CapabilityBoundingSet": [capabilities],
        **(
            {"User": [str(agent.user)], "AmbientCapabilities": [capabilities]} if agent.user else {}
        ),
        **({"LimitMEMLOCK": ["infinity"]} if agent.unlimited else {}),
    }
    return {
        "apiVersion": "dfpolicy.dev/v1",
        "kind": "SystemdUnit",
        "metadata": {"name": f"{name}.service"},
        "spec": {"Service": service},
    }
