"""Rounds of changes repair generated breakages. What once passed by mistake is found."""

from __future__ import annotations

import random
from collections.abc import Callable
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from dfpolicy.reading.agent_file import with_decoded_files
from support import changes, decisions
from support.agents import added, container, context, meeting, of_kind, pod, service, unit
from support.decisions import Json

if TYPE_CHECKING:
    from dfpolicy.model import Result


def _with_mount_over_tracefs(document: Json) -> None:
    pod(document)["volumes"].append({"name": "empty", "emptyDir": {}})
    mounts = pod(document)["containers"][0]["volumeMounts"]
    mounts.append({"name": "empty", "mountPath": "/sys/kernel/debug/tracing"})


def _with_mount_path_used_twice(document: Json) -> None:
    mounts = pod(document)["containers"][0]["volumeMounts"]
    mounts.append({**mounts[0], "readOnly": False})


def _with_null_in_selector(document: Json) -> None:
    pod(document)["nodeSelector"] = {"x": None}
    metadata = {"name": "worker-1", "labels": {}}
    document["resources"].append({"apiVersion": "v1", "kind": "Node", "metadata": metadata})


def _with_single_address(document: Json) -> None:
    for i, one in enumerate(document["resources"]):
        if one["kind"] == "ConfigMap":
            plain = {key: one[key] for key in one if key != "decoded"}
            plain["data"] = {"deepflow-agent.yaml": "controller-ips: 10.9.2.4\n"}
            document["resources"][i] = dict(with_decoded_files(plain))


def _with_example_database(document: Json) -> None:
    text = "controller:\n  mysql:\n    host: 10.1.2.3\ningester:\n  ckdb:\n    external: true\n"
    document["resources"] += [
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "deepflow", "namespace": "deepflow"},
            "data": {"server.yaml": text},
        },
        *(_deployment(role) for role in ("deepflow-server", "deepflow-app", "grafana")),
    ]


def _deployment(name: str) -> Json:
    container: Json = {"name": name, "image": f"registry.example.com/deepflow-ce/{name}:v7.1"}
    pod: Json = {"containers": [container]}
    if name == "deepflow-server":
        container["volumeMounts"] = [{"name": "file", "mountPath": "/etc/server.yaml"}]
        pod["volumes"] = [{"name": "file", "configMap": {"name": "deepflow"}}]
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": "deepflow"},
        "spec": {"template": {"metadata": {"labels": {"app": name}}, "spec": pod}},
    }


