from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from dfpolicy.changes.operations import applied
from dfpolicy.fix.mutators import (
    NO_METADATA,
    NO_REMOVAL,
    NO_TEXT,
    NO_WORKLOAD,
    location,
    mutators,
)
from dfpolicy.model import JsonObject, Operation
from dfpolicy.reading.yaml_writer import write_yaml
from support.decisions import ROOT

GATOR = ROOT / ".tools" / "bin" / "gator"
POD: list[Any] = ["spec", "template", "spec"]
AGENT: list[Any] = [*POD, "containers", {"name": "deepflow-agent"}]


def op(verb: Any, path: list[Any], value: Any = None, **more: Any) -> Operation:
    target = {"apiVersion": "apps/v1", "kind": "DaemonSet", "name": "agent-daemonset"}
    found: Any = {"op": verb, "target": target, "path": path, "value": value, **more}
    return found  # type: ignore[no-any-return]


OPERATIONS = [
    op("set", [*POD, "hostNetwork"], True),
    op("set", [*POD, "dnsPolicy"], "ClusterFirstWithHostNet"),
    op("set", [*AGENT, "securityContext", "runAsUser"], 0),
    op("add", [*AGENT, "securityContext", "capabilities", "add"], "SYS_ADMIN"),
    op("add", [*AGENT, "securityContext", "capabilities", "add"], "SYSLOG"),
    op("add", [*AGENT, "securityContext", "capabilities", "add"], "NET_RAW"),
    op("discard", [*AGENT, "securityContext", "capabilities", "drop"], "ALL"),
    op("add", [*POD, "volumes"], {"name": "proc", "hostPath": {"path": "/proc"}}, key="name"),
    op(
        "add",
        [*AGENT, "volumeMounts"],
        {"name": "debug", "mountPath": "/sys/kernel/debug", "readOnly": False},
        key="mountPath",
    ),
    op("add", [*POD, "tolerations"], {"key": "a/b", "operator": "Exists"}),
    op("set", ["spec", "template", "metadata", "annotations", 'apparmor/a."b'], "unconfined"),
]


def test_operations_on_one_list_become_one_mutator() -> None:
    found = mutators(OPERATIONS, "deepflow")
    assert found.skipped == []
    assert len(found.objects) == len(OPERATIONS) - 2
    merged = [one for one in found.objects if one["spec"]["location"].endswith("capabilities.add")]
    assert [one["spec"] for one in merged] == [
        {
            "applyTo": [{"groups": ["apps"], "versions": ["v1"], "kinds": ["DaemonSet"]}],
            "match": {
                "scope": "Namespaced",
                "kinds": [{"apiGroups": ["apps"], "kinds": ["DaemonSet"]}],
                "name": "agent-daemonset",
                "namespaces": ["deepflow"],
            },
            "location": "spec.template.spec.containers[name: deepflow-agent]"
            ".securityContext.capabilities.add",
            "parameters": {
                "operation": "merge",
                "values": {"fromList": ["SYS_ADMIN", "SYSLOG", "NET_RAW"]},
                "pathTests": [
                    {
                        "subPath": "spec.template.spec.containers[name: deepflow-agent]",
                        "condition": "MustExist",
                    }
                ],
            },
        }
    ]
    names = [one["metadata"]["name"] for one in found.objects]
    assert len(set(names)) == len(names)
    assert mutators(OPERATIONS, "deepflow").objects == found.objects


def test_what_no_mutator_does_is_skipped_with_the_reason() -> None:
    config: Any = {"kind": "ConfigMap", "name": "c"}
    operations: list[Any] = [
        op("create", [], {"kind": "ClusterRole"}),
        op("set", ["data", "a"], "b") | {"target": config},
        op("set", AGENT, 1, inside=["x"]),
        op("remove", [*POD, "hostUsers"]),
        op("set", [*AGENT, "resources"], None),
        op("set", ["metadata", "labels", "a"], "b"),
    ]
    found = mutators(operations)
    assert found.objects == []
    reasons = [NO_WORKLOAD, NO_WORKLOAD, NO_TEXT, NO_REMOVAL, NO_REMOVAL, NO_METADATA]
    assert found.skipped == list(zip(operations, reasons, strict=True))


def test_names_in_a_location_are_quoted() -> None:
    assert location(["a", {"name": "x]. y"}, 'b"\\', "7"]) == 'a[name: "x]. y"]."b\\"\\\\"."7"'


@pytest.fixture
def gator() -> Path:
    if not GATOR.exists():
        text = "there is no gator; run `make tools TOOLS=gator`"
        if os.environ.get("CI"):
            pytest.fail(text)
        pytest.skip(text)
    return GATOR


def daemon_set(*containers: JsonObject) -> JsonObject:
    pod = {"containers": list(containers), "volumes": [{"name": "proc", "emptyDir": {}}]}
    template = {"metadata": {"labels": {"a": "b"}}, "spec": pod}
    return {"spec": {"selector": {}, "template": template}}


CONTAINER = {
    "name": "deepflow-agent",
    "image": "a",
    "securityContext": {"capabilities": {"add": ["SYSLOG"], "drop": ["ALL", "X"]}},
    "volumeMounts": [{"name": "old", "mountPath": "/sys/kernel/debug"}],
}


@pytest.mark.slow
@pytest.mark.parametrize("namespace", ["deepflow", "other"])
def test_gator_changes_a_workload_as_the_operations_do(
    namespace: str, gator: Path, tmp_path: Path
) -> None:
    # gator mutates what it expands: here the workload itself, from an object around it.
    expansion = {
        "apiVersion": "expansion.gatekeeper.sh/v1beta1",
        "kind": "ExpansionTemplate",
        "metadata": {"name": "workload"},
        "spec": {
            "applyTo": [{"groups": ["test.dev"], "versions": ["v1"], "kinds": ["Around"]}],
            "templateSource": "spec.workload",
            "generatedGVK": {"group": "apps", "version": "v1", "kind": "DaemonSet"},
        },
    }
    inner = daemon_set(CONTAINER, {"name": "sidecar"})
    around = {
        "apiVersion": "test.dev/v1",
        "kind": "Around",
        "metadata": {"name": "agent", "namespace": namespace},
        "spec": {"workload": inner},
    }
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}
    objects = [expansion, around, space, *mutators(OPERATIONS, "deepflow").objects]
    path = tmp_path / "objects.yaml"
    path.write_text("---\n".join(map(write_yaml, objects)), "utf-8")
    done = subprocess.run(
        [gator, "expand", "-n", path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    (made,) = [one for one in yaml.safe_load_all(done.stdout) if one]
    expected = inner
    if namespace == "deepflow":
        for operation in OPERATIONS:
            expected = applied(expected, operation)
    assert made["metadata"]["name"] == "agent-daemonset"
    assert made["spec"] == expected["spec"]
