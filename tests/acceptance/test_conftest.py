"""conftest says of the shipped examples what `dfpolicy eval` says of them.

Of all documents of an example together (`--combine`) it tells the same violations, of each
document alone a part of them.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tools.dev import opa
from tools.dev.paths import POLICIES

from dfpolicy.engines.wasm import WasmEngine
from dfpolicy.reading.documents import load_documents
from support import decisions, seen
from support.decisions import ROOT, Json

CONFTEST = ROOT / ".tools" / "bin" / "conftest"
NAMESPACE = "dfpolicy.adapters.conftest"
LEVELS = {"failures": "required", "warnings": "recommended"}
EXAMPLES = decisions.example_files()
MODES = sorted({decisions.mode_of(path) for path in EXAMPLES})
# A process for each is slow.
TRIED = decisions.violating_files()
THREADS = 2

Ids = dict[str, set[str]]

# In a query, unlike in a rule, `with` takes variables only.
_EACH = f"""[told | some one in input; mode := one.mode; documents := one.documents
    told := [found | found := data.{NAMESPACE} with input as documents with data.mode as mode]]"""


@pytest.fixture(scope="module", autouse=True)
def binary() -> None:
    if not CONFTEST.exists():
        text = "there is no conftest; run `make tools TOOLS=conftest`"
        if os.environ.get("CI"):
            pytest.fail(text)
        pytest.skip(text)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a configuration for each mode."""
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
    *arguments: str | Path, stdin: str | None = None, policies: Path = POLICIES
) -> subprocess.CompletedProcess[str]:
    """Run `conftest test` with our policies; the output is JSON."""
    command: list[str | Path] = [CONFTEST, "test", "-p", policies, "-n", NAMESPACE, "-o", "json"]
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
    """What was told of each file, if conftest did its work."""
    assert done.returncode in (0, 1), done.stderr
    found: list[Json] = json.loads(done.stdout)
    return found


def violations(check: Json) -> Ids:
    """The ids by level; warnings of what is unknown left out."""
    return {
        level: {
            entry["metadata"]["id"]
            for entry in check.get(key) or ()
            if entry["metadata"]["outcome"] == "violation"
        }
        for key, level in LEVELS.items()
    }


@pytest.fixture(scope="module")
def judged() -> dict[Path, Json]:
    """The decision of the evaluator on each example."""
    engine = WasmEngine()
    return {path: engine.evaluate(decisions.example_input(path)) for path in EXAMPLES}


def ids(results: Iterable[Json], outcome: str = "violation") -> Ids:
    told = [result for result in results if result["outcome"] == outcome]
    return {
        level: {result["id"] for result in told if result["level"] == level}
        for level in LEVELS.values()
    }


@pytest.fixture(scope="module")
def combined(settings: Path, untested: Path) -> dict[Path, Json]:
    """What conftest tells of all documents of an example together."""

    def check(path: Path) -> Json:
        configuration = settings / f"{decisions.mode_of(path)}.yaml"
        (found,) = checks(run("--combine", "-d", configuration, path, policies=untested))
        return found

    with ThreadPoolExecutor(THREADS) as pool:
        return dict(zip(TRIED, pool.map(check, TRIED), strict=True))


@pytest.fixture(scope="module")
def alone(settings: Path, untested: Path) -> dict[Path, Json]:
    """What conftest tells of each document of an example alone."""
    found: dict[Path, Json] = {}
    for mode in MODES:
        paths = [path for path in EXAMPLES if decisions.mode_of(path) == mode]
        told = checks(run("-d", settings / f"{mode}.yaml", *paths, policies=untested))
        found |= {Path(check["filename"]): check for check in told}
    return found


@pytest.mark.parametrize("column", ["conftest", "conftest --combine"])
def test_what_is_told_is_in_the_docs(
    column: str, combined: dict[Path, Json], alone: dict[Path, Json], update_golden: bool
) -> None:
    found = combined if column == "conftest --combine" else alone
    told = (
        (name, word)
        for path in TRIED
        for level, word in (("required", "deny"), ("recommended", "warn"))
        for name in violations(found[path])[level]
    )
    seen.check(column, seen.strictest(told, ("deny", "warn")), update_golden)


def test_combined_documents_are_judged_as_one_deployment(
    combined: dict[Path, Json], judged: dict[Path, Json]
) -> None:
    told = {path: violations(check) for path, check in combined.items()}
    assert told == {path: ids(judged[path]["results"]) for path in TRIED}
    assert all(told[path]["required"] for path in TRIED if path.stem == "broken")
    for path, check in combined.items():
        warned = [entry["metadata"] for entry in check.get("warnings") or ()]
        unknown = {
            entry["id"]
            for warning in warned
            for entry in (warning["unknown"] if warning["outcome"] == "unknown" else ())
        }
        wanted = ids(judged[path]["results"], "unknown")["required"]
        assert unknown == (wanted if judged[path]["agents"] else set()), path


def test_the_adapter_judges_every_example_as_the_evaluator_does(judged: dict[Path, Json]) -> None:
    documents = [
        {
            "mode": decisions.mode_of(path),
            "documents": [
                {"path": document.source, "contents": document.value}
                for document in load_documents([str(path)])
            ],
        }
        for path in EXAMPLES
    ]
    answer = opa.run(
        *("eval", "--bundle", "policies", "--stdin-input", "--format", "raw", _EACH),
        stdin=json.dumps(documents),
    )
    rules = {"deny": "required", "warn": "recommended"}
    told = {}
    for path, found in zip(EXAMPLES, json.loads(answer), strict=True):
        entries = {rules[rule]: found[0][rule] for rule in rules}
        told[path] = {
            level: {entry["id"] for entry in entries[level] if entry["outcome"] == "violation"}
            for level in entries
        }
    assert told == {path: ids(judged[path]["results"]) for path in EXAMPLES}


def test_a_document_alone_is_not_denied_what_others_answer(
    alone: dict[Path, Json], judged: dict[Path, Json]
) -> None:
    assert set(alone) == set(EXAMPLES)
    for path, check in alone.items():
        told = violations(check)
        whole = ids(judged[path]["results"])
        assert {level: told[level] - whole[level] for level in told} == {
            level: set() for level in told
        }, path
        warned = check.get("warnings") or ()
        assert {entry["metadata"]["outcome"] for entry in warned} <= {"violation"}
    denied = {decisions.mode_of(path) for path in alone if violations(alone[path])["required"]}
    assert denied == set(MODES)


def test_standard_input_is_a_document() -> None:
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
    assert "url" in details


def test_a_document_without_an_agent_passes() -> None:
    text = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n"
    done = run("-", stdin=text)
    assert done.returncode == 0
    assert checks(done)[0].get("warnings") is None
    (check,) = checks(run("--combine", "-", stdin=text))
    assert [entry["msg"] for entry in check["warnings"]] == [
        "no DeepFlow agent is among the documents"
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
