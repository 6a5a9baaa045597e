"""Inputs for properties: a real deployment, changed as people and templates change one.

An input is what `build_input` accepts: objects with apiVersion, kind and their own name. Everything
else may be missing, null or of another type.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dfpolicy.input.build import build_input
from dfpolicy.reading.documents import load_documents
from support.decisions import EXAMPLES, Json

Path = tuple[str | int, ...]
Draw = Callable[[st.SearchStrategy[Any]], Any]

# The same inputs each time, so that a failure comes from the change; `make fuzz` generates new
# ones.
DETERMINISTIC = not os.environ.get("DFPOLICY_FUZZ_EXAMPLES")
PROPERTY = settings(
    deadline=None,
    derandomize=DETERMINISTIC,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

MODES = [
    "auto",
    "all-in-one",
    "single-k8s",
    "multi-k8s",
    "managed-k8s",
    "serverless-pod",
    "upgrade",
]
CAPABILITIES = [
    *("SYS_ADMIN", "SYS_RESOURCE", "SYS_PTRACE", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "SYSLOG"),
    *("BPF", "PERFMON", "ALL", "CAP_SYS_ADMIN", "net_raw", ""),
]
IMAGES = [
    "registry.example.com/deepflow-ce/deepflow-agent:v7.1",
    "mirror.example.com:5000/x/deepflow-agent:v6.5.8",
    "deepflow-agent",
    "deepflow-agent:latest",
    "deepflow-agent:v6.1@sha256:" + "0" * 64,
    "registry.example.com/other:1",
    "",
]
VERSIONS = ["v6.5.8", "7.1", "v7.1.3", "latest", ""]
CONFIGURATIONS = [
    "controller-ips:\n  - 10.0.0.1\n",
    "controller-ips: []\n",
    "controller-ips:\n  - deepflow-server\n  - fd00::1\nteam-id: a\n",
    "controller-ips: [127.0.0.1, 10.0.0.1]\nvtap-group-id-request: g-1\n",
    "controller-ips:\n  - deepflow-server\n",
    "controller-ips: [172.20.1.1]\nkubernetes-cluster-id: d-1\nkubernetes-cluster-name: a\n",
    "controller-ips: [203.0.113.7]\nkubernetes-cluster-id: prod\nvtap-group-id-request: g-xxxxx\n",
    "controller-ips: [FIXME]\nkubernetes-cluster-id: {a: b}\nkubernetes-cluster-name: [a]\n",
    "not: [closed\n",
    "# nothing\n",
    "",
]
ENVIRONMENT = {
    "CTRL_NETWORK_INTERFACE": ["eth0", ""],
    "K8S_POD_IP_FOR_DEEPFLOW": ["10.0.0.1"],
    "K8S_WATCH_POLICY": ["watch-disabled", "watch-only", "watch-normal", "Watch-Only", ""],
    "ONLY_WATCH_K8S_RESOURCE": ["", "true"],
    "K8S_NAMESPACE_FOR_DEEPFLOW": ["deepflow", ""],
    "IN_CONTAINER": ["yes"],
}
ARGUMENTS: list[Any] = [
    ["--sidecar", "-f", "/etc/deepflow-agent/deepflow-agent.yaml"],
    ["--sidecar"],
    ["-f", "/etc/deepflow-agent.yaml"],
    ["env -i deepflow-agent"],
    [],
    None,
]
SERVER_OBJECTS: list[tuple[str, Any]] = [
    ("Domain", {"name": "a", "type": "kubernetes"}),
    ("Domain", {"name": "c", "type": "aliyun", "config": {"secret_id": "", "secret_key": "x"}}),
    ("Subdomain", {"domain_name": "c", "config": {"vpc_uuid": "0f1e-2d3c"}}),
    ("Subdomain", {"domain_name": "xxxx", "config": None}),
    ("AgentGroupConfig", {"global": {"communication": {"ingester_ip": "203.0.113.7"}}}),
    ("AgentGroupConfig", {"vtap_group_id": "g-1", "proxy_controller_ip": 5}),
]
HOST_PATHS = ["/sys/kernel/debug", "/sys/kernel/debug/", "/sys", "/", "/var/run/netns", "/run", ""]
ANYTHING: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1, 70000),
    st.sampled_from(["", "false", "true", "0", "x", "deepflow-agent", "é", "*", "/sys"]),
    st.sampled_from([[], {}, [None], [{}], [""], {"name": None}, [[]], {"x": {"y": []}}]),
)
NODE_FACTS: dict[str, st.SearchStrategy[Any]] = {
    "kernelRelease": st.sampled_from(["5.15.0-91-generic", "4.14.0", "3.10.0-1160.el7", "6", "x"]),
    "architecture": st.sampled_from(["x86_64", "aarch64", "arm64", "riscv64"]),
    "selinux": st.sampled_from([{"enabled": True}, {"mode": "enforcing"}, {"mode": "Permissive"}]),
    "sysctls": st.sampled_from(
        [{"kernel.kptr_restrict": 2}, {"kernel.kptr_restrict": "1"}, {"net.core.bpf_jit_enable": 0}]
    ),
    "btf": st.booleans(),
    "cpus": st.sampled_from([4, 256, 257]),
    "lockdown": st.sampled_from(["none", "integrity", "confidentiality"]),
    "kernelConfig": st.dictionaries(
        st.sampled_from(
            ["CONFIG_BPF", "CONFIG_KPROBES", "CONFIG_DEBUG_INFO_BTF", "CONFIG_BPF_JIT"]
        ),
        st.sampled_from(["y", "m", "n"]),
    ),
    "taints": st.sampled_from([[], [{"key": "dedicated", "effect": "NoSchedule"}]]),
    "labels": st.sampled_from([{}, {"kubernetes.io/os": "linux"}, {"type": "virtual-kubelet"}]),
    "portsInUse": st.sampled_from([[], [38086], [22, 38086]]),
}


def deployment() -> list[Json]:
    """The objects of the example, new objects at each call."""
    text = (EXAMPLES / "single-k8s" / "manifests.yaml").read_text("utf-8")
    return [document for document in yaml.safe_load_all(text) if document]


@st.composite
def inputs(draw: Draw) -> Json:
    """An input: the deployment, changed in meaning, then broken in structure."""
    resources = deployment()
    workload = next(item for item in resources if item["kind"] == "DaemonSet")
    if draw(st.booleans()):
        resources.append(_second_agent(draw, workload))
    for change in draw(st.lists(st.sampled_from(CHANGES), max_size=4)):
        change(draw, resources)
    nodes = [_node_facts(draw, name) for name in draw(st.sampled_from([[], [], ["a"], ["a", "b"]]))]
    if draw(st.booleans()):
        resources.append(_node(draw))
    release = _running(draw, resources) if draw(st.integers(0, 2)) == 0 else {}
    # A copy, because a drawn value belongs to its strategy.
    document: Json = json.loads(
        json.dumps(
            {"resources": resources, "nodes": nodes} | ({"from": release} if release else {})
        )
    )
    for _ in range(draw(st.integers(0, 4))):
        # What strategies draw is shared between examples, and must not be changed in place.
        document = deepcopy(document)
        _break(draw, document)
    if draw(st.integers(0, 5)) == 0:
        document["resources"].pop(draw(st.integers(0, len(document["resources"]) - 1)))
    return document | _settings(draw, upgrade=bool(release))


@st.composite
def hosts(draw: Draw) -> Json:
    """An input of a host: an example, changed in meaning, then broken in structure."""
    mode = draw(st.sampled_from(["legacy-host", "cloud-host"]))
    document: Json = json.loads(json.dumps(host(draw(st.sampled_from(["legacy-host", mode])))))
    if draw(st.booleans()):
        other = deepcopy(draw(st.sampled_from([host("cloud-host"), host("legacy-host")])))
        named = {item["metadata"]["name"] for item in document["resources"]}
        document["resources"] += [
            item for item in other["resources"] if item["metadata"]["name"] not in named
        ]
    for change in draw(st.lists(st.sampled_from(HOST_CHANGES), max_size=4)):
        change(draw, document["resources"])
    document = json.loads(json.dumps(document))
    if draw(st.integers(0, 3)) == 0:
        document["nodes"] = []
    for _ in range(draw(st.integers(0, 4))):
        document = deepcopy(document)
        _break(draw, document)
    return document | _settings(draw, upgrade=False) | {"mode": mode}


@cache
def host(mode: str) -> Json:
    """The example of a host mode, as the policies see it; do not change it."""
    path = str(EXAMPLES / mode / "manifests.yaml")
    data = build_input(load_documents([path]), mode=mode).data
    return {"resources": data["resources"], "nodes": data["nodes"]}


def sample(size: int, strategy: st.SearchStrategy[Json] | None = None) -> list[Json]:
    """This many different inputs, to be evaluated together."""
    found: list[Json] = []

    @settings(PROPERTY, max_examples=size)
    @given(inputs() if strategy is None else strategy)
    def collect(document: Json) -> None:
        found.append(document)

    collect()
    return found


def _running(draw: Draw, resources: list[Json]) -> Json:
    """The earlier release: the same deployment with other changes, or only a version."""
    if draw(st.integers(0, 4)) == 0:
        return {"version": draw(st.sampled_from(VERSIONS))}
    former = deepcopy(resources)
    for change in draw(st.lists(st.sampled_from(CHANGES), min_size=1, max_size=3)):
        change(draw, former)
    stated = st.sampled_from([{}, {"version": "v6.5.8"}])
    return {"resources": former, **draw(stated)}


def _settings(draw: Draw, upgrade: bool) -> Json:
    usual = "upgrade" if upgrade else "single-k8s"
    given: Json = {"mode": draw(st.sampled_from([usual] * 5 + MODES))}
    if draw(st.booleans()):
        given["profile"] = draw(st.sampled_from(["default", "strict"]))
    if draw(st.booleans()):
        given["release"] = draw(
            st.sampled_from([{}, {"namespace": "deepflow"}, {"namespace": "o"}])
        )
    if draw(st.booleans()):
        given["parameters"] = draw(
            st.sampled_from([{}, {"agentVersion": "v6.4"}, {"ctlVersion": "v7.1"}])
        )
    if draw(st.booleans()):
        spec = draw(st.sampled_from([{}, {"distribution": "openshift"}, {"apiGroups": ["apps"]}]))
        given["cluster"] = {"metadata": {"name": "c"}, "spec": spec}
    return given


# Changes of meaning: what a user, a chart or an admission webhook does.


def _agents(resources: list[Json]) -> list[Json]:
    return [item for item in resources if item["kind"] in ("DaemonSet", "Deployment")]


def _agent(draw: Draw, resources: list[Json]) -> tuple[Json, Json]:
    """The pod and the agent's container of one of the agents."""
    pod: Json = draw(st.sampled_from(_agents(resources)))["spec"]["template"]["spec"]
    return pod, pod["containers"][-1]


