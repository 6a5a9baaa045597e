"""The schema of the agent chart's values: broken ones are refused, those of releases accepted."""

from __future__ import annotations

import json
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from dfpolicy.input import schemas
from dfpolicy.model import JsonObject
from dfpolicy.reading.yaml_writer import write_yaml
from support.charts import need_helm
from support.deepflow_charts import REAL, agent_chart

NAME = "deepflow-agent-values"
VALIDATOR = Draft202012Validator(json.loads(schemas.text(NAME)))
BROKEN: dict[str, JsonObject] = {
    "unquoted": {"hostNetwork": True},
    "unknown word": {"dnsPolicy": "clusterfirst"},
    "text for a list": {"deepflowServerNodeIPS": "10.0.0.1"},
    "empty list": {"deepflowServerNodeIPS": []},
    "number as version": {"image": {"tag": 7.1}},
    "toleration": {"tolerations": [{"operator": "exists"}]},
    "label": {"nodeSelector": {"deepflow": True}},
    "capabilities": {"securityContext": {"capabilities": {"add": "SYS_ADMIN"}}},
    "mount": {"extraVolumeMounts": [{"name": "a"}]},
    "variable": {"env": [{"value": "a"}]},
    "truth": {"netns": {"mount": "yes"}},
    "file": {"deepflowAgentConfig": {"deepflow-agent.yaml": {"a": 1}}},
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_values_are_refused(name: str) -> None:
    (error,) = VALIDATOR.iter_errors(BROKEN[name])
    assert error.path


def test_a_template_is_accepted_where_the_chart_evaluates_it() -> None:
    assert VALIDATOR.is_valid({"hostNetwork": '{{ eq .Values.a "b" }}'})


def _values(chart: Path) -> Any:
    if chart.is_dir():
        return yaml.safe_load((chart / "values.yaml").read_text("utf-8"))
    with tarfile.open(chart) as packed:
        names = [name for name in packed.getnames() if name.endswith("/values.yaml")]
        stream = packed.extractfile(min(names, key=len))
        assert stream
        return yaml.safe_load(stream)


@pytest.mark.parametrize("chart", REAL, ids=lambda path: path.name)
def test_the_defaults_of_every_release_are_accepted(chart: Path) -> None:
    assert [*VALIDATOR.iter_errors(_values(chart))] == []


@pytest.mark.slow
def test_helm_uses_it(tmp_path: Path) -> None:
    helm, chart = need_helm(), agent_chart(tmp_path)
    (chart / "values.schema.json").write_text(schemas.text(NAME), "utf-8")

    def render(values: JsonObject) -> subprocess.CompletedProcess[str]:
        path = tmp_path / "values.yaml"
        path.write_text(write_yaml(values), "utf-8")
        command = [helm, "template", "a", str(chart), "-f", str(path)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    good = render({"hostNetwork": "true", "tolerations": [{"operator": "Exists"}]})
    assert (good.returncode, good.stderr) == (0, "")
    for values in (BROKEN["unquoted"], BROKEN["text for a list"]):
        refused = render(values)
        assert refused.returncode != 0
        assert next(iter(values)) in refused.stderr
