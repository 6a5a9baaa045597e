"""What the collector keeps of objects: enough for every requirement, and no secret."""

from __future__ import annotations

from typing import Any

import pytest

from dfpolicy.collect.kept import files_of, kept, kept_files
from dfpolicy.reading.agent_file import with_decoded_files
from support import decisions
from support.decisions import Json

KINDS = {
    *("ClusterRole", "ClusterRoleBinding", "DaemonSet", "Deployment", "Namespace"),
    *("NetworkAttachmentDefinition", "Node", "Role", "RoleBinding", "ServiceAccount"),
    "StorageClass",
}


def collected(resources: list[Json]) -> list[Json]:
    """The resources as read from a collection; kinds that it does not read stay whole."""
    found = [
        (item, kept(item["apiVersion"], item["kind"], item) or item)
        if item["kind"] in KINDS
        else (item, item)
        for item in resources
    ]
    files: dict[tuple[Any, str], set[str]] = {}
    for _, one in found:
        if one["kind"] in ("DaemonSet", "Deployment"):
            pod = one.get("spec", {}).get("template", {}).get("spec", {})
            for name, keys in files_of(pod).items():
                place = one["metadata"].get("namespace"), name
                files.setdefault(place, set()).update(keys)
    return [
        with_decoded_files(kept_files(item, files[place]) or item)
        if item["kind"] == "ConfigMap"
        and (place := (item["metadata"].get("namespace"), item["metadata"].get("name"))) in files
        else one
        for item, one in found
    ]


def test_no_requirement_reads_more_than_is_kept() -> None:
    """A requirement that reads another field fails here with its example; see `collect.kept`."""
    changed = []
    for path in decisions.example_files():
        document = decisions.example_input(path)
        told = decisions.example_decision(path)
        less = document | {"resources": collected(document["resources"])}
        if "from" in document:
            running = document["from"]
            resources = collected(running.get("resources", []))
            less["from"] = running | {"resources": resources}
        if less == document:
            continue
        if decisions.canonical(decisions.decide(less)) != decisions.canonical(told):
            changed.append(decisions.name_of(path))
    assert changed == []


_ALWAYS = {"image": "a/tracer:v6.6.1", "restartPolicy": "Always"}


@pytest.mark.parametrize(
    ("labels", "pod_labels", "pod"),
    [
        ({"app": "deepflow-agent"}, {}, {}),
        ({}, {"app": "deepflow", "component": "deepflow-agent"}, {}),
        ({}, {}, {"containers": [{"name": "a", "image": "a/deepflow-agent:v6.6.1"}]}),
        # A mirror can rename the image.
        ({}, {}, {"containers": [{"name": "deepflow-agent", "image": "a/tracer:v6.6.1"}]}),
        ({}, {}, {"initContainers": [_ALWAYS | {"name": "deepflow-agent"}]}),
    ],
)
def test_an_agent_that_the_policies_detect_is_kept(
    labels: Json, pod_labels: Json, pod: Json
) -> None:
    container = {"name": "a", "image": "a/tracer:v6.6.1"}
    template = {
        "metadata": {"labels": pod_labels},
        "spec": {"hostNetwork": True, "containers": [container]} | pod,
    }
    item = {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": "tracer", "namespace": "a", "labels": labels},
        "spec": {"template": template},
    }
    whole, less = (
        decisions.decide({"resources": [one]}) for one in (item, kept("apps/v1", "DaemonSet", item))
    )
    assert whole["agents"]
    assert decisions.canonical(less) == decisions.canonical(whole)


def test_only_the_files_of_the_agent_and_the_server_are_collected() -> None:
    mounts = [
        {"name": "a", "mountPath": "/etc/deepflow-agent/"},
        {"name": "b", "mountPath": "/etc/server.yaml", "subPath": "server.yaml"},
        {"name": "c", "mountPath": "/etc/my.cnf", "subPath": "my.cnf"},
        {"name": "absent", "mountPath": "/etc"},
    ]
    items = [{"key": "x", "path": "deepflow-agent.yaml"}, {"key": "y", "path": "y"}]
    volumes = [
        {"name": "a", "configMap": {"name": "agent", "items": items}},
        {"name": "b", "configMap": {"name": "server"}},
        {"name": "c", "configMap": {"name": "mysql"}},
    ]
    container = {"volumeMounts": mounts}
    pod = {"containers": [container], "volumes": volumes}
    assert files_of(pod) == {"agent": {"x"}, "server": {"server.yaml"}}
    origin = {"configMapKeyRef": {"name": "variables", "key": "policy"}}
    env = [
        {"name": "K8S_WATCH_POLICY", "valueFrom": origin},
        {"name": "OTHER", "valueFrom": origin},
    ]
    assert files_of({"containers": [{"env": env}]}) == {"variables": {"policy"}}
    # The agent reads another file.
    for words in (["-f", "/etc/my.cnf"], ["--config-file=/etc/my.cnf"]):
        named = {"containers": [container | {"args": words}], "volumes": volumes}
        assert files_of(named) == files_of(pod) | {"mysql": {"my.cnf"}}


@pytest.mark.parametrize(
    ("key", "text", "found"),
    [
        ("x", "controller-ips: [a]\npassword: b\n", "controller-ips: [a]\npassword: (hidden)\n"),
        # Not the agent's file.
        ("x", "hunter2", "(hidden)"),
        ("deepflow-agent.yaml", "\tbroken: [\n", "\tbroken: (hidden)\n"),
        ("server.yaml", "a: [\n", ""),
        ("server.yaml", "controller: {any: {host: a}, mysql: {host: {b: c}}}", None),
        ("server.yaml", "- controller", ""),
    ],
)
def test_files_are_kept_without_secrets(key: str, text: str, found: str | None) -> None:
    item = {"metadata": {"name": "a"}, "data": {key: text, "other": "hunter2"}}
    made = kept_files(item, {key})
    assert made is not None
    wanted = "controller:\n  mysql:\n    host: null\n" if found is None else found
    assert made["data"] == {key: wanted}