def _second_agent(draw: Draw, workload: Json) -> Json:
    other = deepcopy(workload)
    other["metadata"]["name"] = draw(st.sampled_from(["deepflow-agent-watcher", "agent-arm64"]))
    other["kind"] = draw(st.sampled_from(["Deployment", "DaemonSet"]))
    return other


def _capabilities(draw: Draw, resources: list[Json]) -> None:
    _, container = _agent(draw, resources)
    names = st.lists(st.sampled_from(CAPABILITIES), max_size=9)
    container["securityContext"] = {"capabilities": {"add": draw(names), "drop": draw(names)}}


def _security(draw: Draw, resources: list[Json]) -> None:
    pod, container = _agent(draw, resources)
    place = draw(st.sampled_from([pod, container])).setdefault("securityContext", {})
    place[
        draw(st.sampled_from(["privileged", "runAsNonRoot", "runAsUser", "readOnlyRootFilesystem"]))
    ] = draw(st.sampled_from([True, False, 0, 1000, "true"]))
    place["seccompProfile"] = draw(
        st.sampled_from([None, {"type": "Unconfined"}, {"type": "RuntimeDefault"}, {}])
    )


def _namespaces(draw: Draw, resources: list[Json]) -> None:
    pod, _ = _agent(draw, resources)
    key = st.sampled_from(["hostPID", "hostNetwork", "hostUsers", "automountServiceAccountToken"])
    pod[draw(key)] = draw(st.sampled_from([True, False, "false", None]))
    pod["dnsPolicy"] = draw(st.sampled_from(["ClusterFirst", "ClusterFirstWithHostNet", "None"]))


