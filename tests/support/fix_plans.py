"""The plan of `dfpolicy fix` for documents and for charts, in this process."""

from __future__ import annotations

import os
from pathlib import Path

from dfpolicy.changes.selection import Wishes
from dfpolicy.cli.helm import HELM_OPTIONS, rendering
from dfpolicy.engines.selection import chosen_engine
from dfpolicy.fix.deployment import Deployment
from dfpolicy.fix.rounds import Plan, planned
from dfpolicy.model import Report
from dfpolicy.pipeline import judge
from dfpolicy.reading.documents import Document
from dfpolicy.reading.helm import Rendering
from dfpolicy.settings.resolution import Settings, resolve
from support.charts import need_helm

NAMESPACE = "deepflow"
ANYWHERE = resolve({}, {}, None)
IN_NAMESPACE = resolve({"namespace": NAMESPACE}, {}, None)


def agent_charts() -> list[Path]:
    """The agent's chart of the tests, and the released one if DFPOLICY_CHARTS has it."""
    found = [Path(__file__).parents[1] / "unit/changes/charts/deepflow-agent"]
    if "DFPOLICY_CHARTS" in os.environ:
        found.append(Path(os.environ["DFPOLICY_CHARTS"], "deepflow-agent-7.1.002"))
    return found


def plan_for(deployment: Deployment, settings: Settings = ANYWHERE) -> Plan:
    """The plan for all violations that cost something."""
    engine = chosen_engine(settings)

    def judged(documents: list[Document]) -> Report:
        return judge(documents, settings, engine=engine)

    return planned(deployment, judged, Wishes())


def rendered(chart: Path, *values: Path) -> Rendering:
    """The chart with values files, as `--helm` and `-f` render it."""
    given = dict.fromkeys(HELM_OPTIONS, ()) | {
        "chart": str(chart),
        "values": tuple(map(str, values)),
        "release": None,
        "binary": need_helm(),
        "helm_timeout": None,
    }
    found = rendering(given, NAMESPACE)
    assert found is not None
    return found


def chart_plan(chart: Path, *values: Path) -> Plan:
    """The plan for the chart with these values files."""
    deployment = Deployment((), NAMESPACE, IN_NAMESPACE.limits, rendered(chart, *values))
    return plan_for(deployment, IN_NAMESPACE)
