"""Workloads of the agent for the API server's validation: the chart's, with changes.

A change is a function that edits a workload. A single change tests one rule; several together test
that the rules do not hide each other.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from dfpolicy.model import JsonObject
from support.inputs import deployment

KINDS = ("DaemonSet", "Deployment", "Pod")
Change = Callable[[JsonObject], None]


@dataclass(frozen=True)
class Case:
    """A workload, and the names of the changes made to it."""

    name: str
    workload: JsonObject


def base(kind: str) -> JsonObject:
    """Return a valid workload of the agent with every field that the changes edit."""
    found = copy.deepcopy(next(item for item in deployment() if item["kind"] == "DaemonSet"))
    found["metadata"]["namespace"] = "default"
    pod = found["spec"]["template"]["spec"]
    container = pod["containers"][0]
    container["ports"] = [{"name": "receive", "containerPort": 38086, "protocol": "TCP"}]
    container["resources"] = {
        "limits": {"cpu": "1", "memory": "768Mi"},
        "requests": {"cpu": "100m", "memory": "128Mi"},
    }
    init = {"name": "sysctl", "image": "registry.example.com/busybox:1.36", "command": ["true"]}
    pod["initContainers"] = [init]
    if kind == "Deployment":
        found["kind"] = "Deployment"
        found["spec"]["replicas"] = 1
        found["spec"].pop("updateStrategy", None)
    if kind == "Pod":
        template = found["spec"]["template"]
        metadata = {**template["metadata"], "name": "deepflow-agent", "namespace": "default"}
        return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": pod}
    return found


def _template(workload: JsonObject) -> JsonObject:
    return workload if workload["kind"] == "Pod" else workload["spec"]["template"]


def _pod(**fields: Any) -> Change:
    return lambda workload: _template(workload)["spec"].update(fields)


def _container(**fields: Any) -> Change:
    return lambda workload: _template(workload)["spec"]["containers"][0].update(fields)


def _init(**fields: Any) -> Change:
    return lambda workload: _template(workload)["spec"]["initContainers"][0].update(fields)


def _security(**fields: Any) -> Change:
    def change(workload: JsonObject) -> None:
        container = _template(workload)["spec"]["containers"][0]
        container["securityContext"] = {**container.get("securityContext", {}), **fields}

    return change


def _pod_security(**fields: Any) -> Change:
    def change(workload: JsonObject) -> None:
        pod = _template(workload)["spec"]
        pod["securityContext"] = {**pod.get("securityContext", {}), **fields}

    return change


def _spec(**fields: Any) -> Change:
    def change(workload: JsonObject) -> None:
        if workload["kind"] != "Pod":
            workload["spec"].update(fields)

    return change


def _metadata(**fields: Any) -> Change:
    return lambda workload: workload["metadata"].update(fields)


def _labels(**labels: Any) -> Change:
    return lambda workload: _template(workload)["metadata"]["labels"].update(labels)


def _annotations(labels: JsonObject) -> Change:
    return lambda workload: (
        _template(workload)["metadata"].setdefault("annotations", {}).update(labels)
    )


def _add(field: str, *items: Any) -> Change:
    """Append to a list of the pod."""

    def change(workload: JsonObject) -> None:
        pod = _template(workload)["spec"]
        pod[field] = [*(pod.get(field) or []), *copy.deepcopy(items)]

    return change


def _append(field: str, *items: Any) -> Change:
    """Append to a list of the agent's container."""

    def change(workload: JsonObject) -> None:
        container = _template(workload)["spec"]["containers"][0]
        container[field] = [*(container.get(field) or []), *copy.deepcopy(items)]

    return change


def _drop(field: str) -> Change:
    return lambda workload: _template(workload)["spec"]["containers"][0].pop(field, None)


def _mount(**fields: Any) -> Change:
    """Append a mount of an existing volume."""

    def change(workload: JsonObject) -> None:
        pod = _template(workload)["spec"]
        pod["volumes"] = [*pod["volumes"], {"name": "added", "emptyDir": {}}]
        mount = {"name": "added", "mountPath": "/added", **fields}
        pod["containers"][0]["volumeMounts"].append(mount)

    return change


def _volume(**fields: Any) -> Change:
    return _add("volumes", {"name": "added", **fields})


def _env(**fields: Any) -> Change:
    return _append("env", {"name": "ADDED", **fields})


