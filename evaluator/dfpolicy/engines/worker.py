"""Threads for wasmtime and requests, which neither Ctrl-C nor a time limit can interrupt.

The main thread waits for them, and both can end this wait. A thread is kept for the next job and
never ends: wasmtime frees a thread's data when the thread ends, and a process that exits meanwhile
crashes.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from contextvars import copy_context
from queue import SimpleQueue
from typing import Any

_SLICE_SECONDS = 0.1

_idle: list[_Worker] = []


class Job:
    """A function that runs on its own thread; `outcome` is its value or its exception."""

    def __init__(self, function: Callable[[], Any]) -> None:
        self.outcome: Any = None
        # In the caller's context, so that errors are in its language.
        self._function, self._context = function, copy_context()
        self._done = threading.Event()

    @property
    def done(self) -> bool:
        """Whether the function has returned or raised."""
        return self._done.is_set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait at most that long, or without limit, and return whether the job is done.

        In short steps: a signal just before a wait is not handled until the wait ends.
        """
        end = math.inf if seconds is None else time.monotonic() + seconds
        while not self._done.wait(max(min(_SLICE_SECONDS, end - time.monotonic()), 0)):
            if time.monotonic() >= end:
                return False
        return True

    def _run(self) -> None:
        try:
            self.outcome = self._context.run(self._function)
        except BaseException as error:  # handed to the caller's thread
            self.outcome = error

    def _finish(self) -> None:
        self._done.set()


class _Worker:
    def __init__(self) -> None:
        self.jobs: SimpleQueue[Job] = SimpleQueue()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            job = self.jobs.get()
            job._run()
            _idle.append(self)
            job._finish()
            # Otherwise it, and everything it refers to, would be kept until the next job.
            del job


def start(function: Callable[[], Any]) -> Job:
    """Run the function on a free thread, or on a new one."""
    job = Job(function)
    run(job)
    return job


def run(job: Job) -> None:
    """Run a job on a free thread, or on a new one."""
    try:
        worker = _idle.pop()
    except IndexError:
        worker = _Worker()
    worker.jobs.put(job)
