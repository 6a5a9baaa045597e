"""Ctrl-C, SIGTERM and a closed terminal: each raises an exception, so that the run cleans up."""

from __future__ import annotations

import signal
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any

from dfpolicy.exit_codes import ExitCode
from dfpolicy.i18n.language import marked

_CODES = {
    "SIGINT": (ExitCode.INTERRUPTED, marked("interrupted")),
    "SIGTERM": (ExitCode.TERMINATED, marked("terminated")),
    # Windows has no SIGHUP.
    "SIGHUP": (ExitCode.HUNG_UP, marked("the terminal was closed")),
}


class Stopped(BaseException):
    """The run must end now. Neither `except Exception` nor click catches it."""

    def __init__(self, number: int) -> None:
        self.code, self.reason = _CODES[signal.Signals(number).name]
        super().__init__(self.reason)
        _State.number = number
        _State.raised = weakref.ref(self)


class _State:
    """The number of blocks that delay signals, the delayed signal, and the raised exception.

    `raised` is reset if the exception was lost, as in a `__del__`: the next signal then counts.
    `number` is the signal of that exception.
    """

    holds = 0
    number = 0
    waiting: int | None = None
    raised: weakref.ref[Stopped] | None = None


def take_over() -> dict[int, Any]:
    """Make the signals raise Stopped in the main thread, except those that the caller ignores.

    Further signals are ignored during the clean-up. Returns the old handlers, for `give_back`.
    """
    former: dict[int, Any] = {}
    _State.waiting = _State.raised = None
    for name in _CODES:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            former[number] = signal.signal(number, _stop)
    return former


def give_back(former: Mapping[int, Any]) -> None:
    """Handle the signals as before `take_over`."""
    for number, handler in former.items():
        signal.signal(number, handler)


@contextmanager
def held() -> Iterator[None]:
    """Delay signals inside this block: an interruption there could not be cleaned up.

    A delayed signal is raised afterwards. Use it for short steps of the main thread.
    """
    _State.holds += 1
    try:
        yield
    finally:
        _State.holds -= 1
    if _State.waiting is not None and not _State.holds:
        number, _State.waiting = _State.waiting, None
        raise Stopped(number)


def raise_lost() -> None:
    """Raise Stopped again if its exception was lost. A run without an end must call this often."""
    if _State.raised is not None and _State.raised() is None:
        raise Stopped(_State.number)


def _stop(number: int, frame: FrameType | None) -> None:
    del frame
    if _State.waiting is not None or (_State.raised is not None and _State.raised() is not None):
        return
    if _State.holds:
        _State.waiting = number
        return
    raise Stopped(number)
