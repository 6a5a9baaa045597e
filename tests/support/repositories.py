"""Git repositories that tests make, of this tree or of other files."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def git(folder: Path, *arguments: str) -> str:
    """Run Git there without the developer's settings, and return its output."""
    told = subprocess.run(
        ["git", "-c", "user.name=test", "-c", "user.email=test@example.com", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        env=os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"},
        check=True,
    )
    return told.stdout.strip()


def commit(folder: Path, files: Mapping[str, str]) -> str:
    """Write the files, commit everything, and return the commit's ID."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    if not (folder / ".git").exists():
        git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--no-verify", "--message=test")
    return git(folder, "rev-parse", "HEAD")


def copied(folder: Path) -> None:
    """Copy this tree, without files that Git ignores.

    Skips the test if the tree is not a Git repository; fails in CI.
    """
    try:
        listed = git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    except (OSError, subprocess.CalledProcessError) as error:
        if os.environ.get("CI"):
            pytest.fail(str(error))
        pytest.skip("this tree is no Git repository")
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)


def snapshot(folder: Path) -> str:
    """Commit a copy of this tree, and return the commit's id; skips like `copied`."""
    copied(folder)
    return commit(folder, {})
