"""Secrets of every shape, planted in every place of a deployment: which of them reach the policies.

A secret that has no form of its own, and that nothing calls a secret, stays only in the places of
LEFT. Requirements read these texts, or they belong to a user's own requirements.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from dfpolicy.input.build import build_input
from dfpolicy.reading.documents import split
from dfpolicy.reading.sources import Source

CANARY = "tweet7canary"
# A secret in a form of its own stays nowhere.
FORMS = {
    "JWT": f"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.{CANARY}",
    "PEM": f"-----BEGIN EC PRIVATE KEY-----\n{CANARY}\n-----END EC PRIVATE KEY-----",
    "access key": f"AKIA{CANARY.upper()}WXYZ",
    "base64": f"aG9Xc3RyT25nSXNUaGlz/{CANARY}+Zz==",
    "address": f"https://u:p@/{CANARY}@h/",
    "NAME=value": f"DB_PASSWORD={CANARY}",
    "--name=value": f"--db-password={CANARY}",
    "--name value": f"--token {CANARY}",
    "name: value": f"api-token: {CANARY}",
    "JSON": f'{{"secret": "{CANARY}"}}',
    "SQL": f"CREATE USER a IDENTIFIED BY '{CANARY}'",
    "header": f"Authorization: Bearer {CANARY}",
    "mysql -p": f"mysql -u root -p{CANARY}",
    "curl -u": f"curl -u root:{CANARY} h",
}
PLAIN = {
    "word": CANARY,
    "number": "1337422664",
    "-p value": f"run -p {CANARY}",
    "--ak=value": f"run --ak={CANARY} --sk {CANARY}",
    "docker login": f"docker login -u a -p {CANARY} r",
    "here-document": f"cat >x <<E\nthe word is my {CANARY}\nE",
    "sentence": f"please use {CANARY}, as always",
    "comment": f"run # {CANARY}",
    "quoted": f"x '{CANARY} {CANARY}'\\ {CANARY}",
    "hidden letter": f"--pass\u200bword={CANARY}",
}


def pod(container: Any = None, **others: Any) -> Any:
    """The agent's DaemonSet, with these members of its container, its pod or its metadata."""
    metadata = {"name": "deepflow-agent", "namespace": "deepflow", **others.pop("metadata", {})}
    agent = {"name": "deepflow-agent", "image": "r/deepflow-agent:v7.1", **(container or {})}
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": metadata,
        "spec": {"template": {"spec": {"containers": [agent], **others}}},
    }


def of_kind(version: str, kind: str, **body: Any) -> Any:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": "deepflow"}, **body}


def file(key: str, text: str) -> Any:
    return of_kind("v1", "ConfigMap", data={key: text})


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
    "unknown field": lambda text: pod({"any": {"any": [text]}}, any=text),
    "volume": lambda text: pod(volumes=[{"name": "a", "rbd": {"keyring": text, "user": text}}]),
    "driver": lambda text: pod(volumes=[{"name": "a", "csi": {"volumeAttributes": {"a": text}}}]),
    "annotation": lambda text: pod(metadata={"annotations": {"a.kubernetes.io/deepflow": text}}),
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
    "ExecStart": unit("ExecStart=/usr/sbin/deepflow-agent "),
    "ExecStartPre": unit("ExecStartPre=/bin/sh -c "),
    "Environment": unit("Environment=ANY="),
    "Description": unit("Description="),
    "domain": lambda text: hosted("Domain", {"name": "a", "config": {"secret_key": text}}),
    "agent group": lambda text: hosted("AgentGroupConfig", {"global": {"api_password": text}}),
}
LEFT = {
    # A user's own requirements read these.
    "field of any kind": {*PLAIN} - {"here-document"},
    # Requirements read these as they are.
    "known option": {*PLAIN} - {"here-document"},
    "read annotation": {*PLAIN},
    "known key of the agent's file": {*PLAIN},
    "read setting of the server's file": {*PLAIN},
}


def shown(place: Place, text: str) -> str:
    """What the policies see of a document with this text."""
    made = place(text)
    name = "docker-compose.yaml" if isinstance(made, dict) and "services" in made else "a.service"
    content = made if isinstance(made, str) else json.dumps(made)
    documents = split(Source(name if "apiVersion" not in made else "a.json", content))
    return json.dumps(build_input(documents).data, ensure_ascii=False)


@pytest.mark.parametrize("name", PLACES)
def test_only_these_reach_the_policies(name: str) -> None:
    left = {
        shape
        for shape, text in {**FORMS, **PLAIN}.items()
        for secret in (CANARY, PLAIN["number"])
        if secret in shown(PLACES[name], text).lower()
    }
    assert left == LEFT.get(name, set())
