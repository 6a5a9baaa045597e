"""`dfpolicy eval --helm` with the real Helm and the tests' charts, and with a Helm that fails."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from support.charts import AGENT, fake_helm, need_helm, write_chart
from support.command import Completed, Run

SECRET = "hunter2-hunter2"


@pytest.fixture
def helm(cli: Run) -> Run:
    """Return the command with the real Helm of the tree."""
    env = {"DFPOLICY_HELM": need_helm()}
    return lambda *arguments, **more: cli(*arguments, env=env, **more)


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    return write_chart(tmp_path / "charts" / "deepflow-agent", {"daemonset.yaml": AGENT})


def one_line(done: Completed, code: int, *parts: str) -> None:
    """Check that there is only one line on standard error, with all the parts."""
    assert (done.returncode, done.stdout) == (code, ""), done.stderr
    assert re.fullmatch(r"dfpolicy: error: [^\n]+\n", done.stderr), done.stderr
    for part in parts:
        assert part in done.stderr


def outcome(done: Completed, identity: str) -> dict[str, Any]:
    """Return the only result of a requirement in a JSON report."""
    assert done.returncode in (0, 1), done.stderr
    (found,) = [row for row in json.loads(done.stdout)["results"] if row["id"] == identity]
    result: dict[str, Any] = found
    return result


@pytest.mark.slow
def test_a_rendered_chart_is_checked_and_located_in_its_template(helm: Run, chart: Path) -> None:
    found = outcome(helm("eval", "--helm", "charts/deepflow-agent", "-o", "json"), "DF-K8S-001")
    assert found["outcome"] == "pass"
    assert found["subject"]["name"] == "deepflow-agent"
    assert found["location"]["template"] == "charts/deepflow-agent/templates/daemonset.yaml"
    assert found["location"]["file"] == "helm:charts/deepflow-agent"


@pytest.mark.slow
def test_a_chart_and_a_pipe_give_the_same_report(helm: Run, chart: Path) -> None:
    command = [need_helm(), "template", "--namespace=x", "deepflow-agent", str(chart)]
    piped = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    own = helm("eval", "--helm", str(chart), "--namespace", "x", "-o", "json")
    other = helm("eval", "-", "--namespace", "x", "-o", "json", stdin=piped)

    def bare(done: Completed) -> list[dict[str, Any]]:
        rows = json.loads(done.stdout)["results"]
        return [{key: item for key, item in row.items() if key != "location"} for row in rows]

    assert bare(own) == bare(other)
    assert {row["subject"].get("namespace") for row in bare(own)} >= {"x"}


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [
        ["-f", "off.yaml"],
        ["--helm-values", "on.yaml", "--helm-values", "off.yaml"],
        ["-f", "on.yaml", "--helm-set", "hostPID=false"],
        ["--helm-arg=--set-json=hostPID=false"],
        ["-f", "-"],
    ],
)
def test_values_change_the_result(
    helm: Run, chart: Path, tmp_path: Path, options: list[str]
) -> None:
    (tmp_path / "off.yaml").write_text("hostPID: false\n", "utf-8")
    (tmp_path / "on.yaml").write_text("hostPID: true\n", "utf-8")
    done = helm("eval", "--helm", str(chart), *options, "-o", "json", stdin="hostPID: false\n")
    assert outcome(done, "DF-K8S-001")["outcome"] == "violation"


@pytest.mark.slow
def test_values_are_read_from_a_process_substitution(chart: Path, tmp_path: Path) -> None:
    command = f"{sys.executable} -m dfpolicy eval --helm {chart} -f <(echo hostPID: false) -o json"
    env = os.environ | {"DFPOLICY_HELM": need_helm()}
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, env=env, check=False
    )
    assert outcome(done, "DF-K8S-001")["outcome"] == "violation"


@pytest.mark.slow
def test_release_and_namespace_reach_the_chart(helm: Run, chart: Path) -> None:
    done = helm(
        *("eval", "--helm", str(chart), "--release", "mine", "--namespace", "here", "-o", "json")
    )
    subject = outcome(done, "DF-K8S-001")["subject"]
    assert (subject["namespace"], subject["name"]) == ("here", "mine")


@pytest.mark.slow
def test_facts_are_read_together_with_a_chart(helm: Run, chart: Path, tmp_path: Path) -> None:
    facts = "apiVersion: dfpolicy.dev/v1\nkind: NodeFacts\nmetadata: {name: a}\nspec: {cpus: 300}\n"
    (tmp_path / "node.yaml").write_text(facts, "utf-8")
    for arguments in (["node.yaml"], ["--facts", "node.yaml"]):
        done = helm("eval", "--helm", str(chart), *arguments, "-o", "json")
        assert outcome(done, "DF-EBPF-012")["outcome"] == "violation"


@pytest.mark.slow
def test_annotations_and_scans_point_at_the_template(helm: Run, chart: Path) -> None:
    done = helm("eval", "--helm", "charts/deepflow-agent", "-o", "github")
    assert "::error file=charts/deepflow-agent/templates/daemonset.yaml,line=1," in done.stdout
    done = helm("eval", "--helm", "charts/deepflow-agent", "-o", "sarif")
    for result in json.loads(done.stdout)["runs"][0]["results"]:
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "charts/deepflow-agent/templates/daemonset.yaml"
    done = helm("eval", "--helm", "charts/deepflow-agent", "-o", "gitlab")
    assert {issue["location"]["path"] for issue in json.loads(done.stdout)} == {
        "charts/deepflow-agent/templates/daemonset.yaml"
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("a: {{ if }}\n", "missing value for if"),
        ("a: {{ .Values.a.b.c }}\n", "nil pointer"),
        ('a: {{ required "a password is wanted" .Values.none }}\n', "a password is wanted"),
        ("a: [\n", "did not find expected node content"),
        ('{{ fail "first\\nsecond" }}\n', "first second"),
    ],
)
def test_a_fault_of_the_chart_is_one_line(
    helm: Run, tmp_path: Path, template: str, reason: str
) -> None:
    chart = write_chart(tmp_path / "x", {"a.yaml": template})
    one_line(helm("eval", "--helm", str(chart)), 2, f"helm:{chart}: helm cannot render", reason)


@pytest.mark.slow
def test_a_dependency_that_was_not_built_is_named(helm: Run, tmp_path: Path) -> None:
    more = "dependencies: [{name: other, version: 1.0.0, repository: 'file://../other'}]\n"
    chart = write_chart(tmp_path / "x", {"a.yaml": AGENT}, more=more)
    one_line(helm("eval", "--helm", str(chart)), 2, "helm dependency build", "other")


@pytest.mark.slow
def test_a_missing_chart_or_values_file_is_an_error(helm: Run, chart: Path) -> None:
    one_line(helm("eval", "--helm", "gone"), 2, "helm:gone: ", "chart not found: check its path")
    one_line(helm("eval", "--helm", "gone/agent"), 2, "add the repository: helm repo add gone URL")
    one_line(helm("eval", "--helm", str(chart), "-f", "gone.yaml"), 2, "gone.yaml")
    one_line(helm("eval", "--helm", str(chart), "--helm-arg=--bogus"), 2, "unknown flag: --bogus")


@pytest.mark.slow
def test_a_boolean_for_a_string_names_the_value_to_quote(helm: Run, tmp_path: Path) -> None:
    chart = write_chart(tmp_path / "x", {"a.yaml": "{{ lower .Values.hostNetwork }}"})
    done = helm("eval", "--helm", str(chart), "--helm-set", "hostNetwork=true")
    one_line(done, 2, 'quote it in a values file, for example hostNetwork: "true"')


@pytest.mark.slow
def test_a_chart_without_an_agent_or_a_document(helm: Run, tmp_path: Path) -> None:
    other = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
    chart = write_chart(tmp_path / "x", {"a.yaml": other})
    one_line(helm("eval", "--helm", str(chart)), 2, f"helm:{chart}: no DeepFlow agent in the input")
    chart = write_chart(tmp_path / "y", {"a.yaml": "{{ if false }}a: 1{{ end }}"})
    one_line(helm("eval", "--helm", str(chart)), 2, f"helm:{chart}: the chart renders to nothing")


@pytest.mark.slow
@pytest.mark.parametrize("where", ["chart", "file", "set", "argument", "pipe", "environment"])
def test_no_message_shows_a_secret(helm: Run, tmp_path: Path, where: str) -> None:
    values = f"auth: {{apiKey: {SECRET}}}\nlist:\n- {{name: DB_PASSWORD, value: {SECRET}}}\n"
    fault = '{{ if .Values.auth }}{{ fail (printf "not %q or %s" .Values.auth.apiKey'
    fault += " (index .Values.list 0).value) }}{{ end }}"
    chart = write_chart(
        tmp_path / "x", {"a.yaml": fault}, values if where in ("chart", "environment") else ""
    )
    (tmp_path / "v.yaml").write_text(values, "utf-8")
    setting = f"auth.apiKey={SECRET},list[0].name=PASSWORD,list[0].password={SECRET}"
    options = {
        "file": ["-f", "v.yaml"],
        "set": ["--helm-set", setting],
        "argument": [f"--helm-arg=--set={setting}"],
        "pipe": ["-f", "-"],
    }.get(where, [])
    if where == "environment":
        # Helm's debug mode prints the rendered manifests.
        options = ["--helm-arg=--debug"]
    done = helm("eval", "--helm", str(chart), *options, stdin=values if where == "pipe" else "")
    one_line(done, 2, "(hidden)")
    assert SECRET not in done.stderr


@pytest.mark.slow
def test_a_schema_of_values_shows_no_secret(helm: Run, tmp_path: Path) -> None:
    chart = write_chart(tmp_path / "x", {"a.yaml": AGENT})
    schema = {"properties": {"password": {"pattern": "^[0-9]+$"}}}
    (chart / "values.schema.json").write_text(json.dumps(schema), "utf-8")
    done = helm("eval", "--helm", str(chart), "--helm-set", f"password={SECRET}")
    one_line(done, 2, "(hidden)", "pattern")
    assert SECRET not in done.stderr


@pytest.mark.slow
def test_a_default_that_names_the_chart_stays_readable(helm: Run, tmp_path: Path) -> None:
    more = "dependencies: [{name: deepflow-agent, version: 1.0.0, repository: 'file://../a'}]\n"
    chart = write_chart(tmp_path / "deepflow", {}, "password: deepflow\n", more)
    one_line(helm("eval", "--helm", str(chart)), 2, "directory: deepflow-agent")
    done = helm("eval", "--helm", str(chart), "--helm-set", "password=deepflow")
    one_line(done, 2, "directory: (hidden)-agent")


# Without helm, or with a helm that fails.


def test_without_helm_nothing_is_skipped(cli: Run, chart: Path, tmp_path: Path) -> None:
    empty = {"PATH": str(tmp_path)}
    one_line(
        cli("eval", "--helm", str(chart), env=empty),
        2,
        "--helm needs helm, which is not on PATH",
        "--helm-bin",
    )
    gone = {"DFPOLICY_HELM": "/gone/helm"}
    one_line(cli("eval", "--helm", str(chart), env=gone), 2, "/gone/helm")
    done = cli("eval", "--helm", str(chart), "--helm-bin", "/gone/too", env=gone)
    one_line(done, 2, "/gone/too")


def test_no_other_source_hides_that_helm_is_missing(cli: Run, chart: Path, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(AGENT.replace("{{", "'{{").replace("}}", "}}'"), "utf-8")
    done = cli("eval", "a.yaml", "--helm", str(chart), env={"PATH": str(tmp_path)})
    one_line(done, 2, "--helm needs helm, which is not on PATH")


def test_a_helm_that_is_not_a_program_is_an_error(cli: Run, chart: Path, tmp_path: Path) -> None:
    path = tmp_path / "helm"
    path.write_bytes(b"\x7fELFnonsense")
    path.chmod(0o755)
    done = cli("eval", "--helm", str(chart), "--helm-bin", str(path))
    one_line(done, 2, "cannot run helm:", str(path))


@pytest.mark.parametrize(
    ("script", "code", "part"),
    [
        ("kill -9 $$", 3, "killed by signal 9"),
        ("exit 7", 2, "exit code 7, no message"),
        ("echo 'a' >&2; echo 'plugin broke' >&2; exit 1", 2, "plugin broke"),
        ("printf 'Error: %2000s' x | tr ' ' y >&2; exit 1", 2, "yyy..."),
        ("printf 'Error: \\033[31mred\\n' >&2; exit 1", 2, "?[31mred"),
        ("printf 'a: \\377\\n'", 2, "not valid UTF-8"),
        ("echo 'a: ['", 2, "helm:"),
    ],
)
def test_failures_of_helm_are_one_line(
    cli: Run, chart: Path, tmp_path: Path, script: str, code: int, part: str
) -> None:
    binary = fake_helm(tmp_path, script)
    done = cli("eval", "--helm", str(chart), "--helm-bin", binary)
    one_line(done, code, part)
    assert len(done.stderr) < 1000


@pytest.mark.skipif(os.name != "posix", reason="pipes with names are POSIX")
def test_a_slow_helm_is_stopped_with_its_children(
    cli: Run, chart: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    # A child of helm keeps the pipe open, and would write to it later.
    binary = fake_helm(tmp_path, f"exec 3>{pipe}; (echo up; sleep 60; echo survived) >&3 & wait")
    opened = []

    def slow(_process: object, *given: Any) -> tuple[bytes, bytes]:
        opened.append(pipe.open(encoding="ascii"))
        assert opened[0].readline() == "up\n"
        assert given[:2] == (None, 7)
        raise subprocess.TimeoutExpired("helm", 7)

    monkeypatch.setattr("dfpolicy.system.subprocesses._communicate", slow)
    done = cli("eval", "--helm", str(chart), "--helm-bin", binary, "--helm-timeout", "7")
    one_line(done, 3, "more than 7 s", "--helm-timeout")
    # The pipe ends when the last process that has it open exits.
    with opened[0] as stream:
        assert stream.read() == ""


def test_warnings_of_helm_are_not_errors(cli: Run, chart: Path, tmp_path: Path) -> None:
    stream = AGENT.replace("{{ .Release.Name }}", "a").replace("{{ .Release.Namespace }}", "b")
    stream = stream.replace("{{ .Values.hostPID }}", "true").replace("{{ .Values.tag }}", "v7.1")
    (tmp_path / "stream").write_text(stream, "utf-8")
    script = f'echo "level=WARN msg=\\"password {SECRET}\\"" >&2; cat {tmp_path}/stream'
    done = cli("eval", "--helm", str(chart), "--helm-bin", fake_helm(tmp_path, script), "-q")
    assert (done.returncode, done.stderr) == (1, "")
    assert SECRET not in done.stdout


def test_output_without_end_is_cut_off(cli: Run, chart: Path, tmp_path: Path) -> None:
    binary = fake_helm(tmp_path, "yes")
    limit = ("--max-input-size", "1")
    done = cli("eval", "--helm", str(chart), "--helm-bin", binary, *limit)
    one_line(done, 2, "larger than 1 MiB")


def test_a_chart_is_never_read_as_an_option_of_helm(cli: Run, tmp_path: Path) -> None:
    binary = fake_helm(tmp_path, 'printf "Error: %s" "$*" >&2; exit 1')
    done = cli("eval", "--helm=--post-renderer=x", "--helm-bin", binary)
    one_line(done, 2, "-- post-renderer-x --post-renderer=x")


def test_credentials_of_an_address_are_not_shown(cli: Run, tmp_path: Path) -> None:
    address = f"https://me:{SECRET}@example.com/deepflow-agent-7.1.002.tgz"
    done = cli("eval", "--helm", address, "--helm-bin", fake_helm(tmp_path, "exit 1"))
    one_line(done, 2, "helm:https://example.com/deepflow-agent-7.1.002.tgz")
    assert SECRET not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["-f", "a.yaml"], "-f needs --helm"),
        (["--helm-set", "a=b", "-"], "--helm-set needs --helm"),
        (["--release", "a"], "--release needs --helm"),
        (["--helm-timeout", "5"], "--helm-timeout needs --helm"),
        (["--helm", ""], "--helm is empty"),
        (["--helm", "x", "-f", "-", "-"], "standard input is used twice"),
        (["--helm", "x", "--if-present"], "--if-present works with files, not with a chart"),
        (["--helm", "x", "-f", "/dev/null", "-f", "-"], "only one values file can be a stream"),
        (["--set", "image.tag=v7"], "--helm-set"),
    ],
)
def test_invalid_helm_options_are_one_line(
    cli: Run, tmp_path: Path, arguments: list[str], part: str
) -> None:
    binary = fake_helm(tmp_path, "exit 9")
    one_line(cli("eval", *arguments, env={"DFPOLICY_HELM": binary}), 2, part)


@pytest.mark.slow
def test_a_chart_needs_no_standard_input(helm: Run, chart: Path) -> None:
    done = helm("eval", "--helm", str(chart), stdin="not: [yaml")
    assert done.returncode == 1
