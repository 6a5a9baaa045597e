"""The objects of Gatekeeper: templates, constraints, and the SyncSet.

There is one template per group, not per requirement: the level of a result depends on the case, the
requirements of a group share their code, and Gatekeeper compiles and evaluates each template by
itself. A template has one constraint per level, with the results and the enforcement action of that
level; `exempt` excludes single requirements, `waivers` single violations until a day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dfpolicy.gatekeeper.rego import modules
from dfpolicy.gatekeeper.review import MATCHED, SYNCHRONISED
from dfpolicy.model import LEVELS, MODES, PROFILES, JsonObject
from dfpolicy.policy.catalogue import load_catalogue

if TYPE_CHECKING:
    from dfpolicy.report.waivers import Waiver

# From the mildest to the strictest.
ENFORCEMENTS = ("dryrun", "warn", "deny")
ACTIONS = {"required": "deny", "recommended": "warn", "informational": "dryrun"}
TARGET = "admission.k8s.gatekeeper.sh"


@dataclass(frozen=True, slots=True)
class Scope:
    """The scope of constraints: mode, profile and namespaces; no namespaces means all.

    `enforcement` is the strictest action; what `waivers` cover is no violation until they expire.
    """

    mode: str = "auto"
    profile: str = "default"
    namespaces: Sequence[str] = ()
    enforcement: str = ENFORCEMENTS[-1]
    waivers: Sequence[Waiver] = ()


def kind(group: str) -> str:
    """Return the kind of a group's constraints."""
    return "Dfpolicy" + "".join(part.capitalize() for part in group.split("-"))


def template(group: Mapping[str, Any]) -> JsonObject:
    """Return the ConstraintTemplate of a group of the catalogue."""
    own, libraries = modules(group["group"])
    texts = {"type": "array", "items": {"type": "string"}}
    waiver = {name: {"type": "string"} for name in ("id", "subject", "expires")}
    parameters = {
        "mode": {"type": "string", "enum": ["auto", *MODES], "default": "auto"},
        "profile": {"type": "string", "enum": [*PROFILES], "default": "default"},
        "levels": texts | {"items": {"type": "string", "enum": [*LEVELS]}},
        "exempt": texts,
        "waivers": {"type": "array", "items": {"type": "object", "properties": waiver}},
    }
    schema = {"type": "object", "properties": parameters}
    source = {"version": "v1", "rego": own, "libs": libraries}
    name = kind(group["group"])
    return {
        "apiVersion": "templates.gatekeeper.sh/v1",
        "kind": "ConstraintTemplate",
        "metadata": {
            "name": name.lower(),
            "annotations": {"title": group["title"], "description": group["description"]},
        },
        "spec": {
            "crd": {
                "spec": {"names": {"kind": name}, "validation": {"openAPIV3Schema": schema}},
            },
            "targets": [
                {"target": TARGET, "code": [{"engine": "Rego", "source": source}]},
            ],
        },
    }


def constraint(
    group: str, name: str, action: str, levels: Sequence[str], scope: Scope
) -> JsonObject:
    """Return a Constraint of a group with the results of these levels."""
    parameters: JsonObject = {
        "mode": scope.mode,
        "profile": scope.profile,
        "levels": list(levels),
    }
    waivers = [
        {"id": one.id, "subject": one.subject, "expires": one.expires.isoformat()}
        for one in scope.waivers
        if _is_of(one.id, group)
    ]
    if waivers:
        parameters["waivers"] = waivers
    match: JsonObject = {"kinds": _kinds(MATCHED)}
    if scope.namespaces:
        match["namespaces"] = list(scope.namespaces)
    return {
        "apiVersion": "constraints.gatekeeper.sh/v1beta1",
        "kind": kind(group),
        "metadata": {"name": name},
        "spec": {
            "enforcementAction": action,
            "match": match,
            "parameters": parameters,
        },
    }


def constraints(group: str, scope: Scope) -> list[JsonObject]:
    """Return the constraints of a group, one per level."""
    return [
        constraint(group, f"dfpolicy-{group}-{level}", action(group, level, scope), [level], scope)
        for level in LEVELS
    ]


def action(group: str, level: str, scope: Scope) -> str:
    """Return what Gatekeeper does about a violation of a group's requirements of this level."""
    own = next(one for one in load_catalogue().groups if one["group"] == group)
    strictest = own.get("admission", ENFORCEMENTS[-1])
    allowed: list[str] = [ACTIONS[level], strictest, scope.enforcement]
    return min(allowed, key=ENFORCEMENTS.index)


def _is_of(identifier: str, group: str) -> bool:
    entry = load_catalogue().requirement(identifier)
    return entry is not None and entry["group"] == group


def sync_set() -> JsonObject:
    """Return the SyncSet of the objects that are read in addition to the reviewed one."""
    return {
        "apiVersion": "syncset.gatekeeper.sh/v1alpha1",
        "kind": "SyncSet",
        "metadata": {"name": "dfpolicy"},
        "spec": {
            "gvks": [
                {"group": group, "version": "v1", "kind": name}
                for group, names in SYNCHRONISED.items()
                for name in names
            ]
        },
    }


def _kinds(by_group: Mapping[str, Sequence[str]]) -> list[JsonObject]:
    return [{"apiGroups": [group], "kinds": list(names)} for group, names in by_group.items()]
