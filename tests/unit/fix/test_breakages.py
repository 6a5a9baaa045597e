"""Generated breakages of manifests are fixed, and judging the new text proves it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from dfpolicy import evaluate_files
from dfpolicy.engines.selection import chosen_engine
from dfpolicy.fix.deployment import Deployment
from dfpolicy.fix.rounds import Plan, planned
from dfpolicy.fix.selection import Wishes, is_targeted
from dfpolicy.model import Report
from dfpolicy.pipeline import judge
from dfpolicy.reading.documents import Document, split
from dfpolicy.reading.sources import Source
from dfpolicy.settings.resolution import resolve
from support.breakages import BREAKAGES, broken_manifests

CASES = dict(broken_manifests(100))
ALONE, TOGETHER = list(CASES)[: len(BREAKAGES)], list(CASES)[len(BREAKAGES) :]
SETTINGS = resolve({}, {}, None)


def plan_for(text: str) -> Plan:
    engine = chosen_engine(SETTINGS)

    def judged(documents: list[Document]) -> Report:
        return judge(documents, SETTINGS, engine=engine)

    documents = split(Source("agent.yaml", text))
    deployment = Deployment(documents, None, SETTINGS.limits)
    return planned(deployment, judged, Wishes())


def check(documents: list[Any], folder: Path) -> None:
    plan = plan_for(yaml.safe_dump_all(documents, sort_keys=False))
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
