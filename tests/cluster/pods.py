"""Pods for Pod Security admission: the agent's, and one that every level admits, with changes."""

from __future__ import annotations

import copy
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from dfpolicy.model import JsonObject
from support.inputs import deployment

IMAGE = "registry.example.com/deepflow-ce/deepflow-agent:v7.1"
_APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/deepflow-agent"
_HANDLERS = {"livenessProbe", "readinessProbe", "startupProbe", "lifecycle"}
_SECCOMP = "seccomp.security.alpha.kubernetes.io/pod"


@dataclass(frozen=True)
class Variant:
    """A pod template of the agent, and the change that made it."""

    name: str
    template: JsonObject


def _security(**settings: Any) -> JsonObject:
    return {"securityContext": settings}


def _http(host: str | None) -> JsonObject:
    return {"httpGet": {"port": 80, **({} if host is None else {"host": host})}}


def _tcp(host: str) -> JsonObject:
    return {"tcpSocket": {"port": 80, "host": host}}


# Each is a merge patch: null removes a field.
OF_POD: dict[str, JsonObject] = {
    "hostPID": {"hostPID": True},
    "hostPID false": {"hostPID": False},
    "hostIPC": {"hostIPC": True},
    "hostNetwork": {"hostNetwork": True},
    "hostUsers": {"hostUsers": True},
    "hostUsers false": {"hostUsers": False},
    "no security context": {"securityContext": None},
    "runAsNonRoot false": _security(runAsNonRoot=False),
    "runAsNonRoot absent": _security(runAsNonRoot=None),
    "runAsUser 0": _security(runAsUser=0),
    "runAsUser 1000": _security(runAsUser=1000),
    "runAsGroup 0": _security(runAsGroup=0),
    "supplementalGroups": _security(supplementalGroups=[0], fsGroup=0),
    "seccomp absent": _security(seccompProfile=None),
    "seccomp Unconfined": _security(seccompProfile={"type": "Unconfined"}),
    "seccomp Localhost": _security(seccompProfile={"type": "Localhost", "localhostProfile": "a"}),
    "AppArmor Unconfined": _security(appArmorProfile={"type": "Unconfined"}),
    "AppArmor RuntimeDefault": _security(appArmorProfile={"type": "RuntimeDefault"}),
    "AppArmor Localhost": _security(appArmorProfile={"type": "Localhost", "localhostProfile": "a"}),
    "SELinux type": _security(seLinuxOptions={"type": "spc_t"}),
    "SELinux container_t": _security(seLinuxOptions={"type": "container_t", "level": "s0:c1"}),
    "SELinux container_engine_t": _security(seLinuxOptions={"type": "container_engine_t"}),
    "SELinux user": _security(seLinuxOptions={"user": "system_u"}),
    "SELinux role": _security(seLinuxOptions={"role": "system_r"}),
    "SELinux empty": _security(seLinuxOptions={"type": "", "user": "", "role": ""}),
    "no sysctl": _security(sysctls=[]),
    "safe sysctl": _security(sysctls=[{"name": "net.ipv4.tcp_syncookies", "value": "1"}]),
    "sysctl of 1.27": _security(
        sysctls=[{"name": "net.ipv4.ip_local_reserved_ports", "value": "1"}]
    ),
    "sysctl of 1.29": _security(sysctls=[{"name": "net.ipv4.tcp_fin_timeout", "value": "1"}]),
    "sysctl of 1.32": _security(sysctls=[{"name": "net.ipv4.tcp_rmem", "value": "1 1 1"}]),
    "unsafe sysctl": _security(sysctls=[{"name": "net.core.somaxconn", "value": "1"}]),
    "sysctl with slashes": _security(sysctls=[{"name": "net/ipv4/tcp_syncookies", "value": "1"}]),
    "host process": {
        "hostNetwork": True,
        **_security(windowsOptions={"hostProcess": True, "runAsUserName": "a"}),
    },
    "no host process": _security(windowsOptions={"hostProcess": False}),
    "procMount Unmasked": {"hostUsers": False, "containers": _security(procMount="Unmasked")},
    "shared processes": {"shareProcessNamespace": True},
    "no init containers": {"initContainers": None},
}
OF_CONTAINER: dict[str, JsonObject] = {
    "no security context": {"securityContext": None},
    "privileged": _security(privileged=True, allowPrivilegeEscalation=None),
    "not privileged": _security(privileged=False),
    "escalation": _security(allowPrivilegeEscalation=True),
    "escalation absent": _security(allowPrivilegeEscalation=None),
    "add of SYS_ADMIN": _security(
        capabilities={"add": ["SYS_ADMIN"]}, allowPrivilegeEscalation=None
    ),
    "add of NET_RAW": _security(capabilities={"add": ["NET_RAW"]}),
    "add of CHOWN": _security(capabilities={"add": ["CHOWN"]}),
    "add of CAP_CHOWN": _security(capabilities={"add": ["CAP_CHOWN"]}),
    "add of chown": _security(capabilities={"add": ["chown"]}),
    "add of MKNOD": _security(capabilities={"add": ["MKNOD", "SETPCAP", "SYS_CHROOT"]}),
    "add of NET_BIND_SERVICE": _security(capabilities={"add": ["NET_BIND_SERVICE"]}),
    "add of ALL": _security(capabilities={"add": ["ALL"]}),
    "add of nothing": _security(capabilities={"add": []}),
    "no drop": _security(capabilities={"drop": None}),
    "drop of nothing": _security(capabilities={"drop": []}),
    "drop of NET_RAW": _security(capabilities={"drop": ["NET_RAW"]}),
    "drop of all": _security(capabilities={"drop": ["all"]}),
    "drop of more than ALL": _security(capabilities={"drop": ["NET_RAW", "ALL"]}),
    "runAsNonRoot": _security(runAsNonRoot=True),
    "runAsNonRoot false": _security(runAsNonRoot=False),
    "runAsUser 0": _security(runAsUser=0),
    "runAsUser 1": _security(runAsUser=1),
    "seccomp Unconfined": _security(seccompProfile={"type": "Unconfined"}),
    "seccomp RuntimeDefault": _security(seccompProfile={"type": "RuntimeDefault"}),
    "AppArmor Unconfined": _security(appArmorProfile={"type": "Unconfined"}),
    "AppArmor RuntimeDefault": _security(appArmorProfile={"type": "RuntimeDefault"}),
    "SELinux type": _security(seLinuxOptions={"type": "unconfined_t"}),
    "SELinux container_init_t": _security(seLinuxOptions={"type": "container_init_t"}),
    "SELinux user": _security(seLinuxOptions={"user": "a"}),
    "procMount Default": _security(procMount="Default"),
    "host process": _security(windowsOptions={"hostProcess": True}),
    "read-only root": _security(readOnlyRootFilesystem=True),
    "host port": {"ports": [{"containerPort": 80, "hostPort": 80}]},
    "host port 0": {"ports": [{"containerPort": 80, "hostPort": 0}]},
    "no host port": {"ports": [{"containerPort": 80}]},
    "liveness host": {"livenessProbe": _http("10.0.0.1")},
    "liveness without host": {"livenessProbe": _http(None)},
    "readiness host": {"readinessProbe": _tcp("10.0.0.1")},
    "readiness empty host": {"readinessProbe": _tcp("")},
    "startup host": {"startupProbe": _tcp("10.0.0.1")},
    "postStart host": {"lifecycle": {"postStart": _http("10.0.0.1")}},
    "preStop host": {"lifecycle": {"preStop": _http("10.0.0.1")}},
    "preStop empty host": {"lifecycle": {"preStop": _http("")}},
}
VOLUMES: dict[str, JsonObject] = {
    "nothing": {},
    "hostPath": {"hostPath": {"path": "/sys/kernel/debug"}},
    "configMap": {"configMap": {"name": "a"}},
    "csi": {"csi": {"driver": "a.example.com"}},
    "downwardAPI": {"downwardAPI": {}},
    "emptyDir": {"emptyDir": {}},
    "ephemeral": {
        "ephemeral": {
            "volumeClaimTemplate": {
                "spec": {
                    "accessModes": ["ReadWriteOnce"],
                    "resources": {"requests": {"storage": "1Gi"}},
                }
            }
        }
    },
    "image": {"image": {"reference": "a"}},
    "persistentVolumeClaim": {"persistentVolumeClaim": {"claimName": "a"}},
    "projected": {"projected": {"sources": [{"serviceAccountToken": {"path": "token"}}]}},
    "secret": {"secret": {"secretName": "a"}},
    "nfs": {"nfs": {"server": "a", "path": "/"}},
    "iscsi": {"iscsi": {"targetPortal": "a", "iqn": "iqn.2001-04.com.example:a", "lun": 0}},
    "flexVolume": {"flexVolume": {"driver": "example.com/a"}},
    "cephfs": {"cephfs": {"monitors": ["a"]}},
    "gitRepo": {"gitRepo": {"repository": "a"}},
}
OF_ANNOTATIONS: dict[str, JsonObject] = {
    "AppArmor unconfined": {_APP_ARMOR: "unconfined"},
    "AppArmor runtime/default": {_APP_ARMOR: "runtime/default"},
    "AppArmor localhost": {_APP_ARMOR: "localhost/a"},
    "AppArmor empty": {_APP_ARMOR: ""},
    "seccomp unconfined": {_SECCOMP: "unconfined"},
    "seccomp runtime/default": {_SECCOMP: "runtime/default"},
}


