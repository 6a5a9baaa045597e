"""Numbers derived from results: ratios to other contenders, and growth."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks import growth
from benchmarks.contenders import LOOP
from benchmarks.inputs import meant
from benchmarks.measure import Sample
from benchmarks.results import Results

Cost = Callable[[Sample], float]


def wall(sample: Sample) -> float:
    """Return the seconds of wall time."""
    return sample.wall


def cpu(sample: Sample) -> float:
    """Return the seconds of processor time."""
    return sample.cpu


def memory(sample: Sample) -> float:
    """Return the peak memory, in bytes."""
    return sample.memory


@dataclass(frozen=True)
class Ratio:
    """A ratio; `bound` means that it is an upper bound, because the other reached its limit."""

    value: float
    bound: bool = False

    def __str__(self) -> str:
        if self.value == math.inf:
            return "failed"
        return f"{'< ' if self.bound else ''}{self.value:.2f}"


def sample(results: Results, name: str, contender: str) -> Sample | None:
    """Return the medians of a contender on an input; None if it failed or was not measured."""
    measured = results.named(name)
    found = measured.median(contender) if measured else None
    return found if found and not found.fault else None


def ratio(
    results: Results, name: str, contender: str, other: str, cost: Cost = wall
) -> Ratio | None:
    """Return a contender's cost on an input divided by that of another, or None."""
    found = sample(results, name, contender)
    measured = results.named(name)
    base = measured.median(other) if measured else None
    if found is None or base is None:
        return None
    if base.fault:
        expired = base.fault.startswith(">") and cost is wall
        return Ratio(found.wall / results.limit, bound=True) if expired else None
    return Ratio(cost(found) / cost(base))


def exponent(results: Results, contender: str, kind: str, cost: Cost) -> float | None:
    """Return how a contender's cost grows with inputs of a kind; see `growth`."""
    if contender == LOOP:
        start: Sample | None = Sample()
    else:
        # A process of fleet starts like any other.
        start = sample(results, "agent", contender)
    points = [
        (float(each.objects), cost(found))
        for each in results.inputs
        if meant(each.name)[0] == kind and (found := sample(results, each.name, contender))
    ]
    return growth.exponent(points, cost(start)) if start else None
