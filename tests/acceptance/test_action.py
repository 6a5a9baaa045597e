"""action.yml: its scripts, run by bash as GitHub's runner does."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.charts import AGENT, need_helm, write_chart

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
STEPS: dict[str, dict[str, Any]] = {step["id"]: step for step in ACTION["runs"]["steps"]}
EXAMPLES = ROOT / "examples" / "single-k8s"
# As the runner starts a composite step of `shell: bash`.
BASH = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail"]
HOSTILE = [
    "$(touch x)",
    "`touch x`",
    "a'; touch x; '",
    'a"; touch x; "',
    "${{ github.token }}",
    "*",
    "a b",
    "-o",
    "::set-output name=a::b",
    "a\nexit-code=0\nb",
]


@dataclass
class Step:
    """What a step left behind."""

    code: int
    log: str
    outputs: list[str]
    summary: str
    folder: Path


@pytest.fixture
def evaluate(tmp_path: Path) -> Callable[..., Step]:
    """Return the step `eval` with these inputs, in its own workspace."""
    temp, workspace = tmp_path / "temp", tmp_path / "work space"
    program = temp / "dfpolicy" / "bin" / "dfpolicy"
    program.parent.mkdir(parents=True)
    workspace.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m dfpolicy "$@"\n', "utf-8")
    program.chmod(0o755)

    def run(**inputs: str) -> Step:
        output, summary = temp / "output", temp / "summary"
        output.write_text("", "utf-8")
        summary.write_text("what was there\n", "utf-8")
        env = {
            "RUNNER_TEMP": str(temp),
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_WORKSPACE": str(workspace),
        }
        script = temp / "script.sh"
        script.write_text(STEPS["eval"]["run"], "utf-8")
        done = subprocess.run(
            [*BASH, str(script)],
            cwd=workspace,
            capture_output=True,
            env=os.environ | env | variables(inputs),
            check=False,
        )
        assert done.stderr == b""
        lines = output.read_text("utf-8").splitlines()
        told = summary.read_text("utf-8")
        return Step(done.returncode, done.stdout.decode(), lines, told, workspace)

    return run


def variables(inputs: dict[str, str]) -> dict[str, str]:
    """The environment of the step, which the runner makes of the inputs."""
    given = {name: entry["default"] for name, entry in ACTION["inputs"].items()}
    given |= {name.replace("_", "-"): text for name, text in inputs.items()}
    found = {}
    for name, expression in STEPS["eval"]["env"].items():
        match = re.fullmatch(r"\$\{\{ inputs\.([a-z-]+) \}\}", expression)
        assert match
        found[name] = given[match[1]]
    return found


def test_each_input_is_used_and_none_is_expanded_in_a_script() -> None:
    used = re.findall(r"inputs\.([a-z-]+)", json.dumps(ACTION["runs"]["steps"]))
    assert sorted(used) == sorted(ACTION["inputs"])
    for step in STEPS.values():
        assert "${{" not in step.get("run", "")
        assert ("shell" in step) == ("run" in step)
    for entry in ACTION["outputs"].values():
        match = re.fullmatch(r"\$\{\{ steps\.eval\.outputs\.([a-z-]+) \}\}", entry["value"])
        assert match
        assert f"{match[1]}=" in STEPS["eval"]["run"]


@pytest.mark.parametrize("step", ["install", "eval"])
def test_shellcheck_finds_nothing(step: str) -> None:
    checker = Path(sys.executable).with_name("shellcheck")
    done = subprocess.run(
        [str(checker), "--shell=bash", "--severity=style", "-"],
        input=STEPS[step]["run"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_it_installs_the_checked_out_version(tmp_path: Path) -> None:
    fake = tmp_path / "python"
    fake.write_text('#!/bin/sh\necho "$*"\nmkdir -p "$4/bin"\ncp "$0" "$4/bin/python"\n', "utf-8")
    fake.chmod(0o755)
    env = {"PYTHON": str(fake), "RUNNER_TEMP": f"{tmp_path}/a b", "GITHUB_ACTION_PATH": "/c d"}
    done = subprocess.run(
        [*BASH, "-c", STEPS["install"]["run"]],
        capture_output=True,
        text=True,
        env=os.environ | env,
        cwd=tmp_path,
        check=True,
    )
    first, locked, second = done.stdout.splitlines()
    assert first == f"-I -m venv {tmp_path}/a b/dfpolicy"
    pip = "-I -m pip install --quiet --disable-pip-version-check"
    assert (
        locked == f"{pip} --require-hashes --only-binary :all: --requirement /c d/requirements.txt"
    )
    assert second == f"{pip} --no-deps --no-build-isolation /c d"


def test_the_action_installs_all_that_dfpolicy_needs_with_hashes() -> None:
    locked = (ROOT / "requirements.txt").read_text("utf-8")
    names = set(re.findall(r"(?m)^([a-z0-9-]+)==", locked))
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    parts = re.findall(r"(?ms)^(?:dependencies|requires) = \[(.*?)\]$", text)
    needed = set(re.findall(r'"([a-z0-9-]+)[<>=]', "".join(parts)))
    assert {"click", "hatchling", "wasmtime"} <= needed <= names
    # Each is followed by its hashes.
    assert re.findall(r"(?m)^[a-z0-9-]+==[^\\]*$", locked) == []
    (python,) = (step["uses"] for step in ACTION["runs"]["steps"] if "uses" in step)
    assert re.fullmatch(r"actions/setup-python@[0-9a-f]{40}", python)


def test_the_checkout_cannot_replace_a_module_of_the_install(tmp_path: Path) -> None:
    for name in ("venv", "pip", "ensurepip", "logging"):
        (tmp_path / f"{name}.py").write_text("open('ran', 'w')\n", "utf-8")
    fake = tmp_path / "python"
    fake.write_text(
        f'#!/bin/sh\n"{sys.executable}" "$1" "$2" "$3" --version\n'
        f'mkdir -p "{tmp_path}/dfpolicy/bin"\ncp "$0" "{tmp_path}/dfpolicy/bin/python"\n',
        "utf-8",
    )
    fake.chmod(0o755)
    env = {"PYTHON": str(fake), "RUNNER_TEMP": str(tmp_path), "GITHUB_ACTION_PATH": "/c"}
    command = ["bash", "-c", STEPS["install"]["run"]]
    subprocess.run(command, capture_output=True, env=os.environ | env, cwd=tmp_path, check=False)
    assert (tmp_path / "dfpolicy" / "bin" / "python").is_file()
    assert not (tmp_path / "ran").exists()


def test_violations_fail_the_step_and_appear_in_every_output(evaluate: Callable[..., Step]) -> None:
    step = evaluate(files=f"{EXAMPLES}/broken.yaml\n")
    assert step.code == 1
    assert step.outputs == ["exit-code=1", "sarif=dfpolicy.sarif"]
    assert step.summary.startswith("what was there\n")
    assert "DF-EBPF-005" in step.summary
    assert "::error file=" in step.log
    report = json.loads((step.folder / "dfpolicy.sarif").read_text("utf-8"))
    assert {row["ruleId"] for row in report["runs"][0]["results"]} >= {"DF-EBPF-005"}


def test_without_a_violation_the_step_passes(evaluate: Callable[..., Step]) -> None:
    step = evaluate(files=f"{EXAMPLES}/manifests.yaml\r\n\r\n{EXAMPLES}/facts.yaml\r\n")
    assert (step.code, step.outputs[0]) == (0, "exit-code=0")
    assert "::error" not in step.log


def test_inputs_are_the_options_of_eval(evaluate: Callable[..., Step]) -> None:
    step = evaluate(
        files=f"{EXAMPLES}/broken.yaml",
        fail_on="none",
        mode="multi-k8s",
        args="--namespace\nelse where\n--profile=strict\n",
        sarif="out file.sarif",
    )
    assert (step.code, step.outputs) == (0, ["exit-code=0", "sarif=out file.sarif"])
    report = json.loads((step.folder / "out file.sarif").read_text("utf-8"))
    told = report["runs"][0]["properties"]
    assert (told["mode"], told["profile"]) == ("multi-k8s", "strict")


@pytest.mark.slow
def test_a_chart_is_rendered(
    evaluate: Callable[..., Step], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DFPOLICY_HELM", need_helm())
    write_chart(tmp_path / "work space" / "my chart", {"daemonset.yaml": AGENT})
    values = tmp_path / "work space" / "-v.yaml"
    values.write_text("hostPID: false\n", "utf-8")
    step = evaluate(chart="my chart", values="-v.yaml\n", fail_on="none")
    assert step.code == 0
    place = "file=my chart/templates/daemonset.yaml,line=1"
    (told,) = [line for line in step.log.splitlines() if "%0ADF-K8S-001" in line]
    assert re.match(
        rf"::warning {place},title=\d+ hostPID is false::Must be: hostPID is true%0A", told
    )


def test_without_helm_the_step_fails(
    evaluate: Callable[..., Step], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DFPOLICY_HELM", "/gone/helm")
    step = evaluate(chart="x", files=f"{EXAMPLES}/manifests.yaml")
    assert (step.code, step.outputs) == (2, ["exit-code=2"])
    error = "dfpolicy: error: /gone/helm: helm not found"
    assert step.log.startswith(f"::error title=dfpolicy::{error}")
    assert step.summary == "what was there\n"


@pytest.mark.parametrize(
    "inputs",
    [
        {},
        {"files": "gone.yaml"},
        {"files": "-"},
        {"files": "/dev/null"},
        {"files": "a", "sarif": ""},
    ],
)
def test_an_input_without_an_agent_fails_the_step(
    evaluate: Callable[..., Step], inputs: dict[str, str]
) -> None:
    step = evaluate(**inputs)
    assert (step.code, step.outputs) == (2, ["exit-code=2"])
    assert step.log.startswith("::error title=dfpolicy::")
    assert step.log.count("\n") == 1


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(ACTION["inputs"]) - {"python-version"}))
@pytest.mark.parametrize("text", HOSTILE)
def test_an_input_is_never_executed(evaluate: Callable[..., Step], name: str, text: str) -> None:
    given = {"files": f"{EXAMPLES}/manifests.yaml"} | {name.replace("-", "_"): text}
    if name == "chart":
        given["values"] = text
    step = evaluate(**given)
    assert not (step.folder / "x").exists()
    codes = [line for line in step.outputs if line.startswith("exit-code=")]
    assert codes == [f"exit-code={step.code}"]
    assert len(step.outputs) == (2 if step.code < 2 else 1)
    if name != "sarif":
        assert step.code == 2
    for line in step.log.splitlines():
        assert re.match(r"::(error|warning|notice) |dfpolicy: ", line)


def test_an_old_summary_is_not_repeated(evaluate: Callable[..., Step]) -> None:
    assert "DF-EBPF-005" in evaluate(files=f"{EXAMPLES}/broken.yaml").summary
    assert evaluate(files="gone.yaml").summary == "what was there\n"
