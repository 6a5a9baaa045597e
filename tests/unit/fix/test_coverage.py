"""Which changes the outputs contain, and what the command says about the others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from dfpolicy.fix.coverage import missing
from dfpolicy.fix.deployment import Deployment
from dfpolicy.fix.outputs import objects_of, patch_of
from dfpolicy.fix.rounds import Plan
from dfpolicy.reading.documents import load_documents
from support.charts import fake_helm
from support.command import Run
from support.decisions import EXAMPLES
from support.fix_plans import ANYWHERE, plan_for

BROKEN = str(EXAMPLES / "single-k8s/broken.yaml")
FACTS = str(EXAMPLES / "single-k8s/facts.yaml")
HOST = str(EXAMPLES / "legacy-host/broken.yaml")


def deployed(*paths: str) -> Deployment:
    return Deployment(list(load_documents([*paths])), None, ANYWHERE.limits)


@pytest.fixture(scope="module")
def cluster() -> tuple[Plan, Deployment]:
    deployment = deployed(BROKEN, FACTS)
    return plan_for(deployment), deployment


@pytest.mark.parametrize(
    ("names", "count", "add"),
    [
        ([], 0, []),
        (["plan"], 0, []),
        (["kustomize"], 0, []),
        (["patch", "objects"], 0, []),
        (["diff"], 0, []),
        (["patched", "script"], 0, []),
        (["patch", "plan"], 1, ["objects=FILE"]),
        (["objects"], 4, ["patch=FILE"]),
        (["script"], 5, ["kustomize=DIR"]),
        # A mutator changes neither roles nor namespaces.
        (["gatekeeper"], 2, ["kustomize=DIR"]),
    ],
)
def test_what_no_output_contains_is_missing(
    cluster: tuple[Plan, Deployment], names: list[str], count: int, add: list[str]
) -> None:
    found = missing(names, *cluster)
    told = (found.count, found.add) if found else (0, [])
    assert told == (count, add)


def test_a_patch_does_not_contain_files_of_hosts() -> None:
    deployment = deployed(HOST)
    plan = plan_for(deployment)
    found = missing(["patch"], plan, deployment)
    assert found
    assert (found.count, found.add) == (len(plan.changes), ["diff=FILE"])


def test_a_patch_contains_only_objects_that_exist(cluster: tuple[Plan, Deployment]) -> None:
    existing = {
        (one["kind"], one["metadata"]["name"])
        for one in yaml.safe_load_all(Path(BROKEN).read_text("utf-8"))
    }
    patched, created = (
        {(one["kind"], one["metadata"]["name"]) for one in yaml.safe_load_all(text)}
        for text in (patch_of(*cluster), objects_of(*cluster))
    )
    assert patched <= existing
    assert {kind for kind, _ in created - existing} == {"ClusterRole", "ClusterRoleBinding"}


def test_values_that_express_no_change_are_not_a_proof(cli: Run, tmp_path: Path) -> None:
    # This helm renders the same objects with all values.
    helm = fake_helm(tmp_path, f"cat {BROKEN}")
    (tmp_path / "chart").mkdir()
    chart = ("--helm", str(tmp_path / "chart"), "--helm-bin", helm)
    overlay, plan = tmp_path / "overlay.yaml", tmp_path / "plan.json"
    done = cli("fix", FACTS, *chart, "-o", f"values={overlay}", "-o", f"plan={plan}")
    assert yaml.safe_load(overlay.read_text("utf-8")) == {}
    assert (done.returncode, json.loads(plan.read_text("utf-8"))["exitCode"]) == (1, 1)
    assert done.stdout.startswith(
        "NOT ALL WRITTEN - 5 of 5 changes are not in values: add -o kustomize=DIR.\n"
    )
    done = cli("eval", FACTS, *chart, "-o", f"values={overlay}", "-q")
    assert "5 of 5 changes are not in values: add -o kustomize=DIR\n" in done.stderr
    done = cli("fix", FACTS, *chart, "-o", f"values={overlay}", "-o", f"kustomize={tmp_path / 'k'}")
    assert done.returncode == 0
    assert done.stdout.startswith(
        "4 CHANGES PROVEN, 1 NEEDS FACTS - checked again, 4 violations are fixed, 1 can only"
    )
