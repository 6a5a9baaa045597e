"""Runs another program to its end, within a time limit, and leaves none behind."""

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
    """Run a command and return its exit code, output and complaints.

    `content` is its standard input, None for nothing; `started` is called with its number. It is
    killed, with all that it started, after so many seconds and when this process is to stop.
    Raises OSError where it cannot be started, subprocess.TimeoutExpired.
    """
    process: subprocess.Popen[bytes] | None = None
    try:
        # Else a signal in between could leave one that nobody knows of.
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
    # Its own children would hold the pipes open.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    with process:
        pass