@functools.cache
def bases() -> dict[str, JsonObject]:
    """Return the pod templates that are changed."""
    agent = next(item for item in deployment() if item["kind"] == "DaemonSet")["spec"]["template"]
    labels = {"app": "deepflow", "component": "deepflow-agent"}
    container = {
        "name": "deepflow-agent",
        "image": IMAGE,
        **_security(allowPrivilegeEscalation=False, capabilities={"drop": ["ALL"]}),
    }
    admitted = {
        "metadata": {"labels": labels},
        "spec": {
            "serviceAccountName": "deepflow-agent",
            **_security(runAsNonRoot=True, seccompProfile={"type": "RuntimeDefault"}),
            "initContainers": [container | {"name": "first"}],
            "containers": [container],
        },
    }
    windows = {
        "metadata": {"labels": labels},
        "spec": {
            "os": {"name": "windows"},
            **_security(runAsNonRoot=True),
            "containers": [{"name": "deepflow-agent", "image": IMAGE}],
        },
    }
    return {"admitted": admitted, "agent": agent, "windows": windows}


def alone() -> list[Variant]:
    """Return each base as it is, and with each change alone."""
    found = []
    for base, template in bases().items():
        found.append(Variant(base, template))
        for name, change in _changes(template):
            found.append(Variant(f"{base}: {name}", _changed(template, [change])))
    return found


