"""Twice the results take at most twice the work; the test counts instructions, not time."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dfpolicy.formats.base import FORMATS, Style, renderer
from dfpolicy.formats.text import render
from dfpolicy.model import Report
from support import reports
from support.instructions import instructions

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


CASES = [
    *((name, "each of its own", False) for name in FORMATS if name != "json"),
    *(("text", maker, verbose) for maker in MAKERS for verbose in (False, True)),
]


@pytest.mark.parametrize(("name", "maker", "verbose"), dict.fromkeys(CASES))
def test_twice_the_results_are_at_most_twice_the_work(name: str, maker: str, verbose: bool) -> None:
    style = Style(verbose=verbose)
    once, twice = (MAKERS[maker](count) for count in (TRACED, 2 * TRACED))

    def work(report: Report) -> int:
        return instructions(lambda: renderer(name)(report, style))

    # Work done once for all, such as reading the catalogue and the widths of characters.
    work(twice)
    least = work(once)
    assert work(twice) < 2.2 * least


@pytest.mark.parametrize("name", MAKERS)
def test_the_lines_do_not_grow_with_the_results(name: str) -> None:
    once, twice = (
        render(MAKERS[name](count), Style()).count("\n") for count in (AMOUNT, 2 * AMOUNT)
    )
    assert once == twice <= 65
