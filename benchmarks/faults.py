"""Brings each fault about and prints what happened, its exit code, time and memory.

    PYTHONPATH=evaluator:tests .venv/bin/python benchmarks/faults.py [SUBJECT...]

The faults stand in tests/support/faults/, where the tests take them from as well. Some mount
a file system, in a namespace of their own: run it as root, or where users may make namespaces.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from support.faults import catalogue, process


def main() -> None:
    """Print a Markdown table of the subjects that are named, or of all."""
    process.warm_cache()
    print("| fault | what happened | exit code | seconds | peak MB |")
    print("|---|---|---:|---:|---:|", flush=True)
    for subject in sys.argv[1:] or catalogue.subjects():
        for fault in catalogue.faults(subject):
            # Memory is never told below that of the process that starts the command.
            child = os.fork()
            if child == 0:
                print(row(fault), flush=True)
                os._exit(0)
            os.waitpid(child, 0)


def row(fault: catalogue.Fault) -> str:
    """Bring a fault about and return its row."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            outcome, left = fault.happen(Path(folder))
        except AssertionError as error:
            return f"| {fault.name} | FAILED: {error} | | | |"
        said = outcome.said.replace(folder, "…").strip()
        lines = said.splitlines() or ["a report" if outcome.out else "no word"]
        told = f"{len(lines)} lines: {lines[-1]}" if len(lines) > 1 else lines[0]
        if left and not fault.left:
            told += f"; left: {', '.join(left)}"
        code, seconds, peak = outcome.code, outcome.seconds, outcome.peak_mb
        return f"| {fault.name} | {told} | {code} | {seconds:.1f} | {peak:.0f} |"


if __name__ == "__main__":
    main()
