"""Every violation has a change or a reason, and every change of objects fixes what it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dfpolicy.policy.catalogue import load_catalogue
from support import changes, decisions

if TYPE_CHECKING:
    from pathlib import Path

    from dfpolicy.model import Decision, Operation, Result

# What no operation and no command fixes.
WITHOUT_CHANGE = {
    "DF-AIO-001": "needs a larger machine",
    "DF-AIO-004": "needs one node, or a storage class for the databases: the operator decides",
    "DF-CH-002": "needs another version of Kubernetes, or another mode",
    "DF-CH-006": "needs a new DaemonSet, where no chart rendered the manifest",
    "DF-CH-009": "needs nodes of a Standard cluster, or an allowlist of Google",
    "DF-CNI-001": "needs another network plug-in, or acceptance by the operator",
    "DF-CNI-005": "is in the agent group's configuration, which this example does not have",
    "DF-EBPF-011": "needs another kernel, or the agent without this feature",
    "DF-EBPF-015": "needs another kernel",
    "DF-KERNEL-001": "needs another kernel",
    "DF-KERNEL-002": "needs another kernel",
    "DF-KERNEL-004": "needs another kernel",
    "DF-LH-003": "needs a domain, whose regions and credentials only the operator has",
    "DF-LH-009": "needs an upgrade of the server first",
    "DF-NET-006": "needs another port for a program that dfpolicy does not know",
    "DF-NET-007": "needs a second workload",
    "DF-SL-006": "needs a second release, in the mode of sidecars",
    "DF-UPG-001": "needs an upgrade of the server first",
    "DF-UPG-009": "needs limits in the agent group, where the operator decides between old and new",
}
# Only DeepFlow's documentation requires these: the example of DF-RBAC-010 lacks `get`.
WITHOUT_IMPACT = {"DF-RBAC-010", "DF-UPG-005"}
# These have a change in other cases.
IN_SOME_CASES = {
    "DF-CFG-003": "has no change for keys that agents of this version ignore under every name",
    "DF-SK-002": "has no change for deepflow-app, which the chart always renders",
    "DF-SL-003": "has no change where a watcher is missing, which DF-SL-001 adds",
}
# The tests of chart values prove these.
OF_CHART_VALUES = {
    *("DF-AIO-002", "DF-AIO-003", "DF-SK-001", "DF-SK-002", "DF-SK-003", "DF-SK-004"),
    *("DF-SL-001", "DF-SL-002"),
}
# Facts that are collected again prove these commands.
OF_COMMANDS = {
    *("DF-EBPF-001", "DF-EBPF-007", "DF-EBPF-008", "DF-EBPF-014"),
    *("DF-KERNEL-003", "DF-LH-011", "DF-UPG-003", "DF-UPG-010"),
}


def _costly(path: Path) -> list[Result]:
    return changes.violations(decisions.example_decision(path))


def _fixed_with_its_cause(result: Result, others: list[Result]) -> bool:
    """Whether the change of the cause fixes the result too."""
    cause = result.get("cause")
    return any(one["id"] == cause != result["id"] and "change" in one for one in others)


def test_every_violation_has_a_change_or_a_reason() -> None:
    without = {
        one["id"]: decisions.name_of(path)
        for path in decisions.violating_files()
        for one in _costly(path)
        if "change" not in one and not _fixed_with_its_cause(one, _costly(path))
    }
    reasons = WITHOUT_CHANGE | IN_SOME_CASES
    assert {name: without[name] for name in without.keys() - reasons.keys()} == {}
    assert reasons.keys() - without.keys() == set()


def test_only_reviewed_changes_have_no_operation_on_an_object() -> None:
    found: dict[str, set[str]] = {"values": set(), "commands": set()}
    for path in decisions.violating_files():
        for one in _costly(path):
            for way in one["change"]["alternatives"] if "change" in one else ():
                if "commands" in way:
                    found["commands"].add(one["id"])
                elif not changes.on_objects(way):
                    found["values"].add(one["id"])
    assert found == {"values": OF_CHART_VALUES, "commands": OF_COMMANDS}


RANKS = {"informational": 0, "recommended": 1, "required": 2}
# What the changed manifests do not show, by requirement.
UNKNOWN_AFTER = {
    "DF-CNI-002": {"DF-CNI-002"},
    "DF-CNI-003": {"DF-CNI-003"},
    "DF-CNI-004": {"DF-CNI-004"},
    "DF-EBPF-002": {"DF-EBPF-002", "DF-EBPF-016", "DF-NET-006"},
    "DF-EBPF-005": {"DF-EBPF-005"},
    "DF-EBPF-012": {"DF-EBPF-012"},
    "DF-K8S-002": {"DF-NET-006"},
    "DF-LH-007": {"DF-EBPF-005"},
    "DF-NET-001": {"DF-NET-006"},
    "DF-NET-005": {"DF-NET-005"},
    "DF-SL-003": {f"DF-RBAC-{number:03}" for number in range(1, 17)},
    "DF-SL-004": {"DF-SL-004"},
    "DF-UPG-006": {"DF-MG-002"},
    "DF-UPG-007": {"DF-NET-006"},
}
# A node on which no tracer starts gets no agent.
WORSE_AFTER = {"DF-EBPF-012": {"DF-CH-005"}}
# Changes after which the same requirement finds something else, which this test does not fix.
TO_BE_CONTINUED = {
    "multi-k8s/broken DF-MK-003": "the invented name is not one of the server's",
    "serverless-pod/broken DF-SL-003": "the watcher is missing, which DF-SL-001 adds",
    "serverless-pod/broken DF-SL-004": "the invented name is not one of the server's",
}


def _ranks(decision: Decision) -> dict[str, int]:
    return {
        key: RANKS[one["level"]]
        for one in changes.violations(decision)
        for key in changes.keys([one])
    }


def _unknown(decision: Decision) -> set[str]:
    return {one["id"] for one in decision["results"] if one["outcome"] == "unknown"}


def _own(path: Path) -> list[Result]:
    """The violations of the example's requirement; all of a deployment."""
    found = _costly(path)
    return [one for one in found if path.parent.name in (one["id"], decisions.mode_of(path))]


