"""What dfpolicy must reach, and whether results reach it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks import ratios
from benchmarks.contenders import BASE, FEATURES, OPA, WARM
from benchmarks.inputs import meant
from benchmarks.ratios import Ratio
from benchmarks.results import Results
from benchmarks.table import NOTHING, markdown

Found = Callable[[Results, str, str], Ratio | None]


@dataclass(frozen=True)
class Target:
    """What a contender must reach on an input: `found` must return at most `most`, in `unit`."""

    text: str
    most: float
    unit: str
    name: str
    found: Found
    contender: str = WARM

    def reached(self, results: Results) -> Ratio | None:
        """Return what was measured: infinite if the contender failed, None if not measured."""
        measured = results.named(self.name)
        sample = measured.median(self.contender) if measured else None
        if sample and sample.fault:
            return Ratio(math.inf)
        return self.found(results, self.name, self.contender) if sample else None


def table(results: Results) -> str:
    """Return the targets, what was measured, and whether they are met, as a Markdown table."""
    rows = [["target", "at most", "measured", ""]]
    for target in TARGETS:
        reached = target.reached(results)
        numbers = (_shown(found, target) for found in (Ratio(target.most), reached))
        rows.append([target.text, *numbers, _told(target, reached)])
    return markdown(rows)


def _told(target: Target, reached: Ratio | None) -> str:
    if reached is None:
        return "not measured"
    if reached.value <= target.most:
        return "met"
    # An upper bound says nothing about what is below it.
    return "not measured" if reached.bound else "**not met**"


def _shown(found: Ratio | None, target: Target) -> str:
    if found is None:
        return NOTHING
    if found.value == math.inf:
        return "failed"
    digits = 0 if target.unit == "MiB" else 2
    value = round(found.value, digits)
    if found.value > target.most >= value:
        # What is not met is not rounded to the target.
        value += 10**-digits
    return f"{'< ' if found.bound else ''}{value:.{digits}f} {target.unit}".rstrip()


def _of(other: str) -> Found:
    return lambda results, name, contender: ratios.ratio(results, name, contender, other)


def _cost(cost: ratios.Cost, unit: float = 1) -> Found:
    def found(results: Results, name: str, contender: str) -> Ratio | None:
        sample = ratios.sample(results, name, contender)
        return Ratio(cost(sample) / unit) if sample else None

    return found


def _exponent(results: Results, name: str, contender: str) -> Ratio | None:
    found = ratios.exponent(results, contender, meant(name)[0], ratios.cpu)
    return None if found is None else Ratio(found)


# The exponent of linear growth, and what a measurement may add to it.
_LINEAR = 1.05
TARGETS: Sequence[Target] = (
    Target("one chart: time, as a ratio to conftest", 0.4, "", "agent", _of(BASE)),
    Target("10,000 objects: time, as a ratio to `opa eval`", 0.9, "", "10000", _of(OPA)),
    Target("100,000 objects: time, as a ratio to `opa eval`", 0.9, "", "100000", _of(OPA)),
    Target("10,000 nodes: time", 3, "s", "10000-nodes", _cost(ratios.wall)),
    Target("10,000 nodes: memory", 400, "MiB", "10000-nodes", _cost(ratios.memory, 2**20)),
    Target("10,000 nodes, `features`: time", 2.5, "s", "10000-nodes", _cost(ratios.wall), FEATURES),
    Target("1,000 agents: time", 10, "s", "1000-agents", _cost(ratios.wall)),
    Target("1,000 agents: memory", 1.2, "GiB", "1000-agents", _cost(ratios.memory, 2**30)),
    Target("200 clusters, `fleet`: time", 15, "s", "200-clusters", _cost(ratios.wall)),
    Target("objects: exponent of the time", _LINEAR, "", "100000", _exponent),
    Target("nodes: exponent of the time", _LINEAR, "", "10000-nodes", _exponent),
    Target("agents: exponent of the time", _LINEAR, "", "1000-agents", _exponent),
    Target("clusters: exponent of the time", _LINEAR, "", "200-clusters", _exponent),
)
