"""Ways in which operators break an agent's manifests or its chart's values, and combinations."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from typing import Any, TypeVar

import yaml

from support import agents, decisions

Json = dict[str, Any]
Breakage = Callable[[list[Json], random.Random], None]

SOUND = decisions.EXAMPLES / "single-k8s/manifests.yaml"
CAPABILITIES = (
    *("SYS_ADMIN", "SYS_RESOURCE", "SYS_PTRACE", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "SYSLOG"),
)


def one(documents: Sequence[Json], kind: str) -> Json:
    """The first object of a kind."""
    return next(entry for entry in documents if entry["kind"] == kind)


def pod(documents: list[Json]) -> Json:
    """The spec of the agent's pod."""
    return agents.pod({"resources": documents})


def container(documents: list[Json]) -> Json:
    """The agent's container."""
    return agents.container({"resources": documents})


def security(documents: list[Json]) -> Json:
    """The security context of the agent's container."""
    return agents.context({"resources": documents})


def _fewer_capabilities(documents: list[Json], chance: random.Random) -> None:
    security(documents)["capabilities"] = {
        "add": chance.sample(CAPABILITIES, chance.randrange(len(CAPABILITIES)))
    }


def _misspelled_capability(documents: list[Json], chance: random.Random) -> None:
    added = [*CAPABILITIES]
    chosen = chance.randrange(len(added))
    added[chosen] = f"CAP_{added[chosen]}"
    security(documents)["capabilities"] = {"add": added}


def _dropped(documents: list[Json], chance: random.Random) -> None:
    drop = chance.choice((["ALL"], ["NET_RAW"], ["SYS_ADMIN", "SYSLOG"]))
    kept = [name for name in CAPABILITIES if drop != ["ALL"] and name not in drop]
    security(documents)["capabilities"] = {"drop": drop, "add": kept}


def _no_security_context(documents: list[Json], _chance: random.Random) -> None:
    container(documents).pop("securityContext", None)


def _unprivileged_user(documents: list[Json], chance: random.Random) -> None:
    place = chance.choice((security(documents), pod(documents).setdefault("securityContext", {})))
    place.update({"runAsUser": 65534, "runAsNonRoot": True})


def _read_only_root(documents: list[Json], _chance: random.Random) -> None:
    security(documents)["readOnlyRootFilesystem"] = True


def _no_host_pid(documents: list[Json], chance: random.Random) -> None:
    if chance.random() < 0.5:
        pod(documents)["hostPID"] = False
    else:
        pod(documents).pop("hostPID", None)


def _no_host_network(documents: list[Json], chance: random.Random) -> None:
    pod(documents)["hostNetwork"] = False
    if chance.random() < 0.5:
        pod(documents)["dnsPolicy"] = "ClusterFirst"


def _wrong_dns(documents: list[Json], chance: random.Random) -> None:
    pod(documents)["dnsPolicy"] = chance.choice(("ClusterFirst", "Default", "None"))


def _no_mounts(documents: list[Json], chance: random.Random) -> None:
    mounts = container(documents).get("volumeMounts", [])
    if mounts:
        mounts.remove(chance.choice(mounts))


def _empty_directory(documents: list[Json], chance: random.Random) -> None:
    volumes = [entry for entry in pod(documents).get("volumes", []) if "hostPath" in entry]
    if volumes:
        chosen = chance.choice(volumes)
        del chosen["hostPath"]
        chosen["emptyDir"] = {}


def _fewer_rules(documents: list[Json], chance: random.Random) -> None:
    rules = one(documents, "ClusterRole")["rules"]
    chosen = chance.choice(rules)
    if len(chosen["resources"]) > 1 and chance.random() < 0.7:
        chosen["resources"].remove(chance.choice(chosen["resources"]))
    else:
        rules.remove(chosen)


def _fewer_verbs(documents: list[Json], chance: random.Random) -> None:
    rule = chance.choice(one(documents, "ClusterRole")["rules"])
    rule["verbs"] = chance.choice((["get"], ["get", "list"], ["watch"]))


def _no_binding(documents: list[Json], _chance: random.Random) -> None:
    documents.remove(one(documents, "ClusterRoleBinding"))


def _bound_elsewhere(documents: list[Json], _chance: random.Random) -> None:
    one(documents, "ClusterRoleBinding")["subjects"][0]["namespace"] = "default"


def _no_role(documents: list[Json], _chance: random.Random) -> None:
    documents.remove(one(documents, "Role"))


def _no_token(documents: list[Json], chance: random.Random) -> None:
    place = chance.choice((pod(documents), one(documents, "ServiceAccount")))
    place["automountServiceAccountToken"] = False


def _refusing_namespace(documents: list[Json], chance: random.Random) -> None:
    labels = one(documents, "Namespace")["metadata"]["labels"]
    labels["pod-security.kubernetes.io/enforce"] = chance.choice(("baseline", "restricted"))


