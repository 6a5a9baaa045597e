"""conftest gives the same answers on the examples as `dfpolicy eval`.

It reports the same violations on all documents of an example together (`--combine`), and a part of
them on each document alone.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tools.dev.paths import POLICIES

from support import decisions, seen
from support.decisions import ROOT, Json

if TYPE_CHECKING:
    from dfpolicy.model import Result


CONFTEST = ROOT / ".tools" / "bin" / "conftest"
NAMESPACE = "dfpolicy.adapters.conftest"
LEVELS = {"failures": "required", "warnings": "recommended"}
EXAMPLES = decisions.example_files()
MODES = sorted({decisions.mode_of(path) for path in EXAMPLES})
BROKEN = [path for path in EXAMPLES if path.stem == "broken"]

Ids = dict[str, set[str]]

# Each file is a separate input.
_EACH_FILE = f"""package each

deny contains told if {{
	some path, documents in _files
	mode := data.modes[path]
	some entry in data.{NAMESPACE}.deny with input as documents with data.mode as mode
	told := object.union(entry, {{"file": path}})
}}

warn contains told if {{
	some path, documents in _files
	mode := data.modes[path]
	some entry in data.{NAMESPACE}.warn with input as documents with data.mode as mode
	told := object.union(entry, {{"file": path}})
}}

