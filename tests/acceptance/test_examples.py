"""Every shipped example has the outcome that its name, or the report beside it, tells.

`examples/requirements/<ID>/<outcome>.yaml`: what the requirement says of it.
`examples/<mode>/<name>.yaml`: the whole report, in `<name>.expected.json`, or in
`expected.json` for `manifests.yaml`. `make golden` writes the reports anew.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dfpolicy.engines.wasm import WasmEngine
from dfpolicy.input.schemas import first_error
from support import decisions

OF_REQUIREMENTS = sorted(decisions.REQUIREMENTS.glob("*/*.yaml"))
OF_MODES = [path for path in decisions.example_files() if path not in OF_REQUIREMENTS]


def _id(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@pytest.fixture(scope="module")
def engine() -> WasmEngine:
    return WasmEngine()


@pytest.mark.parametrize("path", OF_REQUIREMENTS, ids=_id)
def test_requirement(path: Path, engine: WasmEngine) -> None:
    decision = engine.evaluate(decisions.example_input(path))
    identifier = path.parent.name
    told = [result for result in decision["results"] if result["id"] == identifier]
    outcomes = {result["outcome"] for result in told}
    observed = [f"{result['outcome']}: {result['observed']}" for result in told]
    if path.stem == "pass":
        assert outcomes == {"pass"}, observed
    elif path.stem == "violation":
        assert "violation" in outcomes, observed
    else:
        assert "unknown" in outcomes, observed
        assert "violation" not in outcomes, observed


def _report(path: Path) -> tuple[int, dict[str, Any]]:
    name = str(path.relative_to(decisions.ROOT))
    process = subprocess.run(
        [sys.executable, "-m", "dfpolicy", "eval", name, "-o", "json", "--mode", path.parent.name],
        cwd=decisions.ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert process.stderr == ""
    return process.returncode, json.loads(process.stdout)


def _expected(path: Path) -> Path:
    stem = "" if path.stem == "manifests" else f"{path.stem}."
    return path.with_name(f"{stem}expected.json")


@pytest.mark.parametrize("path", OF_MODES, ids=_id)
def test_mode(path: Path, pytestconfig: pytest.Config) -> None:
    code, report = _report(path)
    assert first_error(report, "report") is None
    assert code == report["exitCode"]
    # What differs from release to release is no part of the expectation.
    del report["dfpolicy"]
    expected = _expected(path)
    if pytestconfig.getoption("update_golden", default=False):
        text = json.dumps(report, indent=2, ensure_ascii=False)
        expected.write_text(text + "\n", "utf-8")
    assert expected.is_file(), "no expected report; `make golden` writes one"
    assert report == json.loads(expected.read_text("utf-8"))


def test_every_expected_report_has_an_example() -> None:
    wanted = {_expected(path) for path in OF_MODES}
    assert sorted(set(decisions.EXAMPLES.glob("*/*expected.json")) - wanted) == []


def test_the_first_example_is_good_and_the_broken_one_is_not() -> None:
    reports = {
        path.stem: json.loads(_expected(path).read_text("utf-8"))
        for path in OF_MODES
        if path.parent.name == "single-k8s"
    }
    assert reports["manifests"]["exitCode"] == 0
    assert reports["manifests"]["summary"]["violation"]["required"] == 0
    assert reports["broken"]["exitCode"] == 1
