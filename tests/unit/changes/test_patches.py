from __future__ import annotations

import json
import shutil
import subprocess
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from dfpolicy.changes.patches import kustomization, patch
from dfpolicy.changes.text_edit import changed_documents, holds_object
from dfpolicy.input.build import build_input
from dfpolicy.model import JsonObject, Operation, Result
from dfpolicy.reading.documents import Document, load_documents, split
from dfpolicy.reading.host_documents import API_VERSION
from dfpolicy.reading.sources import Source
from dfpolicy.reading.yaml_writer import write_yaml
from support.decisions import REQUIREMENTS, decide

KUBECTL = shutil.which("kubectl")
POD: list[Any] = ["spec", "template", "spec"]
AGENT: list[Any] = [*POD, "containers", {"name": "deepflow-agent"}]
SECURITY: list[Any] = [*AGENT, "securityContext"]
MANIFESTS = """\
# Source: deepflow-agent/templates/daemonset.yaml
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: deepflow-agent
spec:
  selector: {matchLabels: {app: a}}
  template:
    metadata: {labels: {app: a}}
    spec:
      hostUsers: false
      nodeSelector: {disk: ssd}
      tolerations:
      - {key: a, operator: Exists}
      containers:
      - name: other
        image: other:v1
      - name: deepflow-agent
        image: deepflow-agent:v7
        env:
        - {name: A, value: a}
        - {name: ONLY_WATCH_K8S_RESOURCE, value: "true"}
        securityContext:
          runAsUser: 1000
          seccompProfile: {type: Localhost, localhostProfile: agent.json}
          capabilities: {add: [NET_RAW], drop: [ALL]}
        volumeMounts:
        - {name: log, mountPath: /var/log, subPath: agent, readOnly: true}
        - {name: debug, mountPath: /sys/kernel/debug}
      volumes:
      - {name: log, emptyDir: {}}
      - {name: debug, emptyDir: {}}
---
apiVersion: v1
kind: List
items:
- apiVersion: rbac.authorization.k8s.io/v1
  kind: ClusterRole
  metadata: {name: "system:deepflow.agent"}
  rules:
  - {apiGroups: [""], resources: [pods], verbs: [get], resourceNames: [a]}
  - {apiGroups: [apps], resources: [daemonsets], verbs: [get, list, watch]}
- apiVersion: v1
  kind: ConfigMap
  metadata: {name: deepflow-agent, namespace: tracing}
  data:
    deepflow-agent.yaml: |
      # the server
      controller-ips: [10.1.2.3]
"""
ROLE: JsonObject = {
    "apiVersion": "rbac.authorization.k8s.io/v1",
    "kind": "Role",
    "metadata": {"name": "deepflow-agent-pods", "namespace": "deepflow"},
    "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}],
}
READ = {"apiGroups": [""], "resources": ["nodes"], "verbs": ["get", "list", "watch"]}


def op(
    verb: Any, path: list[Any], value: Any = None, kind: str = "DaemonSet", **more: Any
) -> Operation:
    target = {"kind": kind, "name": more.pop("name", "deepflow-agent")}
    found: Any = {"op": verb, "target": target, "path": path, "value": value, **more}
    return found  # type: ignore[no-any-return]


def volume(name: str, path: str, source: Any) -> list[Operation]:
    return [
        op("add", [*POD, "volumes"], {"name": name, **source}, key="name"),
        op("add", [*AGENT, "volumeMounts"], {"name": name, "mountPath": path}, key="mountPath"),
    ]


