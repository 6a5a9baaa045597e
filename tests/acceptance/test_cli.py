"""The command as a user runs it: exit codes for each format, and bad input in one line."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from dfpolicy.engines.wasm import WasmEngine
from dfpolicy.errors import EngineError
from dfpolicy.input import schemas
from support import decisions
from support.command import Completed, Run
from support.manifests import BARE

GOOD = (decisions.EXAMPLES / "single-k8s" / "manifests.yaml").read_text("utf-8")
OTHER = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n"


def one_line(done: Completed, code: int, *parts: str) -> None:
    """Check that there is only one line on standard error, with all the parts, and no traceback."""
    assert (done.returncode, done.stdout) == (code, "")
    assert re.fullmatch(r"dfpolicy: [^\n]+\n", done.stderr), done.stderr
    for part in parts:
        assert part in done.stderr


def report_of(done: Completed) -> dict[str, Any]:
    """Return the JSON report after checking it against its schema."""
    report: dict[str, Any] = json.loads(done.stdout)
    assert schemas.first_error(report, "report") is None
    return report


def said_exit(text: str) -> int:
    """Return the exit code that a report for people states."""
    found = re.search(r"^\d+ requirements?: .* Exit (\d)", text, re.MULTILINE)
    assert found, text
    return int(found[1])


# Exit codes, one by one. A run writes each kind of report, and all state the actual exit code.

WEAKER = GOOD.replace("hostNetwork: true", "hostNetwork: false").replace(
    "dnsPolicy: ClusterFirstWithHostNet", "dnsPolicy: ClusterFirst"
)


@pytest.mark.parametrize(
    ("manifests", "options", "code"),
    [
        (GOOD, [], 0),
        (BARE, [], 1),
        (BARE, ["--fail-on", "none"], 0),
        (WEAKER, [], 0),
        (WEAKER, ["--fail-on", "recommended"], 1),
        (GOOD, ["--strict"], 1),
    ],
    ids=["good", "required", "none fails", "recommended", "recommended fails", "unknown, strict"],
)
def test_exit_code_0_or_1_depends_on_violations(
    cli: Run, tmp_path: Path, manifests: str, options: list[str], code: int
) -> None:
    outputs = ("-o", "text", "-o", "json=a.json", "-o", "yaml=a.yaml", "-o", "html=a.html")
    done = cli("eval", "-", *outputs, *options, stdin=manifests)
    assert (done.returncode, done.stderr, said_exit(done.stdout)) == (code, "", code)
    as_json = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert schemas.first_error(as_json, "report") is None
    assert as_json["exitCode"] == code
    assert as_json == yaml.safe_load((tmp_path / "a.yaml").read_text("utf-8"))
    page = (tmp_path / "a.html").read_text("utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert re.search(rf"Exit {code}(?:\.| \(with --strict)", page)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "a.json", "a.yaml"]


def test_exit_2_for_an_ignored_document_with_strict(cli: Run) -> None:
    stream = f"{GOOD}---\nreplicas: 1\n"
    assert cli("eval", "-", stdin=stream).returncode == 0
    one_line(cli("eval", "-", "--strict", stdin=stream), 2, "stdin:", "--strict")


@pytest.mark.parametrize("stdin", ["", "\n", "---\n---\n", "# nothing\n", "\ufeff"])
def test_exit_2_without_a_document(cli: Run, stdin: str, tmp_path: Path) -> None:
    told = "standard input contains no document; run the command before the pipe"
    one_line(cli("eval", "-", stdin=stdin), 2, told)
    (tmp_path / "empty.yaml").write_text(stdin, "utf-8")
    one_line(cli("eval", "empty.yaml"), 2, "the input contains no document")


def test_exit_2_without_an_agent_and_the_old_report_stays(cli: Run, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    report.write_text("old", "utf-8")
    done = cli("eval", "-", "-o", "json=report.json", stdin=OTHER)
    one_line(done, 2, "no DeepFlow agent in the input")
    assert report.read_text("utf-8") == "old"


def test_exit_3_when_the_engine_fails(cli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: WasmEngine, document: dict[str, Any]) -> dict[str, Any]:
        raise EngineError(f"no decision from {type(self).__name__} on {len(document)} keys")

    monkeypatch.setattr(WasmEngine, "evaluate", fail)
    done = cli("eval", "-", stdin=BARE)
    one_line(done, 3, "dfpolicy: error: no decision from WasmEngine on 6 keys\n")


# Signals, and standard streams that are closed, full or abandoned, are in tests/support/faults.


# Bad input.


BAD_TEXTS: dict[str, tuple[str | bytes, tuple[str, ...]]] = {
    "binary": (b"\x7fELF\x02\x01\xff\xfe", ("stdin:1", "not valid UTF-8")),
    "NUL": (b"kind: X\nname: \x00\n", ("stdin:2", "NUL")),
    "unclosed quote": (f"{BARE}---\n\nname: 'open\nother: 1\n", ("stdin:12", "not valid YAML")),
    "tab": ("a:\n\tb: 1\n", ("stdin:2", "not valid YAML")),
    "duplicate key": (f"{BARE}---\nkind: X\nkind: Y\n", ("stdin:12", "duplicate key 'kind'")),
    "duplicate key in JSON": ('{"kind": "X",\n"kind": "Y"}', ("stdin:2", "duplicate key 'kind'")),
    "unrendered template": ("kind: {{ .Values.kind }}\n", ("stdin:1", "render it first")),
    "a log message": (f"{BARE}---\nWARNING: a: b\n", ("stdin:11", "message of a program")),
    "the notes of Helm": (f"{BARE}NOTES:\n1. a: b: c\n", ("stdin:10", "notes of Helm")),
    "undefined alias": ("a: *b\n", ("stdin:1",)),
    "alias of itself": (
        "a: &a\n  b: *a\n",
        ("stdin:2", "an alias refers to the value that contains it"),
    ),
    "unknown tag": ("a: !!python/object:os.system x\n", ("stdin:1", "tag")),
    "deep YAML": ("a: " + "[" * 5000 + "]" * 5000, ("stdin:1",)),
    "deep JSON": ('{"a": ' + "[" * 50000 + "]" * 50000 + "}", ("stdin:1",)),
    "lone surrogate": ('{"kind": "\\ud800"}', ("stdin:1",)),
    "kind is no text": ("apiVersion: v1\nkind: 5\nmetadata: {name: a}\n", ("stdin:1", "kind")),
    "no metadata": ("apiVersion: v1\nkind: X\n", ("stdin:1", "metadata.name")),
    "metadata is a list": ("apiVersion: v1\nkind: X\nmetadata: []\n", ("metadata.name",)),
    "name is a number": ("apiVersion: v1\nkind: X\nmetadata: {name: 5}\n", ("metadata.name",)),
    "two of one name": (f"{OTHER}---\n{OTHER}data: {{a: b}}\n", ("stdin:5", "stdin:1", "settings")),
    "two cluster facts": (
        "".join(
            f"---\napiVersion: dfpolicy.dev/v1\nkind: ClusterFacts\nmetadata: {{name: {name}}}\n"
            "spec: {}\n"
            for name in "ab"
        ),
        ("stdin:7", "ClusterFacts"),
    ),
    "facts of another shape": (
        "apiVersion: dfpolicy.dev/v1\nkind: NodeFacts\nmetadata: {name: a}\nspec: {cpus: many}\n",
        ("stdin:4", "NodeFacts", "spec.cpus"),
    ),
    "facts that nobody knows": (
        "apiVersion: dfpolicy.dev/v1\nkind: NodeFacts\nmetadata: {name: a}\nspec:\n"
        "  cpus: 4\n  btff: true\n",
        ("stdin:6", "NodeFacts", "'btff'", "btf,"),
    ),
    "two facts of one node": (
        "".join(
            "---\napiVersion: dfpolicy.dev/v1\nkind: NodeFacts\nmetadata: {name: a}\n"
            f"spec: {{cpus: {cpus}}}\n"
            for cpus in (4, 5)
        ),
        ("stdin:7", "stdin:2", "NodeFacts a"),
    ),
    "truncated facts": (
        "apiVersion: dfpolicy.dev/v1\nkind: NodeFacts\nmetadata: {name: a}\nspec: {cpus: 4,\n",
        ("stdin:5",),
    ),
}


@pytest.mark.parametrize("name", BAD_TEXTS)
def test_an_invalid_file_gives_one_line_with_its_place(cli: Run, name: str) -> None:
    stdin, parts = BAD_TEXTS[name]
    one_line(cli("eval", "-", stdin=stdin), 2, *parts)


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {p: hunter2, p: hunter3}\n",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData:\n  p: 'hunter2\n",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData:\n  p: !x hunter2\n",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {p: !!int hunter2}\n",
        '{"apiVersion": "v1", "kind": "Secret", "data": {"p": "hunter2", "p": "hunter3"}}',
        "apiVersion: dfpolicy.dev/v1\nkind: NodeFacts\nmetadata: {name: a}\nspec: {btf: hunter2}\n",
    ],
)
def test_no_message_quotes_a_value(cli: Run, text: str) -> None:
    done = cli("eval", "-", stdin=text)
    one_line(done, 2)
    assert "hunter" not in done.stderr


def test_names_cannot_control_the_terminal(cli: Run) -> None:
    image = '"deepflow-agent:v7.1\\e[31m\\a"'
    painted = re.sub(r"image: \S+", lambda _: f"image: {image}", BARE)
    done = cli("eval", "-", "-v", stdin=painted)
    assert done.returncode == 1
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", done.stdout)
    one_line(cli("eval", "-", stdin='apiVersion: v1\nkind: "X\\e[31m"\n'), 2)


def test_a_number_too_large_for_json_hides_no_agent(cli: Run) -> None:
    document = yaml.safe_load(BARE)
    text = json.dumps(document).replace('"spec": {', '"spec": {"minReadySeconds": 1e400,', 1)
    assert cli("eval", "-", stdin=text).returncode == 1


# Sources.


def test_missing_sources_are_an_error(cli: Run, tmp_path: Path) -> None:
    one_line(cli("eval", "absent.yaml"), 2, "absent.yaml", "no such file")
    one_line(cli("eval", "*.none"), 2, "*.none", "no file matches")
    (tmp_path / "empty").mkdir()
    one_line(cli("eval", "empty"), 2, "empty", "no .yaml, .yml, .json or .service file")
    (tmp_path / "file").write_text("", "utf-8")
    one_line(cli("eval", "file/below.yaml"), 2, "file/below.yaml")
    one_line(cli("eval", "-", "-"), 2, "twice")


def test_files_folders_and_globs_are_read_in_order(cli: Run, tmp_path: Path) -> None:
    below = tmp_path / "chart" / "templates"
    below.mkdir(parents=True)
    for number, document in enumerate(GOOD.split("---\n")):
        (below / f"{number:02}.yaml").write_text(document, "utf-8")
    (below / "notes.txt").write_text("'", "utf-8")
    one = cli("eval", "-", "-o", "json", stdin=GOOD)
    for sources in (["chart"], ["chart/**/*.yaml"], ["chart/templates/0*", "chart"]):
        done = cli("eval", *sources, "-o", "json")
        assert done.returncode == 0, done.stderr
        ids = [
            [result["id"] for result in json.loads(each.stdout)["results"]] for each in (one, done)
        ]
        assert ids[0] == ids[1]


def test_standard_input_is_read_without_sources(cli: Run) -> None:
    assert cli("eval", stdin=BARE).returncode == 1


@pytest.mark.parametrize(
    "content",
    [
        BARE.replace("\n", "\r\n").encode(),
        BARE.encode("utf-8-sig"),
        BARE.encode("utf-16"),
        json.dumps(yaml.safe_load(BARE)).encode(),
        json.dumps({"apiVersion": "v1", "kind": "List", "items": [yaml.safe_load(BARE)]}).encode(),
        json.dumps(yaml.safe_load(OTHER)).encode() + json.dumps(yaml.safe_load(BARE)).encode(),
        f"---\n---\n# empty\n---\n{BARE}...\n---\n".encode(),
        f"{BARE}---\n{BARE}".encode(),
    ],
    ids=["CRLF", "BOM", "UTF-16", "JSON", "List", "JSON texts", "empty documents", "same twice"],
)
def test_one_agent_in_each_form(cli: Run, content: bytes) -> None:
    done = cli("eval", "-", "-o", "json", stdin=content)
    assert done.returncode == 1, done.stderr
    assert len(report_of(done)["agents"]) == 1


def test_a_result_names_template_and_line(cli: Run) -> None:
    helm = f"---\n# Source: a/templates/c.yaml\n{OTHER}---\n# Source: a/templates/ds.yaml\n{BARE}"
    report = report_of(cli("eval", "-", "-o", "json", stdin=helm))
    places = {
        "container" in result["subject"]: result["location"]
        for result in report["results"]
        if result["subject"]["kind"] == "DaemonSet"
    }
    first = {"file": "stdin", "document": 2, "template": "a/templates/ds.yaml"}
    lines = helm.splitlines()
    assert places[False] == first | {"line": lines.index("apiVersion: apps/v1") + 1}
    assert places[True] == first | {"line": lines.index("      - name: deepflow-agent") + 1}


# Output.


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["-o", "xml"], "xml"),
        (["-o", "json", "-o", "text"], "two reports would go to the same place"),
        (["-o", "json=a", "-o", "yaml=./a"], "two reports would go to the same place"),
        (["-o", "json=absent/a"], "the directory for the report does not exist"),
        (["-o", "json=."], "is a directory"),
        (["-o", "json="], "no path"),
        (["-v", "-q"], "-v and -q cannot be used together"),
        (["--set", "agentVersion"], "KEY=VALUE"),
        (["--set", "other=1"], "other"),
        (["--mode", "none"], "--mode: unknown value "),
        (["--from", "v6.5", "--mode", "single-k8s"], "--from cannot be used with --mode"),
        (["--from", "v6.5", "--from", "v6.6"], "--from has two versions"),
        (["--from", "-"], "standard input is used twice"),
        (["--from", "absent.yaml"], "absent.yaml"),
        (["--from", "latest"], "latest"),
        (["--fail-on", "never"], "--fail-on must be one of required, "),
        (["--unknown"], "--unknown"),
    ],
)
def test_bad_usage_is_one_line(cli: Run, arguments: list[str], part: str) -> None:
    one_line(cli("eval", "-", *arguments, stdin=BARE), 2, part)


def test_the_proposed_commands_repeat_how_to_check(cli: Run) -> None:
    broken = str(decisions.EXAMPLES / "single-k8s/broken.yaml")
    given = ["-m", "single-k8s", "-n", "my ns", "--profile", "strict", "--set", "agentVersion=v7.1"]
    report = json.loads(cli("eval", broken, *given, "-o", "json").stdout)
    repeated = "--mode single-k8s --namespace 'my ns' --profile strict --assume agentVersion=v7.1"
    proposed = report["verdict"]["next"]
    assert f"{broken} {repeated} -o " in proposed["change"][0]
    assert proposed["check"][0].endswith(f" {repeated}")
    assert schemas.first_error(report, "report") is None


def test_the_proposed_fix_upgrades_the_same_release(
    cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new, old = tmp_path / "new.yaml", tmp_path / "old.yaml"
    text = (decisions.EXAMPLES / "single-k8s/broken.yaml").read_text()
    new.write_text(text)
    old.write_text(text.replace(":v7.1", ":v6.5.8"))
    monkeypatch.chdir(tmp_path)
    report = json.loads(cli("eval", "new.yaml", "--from", "old.yaml", "-o", "json").stdout)
    assert report["mode"]["name"] == "upgrade"
    _, *words = shlex.split(report["verdict"]["next"]["change"][0])
    assert words[:4] == ["fix", "new.yaml", "--from", "old.yaml"]
    plan = json.loads(cli(*words[:4], "-o", "plan").stdout)
    assert plan["before"]["mode"] == "upgrade"
    proof = cli(*words[:4], "--profile", "strict").stdout
    assert "dfpolicy check --deep new.yaml --mode upgrade --profile strict\n" in proof


def test_verbose_and_quiet_change_the_text_report(cli: Run) -> None:
    plain, more, less = (cli("eval", "-", *flag, stdin=BARE) for flag in ([], ["-v"], ["-q"]))
    assert len(less.stdout) < len(plain.stdout) < len(more.stdout)
    assert "✓" in more.stdout
    assert "✓" not in plain.stdout
    assert not any(line.startswith("  ?") for line in less.stdout.splitlines())
    assert max(map(len, plain.stdout.splitlines()[:-1])) <= 100


def test_colour_only_when_requested(cli: Run) -> None:
    assert "\x1b[" not in cli("eval", "-", stdin=BARE).stdout
    assert "\x1b[" in cli("eval", "-", "--color", "always", stdin=BARE).stdout
    env = {"NO_COLOR": "1"}
    assert "\x1b[" not in cli("eval", "-", stdin=BARE, env=env).stdout


# Other commands.


def test_version_and_help(cli: Run) -> None:
    assert re.fullmatch(r"dfpolicy \S+\n", cli("--version").stdout)
    told = cli("--help")
    assert told.returncode == 0
    for command in ("eval", "explain", "schema"):
        assert command in told.stdout
        assert cli(command, "--help").returncode == 0
    one_line(cli("evaluate"), 2, "evaluate")
    assert cli().returncode == 2


def test_explain(cli: Run) -> None:
    told = cli("explain", "df-k8s-001")
    assert told.returncode == 0
    for part in ("DF-K8S-001  ", "required", "Why", "You lose", "Fix", "Source", "https://"):
        assert part in told.stdout
    assert "DF-EBPF-005" in cli("explain", "ebpf").stdout
    assert "DF-RBAC-001" in cli("explain").stdout
    one_line(cli("explain", "DF-K8S-0001"), 2, "DF-K8S-001")
    mode = cli("explain", "serverless-pod").stdout
    assert re.search(r"^ *DF-NET-002 +required ", mode, re.MULTILINE)
    assert re.search(r"^ *DF-NET-001 +not applicable ", mode, re.MULTILINE)


def test_schema(cli: Run) -> None:
    for name in cli("schema").stdout.split():
        schema = json.loads(cli("schema", name).stdout)
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    one_line(cli("schema", "absent"), 2, "absent")


NODE = """\
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Node
    metadata: {name: worker-1}
    status:
      nodeInfo:
        architecture: amd64
        kernelVersion: 5.15.0-91-generic
        osImage: Ubuntu 22.04.4 LTS
