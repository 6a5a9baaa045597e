"""One run of the benchmarks: all contenders on each input, in turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contenders import CONTENDERS, Contender
from benchmarks.inputs import WATCHED, Input
from benchmarks.measure import Command, Sample, measure
from benchmarks.results import Measured, Results
from benchmarks.watching import watched
from benchmarks.workshop import Workshop

# The largest last, so that a run that is stopped has most of the results.
FULL = (
    *("agent", "server", "100", "1000", "10000", "1000-nodes", "10000-nodes", "2000-facts"),
    *("100-agents", "400-agents", "1000-agents", "50-clusters", "200-clusters"),
    *("1000-watched", "5000-watched", "100000-list", "100000"),
)
QUICK = (
    *("agent", "server", "100", "1000", "1000-list", "1000-nodes", "200-facts", "20-agents"),
    *("10-clusters", "100-watched"),
)


@dataclass(frozen=True)
class Terms:
    """How much is measured.

    A contender gets at most `runs` counted runs on an input, and no more runs once they took
    `budget` seconds. One command may take `limit` seconds. `charts` has the rendered real charts.
    """

    runs: int
    budget: float
    limit: float
    charts: Path | None = None


def measure_input(name: str, results: Results, made: Workshop, terms: Terms) -> Input:
    """Measure every contender on an input, and add it to the results in the order of FULL.

    The contenders take turns, so that a slow phase of the machine affects all of them. Their first
    turn fills the disk cache and is not counted if there is another one. A contender that reached
    the limit on a smaller input of the same kind is skipped.
    """
    given = made.made(name, terms.charts)
    measured = Measured(name, given.objects, given.size)
    smaller = results.clusters() if name.isdecimal() else []
    if given.kind == WATCHED:
        measured.samples |= watched(given.objects, terms.runs, terms.limit, made)
    else:
        _take_turns(given, measured, smaller, made, terms)
    results.inputs.append(measured)
    results.inputs.sort(key=lambda one: FULL.index(one.name) if one.name in FULL else len(FULL))
    return given


def _take_turns(
    given: Input, measured: Measured, smaller: Sequence[Measured], made: Workshop, terms: Terms
) -> None:
    for turn in range(terms.runs + 1 if terms.runs > 1 else 1):
        for contender in CONTENDERS:
            samples = measured.samples.get(contender.name, [])
            command = contender.command(given, made)
            if command is not None and (turn == 0 or not enough(samples, terms.budget)):
                measured.samples[contender.name] = samples
                samples.append(_sample(contender, command, smaller, terms.limit))
    for samples in measured.samples.values():
        if len(samples) > 1:
            del samples[0]


def enough(samples: Sequence[Sample], budget: float) -> bool:
    """Return whether a contender gets no more runs: it failed, or its runs took long enough."""
    taken = sum(sample.wall for sample in samples)
    return not samples or bool(samples[-1].fault) or taken > budget


def _sample(
    contender: Contender, command: Command, smaller: Sequence[Measured], limit: float
) -> Sample:
    """Run the command once, unless the contender was too slow for fewer objects."""
    for measured in smaller:
        sample = measured.median(contender.name)
        if sample and sample.fault.startswith(">"):
            return Sample(fault=sample.fault)
    return measure(command, limit)
