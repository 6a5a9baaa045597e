"""Runs `dfpolicy fleet` on a directory, and prints the peak memory of it and of its largest worker.

    python -m benchmarks.fleet_call DIRECTORY

It prints {"memory", "worker"} in bytes as JSON, and exits as the command does. It imports dfpolicy
alone, which may be that of an earlier tree.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
from contextlib import redirect_stdout

from benchmarks.measure import RSS_UNIT, peak_memory
from dfpolicy.cli import run

_FAILED = 70


def main() -> int:
    """Check the clusters; return the exit code."""
    with tempfile.TemporaryFile("w", encoding="utf-8") as report, redirect_stdout(report):
        try:
            code = int(run(["fleet", sys.argv[1]]))
        except Exception as error:
            # An earlier tree may have no such command.
            print(error, file=sys.stderr)
            return _FAILED
        report.flush()
        empty = report.tell() == 0
    if empty:
        print(f"no report, exit code {code}", file=sys.stderr)
        return _FAILED
    worker = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * RSS_UNIT
    print(json.dumps({"memory": peak_memory(), "worker": worker}))
    return code


if __name__ == "__main__":
    sys.exit(main())
