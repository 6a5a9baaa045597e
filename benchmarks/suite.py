"""One run of the benchmarks: all contenders on each input, in turns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.contenders import CONTENDERS, Contender
from benchmarks.inputs import Input, make
from benchmarks.measure import Sample, measure
from benchmarks.results import Measured, Results
from benchmarks.workshop import Workshop

FULL = ("agent", "server", "100", "1000", "10000", "100000", "10000-nodes")
QUICK = ("agent", "server", "100", "1000")
# After this many seconds on one input, a contender gets no more runs.
_BUDGET = 60.0


def measure_input(
    name: str,
    results: Results,
    made: Workshop,
    runs: int,
    charts: Path | None,
    done: Callable[[], None],
) -> Input:
    """Measure every contender on an input, at most `runs` times each, and call `done` often.

    The contenders take turns, so that a slow phase of the machine affects all of them. Their first
    turn fills the disk cache and is not counted if there is another one. A contender that reached
    the limit on a smaller input of the same kind is skipped.
    """
    given = make(name, made.inputs, charts)
    measured = Measured(name, given.objects, given.size)
    before = results.clusters() if name.isdecimal() else []
    results.inputs.append(measured)
    for turn in range(runs + 1 if runs > 1 else 1):
        for contender in CONTENDERS:
            samples = measured.samples.setdefault(contender.name, [])
            if not samples and (fault := _hopeless(contender, before)):
                samples.append(Sample(fault=fault))
            elif turn == 0 or not _enough(samples):
                command = contender.command(given, made)
                if command is not None:
                    samples.append(measure(command, results.limit))
        done()
    for samples in measured.samples.values():
        if len(samples) > 1:
            del samples[0]
    done()
    return given


def _enough(samples: Sequence[Sample]) -> bool:
    taken = sum(sample.wall for sample in samples)
    return not samples or bool(samples[-1].fault) or taken > _BUDGET


def _hopeless(contender: Contender, before: Sequence[Measured]) -> str:
    """Return the fault of a contender that was too slow for fewer objects, or an empty string."""
    for measured in before:
        sample = measured.median(contender.name)
        if sample and sample.fault.startswith(">"):
            return sample.fault
    return ""