WORKLOAD = [
    op("set", [*POD, "hostNetwork"], True),
    op("remove", [*POD, "hostUsers"]),
    op("remove", [*POD, "nodeSelector", "disk"]),
    op("add", [*POD, "tolerations"], {"key": "b", "operator": "Exists"}),
    op("add", [*SECURITY, "capabilities", "add"], "SYSLOG"),
    op("discard", [*SECURITY, "capabilities", "drop"], "ALL"),
    op("remove", [*SECURITY, "runAsUser"]),
    op("set", [*SECURITY, "seccompProfile"], {"type": "Unconfined"}),
    op("add", [*AGENT, "env"], {"name": "B", "value": "1"}, key="name"),
    op("remove", [*AGENT, "env", {"name": "ONLY_WATCH_K8S_RESOURCE"}]),
    *volume("debug", "/sys/kernel/debug", {"hostPath": {"path": "/sys/kernel/debug"}}),
    *volume("tmp", "/tmp", {"emptyDir": {}}),
    op("add", [*AGENT, "volumeMounts"], {"name": "log", "mountPath": "/var/log"}, key="mountPath"),
]
OBJECTS = [
    op("add", ["rules"], READ, "ClusterRole", name="system:deepflow.agent"),
    op(
        *("set", ["data", "deepflow-agent.yaml"], ["10.0.3.7"], "ConfigMap"),
        inside=["controller-ips"],
    ),
    op("set", ["metadata", "labels", "a/b"], "c", "ConfigMap"),
    op("create", [], ROLE, "Role", name="deepflow-agent-pods"),
]
OPERATIONS = [*WORKLOAD, *OBJECTS]


def documents(text: str = MANIFESTS) -> list[Document]:
    return list(split(Source("all.yaml", text)))


def test_a_strategic_merge_patch_names_what_changes() -> None:
    workload, role, config, created = yaml.safe_load_all(patch(OPERATIONS, documents(), "deepflow"))
    assert workload == {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": "deepflow-agent"},
        "spec": {
            "template": {
                "spec": {
                    "hostNetwork": True,
                    "hostUsers": None,
                    # Null for the key would do too; a map that is empty must stay.
                    "nodeSelector": {"$patch": "replace"},
                    "tolerations": [{"key": key, "operator": "Exists"} for key in "ab"],
                    "containers": [
                        {
                            "name": "deepflow-agent",
                            "env": [
                                {"name": "B", "value": "1"},
                                {"name": "ONLY_WATCH_K8S_RESOURCE", "$patch": "delete"},
                            ],
                            "securityContext": {
                                "runAsUser": None,
                                "seccompProfile": {"type": "Unconfined", "localhostProfile": None},
                                "capabilities": {"add": ["NET_RAW", "SYSLOG"], "drop": []},
                            },
                            "volumeMounts": [
                                {"mountPath": "/var/log", "subPath": None, "readOnly": None},
                                {"name": "tmp", "mountPath": "/tmp"},
                            ],
                        }
                    ],
                    "volumes": [
                        {
                            "name": "debug",
                            "emptyDir": None,
                            "hostPath": {"path": "/sys/kernel/debug"},
                        },
                        {"name": "tmp", "emptyDir": {}},
                    ],
                }
            }
        },
    }
    assert role["metadata"] == {"name": "system:deepflow.agent"}
    assert role["rules"][-1] == READ
    assert len(role["rules"]) == 3
    named = {"name": "deepflow-agent", "namespace": "tracing"}
    assert config["metadata"] == {**named, "labels": {"a/b": "c"}}
    assert config["data"] == {"deepflow-agent.yaml": "# the server\ncontroller-ips: [10.0.3.7]\n"}
    assert created == ROLE


def test_rules_of_roles_are_changed_one_by_one() -> None:
    split_rule = {**READ, "resources": ["pods"]}
    path = ["rules"]
    name = "system:deepflow.agent"
    operations = [
        op("discard", path, documents()[1].value["items"][0]["rules"][0], "ClusterRole", name=name),
        op("add", path, split_rule, "ClusterRole", name=name),
        op("add", path, READ, "ClusterRole", name=name),
    ]
    files = kustomization(operations, documents(), None)
    head = yaml.safe_load(files["kustomization.yaml"])
    assert head["patches"] == [
        {
            "path": "clusterrole-system-deepflow.agent.yaml",
            "target": {
                "group": "rbac.authorization.k8s.io",
                "version": "v1",
                "kind": "ClusterRole",
                "name": r"system:deepflow\.agent",
            },
        }
    ]
    assert [
        (one["op"], one["path"]) for one in yaml.safe_load(files[head["patches"][0]["path"]])
    ] == [("replace", "/rules/0"), ("replace", "/rules/1"), ("add", "/rules/-")]


