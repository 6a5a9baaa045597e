"""Hostile texts through every writer: each format of each table, and each command.

The tests find the writers themselves: a new format or command fails here until it has a case.
"""

from __future__ import annotations

import ast
import csv
import io
import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

import dfpolicy
from dfpolicy.cli import cli as commands
from dfpolicy.formats import base, comparison, features
from dfpolicy.formats import fleets as fleet_formats
from dfpolicy.formats.base import Style
from dfpolicy.i18n.escaping import log_text
from dfpolicy.report.comparison import compare
from support import broken_server as broken
from support import fleets, reports
from support.command import Completed, Run
from support.markdown import Page, harmless
from support.reports import HOSTILE

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "single-k8s" / "broken.yaml"
SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"
FORMULAS = (
    *(f"{sign}cmd|' /C calc'!A0" for sign in SIGNS),
    "\t=1+1",
    ' "=1',
    "a;=1",
    "a,=1",
)
TEXTS = (*HOSTILE, *FORMULAS)
# What a file name, a NAME or a YAML key can contain.
STEERING = "\x1b[2J\x9b31m\x85\u2028\u202e\u2066\U000e0041=<b>[x](http://a)@all"
ROWS = [reports.feature_row(text, text, kernelRelease=text, os=text) for text in TEXTS]


def displayable(text: str) -> None:
    """Check that no character controls the terminal, changes text direction, or is invisible."""
    odd = {f"U+{ord(char):04X}" for char in text if not char.isprintable() and char != "\n"}
    assert not odd


def _writers() -> Iterator[tuple[str, str]]:
    """Yield `table/format` and the format, of each mapping FORMATS in the package of formats."""
    folder = Path(base.__file__).parent
    for path in sorted(folder.rglob("*.py")):
        if _owns(path):
            module = import_module(f"dfpolicy.formats.{path.stem}")
            yield from ((f"{path.stem}/{name}", name) for name in module.FORMATS)


def _owns(path: Path) -> bool:
    tree = ast.parse(path.read_text("utf-8"))
    names = [
        target
        for node in tree.body
        if isinstance(node, (ast.Assign, ast.AnnAssign))
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    ]
    return any(isinstance(target, ast.Name) and target.id == "FORMATS" for target in names)


def written(writer: str, style: Style) -> tuple[str, Any]:
    """Return what a writer writes for hostile texts, and the value that it gets."""
    table, name = writer.split("/")
    report: Any = reports.hostile()
    if table == "base":
        return base.renderer(name)(report, style), report
    if table == "comparison":
        changed = compare(reports.report(), report)
        return comparison.renderer(name)(changed, style), changed
    if table == "fleets":
        many = fleets.hostile()
        return fleet_formats.renderer(name)(many, style), many
    assert table == "features", "a new table of formats: add how it is rendered"
    return features.render(ROWS, name), ROWS


WRITERS = dict(_writers())


def test_the_tables_of_formats_are_found() -> None:
    assert {writer.partition("/")[0] for writer in WRITERS} == {
        *("base", "comparison", "features", "fleets")
    }


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("verbose", [False, True])
def test_no_text_breaks_out_of_its_format(writer: str, verbose: bool) -> None:
    text, value = written(writer, Style(verbose=verbose))
    displayable(text)
    name = WRITERS[writer]
    if name != "github":
        assert not [line for line in text.split("\n") if line.lstrip().startswith("::")]
    if name not in ("github", "csv", "html"):
        assert "##vso[" not in text
    if name == "json":
        assert json.loads(text) == value
    elif name == "yaml":
        assert yaml.safe_load(text) == value
    elif name == "markdown":
        harmless(Page(text))
    elif name == "csv":
        widths = {len(row) for row in csv.reader(io.StringIO(text))}
        assert widths == ({11} if value is ROWS else {20})
        assert text.count("\n") == len(value if value is ROWS else value["clusters"]) + 1
        for delimiter in ",;\t":
            for row in csv.reader(io.StringIO(text), delimiter=delimiter):
                assert not [cell for cell in row if cell.strip().startswith(tuple(SIGNS))]


def kubeconfig(url: str) -> str:
    return yaml.safe_dump(
        {
            "clusters": [{"name": "a", "cluster": {"server": url}}],
            "users": [{"name": "a", "user": {"token": "t"}}],
            "contexts": [{"name": STEERING, "context": {"cluster": "a", "user": "a"}}],
            "current-context": STEERING,
        }
    )