def _image(draw: Draw, resources: list[Json]) -> None:
    _, container = _agent(draw, resources)
    container["image"] = draw(st.sampled_from(IMAGES))


def _environment(draw: Draw, resources: list[Json]) -> None:
    _, container = _agent(draw, resources)
    name = draw(st.sampled_from(sorted(ENVIRONMENT)))
    value = draw(st.sampled_from(ENVIRONMENT[name]))
    container["env"] = [*container.get("env", []), {"name": name, "value": value}]


def _sidecar(draw: Draw, resources: list[Json]) -> None:
    pod, container = _agent(draw, resources)
    other = {**deepcopy(container), "name": "other", "image": draw(st.sampled_from(IMAGES))}
    pod["containers"] = [other, container]
    pod["serviceAccountName"] = draw(st.sampled_from(["deepflow-agent", "default", "", "other"]))


def _arguments(draw: Draw, resources: list[Json]) -> None:
    """A part of what makes an agent the sidecar of serverless pods."""
    template = draw(st.sampled_from(_agents(resources)))["spec"]["template"]
    template["spec"]["containers"][-1]["args"] = draw(st.sampled_from(ARGUMENTS))
    template["metadata"].setdefault("annotations", {})["eks.tke.cloud.tencent.com/ds-injection"] = (
        draw(st.sampled_from(["true", True, ""]))
    )


