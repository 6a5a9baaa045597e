"""Runs another program within a time limit, and leaves no process behind."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from dfpolicy.system.signals import held


def run(
    command: Sequence[str],
    content: bytes | None,
    seconds: float,
    environment: Mapping[str, str] | None = None,
    started: Callable[[int], None] | None = None,
) -> tuple[int, bytes, bytes]:
    """Run a command and return its exit code, output and standard error.

    `content` is its standard input, or None; `started` is called with its process id. It is killed,
    with its children, at the time limit and when this process must stop. Raises OSError if it
    cannot start, and subprocess.TimeoutExpired.
    """
    process: subprocess.Popen[bytes] | None = None
    try:
        # Otherwise a signal in between could leave a process behind.
        with held():
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL if content is None else subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment,
                start_new_session=True,
            )
        if started is not None:
            started(process.pid)
        output, complaints = process.communicate(content, seconds)
    except BaseException:
        if process is not None:
            with held():
                _end(process)
        raise
    return process.returncode, output, complaints


def _end(process: subprocess.Popen[bytes]) -> None:
    # Its children would keep the pipes open.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    with process:
        pass
