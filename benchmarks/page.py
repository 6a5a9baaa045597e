"""The page of a run: targets, tables, where the time goes, and the method."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import table, targets
from benchmarks.contenders import BEFORE, CONTENDERS, FEATURES, LOOP, WARM
from benchmarks.results import Results
from benchmarks.table import markdown

_HEAD = """\
# Benchmarks

What does it cost to check a deployment with dfpolicy, compared with other programs that evaluate
the same policies on the same input? All numbers are of one run on one machine.
{run}
![Seconds and peak memory over the number of objects](benchmarks.svg)
"""
_BUSY = "\nOther programs ran at the same time: compare the ratios, not the seconds."

_TARGETS = """\
## Targets

What dfpolicy must reach, and what it reached in this run:
"""
_SECONDS = """\
## Time

Seconds from the start to the end of the command. The last columns are the time of dfpolicy divided
by that of the other: less than 1 means that dfpolicy is faster.
"""
_OTHERS = "The same for other ways to run the policies:\n"
_MEMORY = """\
## Memory

Peak resident memory of the process, in MiB.
"""
_GROWTH = """\
## Growth

The exponent k in cost ~ N^k: 1 is linear, 2 is quadratic. The cost is the time of all processors;
the last column is for memory. The cost of one chart is subtracted first, because every command has
it before it reads the first object. There is no exponent where too little remains.
"""
_FLEET = """\
## Many clusters

`dfpolicy fleet` checks clusters of 20 nodes with planted faults, with as many workers as there are
processors. The loop of the shell runs `dfpolicy eval` for one cluster after the other.
"""
_WATCH = """\
## Watching a cluster

`dfpolicy watch` watches a real API server on the same machine. It waits for one quiet second before
it judges, so that changes which follow each other are judged together. This second is included.
"""

_PROFILES = """\
## Where the time goes

The steps of `dfpolicy eval`, in seconds, in one process:
"""
_REGO = """\
The most expensive expressions of the policies. These times are from OPA's profiler, whose
interpreter is slower than the compiled policies: compare the proportions.
"""
# A step with less than this share of each input has no row.
_SMALL = 0.05
# For each input.
_EXPRESSIONS = 2

_METHOD = """\
## How it is measured

`make bench` measures everything, and writes this page from `benchmarks/results.json`. Each
measurement is of a whole process. The contenders take turns, so that a slow phase of the machine
affects all of them. The first turn is not counted if there is another one; the tables show the
median of the others. A contender gets no more turns on an input after {budget:.0f} seconds. `> N s`
means that it was stopped after that time, `—` that it does not apply or was not measured.

All contenders get byte-identical input: a chart, or the chart of the agent with N objects as
`kubectl get -o yaml` prints them, or with N nodes or NodeFacts of 40 kinds. The names, addresses,
memory and ports of these nodes differ. N agents have their own permissions. The policies are those
of this tree without their tests.
"""


def page(results: Results) -> str:
    """Return the Markdown of a run, finished or not."""
    parts = [
        _head(results),
        f"{_TARGETS}\n{targets.table(results)}",
        f"{_SECONDS}\n{table.seconds(results)}",
        *_others(results),
        "".join(_notes(results)),
        f"{_MEMORY}\n{table.memory(results)}",
        f"{_GROWTH}\n{table.growth(results)}",
        f"{_FLEET}\n{table.fleet(results)}",
        f"{_WATCH}\n{table.watch(results)}",
        *_profiles(results),
        _METHOD.format(budget=results.budget),
        f"Machine and versions: {'; '.join(_machine(results))}.\n",
    ]
    return "\n".join(parts)


def _head(results: Results) -> str:
    date, commit = (results.machine.get(key) for key in ("date", WARM))
    run = f"The run was on {date}, with dfpolicy {commit}." if date else ""
    busy = float(results.machine.get("load before the run", 0)) > 1
    return _HEAD.format(run=f"{run}{_BUSY if busy else ''}\n" if run else "")


def _others(results: Results) -> Iterator[str]:
    if found := table.others(results):
        yield f"{_OTHERS}\n{found}"


def _notes(results: Results) -> Iterator[str]:
    """Yield what the contenders are; those of other sections are explained there."""
    for each in CONTENDERS:
        if each.name not in (FEATURES, LOOP) and any(
            each.name in one.samples for one in results.inputs
        ):
            commit = results.machine.get(BEFORE, "") if each.name == BEFORE else ""
            yield f"- **{each.name}**: {each.note}{f' ({commit})' if commit else ''}.\n"


def _profiles(results: Results) -> Iterator[str]:
    if not results.profiles:
        return
    yield _PROFILES
    columns = [dict(profile["steps"]) for profile in results.profiles.values()]
    rest = [0.0] * len(columns)
    rows = []
    for step in columns[0]:
        taken = [column[step] for column in columns]
        if any(
            one > _SMALL * sum(column.values()) for one, column in zip(taken, columns, strict=True)
        ):
            rows.append([step, *(f"{one:.2f}" for one in taken)])
        else:
            rest = [one + more for one, more in zip(rest, taken, strict=True)]
    rows.append(["all other steps", *(f"{one:.2f}" for one in rest)])
    yield markdown([["step", *results.profiles], *rows])
    lines = [
        [f"{name}: `{place}`", f"{seconds * 1000:,.0f}", f"{times:,}"]
        for name, profile in results.profiles.items()
        for place, seconds, times in profile["rego"][:_EXPRESSIONS]
    ]
    if lines:
        yield _REGO
        yield markdown([["input: expression", "ms", "times"], *lines])


def _machine(results: Results) -> Iterator[str]:
    yield from (f"{name} {text}" for name, text in results.machine.items())
    if results.seconds:
        yield f"the run took {results.seconds / 60:.0f} minutes"