def _confined(documents: list[Json], chance: random.Random) -> None:
    security(documents)["seccompProfile"] = {
        "type": chance.choice(("RuntimeDefault", "Unconfined"))
    }


def _low_limits(documents: list[Json], _chance: random.Random) -> None:
    container(documents)["resources"] = {"limits": {"cpu": "10m", "memory": "16Mi"}}


def _watching_disabled(documents: list[Json], _chance: random.Random) -> None:
    container(documents)["env"].append({"name": "K8S_WATCH_POLICY", "value": "watch_disabled"})


def _old_variable(documents: list[Json], _chance: random.Random) -> None:
    container(documents)["env"].append({"name": "ONLY_WATCH_K8S_RESOURCE", "value": "true"})


BREAKAGES: tuple[Breakage, ...] = (
    *(_fewer_capabilities, _misspelled_capability, _dropped, _no_security_context),
    *(_unprivileged_user, _read_only_root, _no_host_pid, _no_host_network, _wrong_dns),
    *(_no_mounts, _empty_directory, _fewer_rules, _fewer_verbs, _no_binding, _bound_elsewhere),
    *(_no_role, _no_token, _refusing_namespace, _confined, _low_limits, _watching_disabled),
    *(_old_variable,),
)


def broken_manifests(count: int, seed: int = 19) -> Iterator[tuple[str, list[Json]]]:
    """Yield this many broken copies of the sound manifests, and what is broken in each.

    Each breakage comes alone first; the others are combinations of two to five.
    """
    chance = random.Random(seed)
    sound = list(yaml.safe_load_all(SOUND.read_text("utf-8")))
    for number in range(count):
        chosen = _chosen(BREAKAGES, number, chance, 5)
        documents = deepcopy(sound)
        for breakage in chosen:
            breakage(documents, chance)
        names = ", ".join(breakage.__name__.strip("_") for breakage in chosen)
        yield f"{number}: {names}", documents


_Entry = TypeVar("_Entry")


def _chosen(
    entries: Sequence[_Entry], number: int, chance: random.Random, most: int
) -> list[_Entry]:
    """Each entry alone first, then combinations of at least two."""
    if number < len(entries):
        return [entries[number]]
    return chance.sample(entries, chance.randint(2, most))


# Values for the agent's chart, each of which breaks something. Company baselines, copied pages,
# and defaults of other charts.
SOUND_VALUES: Json = {
    "deepflowServerNodeIPS": ["172.20.14.7"],
    "deepflowK8sClusterID": "d-ab12cd34ef",
    "clusterNAME": "production",
}
BROKEN_VALUES: tuple[Json, ...] = (
    {"securityContext": {"capabilities": {"add": ["SYS_ADMIN", "NET_RAW"]}}},
    {"securityContext": {"capabilities": {"drop": ["ALL"], "add": None}}},
    {"securityContext": {"capabilities": {"add": ["CAP_SYS_ADMIN", "CAP_SYSLOG"]}}},
    {"securityContext": {"capabilities": {"drop": ["NET_RAW", "SYS_PTRACE"]}}},
    {"securityContext": {"capabilities": None}},
    {"securityContext": {"runAsUser": 1000}},
    {"securityContext": {"runAsNonRoot": True, "runAsUser": 65534}},
    {"securityContext": {"readOnlyRootFilesystem": True}},
    {"securityContext": {"seccompProfile": {"type": "RuntimeDefault"}}},
    {"podSecurityContext": {"runAsUser": 10001, "fsGroup": 10001}},
    {"podSecurityContext": {"runAsNonRoot": True}},
    {"hostNetwork": "true", "dnsPolicy": "ClusterFirst"},
    {"hostNetwork": "false"},
    {"netns": {"mount": False}},
    {"resources": {"limits": {"cpu": "10m", "memory": "16Mi"}}},
    {"env": [{"name": "ONLY_WATCH_K8S_RESOURCE", "value": "'true'"}]},
    {"env": [{"name": "K8S_WATCH_POLICY", "value": "watch_disabled"}]},
    {"agentFullnameOverride": "observability-agent"},
    {"nodeSelector": {"node-role": "nowhere"}},
    {"tolerations": []},
    {"daemonsetWatchDisabled": True},
)


def broken_values(count: int, seed: int = 19) -> Iterator[tuple[str, Json]]:
    """Yield this many values files that break an agent's chart; each breakage comes alone first."""
    chance = random.Random(seed)
    for number in range(count):
        chosen = _chosen(BROKEN_VALUES, number, chance, 4)
        values = deepcopy(SOUND_VALUES)
        for part in chosen:
            _merge(values, deepcopy(part))
        yield f"{number}: {', '.join(sorted({key for part in chosen for key in part}))}", values


def _merge(values: Json, others: Json) -> None:
    for key, value in others.items():
        if isinstance(value, dict) and isinstance(values.get(key), dict):
            _merge(values[key], value)
        else:
            values[key] = value
