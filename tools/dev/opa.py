"""Finds, checks and runs the pinned OPA binary."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from tools.dev.errors import DevError
from tools.dev.paths import ROOT, VERSIONS


def pinned() -> dict[str, str]:
    """The names and values of tools/versions.env."""
    lines = VERSIONS.read_text("utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}


@cache
def binary() -> str:
    """OPA from $OPA, .tools/bin or PATH, at the pinned version: others write other bytes."""
    built = ROOT / ".tools" / "bin" / "opa"
    found = os.environ.get("OPA") or (str(built) if built.exists() else shutil.which("opa"))
    if not found or not Path(found).is_file():
        raise DevError("OPA not found: run `make tools`")
    wanted = pinned()["OPA_VERSION"]
    told = subprocess.run([found, "version"], capture_output=True, text=True, check=True).stdout
    if told.splitlines()[0].removeprefix("Version: ") != wanted:
        raise DevError(f"{found} is not OPA {wanted}: run `make tools`")
    return found


def run(*arguments: str, cwd: Path = ROOT, stdin: str | None = None) -> str:
    """Run OPA and return its output. Raises DevError with OPA's message."""
    process = run_unchecked(*arguments, cwd=cwd, stdin=stdin)
    if process.returncode:
        said = "\n".join(filter(None, (process.stderr.strip(), process.stdout.strip())))
        raise DevError(f"opa {arguments[0]} failed:\n{said}")
    return process.stdout


def run_unchecked(
    *arguments: str, cwd: Path = ROOT, stdin: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run OPA and return the finished process, whatever its exit code."""
    return subprocess.run(
        [binary(), *arguments],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def evaluated(query: str, content: Any = None) -> Any:
    """The value of a query on the policies, with `content` as the input.

    Raises DevError if it is undefined.
    """
    told = run(
        *("eval", "--data", "policies", "--ignore", "*_test.rego", "--stdin-input"),
        *("--format", "json", query),
        stdin=json.dumps(content),
    )
    results = json.loads(told).get("result")
    if not results:
        raise DevError(f"{query} is undefined")
    return results[0]["expressions"][0]["value"]


def blocks() -> list[dict[str, Any]]:
    """Every METADATA block of the policies without tests, with `path` as a dotted string."""
    inspected = json.loads(run("inspect", "--annotations", "--format", "json", "policies"))
    return [
        {**entry, "path": ".".join(part["value"] for part in entry["path"])}
        for entry in inspected["annotations"]
        if not entry["location"]["file"].endswith("_test.rego")
    ]