"""


def test_features_need_only_nodes(cli: Run) -> None:
    done = cli("features", "-o", "json", stdin=NODE)
    assert done.returncode == 0
    assert [(row["node"], row["kprobe"]) for row in json.loads(done.stdout)] == [
        ("worker-1", "yes")
    ]


FACTS = """\
apiVersion: dfpolicy.dev/v1
kind: NodeFacts
metadata: {name: worker-1}
spec: {kernelRelease: 4.4.0-1-generic}
"""


def test_facts_are_read_from_separate_files(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").write_text(FACTS)
    facts = ("--facts", str(tmp_path / "facts.yaml"))
    done = cli("features", "-o", "json", *facts, stdin=NODE)
    assert [(row["node"], row["kprobe"]) for row in json.loads(done.stdout)] == [("worker-1", "no")]
    done = cli("eval", "-o", "json", "--facts", str(tmp_path), stdin=BARE)
    (result,) = [row for row in json.loads(done.stdout)["results"] if row["id"] == "DF-KERNEL-001"]
    assert result["subject"]["name"] == "worker-1"


def test_files_without_facts_are_an_error(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").write_text("# none yet\n")
    done = cli("eval", "--facts", str(tmp_path / "facts.yaml"), stdin=BARE)
    one_line(done, 2, "facts.yaml", "this file contains no document")
    one_line(cli("eval", "--facts", "absent.yaml", stdin=BARE), 2, "absent.yaml")
    one_line(cli("eval", "-", "--facts", "-", stdin=BARE), 2, "standard input is used twice")


OLD = BARE.replace("v7.1", "v6.5.8")


def of_upgrade(report: dict[str, Any], identifier: str) -> str:
    """The outcome of a requirement that has one result."""
    (found,) = [result for result in report["results"] if result["id"] == identifier]
    return str(found["outcome"])


@pytest.mark.parametrize("mode", [(), ("--mode", "upgrade")])
def test_an_upgrade_from_a_file(cli: Run, tmp_path: Path, mode: tuple[str, ...]) -> None:
    (tmp_path / "old.yaml").write_text(OLD)
    done = cli("eval", "-o", "json", "--from", str(tmp_path), *mode, stdin=BARE)
    report = report_of(done)
    assert report["mode"]["name"] == "upgrade"
    assert report["mode"]["source"] == ("given" if mode else "detected")
    assert [entry["version"] for entry in report["running"]] == ["6.5.8"]
    assert [entry["version"] for entry in report["agents"]] == ["7.1"]
    assert of_upgrade(report, "DF-UPG-007") == "pass"
    assert of_upgrade(report, "DF-UPG-001") == "unknown"


def test_an_upgrade_from_standard_input(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "new.yaml").write_text(BARE)
    new = str(tmp_path / "new.yaml")
    report = report_of(cli("eval", new, "-o", "json", "--from", "-", stdin=OLD))
    assert [entry["version"] for entry in report["running"]] == ["6.5.8"]


def test_an_upgrade_from_a_version(cli: Run, tmp_path: Path) -> None:
    done = cli("eval", "-o", "json", "--from", "v6.5.8", stdin=BARE)
    report = report_of(done)
    assert done.returncode == 1
    assert report["running"] == []
    assert of_upgrade(report, "DF-UPG-001") == "violation"
    assert of_upgrade(report, "DF-UPG-007") == "unknown"
    # A version supplements images without one.
    (tmp_path / "old.yaml").write_text(OLD.replace("v6.5.8", "latest"))
    beside = ("--from", str(tmp_path / "old.yaml"), "--from", "v7.1")
    report = report_of(cli("eval", "-o", "json", *beside, stdin=BARE))
    assert [entry["version"] for entry in report["running"]] == ["7.1"]


def test_the_version_of_deepflow_ctl_can_be_set(cli: Run) -> None:
    stated = ("--from", "v7.1", "--set", "ctlVersion=v7.1.2")
    report = report_of(cli("eval", "-o", "json", *stated, stdin=BARE))
    assert of_upgrade(report, "DF-UPG-003") == "pass"


def test_an_upgrade_without_the_running_release_names_the_command(cli: Run) -> None:
    done = cli("eval", "-o", "json", "--mode", "upgrade", stdin=BARE)
    assert "--from" in done.stdout
    assert "dfpolicy collect cluster" in done.stdout
    text = cli("eval", "--mode", "upgrade", stdin=BARE).stdout
    assert "dfpolicy check --deep - --mode upgrade\n" in text


def test_a_running_release_without_deepflow_is_an_error(cli: Run, tmp_path: Path) -> None:
    old = tmp_path / "old.yaml"
    for text, part in (
        (OTHER, "no DeepFlow agent or server in the running release ("),
        ("# none\n", "old.yaml"),
    ):
        old.write_text(text)
        one_line(cli("eval", "--from", str(old), stdin=BARE), 2, part)
    old.write_text("a: [\n")
    one_line(cli("eval", "--from", str(old), stdin=BARE), 2, "old.yaml:")


def test_features_without_a_node_is_an_error(cli: Run) -> None:
    done = cli("features", stdin="apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")
    assert done.returncode == 2
    assert done.stdout == ""
    assert "no node in the input" in done.stderr


def test_features_in_an_unknown_format_is_an_error(cli: Run) -> None:
    done = cli("features", "-o", "nonsense", stdin=NODE)
    assert done.returncode == 2
    assert "unknown output format" in done.stderr
