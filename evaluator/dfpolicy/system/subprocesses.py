"""Runs another program within limits of time and output, and leaves no process behind."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import IO, cast

from dfpolicy.system.signals import held

MOST = 256 << 20
_CHUNK = 64 << 10


class OutputTooLargeError(Exception):
    """The program printed more than it may."""


def run(
    command: Sequence[str],
    content: bytes | None,
    seconds: float,
    environment: Mapping[str, str] | None = None,
    started: Callable[[int], None] | None = None,
    most: int = MOST,
) -> tuple[int, bytes, bytes]:
    """Run a command and return its exit code, output and standard error.

    `content` is its standard input, or None; `started` is called with its process id. It is killed,
    with its children, at the time limit, when it prints more than `most` bytes, and when this
    process must stop. Raises OSError if it cannot start, subprocess.TimeoutExpired, and
    OutputTooLargeError.
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
        output, complaints = _communicate(process, content, seconds, most)
    except BaseException:
        if process is not None:
            with held():
                _end(process)
        raise
    return process.returncode, output, complaints


def _communicate(
    process: subprocess.Popen[bytes], content: bytes | None, seconds: float, most: int
) -> tuple[bytes, bytes]:
    """As `Popen.communicate`, which collects any amount of output."""
    if os.name != "posix":
        return process.communicate(content, seconds)
    end = time.monotonic() + seconds
    found = {process.stdout: bytearray(), process.stderr: bytearray()}
    left = memoryview(content or b"")
    with selectors.DefaultSelector() as selector:
        selector.register(cast(IO[bytes], process.stdout), selectors.EVENT_READ)
        selector.register(cast(IO[bytes], process.stderr), selectors.EVENT_READ)
        if process.stdin is not None:
            os.set_blocking(process.stdin.fileno(), False)
            selector.register(process.stdin, selectors.EVENT_WRITE)
        while selector.get_map():
            ready = selector.select(max(end - time.monotonic(), 0))
            if time.monotonic() >= end:
                raise subprocess.TimeoutExpired(process.args, seconds)
            for key, _events in ready:
                pipe = cast(IO[bytes], key.fileobj)
                if pipe is process.stdin:
                    left = left[_sent(key.fd, left) :]
                    more = bool(left)
                else:
                    more = _received(key.fd, found[pipe], most)
                if not more:
                    selector.unregister(pipe)
                    pipe.close()
    process.wait(max(end - time.monotonic(), 0.01))
    return bytes(found[process.stdout]), bytes(found[process.stderr])


def _received(handle: int, found: bytearray, most: int) -> bool:
    """Add what there is to read, and return whether there can be more."""
    part = os.read(handle, _CHUNK)
    found += part
    if len(found) > most:
        raise OutputTooLargeError
    return bool(part)


def _sent(handle: int, content: memoryview) -> int:
    try:
        return os.write(handle, content[:_CHUNK]) if content else 0
    except BlockingIOError:
        return 0
    except BrokenPipeError:
        # The program reads no more, and may have its reasons.
        return len(content)


def _end(process: subprocess.Popen[bytes]) -> None:
    # Its children would keep the pipes open.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    with process:
        pass