def _server_objects(draw: Draw, resources: list[Json]) -> None:
    for kind, spec in draw(st.lists(st.sampled_from(SERVER_OBJECTS), max_size=3)):
        taken = {item["metadata"]["name"] for item in resources if item["kind"] == kind}
        resources.append(
            {
                "apiVersion": "dfpolicy.dev/v1",
                "kind": kind,
                "metadata": {"name": f"x-{len(taken)}"},
                "spec": deepcopy(spec),
            }
        )


def _volumes(draw: Draw, resources: list[Json]) -> None:
    pod, container = _agent(draw, resources)
    path = draw(st.sampled_from(HOST_PATHS))
    volume = draw(st.sampled_from([{"hostPath": {"path": path}}, {"emptyDir": {}}]))
    pod["volumes"] = [{"name": "v", **volume}, *pod["volumes"][draw(st.integers(0, 2)) :]]
    mount = {"name": "v", "mountPath": draw(st.sampled_from(HOST_PATHS))}
    for key in draw(st.sets(st.sampled_from(["readOnly", "subPath", "mountPropagation"]))):
        mount[key] = draw(st.sampled_from([True, "x", "HostToContainer", "None"]))
    container["volumeMounts"] = [*container["volumeMounts"][draw(st.integers(0, 2)) :], mount]


def _scheduling(draw: Draw, resources: list[Json]) -> None:
    pod, container = _agent(draw, resources)
    pod["tolerations"] = draw(
        st.sampled_from([None, [], [{"operator": "Exists"}], [{"key": "dedicated"}]])
    )
    pod["nodeSelector"] = draw(st.sampled_from([None, {}, {"kubernetes.io/os": "linux"}]))
    container["resources"] = draw(
        st.sampled_from([None, {}, {"limits": {"cpu": "500m", "memory": "1Gi"}}, {"limits": {}}])
    )


def _configuration(draw: Draw, resources: list[Json]) -> None:
    for item in resources:
        if item["kind"] == "ConfigMap":
            item["data"] = {"deepflow-agent.yaml": draw(st.sampled_from(CONFIGURATIONS))}


def _rules(draw: Draw, resources: list[Json]) -> None:
    role = draw(st.sampled_from([item for item in resources if "rules" in item]))
    rule = draw(st.sampled_from(role["rules"]))
    key, values = draw(
        st.sampled_from(
            [
                ("verbs", ["get", "list", "watch", "*", "GET", "update", "patch"]),
                ("apiGroups", ["", "apps", "*", "extensions", "route.openshift.io"]),
                ("resources", ["pods", "pods/log", "*", "*/log", "nodes", "daemonsets"]),
                ("resourceNames", ["deepflow-agent", "other"]),
                ("nonResourceURLs", ["/version", "*"]),
            ]
        )
    )
    rule[key] = draw(st.lists(st.sampled_from(values), max_size=4))


def _binding(draw: Draw, resources: list[Json]) -> None:
    binding = draw(st.sampled_from([item for item in resources if "roleRef" in item]))
    binding["roleRef"] = {
        "apiGroup": "rbac.authorization.k8s.io",
        "kind": draw(st.sampled_from(["ClusterRole", "Role"])),
        "name": draw(st.sampled_from(["deepflow-agent", "cluster-admin", "view", "absent"])),
    }
    binding["subjects"] = draw(
        st.sampled_from(
            [
                None,
                [{"kind": "ServiceAccount", "name": "deepflow-agent"}],
                [{"kind": "ServiceAccount", "name": "deepflow-agent", "namespace": "other"}],
                [{"kind": "User", "name": "system:serviceaccount:deepflow:deepflow-agent"}],
                [{"kind": "Group", "name": "system:serviceaccounts:deepflow"}],
                [{"kind": "Group", "name": "system:authenticated"}],
            ]
        )
    )


