"""Runs a command as a process and measures it: exit code, wall time, peak memory.

Run as a script it is the parent of the command. A process inherits the peak of the one it was
forked from, so that parent has to be small: what forks the command must not be the test run.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import time
from pathlib import Path

DATA_LIMIT = 8 << 30


def main() -> None:
    """Run `measured.py REPORT SECONDS COMMAND…`; the pid, then the measures go to REPORT."""
    report, seconds, *command = sys.argv[1:]
    started = time.monotonic()
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        resource.setrlimit(resource.RLIMIT_DATA, (DATA_LIMIT, DATA_LIMIT))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.execvp(command[0], command)
    Path(report).write_text(f"{pid}\n", "utf-8")

    def kill(*_: object) -> None:
        os.kill(pid, signal.SIGKILL)

    signal.signal(signal.SIGALRM, kill)
    signal.setitimer(signal.ITIMER_REAL, float(seconds))
    _, status, usage = os.wait4(pid, 0)
    measures = {
        "code": os.waitstatus_to_exitcode(status),
        "seconds": time.monotonic() - started,
        "kib": usage.ru_maxrss,
    }
    with Path(report).open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(measures) + "\n")


if __name__ == "__main__":
    main()
