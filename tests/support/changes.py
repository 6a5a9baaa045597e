"""Applies the changes of a decision to the objects of its input, and finds the least privileges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from dfpolicy.changes.operations import applied
from dfpolicy.reading.agent_file import with_decoded_files
from support import decisions
from support.decisions import Json

if TYPE_CHECKING:
    from dfpolicy.model import Alternative, Decision, Operation, Result, Target

# Invented answers: no placeholders, and of the form that each question asks for.
ANSWERS: Mapping[str, Any] = {
    "agent-image": "registry.example.com/deepflow-ce/deepflow-agent:v6.5.1",
    "controller-ips": ["10.9.2.4", "10.9.2.5"],
    "interface-regex": "^(eth|ens|bond)[0-9]+$",
    "kubernetes-cluster-id": "d-Aa1b2C3d4E",
    "kubernetes-cluster-name": "prod-a",
    "server-address": "10.9.2.6",
    "vpc-uuid": "6b7a4c1e-2f3d-5a6b-8c9d-0e1f2a3b4c5d",
    "vtap-group-id-request": "g-1a2b3c4d5f",
}
OF_CHARTS = "HelmValues"


class NoTargetError(Exception):
    """An operation changes an object that the input does not have."""


def changed(document: Json, operations: Iterable[Operation]) -> Json:
    """Return a copy of the input after the operations, with answers filled in."""
    changed_document = deepcopy(document)
    resources: list[Json] = changed_document["resources"]
    for operation in operations:
        if operation["op"] == "create":
            if not any(_is(resource, operation["target"]) for resource in resources):
                resources.append(deepcopy(operation["value"]))
            continue
        found = [i for i, one in enumerate(resources) if _is(one, operation["target"])]
        if not found:
            raise NoTargetError(operation["target"])
        for i in found:
            resources[i] = _after(resources[i], _answered(operation))
    return changed_document


def _answered(operation: Operation) -> Operation:
    if "answer" not in operation:
        return operation
    filled: Operation = {**operation, "value": ANSWERS[operation["answer"]]}
    del filled["answer"]
    return filled


def _after(resource: Json, operation: Operation) -> Json:
    """The object after the operation, with its files decoded anew."""
    plain = {key: resource[key] for key in resource if key != "decoded"}
    return dict(with_decoded_files(applied(plain, operation)))


def _is(resource: Json, target: Target) -> bool:
    metadata = resource["metadata"]
    here = metadata.get("namespace", target.get("namespace", ""))
    return (
        resource["kind"] == target["kind"]
        and metadata.get("name") == target["name"]
        and target.get("namespace", "") in ("", here)
    )


def violations(decision: Decision) -> list[Result]:
    """The violations that cost something."""
    return [one for one in decision["results"] if one["outcome"] == "violation" and one["impact"]]


def on_objects(alternative: Alternative) -> bool:
    """Whether the alternative changes objects of the input, not commands or values of a chart."""
    operations = alternative.get("operations", [])
    kinds = {operation["target"]["kind"] for operation in operations}
    return bool(kinds) and OF_CHARTS not in kinds


def preferred(result: Result, name: str = "") -> list[Operation]:
    """The operations of the alternative with this name, else of the first one."""
    alternatives = result["change"]["alternatives"]
    named = [one for one in alternatives if one.get("name") == name]
    return (named or alternatives)[0].get("operations", [])


def round_of_changes(document: Json, results: Sequence[Result], prefer: str = "") -> Json:
    """The input after the changes of the results, without those that follow from another one."""
    ids = {one["id"] for one in results}
    chosen = [one for one in results if "change" in one]
    first = [one for one in chosen if one.get("cause") not in ids - {one["id"]}]
    for result in first or chosen:
        document = changed(document, preferred(result, prefer))
    return document


def wanted(decision: Decision) -> list[Result]:
    """The violations that cost a feature that the input asks for."""
    return [one for one in violations(decision) if one["wanted"]]


def least(document: Json, want: Sequence[str], prefer: str = "") -> Json:
    """The input with the least privileges for these features.

    Everything is taken away, the changes of wanted violations add back what is needed, and a
    privilege that two changes added is taken away again.
    """
    document = {**document, "parameters": {**document.get("parameters", {}), "want": [*want]}}
    document = changed(document, _reductions(decisions.decide(document)))
    for _ in range(6):
        decision = decisions.decide(document)
        following = round_of_changes(document, wanted(decision), prefer)
        if following == document:
            break
        document = following
    unmet = keys(wanted(decisions.decide(document)))
    for reduction in _reductions(decisions.decide(document)):
        without = changed(document, [reduction])
        if keys(wanted(decisions.decide(without))) <= unmet:
            document = without
    return document


def needless(document: Json) -> list[Operation]:
    """The reductions that cost no wanted feature: none in a minimum."""
    decision = decisions.decide(document)
    unmet = keys(wanted(decision))
    return [
        reduction
        for reduction in _reductions(decision)
        if keys(wanted(decisions.decide(changed(document, [reduction])))) <= unmet
    ]


def _reductions(decision: Decision) -> list[Operation]:
    return [one for entry in decision["reductions"] for one in entry["operations"]]


def keys(results: Iterable[Result]) -> set[str]:
    """Requirement and subject of each result."""
    return {f"{one['id']} {decisions.canonical(one['subject'])}" for one in results}
