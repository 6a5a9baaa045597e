"""The suite of `gator verify`, and the samples that its cases name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from dfpolicy.gatekeeper.objects import Scope, constraint
from dfpolicy.gatekeeper.review import Sample
from dfpolicy.model import LEVELS, JsonObject
from dfpolicy.reading.yaml_writer import write_yaml


@dataclass(frozen=True, slots=True)
class Case:
    """A sample, the requirement and outcome that it shows, and the group."""

    group: str
    requirement: str
    sample: Sample


def suite(cases: Iterable[Case]) -> dict[str, str]:
    """Return the files of the suite by path.

    Each test has the constraint of one group in one mode, each case one object. A violation must be
    reported with the id of its requirement, and a pass must not.
    """
    files: dict[str, str] = {}
    tests = []
    ordered = sorted(cases, key=_place)
    for (group, mode), members in groupby(ordered, key=_place):
        path = f"samples/{group}-{mode}.yaml"
        made = constraint(group, f"dfpolicy-{group}", "deny", LEVELS, Scope(mode))
        files[path] = write_yaml(made)
        entries = []
        for case in members:
            entry, case_files = _entry(case)
            entries.append(entry)
            files |= case_files
        template = f"templates/{group}.yaml"
        name = f"{group} in {mode}"
        tests.append({"name": name, "template": template, "constraint": path, "cases": entries})
    document = {
        "apiVersion": "test.gatekeeper.sh/v1alpha1",
        "kind": "Suite",
        "metadata": {"name": "dfpolicy"},
        "tests": tests,
    }
    return files | {"suite.yaml": write_yaml(document)}


def _place(case: Case) -> tuple[str, str]:
    return case.group, case.sample.mode


def _entry(case: Case) -> tuple[JsonObject, dict[str, str]]:
    sample = case.sample
    path = f"samples/{sample.requirement}/{sample.name}.yaml"
    files = {path: write_yaml(sample.reviewed)}
    violated = "yes" if case.requirement in sample.violated else "no"
    entry: JsonObject = {"name": f"{case.requirement} {sample.name}", "object": path}
    if sample.synchronised:
        inventory = f"samples/{sample.requirement}/{sample.outcome}-inventory.yaml"
        files[inventory] = "---\n".join(write_yaml(item) for item in sample.synchronised)
        entry["inventory"] = [inventory]
    entry["assertions"] = [{"violations": violated, "message": f"^{case.requirement} "}]
    return entry, files