def _port(**fields: Any) -> Change:
    return _append("ports", {"containerPort": 8080, **fields})


def _resources(**fields: Any) -> Change:
    return _container(resources=fields)


def _toleration(**fields: Any) -> Change:
    return _add("tolerations", fields)


def _expression(**fields: Any) -> Change:
    required = {"nodeSelectorTerms": [{"matchExpressions": [fields]}]}
    key = "requiredDuringSchedulingIgnoredDuringExecution"
    return _pod(affinity={"nodeAffinity": {key: required}})


def _probe(**fields: Any) -> Change:
    return _container(livenessProbe=fields)


_LONG = "a" * 64
_HTTP = {"path": "/", "port": 38086}

CHANGES: dict[str, Change] = {
    # The security context
    "privileged, no escalation": _security(privileged=True, allowPrivilegeEscalation=False),
    "privileged, escalation": _security(privileged=True, allowPrivilegeEscalation=True),
    "no escalation": _security(privileged=False, allowPrivilegeEscalation=False),
    "no escalation, CAP_SYS_ADMIN": _security(
        allowPrivilegeEscalation=False, capabilities={"add": ["CAP_SYS_ADMIN"]}
    ),
    "no escalation, SYS_ADMIN": _security(
        allowPrivilegeEscalation=False, capabilities={"add": ["SYS_ADMIN"]}
    ),
    "unknown capability": _security(capabilities={"add": ["NO_SUCH"]}),
    "capability as a string": _security(capabilities={"add": "SYS_ADMIN"}),
    "privileged as a string": _security(privileged="true"),
    "runAsUser negative": _security(runAsUser=-1),
    "runAsUser largest": _security(runAsUser=2147483647),
    "runAsUser too large": _security(runAsUser=2147483648),
    "runAsUser as a string": _security(runAsUser="0"),
    "runAsNonRoot with user 0": _security(runAsNonRoot=True, runAsUser=0),
    "runAsNonRoot as a string": _security(runAsNonRoot="true"),
    "seccomp unknown": _security(seccompProfile={"type": "unconfined"}),
    "seccomp without type": _security(seccompProfile={}),
    "seccomp Localhost": _security(seccompProfile={"type": "Localhost"}),
    "seccomp Localhost named": _security(
        seccompProfile={"type": "Localhost", "localhostProfile": "a.json"}
    ),
    "seccomp Unconfined named": _security(
        seccompProfile={"type": "Unconfined", "localhostProfile": "a.json"}
    ),
    "seccomp Unconfined": _security(seccompProfile={"type": "Unconfined"}),
    "AppArmor unknown": _security(appArmorProfile={"type": "unconfined"}),
    "AppArmor Localhost": _security(appArmorProfile={"type": "Localhost"}),
    "pod seccomp unknown": _pod_security(seccompProfile={"type": "runtime/default"}),
    "pod fsGroup negative": _pod_security(fsGroup=-1),
    "pod runAsUser as a string": _pod_security(runAsUser="0"),
    "pod capabilities": _pod_security(capabilities={"add": ["SYS_ADMIN"]}),
    "sysctl kernel": _pod_security(sysctls=[{"name": "kernel.shm_rmid_forced", "value": "1"}]),
    "sysctl net": _pod_security(sysctls=[{"name": "net.core.somaxconn", "value": "1"}]),
    "sysctl twice": _pod_security(sysctls=[{"name": "kernel.a", "value": "1"}] * 2),
    "sysctl invalid": _pod_security(sysctls=[{"name": "Kernel a", "value": "1"}]),
    "sysctl empty": _pod_security(sysctls=[{"name": "", "value": "1"}]),
    # Names and addresses
    "dnsPolicy unknown": _pod(dnsPolicy="clusterFirst"),
    "dnsPolicy Default": _pod(dnsPolicy="Default"),
    "dnsPolicy None": _pod(dnsPolicy="None"),
    "dnsPolicy None, nameservers": _pod(
        dnsPolicy="None", dnsConfig={"nameservers": ["10.96.0.10"]}
    ),
    "dnsPolicy None, searches": _pod(dnsPolicy="None", dnsConfig={"searches": ["a.b"]}),
    "nameserver is a name": _pod(dnsConfig={"nameservers": ["kube-dns"]}),
    "nameserver is IPv6": _pod(dnsConfig={"nameservers": ["fd00::a"]}),
    "four nameservers": _pod(
        dnsConfig={"nameservers": ["1.1.1.1", "8.8.8.8", "9.9.9.9", "8.8.4.4"]}
    ),
    "hostAliases": _pod(hostAliases=[{"ip": "10.1.1.1", "hostnames": ["a.b"]}]),
    "hostAliases name": _pod(hostAliases=[{"ip": "server", "hostnames": ["a.b"]}]),
    "hostAliases hostname": _pod(hostAliases=[{"ip": "10.1.1.1", "hostnames": ["a_b"]}]),
    "container name": _container(name="deepflow_agent"),
    "container name upper": _container(name="Agent"),
    "container name long": _container(name=_LONG),
    "container without name": _drop("name"),
    "container name of the init container": _container(name="sysctl"),
    "workload name": _metadata(name="deepflow_agent"),
    "workload name with dots": _metadata(name="deepflow.agent"),
    "workload name upper": _metadata(name="DeepFlow"),
    "workload name with a hyphen at the end": _metadata(name="deepflow-"),
    "generated name": lambda workload: workload["metadata"].update(
        generateName=f"{workload['metadata'].pop('name')}-"
    ),
    "service account": _pod(serviceAccountName="deepflow_agent"),
    "runtime class": _pod(runtimeClassName="g_visor"),
    "node name": _pod(nodeName="node_1"),
    # Image
    "image missing": _drop("image"),
    "image empty": _container(image=""),
    "image with spaces inside": _container(image="a b"),
    "image with spaces around": _container(image=" deepflow-agent:v7.1 "),
    "init image missing": _init(image=""),
    "pull policy": _container(imagePullPolicy="always"),
    "pull policy Never": _container(imagePullPolicy="Never"),
    # Restart and update
    "restartPolicy OnFailure": _pod(restartPolicy="OnFailure"),
    "restartPolicy Never": _pod(restartPolicy="Never"),
    "restartPolicy unknown": _pod(restartPolicy="always"),
    "restartPolicy Always": _pod(restartPolicy="Always"),
    "grace as a string": _pod(terminationGracePeriodSeconds="30"),
    "grace": _pod(terminationGracePeriodSeconds=30),
    "minReadySeconds negative": _spec(minReadySeconds=-1),
    "minReadySeconds as a string": _spec(minReadySeconds="5"),
    "history negative": _spec(revisionHistoryLimit=-1),
    # Selector and labels
    "no selector": _spec(selector=None),
    "empty selector": _spec(selector={}),
    "selector of another app": _spec(selector={"matchLabels": {"app": "agent"}}),
    "selector of one label": _spec(selector={"matchLabels": {"app": "deepflow"}}),
    "selector by expression": _spec(
        selector={"matchExpressions": [{"key": "app", "operator": "Exists"}]}
    ),
    "selector by another expression": _spec(
        selector={"matchExpressions": [{"key": "no", "operator": "Exists"}]}
    ),
    "selector In": _spec(
        selector={"matchExpressions": [{"key": "app", "operator": "In", "values": ["deepflow"]}]}
    ),
    "selector In another": _spec(
        selector={"matchExpressions": [{"key": "app", "operator": "In", "values": ["a"]}]}
    ),
    "selector NotIn": _spec(
        selector={"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["a"]}]}
    ),
    "selector NotIn nothing": _spec(
        selector={"matchExpressions": [{"key": "app", "operator": "NotIn"}]}
    ),
    "selector DoesNotExist": _spec(
        selector={"matchExpressions": [{"key": "no", "operator": "DoesNotExist"}]}
    ),
    "label changed": _labels(component="agent"),
    "label value with a space": _labels(team="my team"),
    "label value long": _labels(team=_LONG),
    "label value is a boolean": _labels(team=True),
    "label value is a number": _labels(team=7),
    "label value empty": _labels(team=""),
    "label key": _labels(**{"a b": "c"}),
    "label key with a prefix": _labels(**{"example.com/team": "c"}),
    "label key with two prefixes": _labels(**{"a/b/c": "d"}),
    "annotation is a boolean": _annotations({"a": True}),
    "annotation is a number": _annotations({"a": 5}),
    "annotation key": _annotations({"a b": "c"}),
    "annotation": _annotations({"prometheus.io/scrape": "true"}),
    # The host
    "hostUsers false": _pod(hostUsers=False),
    "hostUsers false alone": _pod(hostUsers=False, hostNetwork=False, hostPID=False, hostIPC=False),
    "hostUsers true": _pod(hostUsers=True),
    "hostNetwork as a string": _pod(hostNetwork="true"),
    "hostPID as a string": _pod(hostPID="true"),
    "hostPID null": _pod(hostPID=None),
    "shared processes": _pod(shareProcessNamespace=True, hostPID=True),
    "shared processes alone": _pod(shareProcessNamespace=True, hostPID=False),
    "os windows": _pod(os={"name": "windows"}),
    "os linux": _pod(os={"name": "linux"}),
    "os unknown": _pod(os={"name": "Linux"}),
    # Ports
    "host port": _port(hostPort=8080),
    "host port differs": _port(hostPort=8081),
    "host network, host port differs": lambda workload: (
        _pod(hostNetwork=True)(workload),
        _port(hostPort=8081),
    )[1](workload),
    "host network, same port twice": lambda workload: (
        _pod(hostNetwork=True)(workload),
        _append("ports", {"containerPort": 38086, "name": "again"}),
    )[1](workload),
    "same port twice": _append("ports", {"containerPort": 38086, "name": "again"}),
    "same host port twice": _append(
        "ports",
        {"containerPort": 81, "hostPort": 81, "name": "a"},
        {"containerPort": 81, "hostPort": 81, "name": "b"},
    ),
    "host ports of two protocols": _append(
        "ports",
        {"containerPort": 81, "hostPort": 81, "name": "a"},
        {"containerPort": 81, "hostPort": 81, "name": "b", "protocol": "UDP"},
    ),
    "port 0": _port(containerPort=0),
    "port 70000": _port(containerPort=70000),
    "port as a string": _port(containerPort="8080"),
    "protocol": _port(protocol="tcp"),
    "protocol UDP": _port(protocol="UDP"),
    "port name upper": _port(name="Metrics"),
    "port name long": _port(name="prometheus-metrics"),
    "port name digits": _port(name="8080"),
    "port name two hyphens": _port(name="a--b"),
    "port name": _port(name="metrics"),
    "port name twice": _port(name="receive"),
    # Resources
    "quantity": _resources(limits={"memory": "768MB"}),
    "quantity with a space": _resources(limits={"memory": "768 Mi"}),
    "quantity of a number": _resources(limits={"cpu": 1}),
    "quantity of a fraction": _resources(limits={"cpu": 0.5}),
    "quantity with an exponent": _resources(limits={"memory": "1e9"}),
    "quantity negative": _resources(limits={"cpu": "-1"}),
    "quantity empty": _resources(limits={"cpu": ""}),
    "quantity with words": _resources(limits={"cpu": "1 core"}),
    "quantity with a comma": _resources(limits={"cpu": "0,5"}),
    "request above limit": _resources(limits={"cpu": "1"}, requests={"cpu": "2"}),
    "request above limit of another unit": _resources(
        limits={"memory": "1G"}, requests={"memory": "1Gi"}
    ),
    "request is the limit": _resources(limits={"cpu": "1"}, requests={"cpu": "1000m"}),
    "request without limit": _resources(requests={"cpu": "2"}),
    "resource unknown": _resources(limits={"gpu": "1"}),
    "resource with a prefix": _resources(limits={"nvidia.com/gpu": "1"}, requests=None),
    "resource upper": _resources(limits={"CPU": "1"}),
    "resource in a limit": _resources(limits={"ephemeral-storage": "1Gi"}),
    "no resources": _container(resources=None),
    "resources are a string": _container(resources="small"),
    # Environment
    "env number": _env(value=1),
    "env boolean": _env(value=True),
    "env string": _env(value="1"),
    "env without name": _env(name=""),
    "env name with =": _env(name="A=B"),
    "env name with a hyphen": _env(name="a-b"),
    "env value and valueFrom": _env(
        value="1", valueFrom={"fieldRef": {"fieldPath": "metadata.name"}}
    ),
    "env valueFrom empty": _env(valueFrom={}),
    "env field": _env(valueFrom={"fieldRef": {"fieldPath": "status.podIPs"}}),
    "env field unknown": _env(valueFrom={"fieldRef": {"fieldPath": "spec.hostIP"}}),
    "env field of a label": _env(valueFrom={"fieldRef": {"fieldPath": "metadata.labels['app']"}}),
    "env field of labels": _env(valueFrom={"fieldRef": {"fieldPath": "metadata.labels"}}),
    "env two origins": _env(
        valueFrom={
            "fieldRef": {"fieldPath": "metadata.name"},
            "secretKeyRef": {"name": "a", "key": "b"},
        }
    ),
    "env config map without key": _env(valueFrom={"configMapKeyRef": {"name": "a"}}),
    "env secret": _env(valueFrom={"secretKeyRef": {"name": "a", "key": "b"}}),
    "args number": _container(args=["-f", 1]),
    "args boolean": _container(args=[True]),
    "args string": _container(args="-f a"),
    "command": _container(command=["/bin/deepflow-agent"]),
    "command string": _container(command="/bin/deepflow-agent"),
    # Volumes and mounts
    "volume": _volume(emptyDir={}),
    "volume without source": _volume(),
    "volume of an unknown source": _volume(hostpath={"path": "/a"}),
    "volume of two sources": _volume(emptyDir={}, hostPath={"path": "/a"}),
    "volume twice": _add("volumes", {"name": "x", "emptyDir": {}}, {"name": "x", "emptyDir": {}}),
    "volume name": _volume(name="sys_kernel", emptyDir={}),
    "volume without name": _volume(name="", emptyDir={}),
    "host path": _volume(hostPath={"path": "/sys/fs/bpf", "type": "Directory"}),
    "host path type": _volume(hostPath={"path": "/sys/fs/bpf", "type": "directory"}),
    "host path empty": _volume(hostPath={"path": ""}),
    "host path up": _volume(hostPath={"path": "/sys/../etc"}),
    "host path relative": _volume(hostPath={"path": "sys"}),
    "config map without name": _volume(configMap={}),
    "config map": _volume(configMap={"name": "a", "items": [{"key": "a", "path": "b"}]}),
    "config map item without path": _volume(configMap={"name": "a", "items": [{"key": "a"}]}),
    "config map item absolute": _volume(
        configMap={"name": "a", "items": [{"key": "a", "path": "/b"}]}
    ),
    "config map item up": _volume(configMap={"name": "a", "items": [{"key": "a", "path": "../b"}]}),
    "config map mode": _volume(configMap={"name": "a", "defaultMode": 1024}),
    "config map mode 0644": _volume(configMap={"name": "a", "defaultMode": 420}),
    "secret without name": _volume(secret={}),
    "claim without name": _volume(persistentVolumeClaim={}),
    "mount": _mount(),
    "mount of no volume": _append("volumeMounts", {"name": "none", "mountPath": "/none"}),
    "mount twice": _append(
        "volumeMounts", {"name": "deepflow-agent-conf", "mountPath": "/etc/deepflow-agent"}
    ),
    "mount without path": _mount(mountPath=""),
    "mount relative": _mount(mountPath="added"),
    "mount with a colon": _mount(mountPath="/a:b"),
    "mount read-only as a string": _mount(readOnly="true"),
    "mount subPath": _mount(subPath="a"),
    "mount subPath absolute": _mount(subPath="/a"),
    "mount subPath up": _mount(subPath="a/../../b"),
    "mount propagation": _mount(mountPropagation="HostToContainer"),
    "mount propagation unknown": _mount(mountPropagation="rslave"),
    "mount Bidirectional": _mount(mountPropagation="Bidirectional"),
    "mount Bidirectional, privileged": lambda workload: (
        _mount(mountPropagation="Bidirectional")(workload),
        _security(privileged=True),
    )[1](workload),
    # Scheduling
    "node selector": _pod(nodeSelector={"kubernetes.io/os": "linux"}),
    "node selector boolean": _pod(nodeSelector={"deepflow": True}),
    "node selector value": _pod(nodeSelector={"deepflow": "yes please"}),
    "node selector key": _pod(nodeSelector={"deep flow": "yes"}),
    "toleration of all": _toleration(operator="Exists"),
    "toleration": _toleration(key="a", operator="Equal", value="b", effect="NoSchedule"),
    "toleration operator": _toleration(key="a", operator="exists"),
    "toleration effect": _toleration(key="a", operator="Exists", effect="noSchedule"),
    "toleration with a value": _toleration(key="a", operator="Exists", value="b"),
    "toleration without key": _toleration(operator="Equal", value="b"),
    "toleration of nothing": _toleration(effect="NoSchedule"),
    "toleration value boolean": _toleration(key="a", value=True),
    "toleration seconds": _toleration(
        key="a", operator="Exists", effect="NoSchedule", tolerationSeconds=3
    ),
    "toleration seconds, NoExecute": _toleration(
        key="a", operator="Exists", effect="NoExecute", tolerationSeconds=3
    ),
    "toleration key": _toleration(key="a b", operator="Exists"),
    "affinity In": _expression(key="a", operator="In", values=["b"]),
    "affinity operator": _expression(key="a", operator="in", values=["b"]),
    "affinity In without values": _expression(key="a", operator="In"),
    "affinity Exists with values": _expression(key="a", operator="Exists", values=["b"]),
    "affinity Exists": _expression(key="a", operator="Exists"),
    "affinity key": _expression(key="a b", operator="Exists"),
    "affinity without terms": _pod(
        affinity={
            "nodeAffinity": {
                "requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": []}
            }
        }
    ),
    # Probes and init containers
    "probe": _probe(httpGet=_HTTP),
    "probe without handler": _probe(periodSeconds=5),
    "probe of two handlers": _probe(httpGet=_HTTP, exec={"command": ["true"]}),
    "probe success threshold": _probe(httpGet=_HTTP, successThreshold=2),
    "probe negative": _probe(httpGet=_HTTP, periodSeconds=-1),
    "init probe": _init(livenessProbe={"exec": {"command": ["true"]}}),
    "init sidecar with probe": _init(
        restartPolicy="Always", livenessProbe={"exec": {"command": ["true"]}}
    ),
    "init without name": _init(name=""),
    "no containers": _pod(containers=[]),
    "containers are an object": _pod(containers={"name": "deepflow-agent"}),
    "init command string": _init(command="true"),
}
# Only for one kind.
OF_KIND: dict[str, dict[str, Change]] = {
    "DaemonSet": {
        "strategy OnDelete": _spec(updateStrategy={"type": "OnDelete"}),
        "strategy Recreate": _spec(updateStrategy={"type": "Recreate"}),
        "strategy surge": _spec(
            updateStrategy={"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}}
        ),
        "strategy surge alone": _spec(
            updateStrategy={
                "type": "RollingUpdate",
                "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0},
            }
        ),
        "strategy of nothing": _spec(
            updateStrategy={"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0}}
        ),
        "strategy unavailable": _spec(
            updateStrategy={"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "50%"}}
        ),
    },
    "Deployment": {
        "strategy Recreate": _spec(strategy={"type": "Recreate"}),
        "strategy Recreate, rolling": _spec(
            strategy={"type": "Recreate", "rollingUpdate": {"maxSurge": 1}}
        ),
        "strategy OnDelete": _spec(strategy={"type": "OnDelete"}),
        "strategy of nothing": _spec(
            strategy={"rollingUpdate": {"maxSurge": 0, "maxUnavailable": 0}}
        ),
        "replicas negative": _spec(replicas=-1),
        "replicas as a string": _spec(replicas="1"),
        "replicas 0": _spec(replicas=0),
    },
    "Pod": {},
}


def alone() -> list[Case]:
    """Return each kind as it is, and with each change alone."""
    found = []
    for kind in KINDS:
        found.append(Case(kind, base(kind)))
        for name, change in {**CHANGES, **OF_KIND[kind]}.items():
            found.append(_changed(kind, {name: change}))
    return found


def generate(seed: int, number: int) -> Case:
    """Return a kind with two to four changes; the same seed and number return the same one."""
    random = Random(f"{seed}-{number}")
    kind = random.choice(KINDS)
    possible = {**CHANGES, **OF_KIND[kind]}
    names = random.sample(list(possible), random.randint(2, 4))
    return _changed(kind, {name: possible[name] for name in names})


def _changed(kind: str, changes: dict[str, Change]) -> Case:
    workload = base(kind)
    for change in changes.values():
        try:
            change(workload)
        except (AttributeError, KeyError, IndexError, TypeError):
            # An earlier change removed what this one edits.
            continue
    return Case(f"{kind}: {', '.join(changes)}", workload)