def generate(seed: int, number: int) -> Variant:
    """Return a base with some changes; the same seed and number return the same one."""
    random = Random(f"{seed}-{number}")
    base = random.choice(["admitted", "admitted", "admitted", "agent", "windows"])
    template = bases()[base]
    chosen = random.sample(list(_changes(template)), random.randint(2, 4))
    name = ", ".join(name for name, _ in chosen)
    return Variant(f"{base}: {name}", _changed(template, [change for _, change in chosen]))


def _changes(template: JsonObject) -> Iterator[tuple[str, JsonObject]]:
    for name, patch in OF_POD.items():
        yield f"pod {name}", {"spec": patch}
    for name, patch in OF_ANNOTATIONS.items():
        yield f"annotation {name}", {"metadata": {"annotations": patch}}
    for name, source in VOLUMES.items():
        yield f"volume {name}", {"spec": {"volumes": [{"name": "added", **source}]}}
    for name, patch in OF_CONTAINER.items():
        yield f"container {name}", {"spec": {"containers": patch}}
        if "initContainers" in template["spec"]:
            # Probes and handlers are for containers that keep running.
            stays = {"restartPolicy": "Always"} if set(patch) & _HANDLERS else {}
            yield f"init container {name}", {"spec": {"initContainers": stays | patch}}


def _changed(template: JsonObject, changes: list[JsonObject]) -> JsonObject:
    changed = copy.deepcopy(template)
    for change in changes:
        _merge(changed, copy.deepcopy(change))
    return changed


def _merge(target: JsonObject, patch: JsonObject) -> None:
    """Merge a patch; an object for a list changes its first entry, and volumes are added."""
    for key, value in patch.items():
        if value is None:
            target.pop(key, None)
        elif isinstance(value, dict) and isinstance(target.get(key), list):
            _merge(target[key][0], value)
        elif isinstance(value, dict):
            _merge(target.setdefault(key, {}), value)
        elif key == "volumes":
            target[key] = [*target.get(key, []), *value]
        else:
            target[key] = value