def test_nothing_to_change_is_an_empty_patch() -> None:
    held = [op("add", [*POD, "tolerations"], {"key": "a", "operator": "Exists"})]
    assert patch(held, documents(), None) == ""
    assert list(kustomization(held, documents(), None)) == ["kustomization.yaml"]


def test_files_of_objects_with_the_same_name() -> None:
    text = "".join(
        f"---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a, namespace: {place}}}\n"
        for place in ("b", "c")
    )
    operations = [op("set", ["data"], {"x": "y"}, "ConfigMap", name="a")]
    files = kustomization(operations, documents(text), None)
    assert list(files) == ["kustomization.yaml", "configmap-a.yaml", "configmap-a-2.yaml"]


TWICE = (
    MANIFESTS.replace(
        "- {name: debug, mountPath: /sys/kernel/debug}",
        "- {name: debug, mountPath: /var/log}",
    )
    .replace("- {name: A, value: a}", "- {name: A, value: a}\n        - {name: A, value: b}")
    .replace("{disk: ssd}", "{disk/type: ssd}")
)
AMBIGUOUS = [
    op("remove", [*AGENT, "volumeMounts", {"name": "debug"}]),
    op("add", [*AGENT, "env"], {"name": "B", "value": "1"}, key="name"),
    op("set", [*POD, "hostNetwork"], True),
    op("remove", [*POD, "nodeSelector", "disk/type"]),
]


def test_objects_that_a_merge_would_damage() -> None:
    (found,) = yaml.safe_load_all(patch(AMBIGUOUS, documents(TWICE), None))
    (container,) = found["spec"]["template"]["spec"]["containers"]
    assert container["volumeMounts"][-1] == container["env"][-1] == {"$patch": "replace"}
    files = kustomization(AMBIGUOUS, documents(TWICE), None)
    (entry,) = yaml.safe_load(files["kustomization.yaml"])["patches"]
    assert [(one["op"], one["path"]) for one in yaml.safe_load(files[entry["path"]])] == [
        ("add", "/spec/template/spec/containers/1/env/-"),
        ("replace", "/spec/template/spec/containers/1/volumeMounts"),
        ("add", "/spec/template/spec/hostNetwork"),
        ("remove", "/spec/template/spec/nodeSelector/disk~1type"),
    ]


def objects(values: list[Any]) -> dict[tuple[str, str], Any]:
    """The objects by kind and name, without order where an API server keeps none."""
    found = {}
    for value in values:
        for one in value["items"] if value["kind"] == "List" else [value]:
            found[one["kind"], one["metadata"]["name"]] = _unordered(one)
    return found


