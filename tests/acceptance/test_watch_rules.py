"""The alert rules of `dfpolicy watch`, as Prometheus reads and evaluates them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.decisions import ROOT

PROMTOOL = ROOT / ".tools" / "bin" / "promtool"
RULES = ROOT / "deploy" / "watch" / "rules.yaml"


@pytest.fixture
def rules(tmp_path: Path) -> dict[str, Any]:
    """The rules by their name; they are also in rules.yaml, without the object around them."""
    if not PROMTOOL.exists():
        text = "there is no promtool; run `make tools TOOLS=promtool`"
        if os.environ.get("CI"):
            pytest.fail(text)
        pytest.skip(text)
    groups = yaml.safe_load(RULES.read_text("utf-8"))["spec"]["groups"]
    (tmp_path / "rules.yaml").write_text(yaml.safe_dump({"groups": groups}), "utf-8")
    return {rule["alert"]: rule for group in groups for rule in group["rules"]}


def promtool(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROMTOOL, *arguments], capture_output=True, text=True, check=False)


def test_prometheus_accepts_the_rules(rules: dict[str, Any], tmp_path: Path) -> None:
    done = promtool("check", "rules", "--lint-fatal", tmp_path / "rules.yaml")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{len(rules)} rules found" in done.stdout


def test_alerts_fire_after_their_time_and_not_before(rules: dict[str, Any], tmp_path: Path) -> None:
    """Replicas of two states are one alert, and evaluations that ended long ago are another."""

    def alert(name: str, minutes: int, *fires: dict[str, str]) -> dict[str, Any]:
        told = rules[name]["annotations"]
        found = [
            {
                "exp_labels": {**rules[name]["labels"], **labels},
                "exp_annotations": {
                    key: text.replace("{{ $labels.state }}", labels.get("state", ""))
                    for key, text in told.items()
                },
            }
            for labels in fires
        ]
        return {"eval_time": f"{minutes}m", "alertname": name, "exp_alerts": found}

    blocked, silent = "DeepFlowBlocked", "DfpolicyNotEvaluating"
    tests = {
        "rule_files": ["rules.yaml"],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [
                    {"series": f'dfpolicy_state{{state="{state}", pod="{pod}"}}', "values": value}
                    for pod in ("a", "b")
                    for state, value in (("do-not-deploy", "1x30"), ("deployable", "0x30"))
                ]
                + [
                    {
                        "series": "dfpolicy_last_evaluation_timestamp_seconds",
                        "values": "0x30",
                    }
                ],
                "alert_rule_test": [
                    alert(blocked, 4),
                    alert(blocked, 6, {"state": "do-not-deploy"}),
                    alert(silent, 14),
                    alert(silent, 17, {}),
                ],
            }
        ],
    }
    (tmp_path / "tests.yaml").write_text(yaml.safe_dump(tests), "utf-8")
    done = promtool("test", "rules", tmp_path / "tests.yaml")
    assert done.returncode == 0, done.stdout + done.stderr
