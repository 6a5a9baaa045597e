"""Twice the results are at most twice the work: what is counted are calls, not time."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from dfpolicy.reports.base import Style
from dfpolicy.reports.text import render
from support import reports

Json = dict[str, Any]

AMOUNT = 600


def alike(count: int) -> Json:
    results = (reports.result("unknown", **reports.node(f"n{i}", i)) for i in range(count))
    return reports.report(*results, agents=[reports.agent(i) for i in range(count)])


MAKERS: dict[str, Callable[[int], Json]] = {
    "each of its own": reports.large,
    "a cluster": reports.cluster,
    "all alike": alike,
}


def calls(report: Json, style: Style) -> int:
    count = 0

    def counted(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        render(report, style)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("verbose", [False, True])
@pytest.mark.parametrize("name", MAKERS)
def test_twice_the_results_are_at_most_twice_the_work(name: str, verbose: bool) -> None:
    style = Style(verbose=verbose)
    once, twice = (MAKERS[name](count) for count in (AMOUNT, 2 * AMOUNT))
    # What is done once for all, such as reading the catalogue and the widths of characters.
    render(twice, style)
    least = calls(once, style)
    assert least > AMOUNT
    assert calls(twice, style) < 2.2 * least


@pytest.mark.parametrize("name", MAKERS)
def test_the_lines_do_not_grow_with_the_results(name: str) -> None:
    once, twice = (
        render(MAKERS[name](count), Style()).count("\n") for count in (AMOUNT, 2 * AMOUNT)
    )
    assert once == twice < 160
