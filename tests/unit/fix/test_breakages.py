"""Generated breakages of manifests and of values are fixed, and judging the result proves it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from dfpolicy import evaluate_files
from dfpolicy.changes.selection import Wishes, is_targeted
from dfpolicy.fix.deployment import Deployment
from dfpolicy.pipeline import judge
from dfpolicy.reading.documents import split
from dfpolicy.reading.sources import Source
from support.breakages import BREAKAGES, broken_manifests, broken_values
from support.fix_plans import ANYWHERE, IN_NAMESPACE, agent_charts, chart_plan, plan_for, rendered

CASES = dict(broken_manifests(100))
ALONE, TOGETHER = list(CASES)[: len(BREAKAGES)], list(CASES)[len(BREAKAGES) :]
VALUES = dict(broken_values(100))
# Another name is a new workload; the operator decides.
MAY_REMAIN = {"DF-CH-006"}


def check(documents: list[Any], folder: Path) -> None:
    text = yaml.safe_dump_all(documents, sort_keys=False)
    plan = plan_for(Deployment(split(Source("agent.yaml", text)), None, ANYWHERE.limits))
    assert plan.proven, [plan.refused, plan.proof.remaining]
    file = folder / "agent.yaml"
    for changed in plan.changed.texts:
        file.write_text(changed.after, "utf-8")
        results = evaluate_files(file, config="")["results"]
        assert not [one for one in results if is_targeted(one, Wishes())]
    # The text expresses all of it: nothing is left to a patch.
    assert not plan.changed.patched


@pytest.mark.parametrize("name", ALONE)
def test_each_breakage_is_fixed(name: str, tmp_path: Path) -> None:
    check(CASES[name], tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", TOGETHER)
def test_several_breakages_are_fixed_together(name: str, tmp_path: Path) -> None:
    check(CASES[name], tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("chart", agent_charts(), ids=lambda chart: chart.name)
@pytest.mark.parametrize("name", VALUES)
def test_broken_values_of_the_chart_are_fixed(name: str, chart: Path, tmp_path: Path) -> None:
    broken, overlay = tmp_path / "broken.yaml", tmp_path / "overlay.yaml"
    broken.write_text(yaml.safe_dump(VALUES[name]), "utf-8")
    plan = chart_plan(chart, broken)
    assert plan.proof.holds
    remaining = {one["id"] for one in plan.proof.remaining}
    assert remaining <= MAY_REMAIN
    if plan.changed.patched:
        return
    # As an operator does: the overlay after the broken values.
    overlay.write_text(yaml.safe_dump(plan.changed.values), "utf-8")
    both = rendered(chart, broken, overlay)
    results = judge(both.documents, IN_NAMESPACE)["results"]
    assert {one["id"] for one in results if is_targeted(one, Wishes())} == remaining
