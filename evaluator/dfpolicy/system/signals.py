"""Ctrl-C, SIGTERM and a lost terminal: each ends the run as an exception, which cleans up."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
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
_AGAIN_SECONDS = 0.01


class Stopped(BaseException):
    """The run is to end now. No `except Exception` takes it, and neither does click."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.code, self.reason = _CODES[signal.Signals(number).name]
        super().__init__(self.reason)


class _State:
    """How many signals came, how many blocks hold them off, what the first is to raise then.

    `hook` is called for what else is raised where no exception gets through.
    """

    count = 0
    holds = 0
    waiting: Stopped | None = None
    hook: Callable[[Any], object] = staticmethod(sys.__unraisablehook__)


def take_over() -> dict[int, Any]:
    """Let the signals raise Stopped in the main thread, but those that the caller has ignored.

    A second signal is passed over, since it must not break what the first one cleans up; one
    more ends the process at once. Returns the former handlers, for `give_back`.
    """
    former: dict[int, Any] = {}
    _State.count, _State.waiting = 0, None
    _State.hook, sys.unraisablehook = sys.unraisablehook, _swallowed
    for name in _CODES:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            former[number] = signal.signal(number, _stop)
    return former


def give_back(former: dict[int, Any]) -> None:
    """Handle the signals as before `take_over`."""
    sys.unraisablehook = _State.hook
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
    stopped = Stopped(number)
    if _State.holds:
        _State.waiting = stopped
        return
    raise stopped


def _swallowed(unraisable: Any) -> None:
    """Send a signal again that came where no exception gets through, such as in a `__del__`."""
    stopped = unraisable.exc_value
    if not isinstance(stopped, Stopped):
        _State.hook(unraisable)
        return
    _State.count = 0
    again = threading.Timer(_AGAIN_SECONDS, _send, (stopped.number,))
    again.daemon = True
    again.start()


def _send(number: int) -> None:
    main = threading.main_thread().ident
    if hasattr(signal, "pthread_kill") and main is not None:
        signal.pthread_kill(main, number)
    else:
        signal.raise_signal(number)
