"""Runs the Rego tests and prints the lines that none of them reaches."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

from tools.dev import opa

# Seconds for all tests together on a slow machine.
TIME_LIMIT = 900


def main() -> int:
    """Fail when a test fails, when there is no test, or when a line is not reached."""
    limited = ("test", "policies", "--timeout", f"{TIME_LIMIT}s")
    tests = opa.run_unchecked(*limited, "--coverage", "--coverage-runs", "", "--format", "json")
    if tests.returncode:
        # The run with coverage only names the failing tests; this one shows why they fail.
        tests = opa.run_unchecked(*limited, "--var-values")
        print(tests.stdout, end="")
        print(tests.stderr, end="", file=sys.stderr)
        return 1
    report = json.loads(tests.stdout)
    missed = {
        path: ranges(told["not_covered"])
        for path, told in sorted(report["files"].items())
        if told.get("not_covered")
    }
    for path, rows in missed.items():
        print(f"{path}: no test reaches line {rows}")
    percentage, lines = report.get("coverage", 0), report.get("covered_lines", 0)
    print(f"coverage: {percentage:g} %, {lines} lines of Rego and its tests")
    return 1 if missed or percentage < 100 else 0


def ranges(spans: Iterable[dict[str, Any]]) -> str:
    """The rows of the spans, with neighbours joined: `3, 7-9`."""
    rows = sorted(
        {n for span in spans for n in range(span["start"]["row"], span["end"]["row"] + 1)}
    )
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][-1] + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
