"""Configuration and waivers as a user writes them."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from dfpolicy.input import schemas
from dfpolicy.report.waivers import today

Completed = subprocess.CompletedProcess[str]
Run = Callable[..., Completed]

# Exactly one required violation: NET_RAW is missing.
GOOD = Path(__file__).parents[2] / "examples" / "single-k8s" / "manifests.yaml"
WEAK = GOOD.read_text("utf-8").replace("- NET_RAW\n", "- CHOWN\n")
LATER = (today() + timedelta(30)).isoformat()
BEFORE = (today() - timedelta(2)).isoformat()


@pytest.fixture(autouse=True)
def _found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Make the test's own directory the working directory, and put the input there."""
    monkeypatch.delenv("DFPOLICY_CONFIG")
    (tmp_path / "weak.yaml").write_text(WEAK, "utf-8")


def configure(tmp_path: Path, text: str) -> None:
    (tmp_path / "dfpolicy.yaml").write_text(text, "utf-8")


def waivers(**changes: str) -> str:
    entry = {"id": "DF-NET-002", "reason": "no packets", "owner": "net team", "expires": LATER}
    return yaml.safe_dump({"waivers": [entry | changes]}, sort_keys=False)


def one_line(done: Completed, *parts: str) -> None:
    """Check for exit code 2 and one line on standard error, with all the parts."""
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"dfpolicy: [^\n]+\n", done.stderr), done.stderr
    for part in parts:
        assert part in done.stderr


def report_of(done: Completed, output: str = "json") -> dict[str, Any]:
    report: dict[str, Any] = (json.loads if output == "json" else yaml.safe_load)(done.stdout)
    assert schemas.first_error(report, "report") is None
    return report


def test_the_input_has_one_violation_that_counts(cli: Run) -> None:
    report = report_of(cli("eval", "weak.yaml", "-o", "json"))
    counting = [
        (item["id"], item["subject"].get("container"))
        for item in report["results"]
        if item["outcome"] == "violation" and item["level"] == "required"
    ]
    assert counting == [("DF-NET-002", "deepflow-agent")]
    assert "configuration" not in report


@pytest.mark.parametrize("output", ["json", "yaml"])
@pytest.mark.parametrize(
    ("changes", "code", "listed"),
    [
        ({}, 0, None),
        ({"subject": "DaemonSet/deepflow/*"}, 0, None),
        ({"subject": "DaemonSet/deepflow/deepflow-agent:deepflow-agent"}, 0, None),
        ({"subject": "StatefulSet/*"}, 1, "unused"),
        ({"expires": BEFORE}, 1, "expired"),
    ],
)
def test_a_waiver_decides_the_exit_code(
    cli: Run, tmp_path: Path, output: str, changes: dict[str, str], code: int, listed: str
) -> None:
    configure(tmp_path, waivers(**changes))
    done = cli("eval", "weak.yaml", "-o", output)
    report = report_of(done, output)
    assert (done.returncode, report["exitCode"]) == (code, code)
    assert report["summary"]["waived"] == (code == 0)
    assert report["summary"]["violation"]["required"] == code
    (result,) = [item for item in report["results"] if item["id"] == "DF-NET-002"]
    assert result["outcome"] == "violation"
    terms = {"reason": "no packets", "owner": "net team", "expires": LATER}
    assert result.get("waiver") == (terms if code == 0 else None)
    assert [name for name, found in report["waivers"].items() if found] == (
        [listed] if listed else []
    )
    if listed:
        (entry,) = report["waivers"][listed]
        assert (entry["file"], entry["line"]) == ("dfpolicy.yaml", 2)


