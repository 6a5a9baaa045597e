"""The places of a deployment that can contain a secret, each as a document with a given text."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def pod(container: Any = None, **others: Any) -> Any:
    """The agent's DaemonSet, with these members of its container, its pod or its metadata."""
    metadata = {"name": "deepflow-agent", "namespace": "deepflow", **others.pop("metadata", {})}
    agent = {"name": "deepflow-agent", "image": "r/deepflow-agent:v7.1", **(container or {})}
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": metadata,
        "spec": {
            "template": {
                "metadata": others.pop("template", {}),
                "spec": {"containers": [agent], **others},
            }
        },
    }


def of_kind(version: str, kind: str, **body: Any) -> Any:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": "deepflow"}, **body}


def file(key: str, text: str) -> Any:
    return of_kind("v1", "ConfigMap", data={key: text})


def variables(kind: str, body: Any) -> Any:
    """An agent, and the object that sets its variables."""
    name = {"ConfigMap": "configMapRef", "Secret": "secretRef"}[kind]
    agent = pod({"envFrom": [{name: {"name": "deepflow"}}]})
    return {"apiVersion": "v1", "kind": "List", "items": [agent, of_kind("v1", kind, **body)]}


def service(**body: Any) -> Any:
    return {"services": {"deepflow-agent": {"image": "r/deepflow-agent:v7.1", **body}}}


def unit(setting: str) -> Callable[[str], Any]:
    """A unit with this setting, whose value is on one line."""

    def planted(text: str) -> Any:
        line = text.replace("\n", " ")
        return f"[Service]\nExecStart=/usr/sbin/deepflow-agent\n{setting}{line}\n"

    return planted


def hosted(kind: str, spec: Any) -> Any:
    return of_kind("dfpolicy.dev/v1", kind, spec=spec)


