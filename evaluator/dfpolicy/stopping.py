"""Ctrl-C, SIGTERM and a lost terminal: each ends the run as an exception, which cleans up."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from dfpolicy.exit_codes import ExitCode

_CODES = {
    "SIGINT": (ExitCode.INTERRUPTED, "interrupted"),
    "SIGTERM": (ExitCode.TERMINATED, "terminated"),
    # Windows has none.
    "SIGHUP": (ExitCode.HUNG_UP, "the terminal is gone"),
}


class Stopped(BaseException):
    """The run is to end now. No `except Exception` takes it, and neither does click."""

    def __init__(self, code: ExitCode, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class _State:
    """How many signals came, how many blocks hold them off, and what the first is to raise."""

    count = 0
    holds = 0
    waiting: Stopped | None = None


def take_over() -> dict[int, Any]:
    """Let the signals raise Stopped in the main thread, but those that the caller has ignored.

    A second signal is passed over, since it must not break what the first one cleans up; one
    more ends the process at once. Returns the former handlers, for `give_back`.
    """
    former = {}
    _State.count, _State.waiting = 0, None
    for name in _CODES:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            former[number] = signal.signal(number, _stop)
    return former


def give_back(former: dict[int, Any]) -> None:
    """Handle the signals as before `take_over`."""
    for number, handler in former.items():
        signal.signal(number, handler)


def ignore(numbers: dict[int, Any]) -> None:
    """Ignore the signals that were taken over: all is done, and the process ends anyway."""
    for number in numbers:
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def held() -> Iterator[None]:
    """Let no signal stop what is within: what it leaves unknown could not be cleaned up.

    A signal that came meanwhile is raised behind it. For short steps of the main thread.
    """
    _State.holds += 1
    try:
        yield
    finally:
        _State.holds -= 1
    if _State.waiting is not None and not _State.holds:
        stopped, _State.waiting = _State.waiting, None
        raise stopped


def _stop(number: int, frame: FrameType | None) -> None:
    del frame
    _State.count += 1
    if _State.count > 1:
        for name in _CODES:
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), signal.SIG_DFL)
        return
    stopped = Stopped(*_CODES[signal.Signals(number).name])
    if _State.holds:
        _State.waiting = stopped
        return
    raise stopped
