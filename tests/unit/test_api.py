"""The public API: its names, and that it evaluates like the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import dfpolicy
from dfpolicy import DfpolicyError, EngineError, InputError, evaluate_files, render
from dfpolicy.engines import wasm
from dfpolicy.engines.wasm import WasmEngine
from dfpolicy.formats.base import FORMATS
from support import decisions
from support.charts import fake_helm, write_chart
from support.command import Run, once_compiled
from support.manifests import BARE

OTHER = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n"
GOOD = decisions.EXAMPLES / "single-k8s" / "manifests.yaml"
WAIVERS = """\
mode: multi-k8s
failOn: recommended
waivers:
- {id: DF-EBPF-001, reason: r, owner: o, expires: 2099-01-01}
"""


@pytest.fixture
def agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An agent's file, in the working directory."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "agent.yaml").write_text(BARE, "utf-8")
    return "agent.yaml"


def told(cli: Run, *arguments: str) -> dict[str, Any]:
    """The report of the command line."""
    done = cli("eval", *arguments, "-o", "json")
    assert done.stderr == ""
    report: dict[str, Any] = json.loads(done.stdout)
    assert report["exitCode"] == done.returncode
    return report


def test_the_api_exports_exactly_these_names() -> None:
    names = ["DfpolicyError", "EngineError", "InputError", "Report", "evaluate_files", "render"]
    assert sorted(dir(dfpolicy)) == names == sorted(dfpolicy.__all__)
    assert all(getattr(dfpolicy, name).__doc__ for name in names)
    with pytest.raises(AttributeError, match="no attribute 'absent'"):
        _ = dfpolicy.absent


def test_the_api_and_the_command_line_give_the_same_report(
    cli: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wasm, "_Program", once_compiled)
    for path in decisions.whole_files():
        mode = decisions.mode_of(path)
        done = cli("eval", str(path), "-m", mode, "-o", "json")
        try:
            report = evaluate_files(path, mode=mode)
        except DfpolicyError as error:
            found = (int(error.exit_code), "", f"dfpolicy: error: {error}\n")
        else:
            found = (report["exitCode"], render(report, "json"), "")
        assert found == (done.returncode, done.stdout, done.stderr), path


@pytest.mark.parametrize(
    ("text", "arguments", "error"),
    [
        ("# nothing\n", {}, DfpolicyError),
        (OTHER, {}, InputError),
        ("a: [\n", {}, InputError),
        (BARE, {"mode": "no-mode"}, DfpolicyError),
        (BARE, {"engine": "no-engine"}, DfpolicyError),
        (BARE, {"facts": "absent.yaml"}, InputError),
        (BARE, {"config": "absent.yaml"}, InputError),
        (BARE, {"engine": "opa", "policies": "absent"}, DfpolicyError),
    ],
)
def test_the_api_and_the_command_line_refuse_the_same_inputs(
    cli: Run, agent: str, text: str, arguments: dict[str, str], error: type[DfpolicyError]
) -> None:
    Path(agent).write_text(text, "utf-8")
    with pytest.raises(error) as caught:
        evaluate_files(agent, **arguments)  # type: ignore[arg-type]
    names = {"policies": "policy"}
    flags = [f"--{names.get(name, name)}={value}" for name, value in arguments.items()]
    done = cli("eval", agent, *flags)
    assert (done.returncode, done.stdout) == (int(caught.value.exit_code), "")
    # For an invalid choice the command line names its own option.
    if not {"mode", "engine"} & arguments.keys() or "policies" in arguments:
        assert done.stderr == f"dfpolicy: error: {caught.value}\n"
    else:
        wrong = "unknown value" if "mode" in arguments else "must be one of"
        assert wrong in done.stderr


def test_an_engine_that_fails(agent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: WasmEngine, document: dict[str, Any]) -> dict[str, Any]:
        raise EngineError(f"{type(self).__name__}: {len(document)} keys")

    monkeypatch.setattr(WasmEngine, "evaluate", fail)
    with pytest.raises(EngineError, match=r"^WasmEngine: "):
        evaluate_files(agent)


def test_paths_may_be_one_or_several_texts_or_paths(agent: str) -> None:
    facts = str(decisions.EXAMPLES / "single-k8s" / "facts.yaml")
    first, *others = (
        evaluate_files(sources, facts=given)
        for sources in (agent, Path(agent), [agent], (Path(agent),))
        for given in (facts, [Path(facts)])
    )
    assert [one["results"] for one in others] == [first["results"]] * len(others)
    assert {one["subject"]["kind"] for one in first["results"]} >= {"Node"}


def test_a_configuration_counts_as_it_does_for_the_command(
    cli: Run, agent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DFPOLICY_CONFIG")
    bare = evaluate_files(agent)
    Path("dfpolicy.yaml").write_text(WAIVERS, "utf-8")
    found = evaluate_files(agent)
    assert found == told(cli, agent) != bare
    assert (found["mode"]["name"], found["mode"]["source"]) == ("multi-k8s", "given")
    assert found["summary"]["waived"] == 1
    none = evaluate_files(agent, config="")
    assert none == told(cli, agent, "--config", "")
    assert none["results"] == bare["results"]
    # Without it, the commands of the report would read the file.
    assert none["invocation"]["options"] == ["--config", ""]
    Path("dfpolicy.yaml").rename("other.yaml")
    assert evaluate_files(agent, config=Path("other.yaml")) == told(
        cli, agent, "--config", "other.yaml"
    )


def test_a_chart_is_rendered_as_by_the_command(
    cli: Run, agent: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The file of the agent stands for what the chart renders.
    calls = tmp_path / "calls"
    script = f'echo "$*" >> {calls}; cat {tmp_path / agent}'
    monkeypatch.setenv("DFPOLICY_HELM", fake_helm(tmp_path, script))
    write_chart(tmp_path / "chart", {})
    Path("v.yaml").write_text("a: 1\n")
    flags = ["--helm", "chart", "-f", "v.yaml", "--helm-set", "a=1"]
    found = evaluate_files(helm=Path("chart"), helm_values="v.yaml", helm_set="a=1")
    assert found == told(cli, *flags)
    assert found["invocation"]["chart"]["reference"] == "chart"
    first, second = calls.read_text("utf-8").splitlines()
    assert first == second
    with pytest.raises(DfpolicyError, match="helm_values needs helm"):
        evaluate_files(agent, helm_values="v.yaml")


def test_the_language_is_that_of_the_command(cli: Run, agent: str) -> None:
    chinese = evaluate_files(agent, lang="zh")
    assert chinese == told(cli, agent, "--lang", "zh")
    assert render(evaluate_files(agent), "text", lang="zh") == render(chinese, "text")
    assert render(chinese, "text", lang="en") == render(evaluate_files(agent), "text")
    failed = cli("eval", "absent.yaml", "--lang", "zh").stderr
    with pytest.raises(InputError) as caught:
        evaluate_files("absent.yaml", lang="zh")
    assert f"{caught.value.message}\N{FULLWIDTH SEMICOLON}{caught.value.hint}\n" in failed
    for wrong in (lambda: evaluate_files(agent, lang="fr"), lambda: render(chinese, "text", "fr")):
        with pytest.raises(DfpolicyError, match="must be one of auto, en, zh"):
            wrong()


def test_arguments_are_the_flags_of_the_command(cli: Run, agent: str) -> None:
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({"mode": "single-k8s", "profile": "strict"}, ["-m", "single-k8s", "--profile", "strict"]),
        ({"namespace": "elsewhere"}, ["--namespace", "elsewhere"]),
        (
            {"parameters": {"agentVersion": "v6.6", "acceptedCnis": ["a", "b"]}},
            ["--set", "agentVersion=v6.6", "--set", "acceptedCnis=a,b"],
        ),
    ]
    for arguments, flags in cases:
        assert evaluate_files(agent, **arguments) == told(cli, agent, *flags)
    (row,) = evaluate_files(agent, parameters={"agentVersion": "v6.6"})["agents"]
    assert row["version"] in ("6.6", "7.1")


def test_own_policies(cli: Run, agent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    decisions.need_opa()
    from tools.dev import opa

    monkeypatch.setenv("DFPOLICY_OPA", opa.binary())
    own = decisions.EXAMPLES / "policy"
    report = evaluate_files(agent, engine="opa", policies=own)
    assert report == told(cli, agent, "--policy", str(own))
    assert {one["id"] for one in report["results"]} > {
        one["id"] for one in evaluate_files(agent)["results"]
    }


def test_a_report_is_rendered_in_each_format(cli: Run, agent: str) -> None:
    report = evaluate_files(agent)
    for name in FORMATS:
        assert render(report, name) == cli("eval", agent, "-o", name).stdout, name
    assert render(report, "html").startswith("<!DOCTYPE html>")
    with pytest.raises(DfpolicyError, match="unknown output format 'xml'"):
        render(report, "xml")


def test_an_empty_list_of_files_is_an_error() -> None:
    with pytest.raises(DfpolicyError, match="no file is given; give files, directories or globs"):
        evaluate_files([])