Place = Callable[[str], Any]
PLACES: dict[str, Place] = {
    "command": lambda text: pod({"command": ["run", text]}),
    "args": lambda text: pod({"args": ["-f", "/etc/a.yaml", text]}),
    "words of args": lambda text: pod({"args": text.split()}),
    "script": lambda text: pod({"command": ["sh", "-c", f"echo 1; {text}"]}),
    "args as a string": lambda text: pod({"args": text}),
    "init container": lambda text: pod(initContainers=[{"name": "a", "args": ["-c", text]}]),
    "other container": lambda text: pod(ephemeralContainers=[{"name": "a", "args": [text]}]),
    "probe": lambda text: pod({"livenessProbe": {"exec": {"command": ["sh", "-c", text]}}}),
    "path of a probe": lambda text: pod({"readinessProbe": {"httpGet": {"path": f"/{text}"}}}),
    "header of a probe": lambda text: pod(
        {"startupProbe": {"httpGet": {"httpHeaders": [{"name": "a", "value": text}]}}}
    ),
    "hook": lambda text: pod({"lifecycle": {"preStop": {"exec": {"command": [text]}}}}),
    "variable": lambda text: pod({"env": [{"name": "ANY", "value": text}]}),
    "envFrom": lambda text: pod({"envFrom": [{"prefix": text}]}),
    "source of a variable": lambda text: pod({"env": [{"name": "A", "valueFrom": {"a": text}}]}),
    "unknown field": lambda text: pod({"any": {"any": [text]}}, any=text),
    "volume": lambda text: pod(volumes=[{"name": "a", "rbd": {"keyring": text, "user": text}}]),
    "driver": lambda text: pod(volumes=[{"name": "a", "csi": {"volumeAttributes": {"a": text}}}]),
    "annotation": lambda text: pod(metadata={"annotations": {"a.kubernetes.io/deepflow": text}}),
    "annotation of a node": lambda text: {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": "a", "annotations": {"any": text}},
    },
    "last applied": lambda text: pod(
        metadata={"annotations": {LAST_APPLIED: json.dumps({"any": text})}}
    ),
    "annotation of the pods": lambda text: pod(template={"annotations": {"any": text}}),
    "user of an image": lambda text: pod({"image": f"u:{text}@r/deepflow-agent:v7.1"}),
    "user of an address": lambda text: pod({"args": [f"--to=http://u:{text}@h/"]}),
    "host of a probe": lambda text: pod(
        {"livenessProbe": {"httpGet": {"host": f"u:{text}@h", "port": 1}}}
    ),
    "user-password": lambda text: file(
        "server.yaml", f"controller:\n  mysql:\n    user-password: {json.dumps(text)}\n"
    ),
    "IDENTIFIED BY": lambda text: file("init.sql", f"CREATE USER a IDENTIFIED BY '{text}';\n"),
    "ConfigMap of variables": lambda text: variables("ConfigMap", {"data": {"ANY": text}}),
    "Secret of variables": lambda text: variables("Secret", {"stringData": {"ANY": text}}),
    "secret of a chart's object": lambda text: of_kind(
        "helm.toolkit.fluxcd.io/v2", "HelmRelease", spec={"values": {"mysql": {"password": text}}}
    ),
    "object in an object": lambda text: of_kind(
        "a/v1", "Any", spec={"any": {"apiVersion": "v1", "kind": "Secret", "data": {"a": text}}}
    ),
    "pod in an object": lambda text: of_kind(
        "a/v1", "Any", spec={"any": {"containers": [{"name": "a", "args": [text]}]}}
    ),
    "claim": lambda text: of_kind(
        *("apps/v1", "StatefulSet"),
        spec={
            "template": pod()["spec"]["template"],
            "volumeClaimTemplates": [{"metadata": {"annotations": {"any": text}}}],
        },
    ),
    "managed fields": lambda text: pod(metadata={"managedFields": [{"any": text}]}),
    "agent's file": lambda text: file("deepflow-agent.yaml", f"controller-ips: [a]\n{text}\n"),
    "key of the agent's file": lambda text: file(
        "deepflow-agent.yaml", f"controller-ips: [a]\nany: {json.dumps(text)}\n"
    ),
    "list in the agent's file": lambda text: file(
        "deepflow-agent.yaml", f"any:\n- {json.dumps(text)}\n# {json.dumps(text)}\nteam-id: a\n"
    ),
    "server's file": lambda text: file("server.yaml", f"controller:\n  any: {json.dumps(text)}\n"),
    "other file": lambda text: file("grafana.yaml", f"any: {json.dumps(text)}\n"),
    "binary data": lambda text: of_kind("v1", "ConfigMap", binaryData={"any": text}),
    "Secret": lambda text: of_kind("v1", "Secret", stringData={"any": text}, any=text),
    "storage class": lambda text: of_kind(
        "storage.k8s.io/v1", "StorageClass", parameters={"a": text}
    ),
    "attachment": lambda text: of_kind(
        *("k8s.cni.cncf.io/v1", "NetworkAttachmentDefinition"),
        spec={"config": json.dumps({"type": "macvlan", "any": text})},
    ),
    "secret field": lambda text: of_kind("a/v1", "Any", spec={"password": text, "ak": [text]}),
    "variable of any kind": lambda text: of_kind(
        "a/v1", "Any", spec={"env": [{"name": "ANY", "value": text}]}
    ),
    "file in any kind": lambda text: of_kind("a/v1", "Any", spec={"values": f"any: 1\n{text}\n"}),
    "field of any kind": lambda text: of_kind("a/v1", "Any", spec={"any": text}),
    "known option": lambda text: pod({"workingDir": text}),
    "read annotation": lambda text: pod(metadata={"annotations": {"helm.sh/hook": text}}),
    "known key of the agent's file": lambda text: file(
        "deepflow-agent.yaml", f"team-id: {json.dumps(text)}\n"
    ),
    "read setting of the server's file": lambda text: file(
        "server.yaml", f"controller:\n  mysql:\n    host: {json.dumps(text)}\n"
    ),
    "Compose command": lambda text: service(command=text),
    "Compose words": lambda text: service(entrypoint=["run", text]),
    "Compose variable": lambda text: service(environment=[f"ANY={text}"]),
    "Compose label": lambda text: service(labels={"any": text}, sysctls=[text], build=text),
    "Compose file": lambda text: service() | {"configs": {"a": {"content": text}}},
    "Compose extension": lambda text: service() | {"x-any": text, "secrets": {"a": {"b": text}}},
    "user of a Compose image": lambda text: service(image=f"u:{text}@r/deepflow-agent:v7.1"),
    "Compose health check": lambda text: service(healthcheck={"test": ["CMD", text]}),
    "Compose build": lambda text: service(build={"args": {"ANY": text}}, env_file=text),
    "other Compose service": lambda text: {
        "services": {**service()["services"], "db": {"image": "mysql", "command": text}}
    },
    "ExecStart": unit("ExecStart=/usr/sbin/deepflow-agent "),
    "ExecStartPre": unit("ExecStartPre=/bin/sh -c "),
    "Environment": unit("Environment=ANY="),
    "Description": unit("Description="),
    "SetCredential": unit("SetCredential=any:"),
    "comment of a unit": unit("# "),
    "other section of a unit": unit("[X-Any]\nAny="),
    "domain": lambda text: hosted("Domain", {"name": "a", "config": {"secret_key": text}}),
    "agent group": lambda text: hosted("AgentGroupConfig", {"global": {"api_password": text}}),
}


def written(place: Place, text: str, namespace: str = "") -> tuple[str, str]:
    """The name and the content of a file with a document, whose objects get this namespace."""
    made = place(text)
    if isinstance(made, str):
        return f"{namespace or 'a'}.service", made
    for one in made.get("items") or [made]:
        if namespace and "metadata" in one:
            one["metadata"]["namespace"] = namespace
    return "a.json" if "apiVersion" in made else "docker-compose.yaml", json.dumps(made)