def cluster(request: bytes) -> broken.Answer:
    """An API server that serves one hostile node and the example, and refuses the rest."""
    path = request.split(b" ")[1].partition(b"?")[0].decode()
    documents = planted(list(yaml.safe_load_all(EXAMPLE.read_text("utf-8"))))
    kinds = {"nodes": "Node", "daemonsets": "DaemonSet", "clusterroles": "ClusterRole"}
    kind = kinds.get(path.rpartition("/")[2])
    items = [one for one in [*documents, NODE] if one["kind"] == kind]
    if path == "/version":
        return broken.status(200, json.dumps({"gitVersion": STEERING}).encode())
    if path == "/apis":
        return broken.status(200, json.dumps({"groups": [{"name": STEERING}]}).encode())
    return broken.status(200, json.dumps({"items": items}).encode()) if kind else broken.status(403)


NODE = {
    "apiVersion": "v1",
    "kind": "Node",
    "metadata": {"name": STEERING},
    "status": {
        "nodeInfo": dict.fromkeys(
            ("kernelVersion", "osImage", "architecture", "containerRuntimeVersion"), STEERING
        )
    },
}


def planted(value: Any) -> Any:
    """The documents with control characters in their names."""
    if isinstance(value, list):
        return [planted(item) for item in value]
    if not isinstance(value, dict):
        return value
    named = {key: planted(item) for key, item in value.items()}
    for key in ("image", "name", "hostPath", "mountPath", "namespace", "path"):
        if isinstance(named.get(key), str):
            named[key] += STEERING
    return named


WAIVER = {"id": "DF-NET-002", "reason": STEERING, "owner": STEERING, "expires": "2000-01-01"}
CONFIG = {"mode": "single-k8s", "waivers": [{**WAIVER, "subject": STEERING}]}
WHY = ("--reason", "r", "--owner", "o")
# The arguments with which each command writes texts of an attacker.
CASES: dict[str, tuple[str, ...]] = {
    "eval": ("hostile.yaml", "--config", "dfpolicy.yaml"),
    "check": ("hostile.yaml", "--kubeconfig", "kubeconfig"),
    "convert": ("report.json",),
    "diff": ("empty.json", "report.json"),
    "features": ("node.yaml",),
    "collect node": ("--name", STEERING),
    "collect script": (),
    "collect cluster": ("--kubeconfig", "kubeconfig"),
    "fleet": ("hostile.yaml", "--contexts", STEERING, "--kubeconfig", "kubeconfig"),
    "watch": ("--once", "--no-write", "--kubeconfig", "kubeconfig"),
    "fix": ("hostile.yaml", "node.yaml"),
    "waive": ("--all", "report.json", *WHY, "--config", f"{STEERING[:8]}.yaml"),
    "config show": ("--config", "dfpolicy.yaml", "--namespace", STEERING, "--opa", STEERING),
    "explain": (),
    "bundle build": ("-o", STEERING.replace("/", "")),
    "bundle inspect": ("b.tar.gz",),
    "bundle verify": ("b.tar.gz", "--verification-key", "key"),
    "gatekeeper": ("-o", STEERING.replace("/", ""), "--namespace", STEERING),
    "schema": (),
    "input": ("hostile.yaml", "--config", "dfpolicy.yaml"),
    "completion": ("bash",),
    "policy new": (STEERING.replace("/", ""), "--id", "DF-ACME-001", "--title", "A b"),
    "policy check": ("own", "--opa", str(ROOT / ".tools" / "bin" / "opa")),
    "version": (),
}


