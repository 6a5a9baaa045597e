"""Signals in each phase of a run: one line at once, the signal's exit code, nothing left behind."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from support.faults import catalogue, signals
from support.faults.process import Place


@pytest.mark.parametrize("fault", catalogue.faults("signals"), ids=lambda fault: fault.name)
def test_a_signal_stops_the_command(fault: catalogue.Fault, tmp_path: Path) -> None:
    fault.check(tmp_path)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_a_signal_that_the_caller_ignores_stays_ignored(
    tmp_path: Path, number: signal.Signals
) -> None:
    place = Place(tmp_path)
    within = ["sh", "-c", f'trap "" {number.name.removeprefix("SIG")}; exec "$0" "$@"']
    process, writing = signals.reading_from(place, within)
    process.send(number)
    with writing:
        writing.write(place.manifests.read_bytes())
    outcome = process.wait()
    assert (outcome.code, outcome.said) == (1, "")


def test_a_closed_terminal_stops_the_command(tmp_path: Path) -> None:
    process, writing = signals.reading_from(Place(tmp_path))
    process.send(signal.SIGHUP)
    outcome = process.wait()
    writing.close()
    assert (outcome.code, outcome.said) == (129, "dfpolicy: the terminal was closed\n")


def test_two_signals_at_once_count_as_one(tmp_path: Path) -> None:
    process, writing = signals.reading_from(Place(tmp_path))
    process.send(signal.SIGTERM)
    process.send(signal.SIGINT)
    outcome = process.wait()
    writing.close()
    # The system delivers both at once, in any order.
    assert (outcome.code, outcome.said) in {
        (143, "dfpolicy: terminated\n"),
        (130, "dfpolicy: interrupted\n"),
    }
