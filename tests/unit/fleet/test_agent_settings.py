from __future__ import annotations

from typing import Any

import yaml

from dfpolicy.fleet.agent_settings import agent_settings
from dfpolicy.input.build import build_input
from dfpolicy.reading.documents import split
from dfpolicy.reading.sources import Source
from support.reports import agent

TEXT = """
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent-0, namespace: deepflow}
spec:
  template:
    spec:
      hostNetwork: true
      containers:
        - name: agent
          image: deepflow-agent:v7.1
          env: [{name: K8S_WATCH_POLICY, value: normal}, {name: TOKEN, value: hunter2}]
          securityContext: {capabilities: {add: [SYSLOG, NET_ADMIN]}}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: other}
spec: {template: {spec: {hostNetwork: false}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: deepflow-agent, namespace: deepflow}
data:
  deepflow-agent.yaml: |
    controller-ips: [10.0.0.1, 10.0.0.2]
    unknown-key: hunter2
"""


def settings(text: str) -> dict[tuple[str, str], str]:
    resources: list[Any] = build_input(split(Source("a.yaml", text))).data["resources"]
    return {
        (one["object"], one["path"]): one["value"] for one in agent_settings(resources, [agent()])
    }


def test_the_agents_objects_and_file_are_flat_and_without_secrets() -> None:
    assert settings(TEXT) == {
        ("DaemonSet agent-0", "containers[agent].env[K8S_WATCH_POLICY].value"): "normal",
        (
            "DaemonSet agent-0",
            "containers[agent].securityContext.capabilities.add",
        ): "NET_ADMIN, SYSLOG",
        ("DaemonSet agent-0", "containers[agent].image"): "deepflow-agent:v7.1",
        ("DaemonSet agent-0", "hostNetwork"): "true",
        ("deepflow-agent.yaml", "controller-ips"): "10.0.0.1, 10.0.0.2",
    }


def test_values_of_any_type_are_accepted() -> None:
    for value in (None, 1, [], {}, [None], [{"name": 1}], {"spec": [{}, 1]}, "x"):
        document = {**yaml.safe_load(TEXT.split("---")[0]), "spec": {"template": {"spec": value}}}
        settings(yaml.safe_dump(document))
