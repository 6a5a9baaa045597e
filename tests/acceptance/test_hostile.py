"""Hostile input ends quickly, in little memory, with one line and without a traceback."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from support import hostile
from support.faults.process import Place
from support.hostile import Case

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc"),
]

# A command that hangs never ends; the machine may be slow.
HANG = 600.0
# Reports that a file is about to be opened.
OPENING = """
import os
call = os.open
def opening(path, *arguments, **more):
    if path == "x.yaml":
        os.close(call("opening", os.O_CREAT))
    return call(path, *arguments, **more)
os.open = opening
"""


@pytest.mark.parametrize("case", [one for one in hostile.cases() if not one.heavy], ids=str)
def test_hostile_input_ends_soon_with_one_line(case: Case) -> None:
    assert hostile.faults(case, hostile.run(case, os.environ, HANG)) == []


def test_case_names_are_unique() -> None:
    names = [case.name for case in hostile.cases()]
    assert len(names) == len(set(names)) > 100


def test_a_pipe_that_is_named_waits_for_its_writer_until_ctrl_c(tmp_path: Path) -> None:
    place = Place(tmp_path)
    os.mkfifo(tmp_path / "x.yaml")
    process = place.start("eval", "x.yaml", hook=OPENING)
    process.until((tmp_path / "opening").exists)
    # The command now waits only for the pipe.
    process.until(lambda: process.asleep())
    process.send(signal.SIGINT)
    outcome = process.wait()
    assert (outcome.code, outcome.out, outcome.said) == (130, b"", "dfpolicy: interrupted\n")
