from __future__ import annotations

import os
import subprocess
import sys

import pytest

from dfpolicy.system.subprocesses import OutputTooLargeError, run

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the programs are those of POSIX")


def test_input_and_both_outputs_of_any_size() -> None:
    content = b"x" * (1 << 20)
    assert run(["sh", "-c", "cat; echo a >&2; exit 5"], content, 20) == (5, content, b"a\n")
    # The program need not read its input.
    assert run(["true"], content, 20) == (0, b"", b"")
    assert run(["cat"], None, 20) == (0, b"", b"")


@pytest.mark.parametrize("stream", ["1", "2"])
def test_a_program_that_prints_without_end_is_killed(stream: str) -> None:
    with pytest.raises(OutputTooLargeError):
        run(["sh", "-c", f"yes >&{stream} & yes >&{stream}"], None, 60, most=1 << 20)


def test_a_program_that_prints_nothing_is_killed_at_the_time_limit() -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        run([sys.executable, "-c", "import time; time.sleep(60)"], b"x" * (1 << 20), 0.3)
