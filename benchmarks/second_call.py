"""Evaluates a file twice in one process, and prints the duration of the second call.

    python -m benchmarks.second_call SOURCE

It prints {"wall", "cpu"} in seconds as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import redirect_stdout
from pathlib import Path

from dfpolicy.cli import run


def main() -> None:
    """Measure the second call."""
    arguments = ["eval", sys.argv[1]]
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
        run(arguments)
        wall, cpu = time.perf_counter(), time.process_time()
        run(arguments)
        taken = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    print(json.dumps(taken))


if __name__ == "__main__":
    main()
