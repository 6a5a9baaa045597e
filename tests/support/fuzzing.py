"""Runs the tests on generated inputs repeatedly: `python -m support.fuzzing SECONDS`.

Each round has new inputs. Exits 1 at the first input that breaks something; pytest shows it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
EXAMPLES = "100"
TESTS = ("tests/fuzz", "tests/policies", "-k", "test_fuzz or generated")


def main() -> int:
    """Start rounds until the time is up; the last one is completed."""
    seconds = float(sys.argv[1])
    # If this is set, the inputs are new ones.
    environment = os.environ | {"DFPOLICY_FUZZ_EXAMPLES": EXAMPLES}
    end, rounds = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        rounds += 1
        command = [sys.executable, "-m", "pytest", "-q", "-x", *TESTS]
        done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
        if done.returncode:
            return 1
    print(f"fuzz: {rounds} rounds, nothing found")
    return 0


if __name__ == "__main__":
    sys.exit(main())
