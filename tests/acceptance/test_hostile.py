"""Hostile input ends soon, in little memory, with one line that says where: never a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from support import hostile
from support.hostile import Case

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")

# What hangs does not end at all; the machine may be slow.
HANG = 120.0


@pytest.mark.parametrize("case", [one for one in hostile.cases() if not one.heavy], ids=str)
def test_hostile_input(case: Case) -> None:
    assert hostile.faults(case, hostile.run(case, os.environ, HANG)) == []


def test_no_two_cases_have_one_name() -> None:
    names = [case.name for case in hostile.cases()]
    assert len(names) == len(set(names)) > 100


def test_a_pipe_that_is_named_waits_for_its_writer_until_ctrl_c(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.yaml")
    process = subprocess.Popen(
        [sys.executable, "-m", "dfpolicy", "eval", "x.yaml"],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    asleep = 0
    while asleep < 10:
        time.sleep(0.05)
        state = Path(f"/proc/{process.pid}/stat").read_text("ascii").rpartition(")")[2].split()[0]
        asleep = asleep + 1 if state == "S" else 0
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=HANG) == (b"", b"dfpolicy: interrupted\n")
    assert process.returncode == 130
