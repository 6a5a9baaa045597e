"""Twice the results take at most twice the work; the test counts instructions, not time."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from dfpolicy.formats.base import FORMATS, Style, renderer
from dfpolicy.formats.text import render
from dfpolicy.model import Report
from support import reports

AMOUNT = 400
# Counting instructions is slow.
TRACED = 150


def alike(count: int) -> Report:
    results = (reports.result("unknown", **reports.node(f"n{i}", i)) for i in range(count))
    return reports.report(*results, agents=[reports.agent(i) for i in range(count)])


MAKERS: dict[str, Callable[[int], Report]] = {
    "each of its own": reports.large,
    "a cluster": reports.cluster,
    "all alike": alike,
}


def instructions(name: str, report: Report, style: Style) -> int:
    count = 0

    def traced(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal count
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        count += event == "opcode"
        return traced

    before = sys.gettrace()
    sys.settrace(traced)
    try:
        renderer(name)(report, style)
    finally:
        sys.settrace(before)
    return count


CASES = [
    *((name, "each of its own", False) for name in FORMATS if name != "json"),
    *(("text", maker, verbose) for maker in MAKERS for verbose in (False, True)),
]


@pytest.mark.parametrize(("name", "maker", "verbose"), dict.fromkeys(CASES))
def test_twice_the_results_are_at_most_twice_the_work(name: str, maker: str, verbose: bool) -> None:
    style = Style(verbose=verbose)
    once, twice = (MAKERS[maker](count) for count in (TRACED, 2 * TRACED))
    # Work done once for all, such as reading the catalogue and the widths of characters. From
    # Python 3.12 on, the first count also misses instructions that it has not seen before.
    instructions(name, twice, style)
    least = instructions(name, once, style)
    assert instructions(name, twice, style) < 2.2 * least


@pytest.mark.parametrize("name", MAKERS)
def test_the_lines_do_not_grow_with_the_results(name: str) -> None:
    once, twice = (
        render(MAKERS[name](count), Style()).count("\n") for count in (AMOUNT, 2 * AMOUNT)
    )
    assert once == twice <= 65
