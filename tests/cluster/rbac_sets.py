"""Sets of roles and bindings for one service account, generated from a seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from dfpolicy.model import JsonObject

RBAC = "rbac.authorization.k8s.io"
# A namespace without an agent, which all sets share.
ELSEWHERE = "rbac-elsewhere"
# Subjects that include the accounts of other sets.
SHARED_GROUPS = ("system:serviceaccounts", "system:authenticated")
TO_BUILT_IN = tuple(f"{RBAC}/aggregate-to-{name}" for name in ("admin", "edit", "view"))
BUILT_IN = (
    *("admin", "cluster-admin", "edit", "view", "system:aggregate-to-edit"),
    *("system:aggregate-to-view", "system:basic-user", "system:discovery"),
)

_WATCHED = {
    "": ["configmaps", "namespaces", "nodes", "pods", "replicationcontrollers", "services"],
    "apps": ["daemonsets", "deployments", "replicasets", "statefulsets"],
    "networking.k8s.io": ["ingresses"],
    "route.openshift.io": ["routes"],
}
_RESOURCES = [name for names in _WATCHED.values() for name in names]
_GROUPS = [*_WATCHED, "extensions", "*", "Apps", "batch", "core", "v1"]
_ODD_RESOURCES = [
    *("*", "*/*", "*/scale", "pods/*", "pods/log", "nodes/status", "deployments/scale", "*/log"),
    *("Pods", "NODES", "pod", "DaemonSets", "services.", "pods.apps", "secrets", ""),
]
_VERBS = ["get", "list", "watch"]
_ODD_VERBS = ["*", "GET", "List", "create", "patch", "update", "deletecollection", "get,list", ""]
# Rules for a list have no resource name, that is, the empty name.
_NAMES = [["deepflow-agent"], ["other"], ["*"], [""], ["deepflow-agent", ""], []]
_URLS = [["*"], ["/api*"], ["/healthz"], ["/apis/apps"]]
# Here ingresses of the API group extensions count.
_OLD_VERSIONS = ["v1.20.15-eks-1", "v1.13.2"]
_REFERENCE_GROUPS = [RBAC, RBAC, RBAC, "", None]


@dataclass(frozen=True)
class RbacSet:
    """An agent's account, the objects that may grant it permissions, and the expected answer."""

    name: str
    account: str
    documents: Sequence[JsonObject]
    # Whether the input omits the namespace of the release, as Helm prints objects.
    implicit: bool = False
    settings: JsonObject = field(default_factory=dict)

    @property
    def namespace(self) -> str:
        return self.name

    @property
    def user(self) -> str:
        return f"system:serviceaccount:{self.namespace}:{self.account}"

    @property
    def groups(self) -> list[str]:
        return [
            "system:serviceaccounts",
            f"system:serviceaccounts:{self.namespace}",
            "system:authenticated",
        ]

    @property
    def leaks(self) -> bool:
        """Whether the set grants something to the accounts of others."""
        return any(_leaks(document) for document in self.documents)

    def smaller(self) -> list[RbacSet]:
        """Return the set without one of its objects, rules or subjects, in each way."""
        found = []
        for i, document in enumerate(self.documents):
            rest = [*self.documents[:i], *self.documents[i + 1 :]]
            found.append(replace(self, documents=rest))
            for key in ("rules", "subjects"):
                parts = document.get(key) or []
                for k in range(len(parts)):
                    fewer = document | {key: [*parts[:k], *parts[k + 1 :]]}
                    found.append(replace(self, documents=[*rest[:i], fewer, *rest[i:]]))
        return found


def _leaks(document: JsonObject) -> bool:
    labels = document["metadata"].get("labels") or {}
    if any(label in labels for label in TO_BUILT_IN):
        return True
    subjects = document.get("subjects") or []
    return document["kind"] == "ClusterRoleBinding" and any(
        subject.get("name") in SHARED_GROUPS for subject in subjects
    )


def generate(seed: int, number: int) -> RbacSet:
    """Make one set; the same seed and number make the same one."""
    return _Generator(Random(f"{seed}-{number}"), f"rbac-{number}").rbac_set()


