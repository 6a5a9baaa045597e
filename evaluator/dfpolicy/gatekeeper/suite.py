"""The suite of `gator verify`, and the samples that its cases name."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from dfpolicy.gatekeeper.objects import Scope, constraint
from dfpolicy.gatekeeper.review import Sample
from dfpolicy.verdict import LEVELS
from dfpolicy.yaml_writer import write_yaml

Json = dict[str, Any]


def suite(samples: Iterable[tuple[str, Sample]]) -> dict[str, str]:
    """Return the files of the suite by path, of samples with their group, in its order.

    Each test has the constraint of one group in one mode, each case one object. A violation has
    to be told by the id of its requirement, a pass may not.
    """
    files: dict[str, str] = {}
    tests = []
    ordered = sorted(samples, key=lambda pair: (pair[0], pair[1].mode))
    for (group, mode), members in groupby(ordered, key=lambda pair: (pair[0], pair[1].mode)):
        path = f"samples/{group}-{mode}.yaml"
        made = constraint(group, f"dfpolicy-{group}", "deny", LEVELS, Scope(mode))
        files[path] = write_yaml(made)
        cases = []
        for _, sample in members:
            case, case_files = _case(sample)
            cases.append(case)
            files |= case_files
        template = f"templates/{group}.yaml"
        name = f"{group} in {mode}"
        tests.append({"name": name, "template": template, "constraint": path, "cases": cases})
    document = {
        "apiVersion": "test.gatekeeper.sh/v1alpha1",
        "kind": "Suite",
        "metadata": {"name": "dfpolicy"},
        "tests": tests,
    }
    return files | {"suite.yaml": write_yaml(document)}


def _case(sample: Sample) -> tuple[Json, dict[str, str]]:
    path = f"samples/{sample.requirement}/{sample.name}.yaml"
    files = {path: write_yaml(sample.reviewed)}
    told = "yes" if sample.requirement in sample.violated else "no"
    case: Json = {"name": f"{sample.requirement} {sample.name}", "object": path}
    if sample.synchronised:
        inventory = f"samples/{sample.requirement}/{sample.outcome}-inventory.yaml"
        files[inventory] = "---\n".join(write_yaml(item) for item in sample.synchronised)
        case["inventory"] = [inventory]
    case["assertions"] = [{"violations": told, "message": f"^{sample.requirement} "}]
    return case, files
