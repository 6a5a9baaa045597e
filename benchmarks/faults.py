"""Injects each fault and prints the reaction of the command, its exit code, time and memory.

    PYTHONPATH=evaluator:tests .venv/bin/python benchmarks/faults.py [SUBJECT...]

The faults are in tests/support/faults/; the tests use them too. Some mount a file system in their
own namespace: run this as root, or where users may create namespaces.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from support.faults import catalogue, process


def main() -> None:
    """Print a Markdown table of the named subjects, or of all."""
    process.warm_cache()
    print("| fault | what happened | exit code | seconds | peak MB |")
    print("|---|---|---:|---:|---:|", flush=True)
    for subject in sys.argv[1:] or catalogue.subjects():
        for fault in catalogue.faults(subject):
            # The reported memory is never less than that of the process that starts the command.
            child = os.fork()
            if child == 0:
                print(row(fault), flush=True)
                os._exit(0)
            os.waitpid(child, 0)


def row(fault: catalogue.Fault) -> str:
    """Inject a fault and return its row."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            outcome, left = fault.happen(Path(folder))
        except AssertionError as error:
            return f"| {fault.name} | FAILED: {error} | | | |"
        said = outcome.said.replace(folder, "…").strip()
        lines = said.splitlines() or ["a report" if outcome.out else "no output"]
        told = f"{len(lines)} lines: {lines[-1]}" if len(lines) > 1 else lines[0]
        if left and not fault.left:
            told += f"; left: {', '.join(left)}"
        code, seconds, peak = outcome.code, outcome.seconds, outcome.peak_mb
        return f"| {fault.name} | {told} | {code} | {seconds:.1f} | {peak:.0f} |"


if __name__ == "__main__":
    main()
