"""Runs the command on hostile inputs and prints each result, as a Markdown table.

    PYTHONPATH=evaluator:tests .venv/bin/python benchmarks/hostile.py [PART OF A NAME...]

Exits 1 if a case does not end as it must.
"""

from __future__ import annotations

import os
import sys
import tempfile

from support import hostile

LONGEST = 600.0
_LINE = 110


def main() -> int:
    """Run the cases whose names contain one of the arguments, or all."""
    wanted = sys.argv[1:]
    wrong = 0
    print("| hostile input | what happened | exit code | seconds | MiB |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as cache:
        environment = os.environ | {
            "DFPOLICY_CACHE_DIR": os.environ.get("DFPOLICY_CACHE_DIR") or cache,
            "LC_ALL": "C.UTF-8",
        }
        for case in hostile.cases():
            if wanted and not any(part in case.name for part in wanted):
                continue
            found = hostile.run(case, environment, LONGEST)
            told = found.stderr.strip().removeprefix("dfpolicy: error: ") or "a report"
            told = told if len(told) <= _LINE else told[: _LINE - 1] + "…"
            told = told.replace("|", "\\|").replace("\n", " ")
            cells = [case.name, told, found.code, f"{found.seconds:.1f}", found.mib]
            print(f"| {' | '.join(map(str, cells))} |", flush=True)
            for fault in hostile.faults(case, found):
                print(f"{case.name}: {fault}", file=sys.stderr)
                wrong += 1
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
