"""Counts what Python does, for tests of how work grows: unlike time, it is the same on each run."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def instructions(call: Callable[[], object]) -> int:
    """Return the number of bytecode instructions of a call, without what runs in C.

    From Python 3.12 on, the first count misses instructions that were not seen before: count twice.
    """
    count = 0

    def traced(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal count
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        count += event == "opcode"
        return traced

    before = sys.gettrace()
    sys.settrace(traced)
    try:
        call()
    finally:
        sys.settrace(before)
    return count