_files[path] := documents if {{
	some path, _ in data.modes
	documents := [document | some document in input; document.path == path]
}}
"""


@pytest.fixture(scope="module", autouse=True)
def binary() -> None:
    if not CONFTEST.exists():
        text = "there is no conftest; run `make tools TOOLS=conftest`"
        if os.environ.get("CI"):
            pytest.fail(text)
        pytest.skip(text)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a configuration for each mode."""
    folder = tmp_path_factory.mktemp("settings")
    for mode in MODES:
        (folder / f"{mode}.yaml").write_text(f"mode: {mode}\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def untested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The policies without their tests, which load in half the time."""
    folder = tmp_path_factory.mktemp("policies") / "policies"
    shutil.copytree(POLICIES, folder, ignore=shutil.ignore_patterns("*_test.rego"))
    return folder


def run(
    *arguments: str | Path,
    stdin: str | None = None,
    policies: Path = POLICIES,
    namespace: str = NAMESPACE,
) -> subprocess.CompletedProcess[str]:
    """Run `conftest test` with our policies; the output is JSON."""
    command: list[str | Path] = [CONFTEST, "test", "-p", policies, "-n", namespace, "-o", "json"]
    return subprocess.run(
        [*command, *arguments],
        cwd=ROOT,
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


def checks(done: subprocess.CompletedProcess[str]) -> list[Json]:
    """The answers about each file, if conftest succeeded."""
    assert done.returncode in (0, 1), done.stderr
    found: list[Json] = json.loads(done.stdout)
    return found


def violations(check: Json) -> Ids:
    """The ids by level, without the warning about unknowns."""
    return {
        level: {
            entry["metadata"]["id"]
            for entry in check.get(key) or ()
            if entry["metadata"]["outcome"] == "violation"
        }
        for key, level in LEVELS.items()
    }


def ids(results: Iterable[Result], outcome: str = "violation") -> Ids:
    told = [result for result in results if result["outcome"] == outcome]
    return {
        level: {result["id"] for result in told if result["level"] == level}
        for level in LEVELS.values()
    }


def _entries(check: Json) -> Iterator[tuple[str, Json]]:
    for key in ("failures", "warnings"):
        for entry in check.get(key) or ():
            yield key, entry


@pytest.fixture(scope="module")
def combined(untested: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Json]:
    """The answers of conftest on all documents of an example together, all examples in one run."""
    folder = tmp_path_factory.mktemp("each")
    (folder / "each.rego").write_text(_EACH_FILE, "utf-8")
    modes = {str(path): decisions.mode_of(path) for path in EXAMPLES}
    (folder / "modes.json").write_text(json.dumps({"modes": modes}), "utf-8")
    options = ("--combine", "-p", folder / "each.rego", "-d", folder / "modes.json")
    (told,) = checks(run(*options, *EXAMPLES, policies=untested, namespace="each"))
    found: dict[Path, Json] = {path: {"failures": [], "warnings": []} for path in EXAMPLES}
    for key, entry in _entries(told):
        found[Path(entry["metadata"].pop("file"))][key].append(entry)
    return found


@pytest.fixture(scope="module")
def alone(settings: Path, untested: Path) -> dict[Path, Json]:
    """The answers of conftest on each document of an example alone."""
    found: dict[Path, Json] = {}
    for mode in MODES:
        paths = [path for path in EXAMPLES if decisions.mode_of(path) == mode]
        told = checks(run("-d", settings / f"{mode}.yaml", *paths, policies=untested))
        found |= {Path(check["filename"]): check for check in told}
    return found


@pytest.mark.parametrize("column", ["conftest", "conftest --combine"])
def test_the_documented_answers_are_up_to_date(
    column: str, combined: dict[Path, Json], alone: dict[Path, Json], update_golden: bool
) -> None:
    found = combined if column == "conftest --combine" else alone
    told = (
        (name, word)
        for path in decisions.violating_files()
        for level, word in (("required", "deny"), ("recommended", "warn"))
        for name in violations(found[path])[level]
    )
    seen.check(column, seen.strictest(told, ("deny", "warn")), update_golden)


def test_combined_documents_are_checked_as_one_deployment(combined: dict[Path, Json]) -> None:
    judged = {path: decisions.example_decision(path) for path in EXAMPLES}
    assert {path: violations(check) for path, check in combined.items()} == {
        path: ids(decision["results"]) for path, decision in judged.items()
    }
    for path, check in combined.items():
        warned = [entry["metadata"] for entry in check["warnings"]]
        unknown = {
            entry["id"]
            for warning in warned
            for entry in (warning["unknown"] if warning["outcome"] == "unknown" else ())
        }
        wanted = ids(judged[path]["results"], "unknown")["required"]
        assert unknown == (wanted if judged[path]["agents"] else set()), path


@pytest.mark.parametrize("path", BROKEN, ids=decisions.name_of)
def test_the_documented_command_works_on_one_file(
    path: Path, settings: Path, untested: Path, combined: dict[Path, Json]
) -> None:
    """One file and one configuration; the run above covers all examples."""
    configuration = settings / f"{decisions.mode_of(path)}.yaml"
    (told,) = checks(run("--combine", "-d", configuration, path, policies=untested))
    assert violations(told)["required"]
    assert _sorted(told) == _sorted(combined[path])


def _sorted(check: Json) -> list[str]:
    """The answers, without the query that conftest adds."""
    told = []
    for key, entry in _entries(check):
        metadata = {name: part for name, part in entry["metadata"].items() if name != "query"}
        told.append(decisions.canonical([key, entry["msg"], metadata]))
    return sorted(told)


def test_a_single_document_is_not_denied_for_missing_other_documents(
    alone: dict[Path, Json],
) -> None:
    assert set(alone) == set(EXAMPLES)
    for path, check in alone.items():
        told = violations(check)
        whole = ids(decisions.example_decision(path)["results"])
        assert {level: told[level] - whole[level] for level in told} == {
            level: set() for level in told
        }, path
        warned = check.get("warnings") or ()
        assert {entry["metadata"]["outcome"] for entry in warned} <= {"violation"}
    denied = {decisions.mode_of(path) for path in alone if violations(alone[path])["required"]}
    assert denied == set(MODES)


def test_standard_input_is_checked_as_one_document() -> None:
    path = decisions.REQUIREMENTS / "DF-K8S-001" / "violation.yaml"
    text = path.read_text("utf-8")
    done = run("-", stdin=text)
    assert done.returncode == 1
    (check,) = checks(done)
    (denied,) = (entry for entry in check["failures"] if entry["metadata"]["id"] == "DF-K8S-001")
    assert denied["msg"].startswith("DF-K8S-001 The agent shares the host's process namespace")
    details = denied["metadata"]
    assert details["level"] == "required"
    assert details["impact"]
    assert details["remediation"]
    assert details["subject"]["kind"] == "DaemonSet"


def test_a_document_without_an_agent_passes() -> None:
    text = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n"
    done = run("-", stdin=text)
    assert done.returncode == 0
    assert checks(done)[0].get("warnings") is None
    (check,) = checks(run("--combine", "-", stdin=text))
    assert [entry["msg"] for entry in check["failures"]] == [
        "no DeepFlow agent in the documents, so nothing was checked"
    ]


def test_no_secret_is_shown() -> None:
    canary = "zJ4kq-canary"
    documents = [
        {"name": "d", "type": "aliyun", "config": {"secret_id": canary, "secret_key": canary}},
        {
            "services": {
                "deepflow-agent": {
                    "image": "deepflow-agent:v7.1",
                    "environment": {"A_TOKEN": canary},
                }
            }
        },
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": "a"},
            "stringData": {"password": canary},
        },
        {"controller": {"genesis": {}, "mysql": {"user-password": canary}}},
    ]
    text = "\n---\n".join(json.dumps(document) for document in documents)
    for options in ([], ["--combine"]):
        done = run("-", *options, stdin=text)
        assert checks(done)
        assert canary not in done.stdout + done.stderr
