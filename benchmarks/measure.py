"""Measures commands as whole processes: wall time, processor time, peak memory."""

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

# ru_maxrss is in KiB, but in bytes on macOS.
RSS_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True)
class Command:
    """A command line, its additional environment, and the exit codes that mean success.

    `reports` is whether it prints fields of a Sample as JSON, which replace those that are measured
    here; other output is discarded.
    """

    line: Sequence[str]
    environment: Mapping[str, str]
    codes: frozenset[int] = frozenset((0,))
    reports: bool = False


@dataclass(frozen=True)
class Sample:
    """One run: seconds of wall and processor time, peak bytes; or why there is no result.

    `worker` has the peak bytes of the largest child process, if the command reports it.
    """

    wall: float = 0.0
    cpu: float = 0.0
    memory: int = 0
    fault: str = ""
    worker: int = 0


def measure(command: Command, limit: float) -> Sample:
    """Run a command once, and stop it with its children after `limit` seconds.

    Processor time is that of the process and its children, peak memory that of the largest of them.
    It is never less than the memory of this process, so this process must stay small.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        process = _start(command, output, errors)
        expired = threading.Event()
        start = time.perf_counter()
        timer = threading.Timer(limit, _end, (process.pid, expired))
        timer.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            _end(process.pid, expired)
            raise
        finally:
            timer.cancel()
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if expired.is_set():
            return Sample(fault=f"> {limit:.0f} s")
        if process.returncode not in command.codes:
            return Sample(fault=_fault(process.returncode, errors))
        cpu = usage.ru_utime + usage.ru_stime
        sample = Sample(wall, cpu, usage.ru_maxrss * RSS_UNIT)
        if not command.reports:
            return sample
        output.seek(0)
        return replace(sample, **json.load(output))


def median(samples: Sequence[Sample]) -> Sample:
    """Return the medians of the samples, or the first that has a fault."""
    for sample in samples:
        if sample.fault:
            return sample
    return Sample(
        statistics.median(sample.wall for sample in samples),
        statistics.median(sample.cpu for sample in samples),
        round(statistics.median(sample.memory for sample in samples)),
        worker=round(statistics.median(sample.worker for sample in samples)),
    )


def peak_memory(process: int | str = "self") -> int:
    """Return the peak bytes of a running process so far, without those of its parent; on Linux.

    Raises OSError if there is no such process.
    """
    for line in Path(f"/proc/{process}/status").read_text("utf-8").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) << 10
    return 0


def _start(command: Command, output: IO[bytes], errors: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command.line,
        env=os.environ | command.environment,
        stdin=subprocess.DEVNULL,
        stdout=output if command.reports else subprocess.DEVNULL,
        stderr=errors,
        # Its children must end with it.
        start_new_session=True,
    )


def _end(group: int, expired: threading.Event) -> None:
    expired.set()
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def _fault(code: int, errors: IO[bytes]) -> str:
    if code < 0:
        return f"ended by {signal.Signals(-code).name}"
    errors.seek(0)
    lines = errors.read().decode(errors="replace").strip().splitlines() or ["no message"]
    return f"exit {code}: {lines[0][:200]}"
