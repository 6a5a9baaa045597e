"""The commands that apply what was written."""

from __future__ import annotations

import pytest

from dfpolicy.fix.applying import applying
from dfpolicy.model import GivenChart

CHART: GivenChart = {"reference": "a chart", "values": ["v.yaml"], "flags": ["--helm-set"]}


@pytest.mark.parametrize(
    ("written", "chart", "lines"),
    [
        ([("plan", "p.json")], None, []),
        ([("script", "a b.sh"), ("diff", "a.diff")], None, ["git apply a.diff", "sh 'a b.sh' --"]),
        (
            [("patch", "p.yaml"), ("objects", "o.yaml")],
            None,
            [
                "kubectl apply -f o.yaml",
                "# kustomization.yaml  patches: [{path: p.yaml}]",
                "kubectl apply -k .",
            ],
        ),
        (
            [("values", "o.yaml")],
            CHART,
            ["helm upgrade RELEASE 'a chart' -f v.yaml --set ... -f o.yaml"],
        ),
        (
            [("kustomize", "k"), ("values", "o.yaml")],
            CHART,
            [
                "helm template RELEASE 'a chart' -f v.yaml --set ... -f o.yaml > manifests.yaml",
                "# kustomization.yaml  resources: [manifests.yaml]",
                "# kustomization.yaml  components: [k]",
                "kubectl apply -k .",
            ],
        ),
    ],
)
def test_each_output_has_its_command(
    written: list[tuple[str, str]], chart: GivenChart | None, lines: list[str]
) -> None:
    found = applying(written, chart)
    assert len(found) == len(lines)
    assert all(one.startswith(line) for one, line in zip(found, lines, strict=True))