@pytest.mark.parametrize(
    ("broken", "requirement"),
    [
        (_with_mount_over_tracefs, "DF-EBPF-005"),
        (_with_mount_path_used_twice, "DF-CH-007"),
        (_with_null_in_selector, "DF-CH-005"),
        (_with_single_address, "DF-CFG-002"),
        (_with_example_database, "DF-SK-002"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_once_passed_is_a_violation(broken: Callable[[Json], None], requirement: str) -> None:
    document = deepcopy(decisions.example_input(decisions.EXAMPLES / "single-k8s/manifests.yaml"))
    document["mode"] = "single-k8s"
    before = {one["id"] for one in changes.violations(decisions.decide(document))}
    broken(document)
    after = {one["id"] for one in changes.violations(decisions.decide(document))}
    assert requirement in after - before


def _without_some(chance: random.Random, members: list[Any]) -> None:
    for _ in range(chance.randint(1, max(1, len(members)))):
        if members:
            members.pop(chance.randrange(len(members)))


Breaking = Callable[[random.Random, Json], None]


def _with_agent_file(text: str) -> Breaking:
    def broken(_: random.Random, document: Json) -> None:
        for i, one in enumerate(document["resources"]):
            if one["kind"] == "ConfigMap":
                plain = {key: one[key] for key in one if key != "decoded"}
                plain["data"] = {"deepflow-agent.yaml": text}
                document["resources"][i] = dict(with_decoded_files(plain))

    return broken


# Each breaks one thing of the agent in a pod.
OF_PODS: tuple[Breaking, ...] = (
    lambda chance, one: _without_some(chance, added(one)),
    lambda _, one: context(one)["capabilities"].update(add=[f"CAP_{c}" for c in added(one)]),
    lambda chance, one: context(one)["capabilities"].update(drop=[chance.choice(added(one))]),
    lambda _, one: context(one).update(capabilities={"add": [], "drop": ["ALL"]}),
    lambda _, one: context(one).update(runAsUser=1000),
    lambda _, one: pod(one).update(securityContext={"runAsUser": 1000, "runAsNonRoot": True}),
    lambda _, one: pod(one).update(hostNetwork=False, dnsPolicy="ClusterFirst"),
    lambda _, one: pod(one).pop("hostNetwork", None),
    lambda _, one: pod(one).update(hostPID=False),
    lambda _, one: pod(one).update(hostUsers=False),
    lambda _, one: pod(one).update(shareProcessNamespace=True),
    lambda _, one: pod(one).update(dnsPolicy="ClusterFirst"),
    lambda _, one: pod(one).update(automountServiceAccountToken=False),
    lambda chance, one: container(one)["volumeMounts"].pop(chance.randrange(2)),
    lambda chance, one: container(one)["volumeMounts"][chance.randrange(2)].update(subPath="a"),
    lambda _, one: container(one)["volumeMounts"][1].pop("mountPropagation", None),
    lambda _, one: _with_mount_over_tracefs(one),
    lambda chance, one: pod(one)["volumes"].__setitem__(
        chance.randrange(2), {"name": "other", "emptyDir": {}}
    ),
    lambda _, one: context(one).update(readOnlyRootFilesystem=True),
    lambda _, one: context(one).update(seccompProfile={"type": "RuntimeDefault"}),
    lambda _, one: context(one).update(appArmorProfile={"type": "RuntimeDefault"}),
    lambda _, one: context(one).update(privileged=True, allowPrivilegeEscalation=False),
    lambda _, one: container(one).update(command=["sleep", "infinity"]),
    lambda _, one: container(one).update(command=["/usr/bin/env", "-i", "deepflow-agent"]),
    lambda _, one: container(one).update(resources={"limits": {"cpu": "3"}}),
    lambda _, one: container(one)["env"].append({"name": "K8S_WATCH_POLICY", "value": "off"}),
    lambda _, one: container(one)["env"].append({"name": "ONLY_WATCH_K8S_RESOURCE", "value": ""}),
    lambda chance, one: _without_some(chance, of_kind(one, "ClusterRole")[0]["rules"]),
    lambda chance, one: _without_some(chance, of_kind(one, "ClusterRole")[0]["rules"][0]["verbs"]),
    lambda _, one: of_kind(one, "ClusterRole")[0]["rules"][0].update(resourceNames=["a"]),
    lambda _, one: of_kind(one, "ClusterRoleBinding")[0]["subjects"][0].update(namespace="other"),
    lambda _, one: of_kind(one, "RoleBinding")[0].update(subjects=[]),
    lambda _, one: of_kind(one, "Namespace")[0]["metadata"].update(
        labels={"pod-security.kubernetes.io/enforce": "restricted"}
    ),
    _with_agent_file("controller-ips: 10.9.2.4\n"),
    _with_agent_file("controller-ips: [10.1.2.3]\n"),
    _with_agent_file("controller-ips: [10.9.2.4]\nkubernetes-clustername: prod-a\n"),
)


# The same of a service of Docker Compose.
OF_SERVICES: tuple[Breaking, ...] = (
    lambda chance, one: _without_some(chance, service(one)["cap_add"]),
    lambda chance, one: service(one).update(cap_drop=[chance.choice(["ALL", "NET_RAW"])]),
    lambda _, one: service(one).pop("cap_add", None),
    lambda _, one: service(one).update(user="1000"),
    lambda _, one: service(one).update(network_mode="bridge"),
    lambda _, one: service(one).pop("pid", None),
    lambda _, one: service(one).update(userns_mode="private"),
    lambda _, one: service(one).update(read_only=True),
    lambda _, one: service(one)["volumes"].remove("/sys/kernel/debug:/sys/kernel/debug:ro"),
    lambda _, one: service(one)["volumes"].append("/tmp:/sys/kernel/debug/tracing"),
    lambda _, one: service(one).update(security_opt=[]),
)


# The same of a unit of systemd.
OF_UNITS: tuple[Breaking, ...] = (
    lambda _, one: unit(one).update(User=["deepflow"]),
    lambda _, one: unit(one).update(DynamicUser=["yes"]),
    lambda _, one: unit(one).update(CapabilityBoundingSet=["CAP_NET_RAW CAP_SYS_PTRACE"]),
    lambda _, one: unit(one).update(CapabilityBoundingSet=["~CAP_SYS_ADMIN"]),
    lambda _, one: unit(one).update(ProtectKernelLogs=["yes"]),
    lambda _, one: unit(one).update(PrivateNetwork=["yes"]),
    lambda _, one: unit(one).update(PrivateUsers=["yes"]),
    lambda _, one: unit(one).update(ProtectSystem=["strict"]),
    lambda _, one: unit(one).pop("Restart", None),
    lambda _, one: unit(one).pop("Delegate", None),
)


def _repaired(document: Json) -> tuple[Json, int]:
    """The input after rounds of changes, and how many there were."""
    for rounds in range(5):
        following = changes.round_of_changes(
            document,
            [one for one in changes.violations(decisions.decide(document)) if _fits(one)],
        )
        if following == document:
            return document, rounds
        document = following
    return document, 5


def _fits(result: Result) -> bool:
    return "change" in result and changes.on_objects(result["change"]["alternatives"][0])


@pytest.mark.parametrize(
    ("mode", "breaking", "number"),
    [
        ("single-k8s", OF_PODS, 120),
        ("legacy-host", OF_SERVICES, 60),
        ("cloud-host", OF_UNITS, 60),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_rounds_of_changes_repair_generated_breakages(
    mode: str, breaking: tuple[Breaking, ...], number: int
) -> None:
    """Breaks up to four things of an agent at once. The seed is fixed."""
    chance = random.Random(19)
    whole = changes.keys(changes.violations(decisions.decide(meeting(mode))))
    broken = 0
    wrong = []
    for _ in range(number):
        document = meeting(mode)
        chosen = chance.sample(range(len(breaking)), chance.randint(1, 4))
        for index in chosen:
            breaking[index](chance, document)
        broken += bool(changes.keys(changes.violations(decisions.decide(document))) - whole)
        repaired, rounds = _repaired(document)
        left = changes.keys(changes.violations(decisions.decide(repaired))) - whole
        if left or rounds > 4:
            wrong.append((sorted(chosen), rounds, sorted(left)))
    assert wrong == []
    assert broken >= number * 4 // 5
