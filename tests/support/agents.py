"""The agent in the deployments of the examples, as objects that tests break."""

from __future__ import annotations

from copy import deepcopy

from support import decisions
from support.decisions import Json

# A node on which BPF and PERFMON replace SYS_ADMIN.
NODE: Json = {
    "apiVersion": "dfpolicy.dev/v1",
    "kind": "NodeFacts",
    "metadata": {"name": "worker-1"},
    "spec": {
        "architecture": "amd64",
        "kernelRelease": "6.8.0-45-generic",
        "containerRuntime": {"name": "containerd", "version": "2.1.4"},
        "sysctls": {"kernel.perf_event_paranoid": 2},
    },
}


def pod(document: Json) -> Json:
    """The spec of the pod of the DaemonSet."""
    daemonset = next(one for one in document["resources"] if one["kind"] == "DaemonSet")
    found: Json = daemonset["spec"]["template"]["spec"]
    return found


def container(document: Json) -> Json:
    """The agent's container."""
    found: Json = pod(document)["containers"][0]
    return found


def of_kind(document: Json, kind: str) -> list[Json]:
    """The objects of a kind."""
    return [one for one in document["resources"] if one["kind"] == kind]


def context(document: Json) -> Json:
    """The container's securityContext."""
    found: Json = container(document).setdefault("securityContext", {})
    return found


def added(document: Json) -> list[str]:
    """The capabilities that the container adds."""
    found: list[str] = context(document)["capabilities"]["add"]
    return found


def service(document: Json) -> Json:
    """The agent's service of Docker Compose."""
    found: Json = of_kind(document, "ComposeProject")[0]["spec"]["services"]["deepflow-agent"]
    return found


def unit(document: Json) -> Json:
    """The section Service of the agent's unit."""
    found: Json = of_kind(document, "SystemdUnit")[0]["spec"]["Service"]
    return found


def meeting(mode: str) -> Json:
    """A deployment of the mode that meets its requirements."""
    document = deepcopy(decisions.example_input(decisions.EXAMPLES / mode / "manifests.yaml"))
    return {**document, "mode": mode}


def generous() -> Json:
    """The agent with everything: privileged, ALL, the host's files, and every right in the API."""
    document = {**meeting("single-k8s"), "nodes": [NODE]}
    pod(document)["hostIPC"] = True
    pod(document)["volumes"].append({"name": "host", "hostPath": {"path": "/"}})
    container(document)["volumeMounts"].append({"name": "host", "mountPath": "/host"})
    everything = {"privileged": True, "seccompProfile": {"type": "Unconfined"}}
    context(document).update(everything, capabilities={"add": ["ALL"]})
    (role,) = of_kind(document, "ClusterRole")
    role["rules"] = [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]
    return document