def test_the_text_shows_what_is_waived(cli: Run, tmp_path: Path) -> None:
    configure(tmp_path, waivers())
    shown = cli("eval", "weak.yaml", "-v").stdout
    assert "  ~ DF-NET-002" in shown
    assert f"by net team until {LATER}: no packets" in " ".join(shown.split())
    assert ", 1 accepted, " in shown
    assert "  ~ DF-NET-002" not in cli("eval", "weak.yaml", "-q").stdout
    configure(tmp_path, waivers(expires=BEFORE))
    shown = cli("eval", "weak.yaml").stdout
    assert f"  - DF-NET-002 expired on {BEFORE} (dfpolicy.yaml:2)" in shown
    assert shown.splitlines()[-1].endswith(" Exit 1.")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("mode: auto\nmdoe: auto\n", ["dfpolicy.yaml:2: ", "'mdoe'", "did you mean mode?"]),
        ("\nstrict: secret\n", ["dfpolicy.yaml:2: strict: must be "]),
        ("mode: [\n", ["dfpolicy.yaml:", "not valid YAML"]),
        ("outputs: [text, secret=a]\n", ["dfpolicy.yaml:1: unknown output format"]),
        (
            "outputs: [json=absent/a]\n",
            ["dfpolicy.yaml:1: ", "the directory for the report does not exist"],
        ),
        (waivers(id="DF-K8S-003"), ["dfpolicy.yaml:2: DF-K8S-003 cannot be waived"]),
        (waivers(id="DF-NET-021"), ["dfpolicy.yaml:2: ", "did you mean DF-NET-"]),
        (waivers(expires="2026-02-30"), ["dfpolicy.yaml:5: `expires` is not a valid date"]),
        (waivers(owner=""), ["dfpolicy.yaml:4: waivers.0.owner"]),
    ],
)
def test_an_invalid_configuration_gives_one_line(
    cli: Run, tmp_path: Path, text: str, parts: list[str]
) -> None:
    configure(tmp_path, text)
    named = ("eval", "weak.yaml", "--config", "dfpolicy.yaml")
    one_line(cli(*named), *parts)
    assert "secret" not in cli(*named).stderr.replace("'secret'", "")


def test_flags_override_variables_and_variables_the_file(cli: Run, tmp_path: Path) -> None:
    configure(tmp_path, "failOn: none\nprofile: strict\n")
    variable = {"DFPOLICY_FAIL_ON": "required"}
    assert cli("eval", "weak.yaml").returncode == 0
    assert cli("eval", "weak.yaml", env=variable).returncode == 1
    assert cli("eval", "weak.yaml", "--fail-on", "none", env=variable).returncode == 0
    assert cli("eval", "weak.yaml", "--config", "").returncode == 1
    assert cli("eval", "weak.yaml", env={"DFPOLICY_CONFIG": ""}).returncode == 1
    report = report_of(cli("eval", "weak.yaml", "-o", "json"))
    assert (report["profile"], report["configuration"]) == ("strict", "dfpolicy.yaml")
    one_line(cli("eval", "weak.yaml", env={"DFPOLICY_MODE": "x"}), "DFPOLICY_MODE: ")
    one_line(cli("eval", "weak.yaml", "--config", "absent.yaml"), "absent.yaml: ", "no such")


def test_no_strict_overrides_the_file(cli: Run, tmp_path: Path) -> None:
    configure(tmp_path, "strict: true\n" + waivers())
    assert cli("eval", "weak.yaml").returncode == 1
    assert cli("eval", "weak.yaml", "--no-strict").returncode == 0


def test_outputs_of_the_file_are_written(cli: Run, tmp_path: Path) -> None:
    configure(tmp_path, "outputs:\n- json=report.json\n- text\n")
    done = cli("eval", "weak.yaml", "--config", "dfpolicy.yaml")
    assert "Exit 1" in done.stdout
    assert json.loads((tmp_path / "report.json").read_text("utf-8"))["exitCode"] == 1


CNI = (
    "---\napiVersion: dfpolicy.dev/v1\nkind: ClusterFacts\nmetadata: {name: a}\nspec: {cni: mine}\n"
)


@pytest.mark.parametrize("by_flag", [False, True])
def test_accepted_cnis_of_the_file_are_accepted(cli: Run, tmp_path: Path, by_flag: bool) -> None:
    def result(*flags: str) -> dict[str, Any]:
        done = cli("eval", "-", "-o", "json", *flags, stdin=WEAK + CNI)
        (found,) = [r for r in report_of(done)["results"] if r["id"] == "DF-CNI-001"]
        assert isinstance(found, dict)
        return found

    assert result()["outcome"] == "violation"
    if not by_flag:
        configure(tmp_path, "parameters:\n  acceptedCnis: [mine]\n")
    found = result(*(["--set", "acceptedCnis=mine"] if by_flag else []))
    assert found["outcome"] == "pass"
    assert found["observed"].endswith("accepted in dfpolicy.yaml: mine")