def _compared(path: Path, result: Result, operations: list[Operation]) -> dict[str, list[str]]:
    """What judging again finds after the operations."""
    before = decisions.example_decision(path)
    document = decisions.example_input(path) | {"mode": before["mode"]["name"]}
    after = decisions.decide(changes.changed(document, operations))
    (key,) = changes.keys([result])
    ranks = _ranks(after)
    caused = _fixed_with_its_cause(result, _costly(path))
    left = not caused and ranks.get(key, -1) >= RANKS[result["level"]]
    return {
        "left": [key] if left else [],
        "worse": sorted(
            one
            for one in ranks
            if ranks[one] > _ranks(before).get(one, -1)
            and one.split()[0] not in WORSE_AFTER.get(result["id"], set())
        ),
        "unknown": sorted(
            _unknown(after) - _unknown(before) - UNKNOWN_AFTER.get(result["id"], set())
        ),
    }


def test_each_change_of_objects_fixes_its_violation_and_breaks_nothing() -> None:
    failed = {}
    proven = set()
    for path in decisions.violating_files():
        for result in _own(path):
            for way in result["change"]["alternatives"] if "change" in result else ():
                if changes.on_objects(way):
                    proven.add(result["id"])
                    found = _compared(path, result, way["operations"])
                    if any(found.values()):
                        failed[f"{decisions.name_of(path)} {result['id']}"] = found
    assert {name: failed[name] for name in failed.keys() - TO_BE_CONTINUED.keys()} == {}
    assert TO_BE_CONTINUED.keys() - failed.keys() == set()
    elsewhere = {*OF_CHART_VALUES, *OF_COMMANDS, *WITHOUT_CHANGE}
    every = {entry["id"] for entry in load_catalogue().requirements}
    assert every - proven - elsewhere == WITHOUT_IMPACT
