"""Runs the Rego tests and names the lines that none of them reaches."""

from __future__ import annotations

import json
import sys
from typing import Any

from dfpolicy.dev import opa


def main() -> int:
    """Fail when a test fails, when there is no test, or when a line is not reached."""
    tests = opa.run_unchecked("test", "policies", "--bundle", "--fail-on-empty", "--var-values")
    print(tests.stdout, end="")
    print(tests.stderr, end="", file=sys.stderr)
    if tests.returncode:
        return 1
    report = json.loads(opa.run("test", "policies", "--bundle", "--coverage", "--format", "json"))
    missed = [
        f"{path}:{_rows(span)} is reached by no test"
        for path, told in sorted(report["files"].items())
        for span in told.get("not_covered", ())
    ]
    for line in dict.fromkeys(missed):
        print(line)
    print(f"coverage: {report['coverage']:g} % of the lines of Rego")
    return 1 if missed or report["coverage"] < 100 else 0


def _rows(span: dict[str, Any]) -> str:
    first, last = span["start"]["row"], span["end"]["row"]
    return str(first) if first == last else f"{first}-{last}"