class _Generator:
    def __init__(self, random: Random, name: str) -> None:
        self._random = random
        self._name = name
        self._account = self._one(["deepflow-agent", "deepflow-agent", "agent", "a.b"])

    def rbac_set(self) -> RbacSet:
        roles = [self._cluster_role(i) for i in range(self._random.randint(1, 4))]
        roles += [self._role() for _ in range(self._random.randint(0, 2))]
        if self._chance(0.15):
            # The same name again: the last applied object counts.
            roles.append(roles[0] | {"rules": self._rules()})
        if self._chance(0.2):
            roles.append(self._aggregate())
        bindings = [self._binding(i, roles) for i in range(self._random.randint(1, 4))]
        documents = [*roles, *bindings]
        self._random.shuffle(documents)
        return RbacSet(self._name, self._account, documents, self._chance(0.4), self._settings())

    def _one(self, choices: Sequence[Any]) -> Any:
        return self._random.choice(choices)

    def _some(self, choices: Sequence[Any], least: int = 0, most: int = 4) -> list[Any]:
        size = min(self._random.randint(least, most), len(choices))
        return self._random.sample(list(choices), size)

    def _chance(self, probability: float) -> bool:
        return self._random.random() < probability

    def _settings(self) -> JsonObject:
        settings: JsonObject = {"profile": self._one(["default", "strict"])}
        spec: JsonObject = {}
        if self._chance(0.7):
            spec["version"] = self._one(["v1.34.4", "v1.22.0", *_OLD_VERSIONS, *_OLD_VERSIONS])
        if self._chance(0.2):
            spec["distribution"] = self._one(["openshift", "rke2"])
        if spec:
            settings["cluster"] = {"metadata": {"name": "c"}, "spec": spec}
        return settings

    def _object(self, kind: str, name: str, rest: JsonObject) -> JsonObject:
        metadata: JsonObject = {"name": name}
        if kind in ("Role", "RoleBinding"):
            metadata["namespace"] = ELSEWHERE if self._chance(0.15) else self._name
        version = "v1beta1" if self._chance(0.01) else "v1"
        return {"apiVersion": f"{RBAC}/{version}", "kind": kind, "metadata": metadata, **rest}

    def _cluster_role(self, number: int) -> JsonObject:
        name = f"{self._name}:{self._one(['Reader', 'reader', 'agent'])}-{number}"
        role = self._object("ClusterRole", name, {"rules": self._rules()})
        role["metadata"]["labels"] = {"set": self._name, "tier": self._one(["a", "b", "A"])}
        if self._chance(0.3):
            del role["metadata"]["labels"]["tier"]
        if self._chance(0.03):
            role["metadata"]["labels"][self._one(TO_BUILT_IN)] = "true"
        return role

    def _aggregate(self) -> JsonObject:
        tier = self._one(
            [
                {"key": "tier", "operator": "In", "values": ["a", "b"]},
                {"key": "tier", "operator": "NotIn", "values": ["a"]},
                {"key": "tier", "operator": "Exists"},
                {"key": "tier", "operator": "DoesNotExist"},
                {"key": "tier", "operator": "In", "values": ["absent"]},
            ]
        )
        selectors: list[JsonObject] = [
            {"matchLabels": {"set": self._name}, "matchExpressions": [tier]},
            {"matchLabels": {"set": self._name, "tier": self._one(["a", "b", "c"])}},
        ]
        rule = {"clusterRoleSelectors": self._some(selectors, 1, 2)}
        rest = {"rules": self._rules(), "aggregationRule": rule}
        return self._object("ClusterRole", f"{self._name}:aggregate", rest)

    def _role(self) -> JsonObject:
        return self._object("Role", f"role-{self._random.randint(0, 1)}", {"rules": self._rules()})

    def _rules(self) -> list[JsonObject]:
        if self._chance(0.25):
            # As in a chart: a rule for each group.
            old = {"networking.k8s.io": "extensions"} if self._chance(0.5) else {}
            return [
                {
                    "apiGroups": [old.get(group, group)],
                    "resources": self._less(names),
                    "verbs": self._verbs(),
                }
                for group, names in _WATCHED.items()
            ]
        return [self._rule() for _ in range(self._random.randint(0, 4))]

    def _rule(self) -> JsonObject:
        if self._chance(0.06):
            return {"nonResourceURLs": self._one(_URLS), "verbs": self._one([["get"], ["*"]])}
        rule: JsonObject = {
            "apiGroups": self._one([list(_WATCHED), ["*"], self._some(_GROUPS, 1)]),
            "resources": self._resources(),
            "verbs": self._verbs(),
        }
        if self._chance(0.15):
            rule["resourceNames"] = self._one(_NAMES)
        if self._chance(0.02):
            # What the API server refuses.
            rule.update(self._one([{"verbs": []}, {"apiGroups": []}, {"nonResourceURLs": ["*"]}]))
        return rule

    def _resources(self) -> list[str]:
        odd = [*self._some(_RESOURCES), *self._some(_ODD_RESOURCES, 1, 3)]
        found: list[str] = self._one([_RESOURCES, self._some(_RESOURCES, 1, 8), odd])
        return found

    def _verbs(self) -> list[str]:
        if self._chance(0.6):
            return _VERBS
        return [*self._some(_VERBS, 0, 3), *self._some(_ODD_VERBS, 0, 2)] or ["*"]

    def _less(self, names: list[str]) -> list[str]:
        return self._some(names, len(names), len(names)) if self._chance(0.8) else names[:1]

    def _binding(self, number: int, roles: list[JsonObject]) -> JsonObject:
        kind = self._one(["ClusterRoleBinding", "ClusterRoleBinding", "RoleBinding"])
        reference = self._reference(kind, roles)
        count = self._one([0, 1, 1, 1, 2, 3])
        subjects = [self._subject() for _ in range(count)]
        rest: JsonObject = {"subjects": subjects or self._one([[], None]), "roleRef": reference}
        # Sometimes two bindings share a name; the role of a binding cannot be replaced.
        number = 0 if self._chance(0.1) else number
        return self._object(kind, f"{self._name}:binding-{number}", rest)

    def _reference(self, kind: str, roles: list[JsonObject]) -> JsonObject:
        role = self._one(roles)
        reference = {"kind": role["kind"], "name": role["metadata"]["name"]}
        if kind == "ClusterRoleBinding" and self._chance(0.9):
            role = self._one([one for one in roles if one["kind"] == "ClusterRole"])
            reference = {"kind": "ClusterRole", "name": role["metadata"]["name"]}
        if "aggregationRule" in roles[-1] and self._chance(0.4):
            reference = {"kind": "ClusterRole", "name": roles[-1]["metadata"]["name"]}
        if self._chance(0.12):
            reference = {"kind": "ClusterRole", "name": self._one(BUILT_IN)}
        if self._chance(0.08):
            reference["name"] = self._one([f"{self._name}:absent", reference["name"].upper()])
        if self._chance(0.03):
            reference["kind"] = self._one(["Role", "clusterrole", ""])
        group = self._one(_REFERENCE_GROUPS)
        return reference if group is None else reference | {"apiGroup": group}

    def _subject(self) -> JsonObject:
        if self._chance(0.45):
            own = {"kind": "ServiceAccount", "name": self._account, "namespace": self._name}
            return own | ({"apiGroup": ""} if self._chance(0.2) else {})
        subject: JsonObject = dict(self._one([self._other_account, self._person, self._group])())
        if subject["kind"] != "ServiceAccount" and self._chance(0.8):
            subject["apiGroup"] = self._one([RBAC, RBAC, ""])
        return subject

    def _other_account(self) -> JsonObject:
        different = self._one(
            [
                {"namespace": ELSEWHERE},
                {"name": "other"},
                {"name": self._account.upper()},
                {"namespace": None},
                {"namespace": ""},
                {"apiGroup": RBAC},
                {"kind": "serviceaccount"},
            ]
        )
        own = {"kind": "ServiceAccount", "name": self._account, "namespace": self._name}
        return {key: value for key, value in (own | different).items() if value is not None}

    def _person(self) -> JsonObject:
        own = f"system:serviceaccount:{self._name}:{self._account}"
        other = f"system:serviceaccount:{ELSEWHERE}:{self._account}"
        names = [own, own, own.upper(), f"{own}:", other, "*", self._account]
        return {"kind": "User", "name": self._one(names)}

    def _group(self) -> JsonObject:
        own = f"system:serviceaccounts:{self._name}"
        names = [
            *(own, own, own, own.upper(), f"system:serviceaccounts:{ELSEWHERE}", "*"),
            *("system:unauthenticated", "system:masters", "system:nodes", *SHARED_GROUPS),
        ]
        return {"kind": "Group", "name": self._one(names)}