def _namespace(draw: Draw, resources: list[Json]) -> None:
    for item in resources:
        if item["kind"] == "Namespace":
            level = draw(st.sampled_from(["privileged", "baseline", "restricted", ""]))
            item["metadata"]["labels"] = {"pod-security.kubernetes.io/enforce": level}
        elif draw(st.booleans()):
            item["metadata"]["namespace"] = draw(st.sampled_from(["deepflow", "other", ""]))


def _server(draw: Draw, resources: list[Json]) -> None:
    container = {
        "name": "deepflow-server",
        "image": f"deepflow-server:{draw(st.sampled_from(VERSIONS))}",
        "volumeMounts": [],
    }
    dashboards = {"name": "init-grafana-ds-dh", "image": draw(st.sampled_from(IMAGES))}
    pod = {"containers": [container], "initContainers": [dashboards], "volumes": []}
    server = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "deepflow-server", "namespace": "deepflow"},
        "spec": {"template": {"metadata": {"labels": {}}, "spec": pod}},
    }
    resources[:] = [item for item in resources if item["metadata"]["name"] != "deepflow-server"]
    resources.append(server)


def _selector(draw: Draw, resources: list[Json]) -> None:
    spec = draw(st.sampled_from(_agents(resources)))["spec"]
    labels = draw(st.sampled_from([{}, {"app": "deepflow"}, {"app": "deepflow", "x": "y"}]))
    spec["selector"] = {"matchLabels": labels}


CHANGES = [
    _capabilities,
    _security,
    _namespaces,
    _image,
    _environment,
    _sidecar,
    _arguments,
    _server_objects,
    _volumes,
    _scheduling,
    _configuration,
    _rules,
    _binding,
    _namespace,
    _server,
    _selector,
]


def _of_kind(resources: list[Json], kind: str) -> list[Json]:
    return [item for item in resources if item["kind"] == kind]


def _service(draw: Draw, resources: list[Json]) -> None:
    for item in _of_kind(resources, "ComposeProject"):
        service = item["spec"]["services"]["deepflow-agent"]
        key, values = draw(st.sampled_from(sorted(SERVICE.items())))
        service[key] = draw(st.sampled_from(values))


def _unit(draw: Draw, resources: list[Json]) -> None:
    for item in _of_kind(resources, "SystemdUnit"):
        key, values = draw(st.sampled_from(sorted(UNIT.items())))
        item["spec"]["Service"][key] = draw(st.lists(st.sampled_from(values), max_size=3))


def _agent_file(draw: Draw, resources: list[Json]) -> None:
    for item in _of_kind(resources, "AgentConfig"):
        key, values = draw(st.sampled_from(sorted(AGENT_FILE.items())))
        item["spec"][key] = draw(st.sampled_from(values))


def _server_side(draw: Draw, resources: list[Json]) -> None:
    for item in resources:
        if item["kind"] == "Domain":
            item["spec"]["type"] = draw(st.sampled_from(["agent_sync", "aws", "huawei", "x", 5]))
        elif item["kind"] == "ServerConfig":
            ranges = draw(st.sampled_from([[], ["10.0.0.0/8"], "fd00::/8,::1", ["x", 5], "1-2"]))
            item["spec"]["controller"]["genesis"] = {"local_ip_ranges": ranges}
        elif item["kind"] == "Deployment":
            tag = draw(st.sampled_from(["v7.1", "v6.5.8", "latest", "v7.1.3"]))
            item["spec"]["template"]["spec"]["containers"][0]["image"] = f"deepflow-server:{tag}"


