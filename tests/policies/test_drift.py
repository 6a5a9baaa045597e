"""`make drift`: planted changes in a small invented tree, and the real list of watches."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from tools.dev import drift, opa
from tools.dev.errors import DevError

from support import decisions

Tree = dict[str, str]

WATCHES: list[dict[str, Any]] = [
    {"name": "page", "files": ["docs/page.md"]},
    {
        "name": "keys",
        "files": ["deepflow/config.rs"],
        "between": [r"^struct Config", r"^\}"],
        "find": r"^ +(\w+):",
        "dash": "-",
        "table": '["log-file", "team-id"]',
        "claim": "tables/keys",
    },
    {"name": "kernels", "files": ["deepflow/trace.c"], "find": "for (.+)", "listed": True},
    {
        "name": "former",
        "files": ["deepflow/template.yaml"],
        "keys": "former",
        "gone_only": True,
        "table": '["old -> inputs.regex"]',
        "claim": "tables/keys",
    },
    {"name": "paths", "files": ["deepflow/template.yaml"], "keys": "paths"},
    {
        "name": "defaults",
        "files": ["deepflow/template.yaml"],
        "keys": "defaults",
        "of": ["inputs.regex"],
    },
    {"name": "exits", "files": ["deepflow/main.rs", "deepflow/never.rs"], "only": "exit"},
]
BEFORE: Tree = {
    "docs/page.md": "# Page\n\n| SYS_ADMIN | required |\n| SYSLOG | optional |\n| BPF | no |\n",
    "deepflow/config.rs": (
        "struct Other {\n  a: b\n}\nstruct Config {\n  log_file: S,\n  team_id: S,\n}\n"
    ),
    "deepflow/trace.c": "// 0x1 for 3.10.0-957, 3.10.0-1160\n",
    "deepflow/template.yaml": (
        "inputs:\n  # upgrade_from: old\n  # upgrade_from: old.part\n  regex: ^eth$\n"
        "outputs:\n  regex: a\n"
    ),
    "deepflow/main.rs": "start();\nexit(1);\n",
    "deepflow-charts/README.md": "\n",
}
AFTER: Tree = BEFORE | {
    "docs/page.md": "# Page\n\n\n|  SYS_ADMIN | required |\n| SYSLOG | required |\n",
    "deepflow/config.rs": "struct Config {\n  log_file: S,\n  group_id: S,\n}\n",
    "deepflow/trace.c": "// 0x1 for 3.10.0-957\n// 0x2 for 5.4.17\n",
    "deepflow/template.yaml": "inputs:\n  regex: ^en$\n  mode: 1\noutputs: {}\n",
}


def _write(root: Path, tree: Tree) -> Path:
    for name, text in tree.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> drift.Records:
    """The records of the tree before the changes. The tables are written as JSON."""
    monkeypatch.setattr(opa, "evaluated", json.loads)
    root = _write(tmp_path, BEFORE)
    return {key: found for watch in WATCHES for key, found in drift.recordings(root, watch)}


def test_nothing_moved(tmp_path: Path, records: drift.Records) -> None:
    assert drift.compare(tmp_path, WATCHES, records) == []


def test_planted_changes(tmp_path: Path, records: drift.Records) -> None:
    (_write(tmp_path, AFTER) / "deepflow/main.rs").unlink()
    moved = drift.compare(tmp_path, WATCHES, records)
    assert [re.sub(r" \((not )?in tools/dev/drift.json\)", "", line) for line in moved] == [
        "docs/page.md:5: page: new line: | SYSLOG | required |",
        "docs/page.md:5: page: lines gone after this one: 1",
        "deepflow/config.rs:3: keys: new: group-id (not in tables/keys)",
        "deepflow/config.rs:2: keys: gone: team-id (in tables/keys)",
        "deepflow/trace.c:2: kernels: new: 5.4.17",
        "deepflow/trace.c:1: kernels: gone: 3.10.0-1160",
        "deepflow/template.yaml:1: former: gone: old -> inputs.regex (in tables/keys)",
        "deepflow/template.yaml:3: paths: new: inputs.mode",
        "deepflow/template.yaml:1: paths: gone: outputs.regex",
        "deepflow/template.yaml:2: defaults: new: inputs.regex = ^en$",
        "deepflow/template.yaml:2: defaults: gone: inputs.regex = ^eth$",
        "deepflow/main.rs:1: exits: the file is gone",
    ]


CHART_TABLE = """\
deepflow-agent:
- {value: hostNetwork}
- {value: securityContext, since: 0.1.001}
- {value: [file, deepflow-agent.yaml]}
- {value: tkeSidecar, since: 6.6.012}
- {value: tke_sidecar, until: 6.6.011}
- {value: env, until: 6.6.010}
- {value: env, since: 6.6.011}
- {value: grafana.tolerations}
"""
CHART = {
    "Chart.yaml": "name: deepflow-agent\nversion: 7.1.002\ndependencies: [{name: grafana}]\n",
    "values.yaml": "hostNetwork: ''\nenv: []\nfile:\n  deepflow-agent.yaml: a\n",
    "templates/daemonset.yaml": (
        "a: {{ .Values.securityContext.runAsUser }}\n{{ if .Values.tkeSidecar }}\n"
    ),
}


def test_values_that_charts_no_longer_have(tmp_path: Path) -> None:
    place = "deepflow-charts/charts/deepflow-agent"
    table = tmp_path / "table.yaml"
    table.write_text(CHART_TABLE, "utf-8")
    watches = [{"name": "values", "files": [place], "charts": str(table)}]
    for name in drift.REPOSITORIES:
        (tmp_path / name).mkdir()

    def moved(chart: Tree) -> list[str]:
        _write(tmp_path / place, chart)
        found = list(drift.moved(tmp_path, watches[0], {}, {}))
        return [line.removeprefix(f"{place}/").replace(str(table), "table") for line in found]

    assert [*drift.moved(tmp_path, watches[0], {}, {})] == [f"{place}:1: values: the file is gone"]
    assert moved(CHART) == []
    renamed = CHART["templates/daemonset.yaml"].replace("tkeSidecar", "tke_sidecar")
    changed = {"values.yaml": "env: []\nfile: {}\n", "templates/daemonset.yaml": renamed}
    assert moved(CHART | changed) == [
        "values.yaml:1: values: gone: hostNetwork (in table:2)",
        "values.yaml:1: values: gone: file.deepflow-agent.yaml (in table:4)",
        "values.yaml:1: values: gone: tkeSidecar (in table:5)",
        "templates/daemonset.yaml:2: values: new: tke_sidecar (not in 7.1.002: table:6)",
    ]
    assert list(drift.recordings(tmp_path, watches[0])) == []


def test_a_missing_checkout_is_named(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    with pytest.raises(DevError, match="no directory deepflow, deepflow-charts;"):
        drift.compare(tmp_path, WATCHES, {})


def test_the_real_watches() -> None:
    decisions.need_opa()
    watches = yaml.safe_load(drift.WATCHES.read_text(encoding="utf-8"))
    records = json.loads(drift.RECORDS.read_text(encoding="utf-8"))
    assert all(drift.tables(watches).values())
    recorded = [watch for watch in watches if not watch.keys() & {"charts", "table"}]
    for watch in recorded:
        re.compile(watch.get("find", ""))
        assert any(f"{watch['name']} {place}" in records for place in watch["files"])
