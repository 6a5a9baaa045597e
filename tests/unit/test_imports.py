"""What a run may import: users of a pre-commit hook notice the start-up time."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from dfpolicy.formats.base import FORMATS

EXAMPLE = str(Path(__file__).parents[2] / "examples" / "single-k8s" / "manifests.yaml")
NEVER = {
    "jinja2",
    "kubernetes",
    "opa_client",
    "jsonschema",
    "rich",
    "requests",
    "urllib3",
    "pydantic",
}
OTHER_ENGINES = {
    *(f"dfpolicy.engines.{name}" for name in ("opa", "opa_binary", "server", "shape")),
    *("dfpolicy.policy.opa_bundle", "dfpolicy.engines.own_policies", "dfpolicy.policy.source"),
    *("jwt", "cryptography", "tarfile", "ssl"),
}
SCRIPT = """
import io, json, sys
from dfpolicy import __main__
sys.stdout, stdout = io.StringIO(), sys.stdout
codes = []
for line in json.loads(sys.argv[1]):
    try:
        __main__.main(line)
    except SystemExit as error:
        codes.append(error.code)
print(json.dumps([codes, sorted(sys.modules)]), file=stdout)
"""


def imported(*lines: Sequence[str], stdin: str = "") -> set[str]:
    """Return the modules that a process has imported after it ran the lines successfully."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps(lines)],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    codes, modules = json.loads(done.stdout)
    assert codes == [0] * len(lines)
    return set(modules)


def test_eval() -> None:
    modules = imported(["eval", EXAMPLE])
    others = {"rich.console", "logging", "asyncio", "importlib.metadata", "pygments", "tools.dev"}
    assert modules.isdisjoint(NEVER | others)
    assert modules.isdisjoint(OTHER_ENGINES)
    assert modules.isdisjoint({"dfpolicy.reading.helm", "dfpolicy.reading.prefilter"})
    assert "wasmtime" in modules
    # Nothing is to be changed.
    assert not {name for name in modules if name.startswith("dfpolicy.changes.")}
    assert "dfpolicy.report.proposal" not in modules


def test_only_coloured_text_imports_rich(tmp_path: Path) -> None:
    assert "rich" in imported(["eval", EXAMPLE, "--color", "always"])
    outputs = [f"{name}={tmp_path / name}" for name in FORMATS if name != "text"]
    modules = imported(["eval", EXAMPLE, *(part for output in outputs for part in ("-o", output))])
    assert len(list(tmp_path.iterdir())) == len(outputs) > 5
    assert "rich" not in modules


def test_eval_of_json_needs_no_yaml() -> None:
    import yaml

    with Path(EXAMPLE).open(encoding="utf-8") as stream:
        items = [item for item in yaml.safe_load_all(stream) if item]
    stdin = json.dumps({"apiVersion": "v1", "kind": "List", "items": items})
    # Lines of results need positions; those of one line do not show in the modules of `-o json`.
    assert "dfpolicy.reading.yaml_reader" not in imported(["eval", "-", "-o", "json"], stdin=stdin)


def test_only_facts_that_need_it_import_jsonschema() -> None:
    kind = {"apiVersion": "dfpolicy.dev/v1", "kind": "NodeFacts", "metadata": {"name": "a"}}
    # A whole number, once written as a fraction.
    plain, other = (json.dumps({**kind, "spec": {"cpus": cpus}}) for cpus in (4, 4.0))
    assert "jsonschema" not in imported(["eval", EXAMPLE, "-"], stdin=plain)
    assert "jsonschema" in imported(["eval", EXAMPLE, "-"], stdin=other)


def test_commands_that_do_not_evaluate_load_no_engine() -> None:
    lines = [
        ["--help"],
        ["--version"],
        ["explain", "DF-K8S-001"],
        ["schema", "report"],
        ["collect", "--help"],
        ["collect", "script"],
        ["check", "--help"],
        ["waive", "--help"],
        ["bundle", "--help"],
        ["config", "show"],
    ]
    assert imported(*lines).isdisjoint(NEVER | {"wasmtime", "yaml", "dfpolicy.cli.eval"})


def test_only_a_configuration_imports_its_reader(tmp_path: Path) -> None:
    assert "dfpolicy.report.waivers" not in imported(["eval", EXAMPLE])
    (tmp_path / "dfpolicy.yaml").write_text("mode: single-k8s\n", "utf-8")
    modules = imported(["eval", EXAMPLE, "--config", str(tmp_path / "dfpolicy.yaml")])
    assert "jsonschema" in modules
    assert "dfpolicy.report.waivers" not in modules


def test_the_package_itself_loads_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys, dfpolicy; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    ours = [name for name in done.stdout.split() if name.startswith("dfpolicy")]
    assert ours == ["dfpolicy"]