def leaves(command: click.Command, above: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command that is not a group, with its words."""
    if not isinstance(command, click.Group):
        yield above, command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        assert found is not None
        yield from leaves(found, f"{above} {name}".strip())


COMMANDS = dict(leaves(commands))


def forms(name: str) -> list[str]:
    """The formats of a command's option -o; one empty text for a command without formats."""
    options = {one.name: one for one in COMMANDS[name].params if isinstance(one, click.Option)}
    option = options.get("output") or options.get("outputs") or options.get("form")
    if option is None or option.metavar in ("DIR", "PATH"):
        return [""]
    if isinstance(option.type, click.Choice):
        return [*map(str, option.type.choices)]
    assert option.help is not None
    named = option.help.partition(":")[2].partition(";")[0].rstrip(".")
    found = named.replace(" or ", ", ").replace(" ", "").split(",")
    # Values need a chart, and a Kustomize directory has files.
    return [f"{one}=folder" if one == "kustomize" else one for one in found if one != "values"]


@pytest.fixture
def hostile_folder(cli: Run, tmp_path: Path) -> Path:
    """The files that the cases name, all written by an attacker."""
    documents = planted([*yaml.safe_load_all(EXAMPLE.read_text("utf-8"))])
    (tmp_path / "hostile.yaml").write_text(yaml.safe_dump_all([*documents, NODE]), "utf-8")
    (tmp_path / "node.yaml").write_text(yaml.safe_dump(NODE), "utf-8")
    (tmp_path / "report.json").write_text(json.dumps(reports.hostile()), "utf-8")
    (tmp_path / "empty.json").write_text(json.dumps(reports.report()), "utf-8")
    (tmp_path / "dfpolicy.yaml").write_text(yaml.safe_dump(CONFIG), "utf-8")
    (tmp_path / "key").write_bytes(b"k" * 40)
    made = cli(
        "bundle", "build", "-o", "b.tar.gz", "--signing-key", "key", "--signing-key-id", STEERING
    )
    assert made.returncode == 0
    given = ("--id", "DF-ACME-001", "--title", "A title")
    assert cli("policy", "new", "own", *given).returncode == 0
    return tmp_path


def test_each_command_has_a_case() -> None:
    # These two talk to a registry, which only the slow tests have; their errors are below.
    assert CASES.keys() == COMMANDS.keys() - {"bundle push", "bundle pull"}


@pytest.mark.parametrize(("name", "form"), [(name, form) for name in CASES for form in forms(name)])
def test_no_command_writes_control_characters(
    cli: Run, hostile_folder: Path, name: str, form: str
) -> None:
    flags = ("-o", form) if form else ()
    with broken.answering(cluster) as server:
        (hostile_folder / "kubeconfig").write_text(kubeconfig(server.url), "utf-8")
        done = cli(*name.split(), *CASES[name], *flags)
    assert done.returncode in (0, 1), done.stderr
    harmless_streams(done)
    for path in hostile_folder.rglob("*.yaml"):
        if path.name.startswith(STEERING[:8]) or path.parent != hostile_folder:
            displayable(path.read_text("utf-8"))


def harmless_streams(done: Completed) -> None:
    for stream in (done.stdout, done.stderr):
        displayable(stream)
        assert "Traceback" not in stream


@pytest.mark.parametrize("name", [*COMMANDS])
def test_no_error_quotes_control_characters(cli: Run, name: str) -> None:
    arguments = COMMANDS[name].params
    for given in ([STEERING], [f"--{STEERING}"], ["-o", STEERING], ["--config", STEERING]):
        done = cli(*name.split(), *given)
        assert done.returncode == 2 or not any(
            isinstance(one, click.Argument) for one in arguments
        ), done.stderr
        harmless_streams(done)


# Modules that may write to a stream, and those that write JSON, YAML or XML for others.
WRITING = {
    "print": {"system/streams.py", "__main__.py"},
    # In a line of completion, a tab separates a name from its explanation.
    "echo": {"cli/__init__.py", "cli/completion.py", "cli/help.py"},
    "stdout": {"system/streams.py", "system/process.py", "formats/outputs.py", "i18n/language.py"},
    "dump": {"reading/yaml_writer.py"},
    "escape": {"formats/html/environment.py"},
    "quoteattr": set(),
    "writer": set(),
}


def test_only_the_listed_modules_write() -> None:
    package = Path(dfpolicy.__file__).parent
    found: dict[str, set[str]] = {name: set() for name in WRITING}
    indented = set()
    for path in package.rglob("*.py"):
        where = path.relative_to(package).as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and (_of(node), node.attr) == ("sys", "stdout"):
                found["stdout"].add(where)
            if isinstance(node, ast.Call):
                called = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if called in found and _of(node.func) not in ("re", "glob"):
                    found[called].add(where)
                if called == "dumps" and any(one.arg == "indent" for one in node.keywords):
                    indented.add(where)
    assert found == WRITING
    # An edited JSON file keeps its own indentation.
    assert indented == {"i18n/escaping.py", "changes/yaml_rendering.py"}


def _of(function: ast.expr) -> str:
    value = getattr(function, "value", None)
    return value.id if isinstance(value, ast.Name) else ""


@pytest.mark.parametrize("text", ["::1", "fd00::a ::1", "a::b::c", "std::x::y"])
def test_addresses_and_names_with_colons_are_shown_as_they_are(text: str) -> None:
    assert log_text(text) == text
