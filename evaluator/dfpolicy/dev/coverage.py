"""Runs the Rego tests and names the lines that none of them reaches."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

from dfpolicy.dev import opa


def main() -> int:
    """Fail when a test fails, when there is no test, or when a line is not reached."""
    tests = opa.run_unchecked("test", "policies", "--fail-on-empty", "--var-values")
    print(tests.stdout, end="")
    print(tests.stderr, end="", file=sys.stderr)
    if tests.returncode:
        return 1
    report = json.loads(opa.run("test", "policies", "--coverage", "--format", "json"))
    missed = {
        path: _ranges(told["not_covered"])
        for path, told in sorted(report["files"].items())
        if told.get("not_covered")
    }
    for path, ranges in missed.items():
        print(f"{path}: no test reaches line {ranges}")
    print(f"coverage: {report['coverage']:g} % of the lines of Rego")
    return 1 if missed or report["coverage"] < 100 else 0


def _ranges(spans: Iterable[dict[str, Any]]) -> str:
    """The rows of the spans, neighbours joined: `3, 7-9`."""
    rows = sorted({n for span in spans for n in range(span["start"]["row"], span["end"]["row"] + 1)})
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][-1] + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
