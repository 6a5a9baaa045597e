"""Small charts like DeepFlow's, and the real ones if DFPOLICY_CHARTS names their directory."""

from __future__ import annotations

import os
import re
import shutil
from functools import cached_property
from pathlib import Path
from typing import Any

from dfpolicy.api import evaluate_files
from dfpolicy.changes.chart_values import ChartChange, RenderedChart, chart_values, charts_in
from dfpolicy.model import JsonObject, Operation
from dfpolicy.reading.documents import Document, split
from dfpolicy.reading.helm import Chart, render
from dfpolicy.reading.sources import Source
from dfpolicy.reading.yaml_writer import write_yaml
from support.charts import need_helm

CHARTS = Path(__file__).parents[1] / "unit" / "changes" / "charts"
# Directories and packages such as deepflow-agent-7.1.002, without those that Helm cannot render.
_INVALID = re.compile(r"-(6\.2\.504|6\.3\.006)(\.tgz)?\Z")
REAL = [
    path
    for path in sorted(Path(os.environ.get("DFPOLICY_CHARTS", "/nowhere")).glob("deepflow-agent-*"))
    if not _INVALID.search(path.name)
]

NAMESPACE = "deepflow"


def agent_chart(folder: Path, version: str = "7.1.002") -> Path:
    """Write the chart deepflow-agent of a release."""
    return _written(folder / "deepflow-agent", version)


def server_chart(folder: Path, version: str = "7.1.002") -> Path:
    """Write the chart deepflow of a release, with the agent's chart in it."""
    chart = _written(folder / "deepflow", version)
    agent_chart(chart / "charts", version)
    return chart


def _written(folder: Path, version: str) -> Path:
    shutil.copytree(CHARTS / folder.name, folder)
    path = folder / "Chart.yaml"
    text = re.sub(r"(?m)^version: .*", f"version: {version}", path.read_text("utf-8"))
    path.write_text(text, "utf-8")
    return folder


class Release:
    """A chart with values, as the operator installs it; an overlay comes after them.

    The files of the values are in `folder`, which is by default that of the chart.
    """

    def __init__(
        self, chart: Path, values: JsonObject | None = None, folder: Path | None = None
    ) -> None:
        self.chart = chart
        self.values = [values] if values else []
        self.folder = folder or chart.parent

    @property
    def options(self) -> Chart:
        """The chart with its values in files, for helm."""
        names = []
        for number, values in enumerate(self.values):
            path = self.folder / f"values-{number}.yaml"
            path.write_text(write_yaml(values), "utf-8")
            names.append(str(path))
        return Chart(str(self.chart), names, namespace=NAMESPACE)

    @cached_property
    def source(self) -> Source:
        """What helm renders."""
        return render(self.options, need_helm(), 60)

    def documents(self) -> list[Document]:
        """Return the documents of what helm renders."""
        return list(split(self.source))

    def operations(self) -> dict[tuple[str, str], list[Operation]]:
        """Return the operations of each violation, by its id and object."""
        path = self.folder / "rendered.yaml"
        path.write_text(self.source.text, "utf-8")
        report = evaluate_files([str(path)], mode="managed-k8s", namespace=NAMESPACE)
        found: dict[tuple[str, str], list[Operation]] = {}
        for result in report["results"]:
            change = result.get("change")
            if change and "questions" not in change:
                key = (result["id"], result["subject"]["name"])
                found.setdefault(key, []).extend(change["alternatives"][0].get("operations", []))
        return found

    def charts(self) -> list[RenderedChart]:
        """Return the charts of DeepFlow that rendered the documents."""
        return charts_in(self.options, self.documents())

    def change(self, *operations: Operation) -> ChartChange:
        """Return the values for the operations."""
        return chart_values(operations, self.documents(), self.charts(), NAMESPACE)

    def after(self, values: JsonObject) -> Release:
        """Return the release with an overlay."""
        found = Release(self.chart, folder=self.folder)
        found.values = [*self.values, values]
        return found

    def object(self, kind: str, name: str = "deepflow-agent") -> Any:
        """Return a rendered object."""
        values = [document.value for document in self.documents()]
        found = [one for one in values if one["kind"] == kind and one["metadata"]["name"] == name]
        assert len(found) == 1
        return found[0]

    def pod(self, kind: str = "DaemonSet", name: str = "deepflow-agent") -> Any:
        """Return the pod of a workload."""
        return self.object(kind, name)["spec"]["template"]["spec"]

    def agent(self, kind: str = "DaemonSet", name: str = "deepflow-agent") -> Any:
        """Return the container of a workload."""
        return self.pod(kind, name)["containers"][0]
