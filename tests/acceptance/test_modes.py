"""The mode of every example is detected, and its broken variant is reported as broken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dfpolicy.input.build import build_input
from dfpolicy.model import MODES
from dfpolicy.reading.documents import load_documents
from dfpolicy.report.verdict import outcome
from support import decisions
from support.command import Run
from support.decisions import EXAMPLES

if TYPE_CHECKING:
    from dfpolicy.model import Decision

FOLDERS = sorted(path for path in EXAMPLES.iterdir() if (path / "manifests.yaml").exists())
FACTS = [path for path in FOLDERS if (path / "facts.yaml").exists()]
# Without `--sidecar`, one of the mistakes, the mode cannot be detected.
UNRECOGNISED = {"serverless-pod/broken": "multi-k8s"}


def decision(path: Path) -> Decision:
    return decisions.decide(build_input(load_documents([str(path)]), mode="auto").data)


def test_each_mode_has_an_example() -> None:
    assert {path.name for path in FOLDERS} == set(MODES)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
@pytest.mark.parametrize("variant", ["manifests", "broken"])
def test_the_mode_of_an_example_is_detected(folder: Path, variant: str) -> None:
    found = decision(folder / f"{variant}.yaml")
    wanted = UNRECOGNISED.get(f"{folder.name}/{variant}", folder.name)
    mode = found["mode"]
    assert (mode["name"], mode["source"]) == (wanted, "detected")
    assert mode["reason"]
    assert (outcome(found["results"]) == "violation") == (variant == "broken")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_the_settings_of_an_example_are_used(folder: Path, cli: Run) -> None:
    settings = ("--config", str(folder / "dfpolicy.yaml"))
    done = cli("eval", str(folder / "manifests.yaml"), *settings, "-o", "json")
    assert done.returncode == 0
    mode = json.loads(done.stdout)["mode"]
    assert (mode["name"], mode["source"]) == (folder.name, "given")


@pytest.mark.parametrize("folder", FACTS, ids=lambda path: path.name)
def test_facts_answer_what_manifests_leave_unknown(folder: Path, cli: Run) -> None:
    facts = ("--facts", str(folder / "facts.yaml"))
    done = cli("eval", str(folder / "manifests.yaml"), *facts, "-o", "json")
    report = json.loads(done.stdout)
    assert report["exitCode"] == 0
    unknown = {result["id"] for result in report["results"] if result["outcome"] == "unknown"}
    # What the server's own manifests say, which are not among the agent's, and the rest that only
    # the running system knows.
    assert {name for name in unknown if name.startswith(("DF-EBPF", "DF-KERNEL"))} == set()
    assert len(unknown) <= 8


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_the_readme_of_an_example_names_its_manifests(folder: Path) -> None:
    assert "manifests.yaml" in (folder / "README.md").read_text("utf-8")