SERVICE: dict[str, list[Any]] = {
    "cap_add": [[], ["ALL"], ["CAP_SYS_ADMIN", "net_raw"], ["BPF", "PERFMON"], "ALL", None],
    "cap_drop": [["ALL"], ["NET_RAW"], None],
    "command": [["-f", "/a.yaml"], "--config-file=/a.yaml", [], 5],
    "environment": [{"A": 1, "B": None}, ["A=b", "C"], None],
    "image": IMAGES,
    "network_mode": ["bridge", "host", None],
    "pid": ["host", "service:a", None],
    "privileged": [True, "true", False],
    "read_only": [True, False],
    "security_opt": [["seccomp:unconfined"], ["apparmor=unconfined"], ["seccomp:a.json"], None],
    "tmpfs": ["/tmp", ["/tmp", "/var/log/deepflow-agent"]],
    "user": ["root", "0:0", 0, 1000, "a", None],
    "volumes": [
        ["/sys/kernel/debug:/sys/kernel/debug"],
        ["/:/:ro", "data:/tmp", "/a"],
        [{"type": "bind", "source": "/sys", "target": "/sys", "read_only": True}, {}],
        None,
    ],
}
UNIT: dict[str, list[str]] = {
    "AmbientCapabilities": ["CAP_NET_RAW", "", "~CAP_SYSLOG"],
    "CapabilityBoundingSet": ["CAP_NET_RAW CAP_SYSLOG", "~CAP_SYS_ADMIN", "", "~", "CAP_BPF"],
    "Delegate": ["yes", "no", ""],
    "DynamicUser": ["yes", "no"],
    "ExecStart": ["/usr/sbin/deepflow-agent", "", "-/opt/deepflow-agent -f '/a b'", "/bin/sh"],
    "PrivateNetwork": ["yes", "no"],
    "PrivateTmp": ["yes"],
    "PrivateUsers": ["self", "no"],
    "ProtectKernelLogs": ["yes"],
    "ProtectKernelTunables": ["true"],
    "ProtectSystem": ["strict", "full"],
    "ReadWritePaths": ["/tmp -/var/log", ""],
    "Restart": ["always", "no"],
    "User": ["root", "a", "1000", ""],
}
AGENT_FILE: dict[str, list[Any]] = {
    "controller-ips": [[], ["10.1.2.3"], ["fd00::1", "10.0.0.1"], {"a": "b"}, "10.0.0.1", [5]],
    "kubernetes-cluster-id": ["d-1", "d-xxxx", None, ["a"]],
    "vtap-group-id-request": ["g-1", "g-xxxx", None, 5],
}
HOST_CHANGES = [_service, _unit, _agent_file, _server_side, _server_side]


def _node_facts(draw: Draw, name: str) -> Json:
    keys = draw(st.sets(st.sampled_from(sorted(NODE_FACTS)), max_size=6))
    return {
        "apiVersion": "dfpolicy.dev/v1",
        "kind": "NodeFacts",
        "metadata": {"name": name},
        "spec": {key: draw(NODE_FACTS[key]) for key in sorted(keys)},
    }


def _node(draw: Draw) -> Json:
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": draw(st.sampled_from(["a", "z"])), "labels": {"x": "y"}},
        "spec": {
            "taints": draw(st.sampled_from([None, [], [{"key": "k", "effect": "NoExecute"}]]))
        },
        "status": {
            "capacity": {"cpu": draw(st.sampled_from(["8", "300", "1500m"]))},
            "nodeInfo": {"kernelVersion": "5.4.0", "architecture": "amd64", "osImage": "Linux"},
        },
    }


# Broken structures: missing, null, or of another type.


def _break(draw: Draw, document: Json) -> None:
    paths = list(_paths(document))
    path = draw(st.sampled_from(paths))
    parent: Any = document
    for part in path[:-1]:
        parent = parent[part]
    action = draw(st.sampled_from(["delete", "null", "replace", "wrap"]))
    if action == "delete":
        del parent[path[-1]]
    elif action == "null":
        parent[path[-1]] = None
    elif action == "replace":
        parent[path[-1]] = deepcopy(draw(ANYTHING))
    else:
        parent[path[-1]] = [parent[path[-1]]]


def _paths(document: Json) -> Iterator[Path]:
    """What may be broken: everything except the identity of an object."""
    former = document.get("from", {}).get("resources", ())
    parts: list[tuple[Path, Any]] = [
        (("resources",), document["resources"]),
        (("nodes",), document["nodes"]),
        (("from", "resources"), former),
    ]
    for part, items in parts:
        for i, item in enumerate(items):
            for path in _below(item, (*part, i)):
                if path[len(part) + 1 :] not in {
                    ("apiVersion",),
                    ("kind",),
                    ("metadata",),
                    ("metadata", "name"),
                }:
                    yield path


def _below(value: Any, path: Path) -> Iterator[Path]:
    entries: Any = ()
    if isinstance(value, dict):
        entries = value.items()
    elif isinstance(value, list):
        entries = enumerate(value)
    for key, member in entries:
        yield (*path, key)
        yield from _below(member, (*path, key))