@pytest.mark.parametrize("output", ["text", "json", "yaml"])
def test_config_show(cli: Run, tmp_path: Path, output: str) -> None:
    configure(tmp_path, "namespace: a\nprofile: strict\n" + waivers())
    env = {"DFPOLICY_PROFILE": "default"}
    done = cli("config", "show", "-o", output, "--fail-on", "none", env=env)
    assert (done.returncode, done.stderr) == (0, "")
    wanted = {
        "mode": ("auto", "default"),
        "profile": ("default", "DFPOLICY_PROFILE"),
        "namespace": ("a", "dfpolicy.yaml:1"),
        "failOn": ("none", "--fail-on"),
    }
    if output == "text":
        rows = [line.split() for line in done.stdout.splitlines()]
        assert rows[0] == ["configuration", "file:", "dfpolicy.yaml"]
        for name, (value, source) in wanted.items():
            assert [name, value, source] in rows
        assert any(row[:1] == ["DF-NET-002"] and row[-1] == "dfpolicy.yaml:4" for row in rows[2:])
        return
    shown = yaml.safe_load(done.stdout)
    assert shown["file"] == "dfpolicy.yaml"
    held = {row["name"]: (row["value"], row["source"]) for row in shown["settings"]}
    assert {name: held[name] for name in wanted} == wanted
    assert [(row["id"], row["expired"]) for row in shown["waivers"]] == [("DF-NET-002", False)]


def test_set_is_a_former_name_of_assume_and_n_a_short_one_of_namespace(cli: Run) -> None:
    known = ("agentVersion=v7.1", "ctlVersion=v7.2")
    new = cli("config", "show", "-n", "a", "--assume", known[0], "--assume", known[1])
    old = cli("config", "show", "--namespace", "a", "--set", known[1], "--assume", known[0])
    assert (new.returncode, new.stderr) == (0, "")
    assert "v7.1" in new.stdout
    assert new.stdout == old.stdout
    assert "--set " not in cli("eval", "--help-all").stdout


def test_config_show_without_a_file(cli: Run) -> None:
    assert cli("config", "show").stdout.startswith("configuration file: none\n")
    one_line(cli("config", "show", env={"DFPOLICY_STRICT": "perhaps"}), "DFPOLICY_STRICT")


WHY = ("--reason", "no packets", "--owner", "net team")


def test_waive_and_evaluate(cli: Run, tmp_path: Path) -> None:
    assert cli("eval", "weak.yaml").returncode == 1
    done = cli("waive", "DF-NET-002", *WHY, "--subject", "DaemonSet/*", "weak.yaml")
    assert (done.returncode, done.stderr) == (0, "")
    until = (today() + timedelta(90)).isoformat()
    assert done.stdout == f"waived DF-NET-002 for DaemonSet/* until {until}: dfpolicy.yaml:3\n"
    assert cli("eval", "weak.yaml").returncode == 0
    one_line(cli("waive", "DF-NET-002", *WHY, "--subject", "DaemonSet/*"), "already")
    again = cli("waive", "DF-NET-002", *WHY, "--subject", "Pod/*", "--days", "0")
    assert again.returncode == 0
    report = report_of(cli("eval", "weak.yaml", "-o", "json"))
    assert [entry["subject"] for entry in report["waivers"]["unused"]] == ["Pod/*"]


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (
            ["DF-NET-003", "weak.yaml"],
            ["DF-NET-003 needs no waiver: it is met in this input", "DF-NET-002"],
        ),
        (
            ["DF-NET-002", "--subject", "Pod/*", "weak.yaml"],
            [
                "needs no waiver for this subject",
                "DaemonSet/deepflow/deepflow-agent:deepflow-agent",
            ],
        ),
        (["DF-K8S-003"], ["DF-K8S-003 cannot be waived"]),
        (["DF-NET-0002"], ["did you mean DF-NET-002?"]),
        (["DF-NET-002", "--expires", BEFORE], ["--expires is in the past"]),
        (["DF-NET-002", "--expires", "soon"], ["--expires", "YYYY-MM-DD"]),
        (
            ["DF-NET-002", "--expires", LATER, "--days", "3"],
            ["--expires and --days cannot be used together"],
        ),
        (["DF-NET-002", "--days", "-1"], ["--days"]),
        (["DF-NET-002", "--config", ""], ["turned off"]),
        (["DF-NET-002", "absent.yaml"], ["absent.yaml"]),
        (["DF-NET-002", "--reason", " "], ["--reason"]),
    ],
)
def test_waive_refuses_what_needs_no_waiver_or_allows_none(
    cli: Run, tmp_path: Path, arguments: list[str], parts: list[str]
) -> None:
    identifier, *rest = arguments
    one_line(cli("waive", identifier, *WHY, *rest), *parts)
    assert not (tmp_path / "dfpolicy.yaml").exists()


def test_a_file_that_cannot_be_edited_safely_is_unchanged(cli: Run, tmp_path: Path) -> None:
    configure(tmp_path, "waivers: []\n")
    one_line(cli("waive", "DF-NET-002", *WHY), "add this line below `waivers:`:", "dfpolicy.yaml")
    assert (tmp_path / "dfpolicy.yaml").read_text("utf-8") == "waivers: []\n"
