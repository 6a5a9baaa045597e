"""The files in .github: what they pin, and that what they run exists."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from dfpolicy.version import VERSION

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
# A copy of the sources, such as the sdist, is without them.
pytestmark = pytest.mark.skipif(not WORKFLOWS, reason="no workflows in this copy")


def _steps(path: Path) -> list[dict[str, Any]]:
    jobs = yaml.safe_load(path.read_text("utf-8"))["jobs"].values()
    return [step for job in jobs for step in job["steps"]]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_by_commit_and_permissions_are_few(path: Path) -> None:
    text = path.read_text("utf-8")
    used = re.findall(r"uses: (\S+) # v\d+\.\d+\.\d+$", text, re.MULTILINE)
    assert len(used) == text.count("uses: ")
    assert [one for one in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", one)] == []
    assert yaml.safe_load(text)["permissions"] == {"contents": "read"}
    # An expression in a script would become code.
    assert [step["run"] for step in _steps(path) if "${{" in step.get("run", "")] == []


def test_what_the_workflows_make_exists() -> None:
    targets = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8")))
    scripts = [step["run"] for path in WORKFLOWS for step in _steps(path) if "run" in step]
    made = {
        name
        for text in scripts
        for line in re.findall(r"\bmake ([a-z -]+)", text)
        for name in line.split()
    }
    assert {"test", "lint", "test-slow", "site", "dist"} <= made
    assert made - {"lint skips it"} - {"skips", "it"} <= targets


def test_the_changelog_has_notes_for_the_release() -> None:
    (step,) = (
        one
        for one in _steps(ROOT / ".github/workflows/release.yml")
        if "notes.md" in one.get("run", "")
    )
    script = step["run"].partition("[ -s")[0].replace(">notes.md", "")
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=ROOT,
        env={"TAG": f"v{VERSION}", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "### Requirements" in done.stdout
    assert "\n## " not in done.stdout


@pytest.mark.parametrize("name", ["bug", "requirement", "wrong-result"])
def test_issue_forms_have_what_the_service_needs(name: str) -> None:
    form = yaml.safe_load((ROOT / f".github/ISSUE_TEMPLATE/{name}.yml").read_text("utf-8"))
    assert {"name", "description", "body"} <= form.keys()
    ids = [part["id"] for part in form["body"] if part["type"] != "markdown"]
    assert len(ids) == len({*ids})
    assert [part for part in form["body"] if not part["attributes"]] == []
