"""The view of an admission webhook on an object, and the requirements it can violate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dfpolicy.engines.base import Engine
from dfpolicy.input.build import build_input
from dfpolicy.model import JsonObject
from dfpolicy.policy.catalogue import Catalogue
from dfpolicy.policy.examples import path_of
from dfpolicy.reading.documents import load_documents

# The workloads that people and charts write; controllers create pods and ReplicaSets from them.
MATCHED = {"apps": ("DaemonSet", "Deployment", "StatefulSet"), "batch": ("CronJob", "Job")}
# The other objects that the webhook sees, as the adapter reads them from the inventory.
SYNCHRONISED = {
    "": ("Namespace",),
    "rbac.authorization.k8s.io": ("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"),
}
# A host agent is not in a cluster, and a webhook sees only one release of an upgrade.
MODES = ("single-k8s", "multi-k8s", "managed-k8s", "serverless-pod", "all-in-one")


@dataclass(frozen=True, slots=True)
class Sample:
    """An object of an example, with the synchronised objects.

    `violated` are the ids that it violates in this mode, whatever their level.
    """

    requirement: str
    mode: str
    outcome: str
    reviewed: JsonObject
    synchronised: tuple[JsonObject, ...]
    violated: frozenset[str]

    @property
    def name(self) -> str:
        """A name that is unique among the samples of its requirement."""
        kind, metadata = self.reviewed["kind"].lower(), self.reviewed["metadata"]
        return f"{self.outcome}-{kind}-{metadata['name']}"


def mode_of(requirement: Mapping[str, Any]) -> str | None:
    """Return the mode in which a requirement is shown; None if no webhook can check it."""
    return next((mode for mode in MODES if mode in requirement["modes"]), None)


def reviewed(objects: Iterable[JsonObject]) -> list[JsonObject]:
    """Return the objects that the constraints match."""
    return [item for item in objects if _of(MATCHED, item)]


def synchronised(objects: Iterable[JsonObject]) -> list[JsonObject]:
    """Return the objects that are synchronised."""
    return [item for item in objects if _of(SYNCHRONISED, item)]


def violated(
    engine: Engine, mode: str, item: JsonObject, others: Iterable[JsonObject]
) -> frozenset[str]:
    """Return the ids that the webhook finds violated by an object."""
    document = {"mode": mode, "partial": True, "resources": [item, *others]}
    results = engine.evaluate(document)["results"]
    return frozenset(result["id"] for result in results if result["outcome"] == "violation")


def samples(engine: Engine, catalogue: Catalogue) -> Iterator[Sample]:
    """Yield the objects of the examples of passes and violations, requirement by requirement."""
    for entry in catalogue.requirements:
        mode = mode_of(entry)
        if mode is None:
            continue
        for outcome in ("violation", "pass"):
            objects = example(entry["id"], outcome)
            others = synchronised(objects)
            for item in reviewed(objects):
                found = violated(engine, mode, item, others)
                yield Sample(entry["id"], mode, outcome, item, tuple(others), found)


def example(identifier: str, outcome: str) -> list[JsonObject]:
    """Return the objects of a requirement's example; none if there is no such example."""
    path = path_of(identifier, outcome)
    if not path.is_file():
        return []
    return [item.value for item in build_input(load_documents([str(path)])).items]


def _of(kinds: Mapping[str, tuple[str, ...]], item: JsonObject) -> bool:
    group, _, _ = item["apiVersion"].rpartition("/")
    return item["kind"] in kinds.get(group, ())
