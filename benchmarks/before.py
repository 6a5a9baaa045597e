"""Compares this tree with an earlier one, in turns, and adds the result to the page.

    python -m benchmarks.before CHECKOUT [--runs N] [INPUT...]

CHECKOUT is a directory with the earlier tree, for example of `git worktree add`. `opa eval` takes
part with the policies of this tree. The tables show the time of the processors, which other
programs on the machine affect less than wall time.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import machine, profiles
from benchmarks.__main__ import _PUBLISHED
from benchmarks.contenders import opa_line
from benchmarks.growth import exponent
from benchmarks.inputs import Input, make
from benchmarks.measure import Command, Sample, measure
from benchmarks.results import Before, Measured, load, store
from benchmarks.table import NOTHING, markdown
from benchmarks.workshop import Workshop, environment, workshop

INPUTS = (
    *("agent", "1000", "10000", "1000-nodes", "10000-nodes", "2000-facts"),
    # This process grows with the largest input, and memory below its own is not seen.
    *("100-agents", "400-agents", "100000", "100000-list"),
)
NAMES = BEFORE, AFTER, OPA = ("before", "after", "opa eval")
_PROFILED = ("agent", "1000", "10000", "10000-nodes")
_JUDGED = frozenset((0, 1))
_LIMIT = 600.0
# After this many seconds, an input gets no more runs.
_BUDGET = 30.0


def _commands(given: Input, made: Workshop, earlier: Path) -> Iterator[tuple[str, Command]]:
    line = [sys.executable, "-m", "dfpolicy", "eval", str(given.file)]
    for name, tree in ((BEFORE, earlier), (AFTER, Path(__file__).parents[1])):
        places = {**environment(made.cache), "PYTHONPATH": str(tree / "evaluator")}
        yield name, Command(line, places, _JUDGED)
    line = opa_line(made.policies, made.document(given))
    yield OPA, Command([*line, "data.dfpolicy.main.decision"], {})


def _measured(given: Input, made: Workshop, earlier: Path, runs: int) -> Measured:
    found = Measured(given.name, given.objects, given.size, {each: [] for each in NAMES})
    commands = list(_commands(given, made, earlier))
    for _ in range(runs):
        for each, command in commands:
            samples = found.samples[each]
            if not _enough(samples):
                samples.append(measure(command, _LIMIT))
    return found


def _enough(samples: Sequence[Sample]) -> bool:
    return bool(samples) and (
        bool(samples[-1].fault) or sum(sample.wall for sample in samples) > _BUDGET
    )


def section(before: Before) -> str:
    """Return the section of the page: processor time and memory of each input, and growth."""
    cpu = [["", *NAMES, "after/before", "after/opa eval"]]
    memory = [["", *NAMES]]
    for one in before.inputs:
        samples = {name: one.median(name) for name in NAMES}
        shown = [_shown(samples[name], lambda sample: f"{sample.cpu:.2f}") for name in NAMES]
        cpu.append([one.name, *shown, *(_ratio(samples, name) for name in (BEFORE, OPA))])
        memory.append(
            [
                one.name,
                *(_shown(samples[name], lambda it: f"{it.memory / 2**20:,.0f}") for name in NAMES),
            ]
        )
    growth = [["exponent of the processors' time", *NAMES], *_growth(before)]
    tables = [
        f"Seconds of the processors:\n\n{markdown(cpu)}",
        f"Peak memory, MiB:\n\n{markdown(memory)}",
        markdown(growth),
    ]
    machine_now = "; ".join(f"{key} {value}" for key, value in before.machine.items())
    return "\n".join(
        [
            f"## Before and after\n\n{_HEAD.format(commit=before.commit)}",
            *tables,
            machine_now + ".\n",
        ]
    )


_HEAD = """\
The tree at {commit} and this one, in turns on one machine, each with a filled cache. `opa eval`
gets the input document that dfpolicy builds, and the policies of this tree. `N-list` is one List of
N objects, `N-facts` are N NodeFacts as `dfpolicy collect` writes them, and `N-agents` are N agents
with their own permissions. Nodes and facts are of 40 kinds; their names, addresses, memory, ports
and the interfaces of their pods differ.

This comparison has a run of its own, on a busy machine. The tables above are of the run that the
last table of this page describes.
"""


def _shown(sample: Sample | None, shown: object) -> str:
    if sample is None:
        return NOTHING
    assert callable(shown)
    return sample.fault.partition(":")[0] if sample.fault else str(shown(sample))


def _ratio(samples: dict[str, Sample | None], other: str) -> str:
    one, two = samples[AFTER], samples[other]
    if one is None or two is None or one.fault or two.fault:
        return NOTHING
    return f"{one.cpu / two.cpu:.2f}"


def _growth(before: Before) -> Iterator[list[str]]:
    small = before.named("agent")
    for title, names in (
        ("objects", ("1000", "10000", "100000")),
        ("nodes", ("1000-nodes", "10000-nodes")),
        ("agents", ("100-agents", "400-agents")),
    ):
        row = [title]
        for each in NAMES:
            start = small.median(each) if small else None
            points = [
                (int(one.name.partition("-")[0]), sample.cpu)
                for one in before.inputs
                if one.name in names and (sample := one.median(each)) and not sample.fault
            ]
            found = exponent(points, start.cpu) if start else None
            row.append(NOTHING if found is None else f"{found:.2f}")
        yield row


def main() -> None:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.before", description=__doc__)
    parser.add_argument("checkout", type=Path)
    parser.add_argument("inputs", nargs="*", default=INPUTS)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument(
        "--add", action="store_true", help="keep the stored results of other inputs"
    )
    given = parser.parse_args()
    results = load(_PUBLISHED.results)
    line = ["git", "-C", str(given.checkout), "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(line, capture_output=True, text=True, check=True).stdout.strip()
    shown = ("date", "processor", "load before the run", "dfpolicy")
    now = {key: value for key, value in machine.description().items() if key in shown}
    stored = results.before.inputs if given.add and results.before else []
    results.before = Before(now, commit, [one for one in stored if one.name not in given.inputs])
    if not given.add:
        # Those of an earlier tree have other steps.
        results.profiles = {}
    with workshop() as made:
        for name in given.inputs:
            print(f"benchmarks: {name}", file=sys.stderr)
            measured = make(name, made.inputs)
            found = _measured(measured, made, given.checkout, given.runs)
            results.before.inputs.append(found)
            if name in _PROFILED:
                steps = profiles.steps(measured.file, environment(made.cache), given.runs)
                rego = profiles.rego_lines(made.document(measured), made.policies, _LIMIT)
                results.profiles[name] = {"steps": steps, "rego": rego}
            store(results, _PUBLISHED.results)
            _PUBLISHED.publish(results)


if __name__ == "__main__":
    main()