def _unordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _unordered(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return sorted(map(_unordered, value), key=partial(json.dumps, sort_keys=True))
    return value


def expected(operations: list[Operation], text: str) -> dict[tuple[str, str], Any]:
    after = changed_documents(operations, documents(text), "deepflow")
    return objects([document.value for document in after])


def run(*command: str) -> list[Any]:
    assert KUBECTL
    done = subprocess.run([KUBECTL, *command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return list(yaml.safe_load_all(done.stdout))


def first_operations(result: Result) -> list[Operation]:
    """The operations of the preferred alternative that need no answer."""
    if "change" not in result or "questions" in result["change"]:
        return []
    return result["change"]["alternatives"][0].get("operations", [])


if KUBECTL:
    CASES = {"all": (OPERATIONS, MANIFESTS), "same keys": (AMBIGUOUS, TWICE)}

    @pytest.mark.slow
    @pytest.mark.parametrize("case", CASES)
    def test_kustomize_applies_the_component(tmp_path: Path, case: str) -> None:
        operations, text = CASES[case]
        (tmp_path / "base.yaml").write_text(text, "utf-8")
        (tmp_path / "fix").mkdir()
        for name, content in kustomization(operations, documents(text), "deepflow").items():
            (tmp_path / "fix" / name).write_text(content, "utf-8")
        top = {"resources": ["base.yaml"], "components": ["fix"]}
        (tmp_path / "kustomization.yaml").write_text(yaml.safe_dump(top), "utf-8")
        assert objects(run("kustomize", str(tmp_path))) == expected(operations, text)

    @pytest.mark.slow
    @pytest.mark.parametrize("case", CASES)
    def test_kubectl_and_kustomize_apply_the_patch(tmp_path: Path, case: str) -> None:
        operations, text = CASES[case]
        wanted = expected(operations, text)
        (tmp_path / "base.yaml").write_text(text, "utf-8")
        patches = list(yaml.safe_load_all(patch(operations, documents(text), "deepflow")))
        before = objects([document.value for document in documents(text)])
        changed = [one for one in patches if (one["kind"], one["metadata"]["name"]) in before]
        top: JsonObject = {"resources": ["base.yaml"], "patches": []}
        for number, one in enumerate(changed):
            (tmp_path / f"{number}.yaml").write_text(yaml.safe_dump(one), "utf-8")
            top["patches"].append({"path": f"{number}.yaml"})
        (tmp_path / "kustomization.yaml").write_text(yaml.safe_dump(top), "utf-8")
        kept = {key: value for key, value in wanted.items() if key in before}
        if text != TWICE:
            # Kustomize drops members with the same key in any merge.
            assert objects(run("kustomize", str(tmp_path))) == kept
        for number, one in enumerate(changed):
            key = one["kind"], one["metadata"]["name"]
            source = next(
                value
                for document in documents(text)
                for value in document.value.get("items", [document.value])
                if (value["kind"], value["metadata"]["name"]) == key
            )
            (tmp_path / "one.yaml").write_text(yaml.safe_dump(source), "utf-8")
            options = [
                "--local",
                "--type=strategic",
                "-o",
                "yaml",
                "-f",
                str(tmp_path / "one.yaml"),
            ]
            made = run("patch", *options, "--patch-file", str(tmp_path / f"{number}.yaml"))
            assert objects(made)[key] == wanted[key]

    @pytest.mark.slow
    def test_kustomize_applies_the_changes_of_the_examples(tmp_path: Path) -> None:
        (tmp_path / "fix").mkdir()
        top = {"resources": ["base.yaml"], "components": ["fix"]}
        (tmp_path / "kustomization.yaml").write_text(yaml.safe_dump(top), "utf-8")
        changed = 0
        for path in sorted(REQUIREMENTS.glob("*/violation.yaml")):
            found = load_documents([str(path)])
            kept = [one for one in found if one.value.get("apiVersion", API_VERSION) != API_VERSION]
            operations = [
                operation
                for result in decide(build_input(found).data)["results"]
                for operation in first_operations(result)
                if operation["op"] == "create"
                or holds_object(kept, operation["target"], "deepflow")
            ]
            if operations:
                (tmp_path / "base.yaml").write_text(
                    "---\n".join(write_yaml(one.value) for one in kept), "utf-8"
                )
                for name, content in kustomization(operations, kept, "deepflow").items():
                    (tmp_path / "fix" / name).write_text(content, "utf-8")
                after = changed_documents(operations, kept, "deepflow")
                wanted = objects([document.value for document in after])
                assert objects(run("kustomize", str(tmp_path))) == wanted, path
                changed += 1
        assert changed > 80
