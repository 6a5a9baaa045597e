from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Iterator

import pytest

from dfpolicy.system import signals


@pytest.fixture(autouse=True)
def handled() -> Iterator[None]:
    before = signal.getsignal(signal.SIGTERM)
    former = signals.take_over()
    yield
    signals.give_back(former)
    assert signal.getsignal(signal.SIGTERM) is before


def interrupt(number: signal.Signals = signal.SIGTERM) -> None:
    """Send this process a signal; its handler has run when this returns or raises."""
    signal.raise_signal(number)


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


def test_a_second_signal_does_not_break_a_held_clean_up() -> None:
    cleaned = []

    def work() -> None:
        try:
            interrupt()
        finally:
            with signals.held():
                interrupt(signal.SIGINT)
                cleaned.append(True)

    with pytest.raises(signals.Stopped) as caught:
        work()
    assert (cleaned, caught.value.code) == ([True], 143)


def test_held_work_is_finished_before_the_signal_is_raised() -> None:
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


def test_held_raises_its_own_failure() -> None:
    with pytest.raises(ValueError, match="own"), signals.held():
        raise ValueError("own")


def test_of_two_signals_that_come_while_held_the_first_is_raised() -> None:
    def work() -> None:
        with signals.held():
            interrupt()
            interrupt(signal.SIGINT)

    with pytest.raises(signals.Stopped) as caught:
        work()
    assert caught.value.code == 143


def test_after_a_signal_whose_exception_was_lost_the_next_one_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lost = []
    monkeypatch.setattr(sys, "unraisablehook", lambda args: lost.append(args.exc_type))

    class Collected:
        def __del__(self) -> None:
            interrupt()

    Collected()
    assert lost == [signals.Stopped]
    with pytest.raises(signals.Stopped):
        interrupt()


def test_a_signal_whose_exception_was_lost_is_raised_again() -> None:
    signals.raise_lost()
    with contextlib.suppress(signals.Stopped):
        interrupt()
    with pytest.raises(signals.Stopped) as caught:
        signals.raise_lost()
    assert caught.value.code == 143
