"""Numbers derived from results: ratios to conftest, growth, and whether targets are met."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks import growth
from benchmarks.contenders import BASE, COLD, SECOND, WARM
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
    """A ratio; `bound` means that it is an upper bound, because conftest reached its limit."""

    value: float
    bound: bool = False

    def __str__(self) -> str:
        if self.value == math.inf:
            return "failed"
        return f"{'< ' if self.bound else ''}{self.value:.2f}"


@dataclass(frozen=True)
class Target:
    """What a contender must reach on an input: `found` must return at most `most`."""

    text: str
    most: float
    name: str
    contender: str
    found: Callable[[Results, str, str], Ratio | None]

    def reached(self, results: Results) -> Ratio | None:
        """Return the measured ratio: infinite if the contender failed, None if not measured."""
        measured = results.named(self.name)
        sample = measured.median(self.contender) if measured else None
        if sample and sample.fault:
            return Ratio(math.inf)
        return self.found(results, self.name, self.contender) if sample else None


def ratio(results: Results, name: str, contender: str, cost: Cost = wall) -> Ratio | None:
    """Return a contender's cost on an input divided by that of conftest, or None."""
    found = _sample(results, name, contender)
    measured = results.named(name)
    base = measured.median(BASE) if measured else None
    if found is None or base is None:
        return None
    if base.fault:
        expired = base.fault.startswith(">") and cost is wall
        return Ratio(found.wall / results.limit, bound=True) if expired else None
    return Ratio(cost(found) / cost(base))


def exponent(results: Results, contender: str, cost: Cost) -> float | None:
    """Return how a contender's cost grows with the objects of a cluster; see `growth`."""
    start = _sample(results, "agent", contender)
    found = [(each.objects, _sample(results, each.name, contender)) for each in results.clusters()]
    points = [(objects, cost(sample)) for objects, sample in found if sample]
    return growth.exponent(points, cost(start)) if start else None


def _sample(results: Results, name: str, contender: str) -> Sample | None:
    measured = results.named(name)
    found = measured.median(contender) if measured else None
    return found if found and not found.fault else None


def _linear(results: Results, _: str, contender: str) -> Ratio | None:
    found = exponent(results, contender, wall)
    return None if found is None else Ratio(found)


def _memory_per_byte(results: Results, name: str, contender: str) -> Ratio | None:
    measured, found = results.named(name), _sample(results, name, contender)
    return Ratio(found.memory / measured.size) if measured and found else None


TARGETS: Sequence[Target] = (
    Target("one chart, first start: time", 1.5, "agent", COLD, ratio),
    Target("one chart, second call in one process: time", 0.1, "agent", SECOND, ratio),
    Target("1,000 objects: time", 0.7, "1000", WARM, ratio),
    Target("10,000 objects: time", 0.4, "10000", WARM, ratio),
    Target("100,000 objects: time", 0.3, "100000", WARM, ratio),
    Target("100 to 100,000 objects: exponent of the time", 1.05, "100000", WARM, _linear),
    Target("100,000 objects: memory over the input's size", 6, "100000", WARM, _memory_per_byte),
)
