"""The agent in the deployments of the examples, as objects that tests break."""

from __future__ import annotations

from copy import deepcopy

from support import decisions
from support.decisions import Json


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
