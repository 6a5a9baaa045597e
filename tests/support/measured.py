"""Runs a command as a process and measures it: exit code, wall time, peak memory.

Run as a script, it is the parent of the command. A process inherits the peak memory of the process
that forked it. The parent must therefore be small, so the test run itself cannot fork the command.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

# The limit for the command, so that a fault here does not take the machine down.
DATA_LIMIT = 8 << 30


@dataclass(frozen=True)
class Measured:
    """How a command ended; `code` is negative for a signal, `mib` its peak memory."""

    code: int
    seconds: float
    mib: int
    stdout: bytes
    stderr: str


def run(
    command: list[str],
    folder: Path,
    scratch: Path,
    seconds: float,
    stdin: Iterable[bytes] = (),
    environment: Mapping[str, str] | None = None,
    meanwhile: Callable[[], object] | None = None,
) -> Measured:
    """Run a command in a directory, kill it after this many seconds, and measure it.

    `scratch` is where it writes. `meanwhile` runs at the same time on a separate thread.
    """
    report, output, errors = (scratch / name for name in ("report", "output", "errors"))
    report.unlink(missing_ok=True)
    parent = [sys.executable, "-S", __file__, str(report), str(seconds), *command]
    with output.open("wb") as out, errors.open("wb") as err:
        process = subprocess.Popen(
            parent, cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=out, stderr=err
        )
        if meanwhile is not None:
            Thread(target=meanwhile, daemon=True).start()
        assert process.stdin is not None
        with suppress(BrokenPipeError):
            for part in stdin:
                process.stdin.write(part)
        with suppress(BrokenPipeError):
            process.stdin.close()
        process.wait()
    measures = json.loads(report.read_text("utf-8"))
    return Measured(
        measures["code"],
        measures["seconds"],
        measures["kib"] // 1024,
        output.read_bytes(),
        errors.read_text("utf-8", "replace"),
    )


def main() -> None:
    """Run `measured.py REPORT SECONDS COMMAND…`; the measures go to REPORT."""
    report, seconds, *command = sys.argv[1:]
    started = time.monotonic()
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        resource.setrlimit(resource.RLIMIT_DATA, (DATA_LIMIT, DATA_LIMIT))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.execvp(command[0], command)

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
    Path(report).write_text(json.dumps(measures), "utf-8")


if __name__ == "__main__":
    main()
