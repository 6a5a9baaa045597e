from __future__ import annotations

from pathlib import Path

import pytest

from dfpolicy.reading.helm import Chart, placed, render
from support.charts import fake_helm, write_chart


@pytest.mark.parametrize(
    ("reference", "release"),
    [
        ("deepflow/deepflow-agent", "deepflow-agent"),
        ("oci://example.com/charts/deepflow-agent:7.1.002", "deepflow-agent"),
        ("https://example.com/deepflow-agent-7.1.002.tgz", "deepflow-agent"),
        ("deepflow-agent-v7.1.0-rc.1.tgz", "deepflow-agent"),
        ("charts/deepflow-agent/", "deepflow-agent"),
        ("My_Chart", "my-chart"),
        ("...", "release"),
        ("x" * 80, "x" * 53),
    ],
)
def test_the_release_is_named_as_the_chart(tmp_path: Path, reference: str, release: str) -> None:
    binary = fake_helm(tmp_path, 'echo "arguments: $*"')
    assert render(Chart(reference), binary, 10).text.endswith(f" -- {release} {reference}\n")


@pytest.mark.parametrize(
    ("content", "release"),
    [("name: other\n", "other"), ("name: [\n", "folder"), ("- a\n", "folder"), ("", "folder")],
)
def test_the_chart_name_comes_from_chart_yaml(tmp_path: Path, content: str, release: str) -> None:
    chart = write_chart(tmp_path / "folder", {})
    (chart / "Chart.yaml").write_text(content, "utf-8")
    binary = fake_helm(tmp_path, 'echo "arguments: $*"')
    assert f" -- {release} " in render(Chart(str(chart)), binary, 10).text


def test_options_are_before_the_chart(tmp_path: Path) -> None:
    binary = fake_helm(tmp_path, 'for one; do echo "- $one"; done')
    chart = Chart("c", ["a b.yaml"], ["x=$(y)"], "r", "n", ["--debug"])
    assert render(chart, binary, 10).text.splitlines() == [
        *("- template", "- --values=a b.yaml", "- --set=x=$(y)", "- --namespace=n", "- --debug"),
        *("- --", "- r", "- c"),
    ]


def test_templates_are_located_in_the_chart_directory(tmp_path: Path) -> None:
    chart = write_chart(tmp_path / "folder", {"a.yaml": ""})
    assert placed("named/templates/a.yaml", str(chart)) == f"{chart}/templates/a.yaml"
    assert placed("named/templates/b.yaml", str(chart)) == "named/templates/b.yaml"
    assert placed("named", str(chart)) == "named"
