from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest

from dfpolicy.system import signals

LIMIT_SECONDS = 30.0


@pytest.fixture(autouse=True)
def handled() -> Iterator[None]:
    before = signal.getsignal(signal.SIGTERM)
    former = signals.take_over()
    yield
    signals.give_back(former)
    assert signal.getsignal(signal.SIGTERM) is before


def interrupt(number: signal.Signals = signal.SIGTERM) -> None:
    """Send this process a signal, and come to where its handler runs."""
    os.kill(os.getpid(), number)
    time.sleep(0)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGHUP, 129), (signal.SIGINT, 130), (signal.SIGTERM, 143)]
)
def test_a_signal_is_raised_with_its_code(number: signal.Signals, code: int) -> None:
    with pytest.raises(signals.Stopped) as caught:
        interrupt(number)
    assert caught.value.code == code == 128 + number


def test_a_second_signal_does_not_break_the_clean_up() -> None:
    cleaned = []
    try:
        interrupt()
    except signals.Stopped:
        interrupt(signal.SIGINT)
        cleaned.append(True)
    assert cleaned == [True]
    # One more ends the process.
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_what_is_held_is_done_first() -> None:
    done = []

    def work() -> None:
        with signals.held():
            with signals.held():
                interrupt()
                done.append("inner")
            done.append("outer")

    with pytest.raises(signals.Stopped):
        work()
    assert done == ["inner", "outer"]


def test_held_lets_its_own_failure_through() -> None:
    with pytest.raises(ValueError, match="own"), signals.held():
        raise ValueError("own")


def test_a_signal_where_no_exception_gets_through_comes_again() -> None:
    class Collected:
        def __del__(self) -> None:
            interrupt()

    def wait() -> None:
        Collected()
        end = time.monotonic() + LIMIT_SECONDS
        while time.monotonic() < end:
            time.sleep(0.01)

    with pytest.raises(signals.Stopped):
        wait()
