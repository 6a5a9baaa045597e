"""The page of a run: tables, chart, targets, profiles, and the method."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.contenders import CONTENDERS
from benchmarks.growth import LEAST_OBJECTS
from benchmarks.results import Results
from benchmarks.table import markdown, tables, targets

_HEAD = """\
# Benchmarks

This page compares the cost of `dfpolicy eval` with other hosts of the same policies. `make bench`
measures everything; `benchmarks/run` writes this page. All numbers of an input come from one run.

![Seconds and peak memory over the number of objects](benchmarks.svg)
"""

_METHOD = """\
## How it is measured

Each measurement is of a whole process, as a user starts it: wall time, time of all processors, and
peak resident memory. The contenders take turns, so that a slow phase of the machine affects all of
them. The first turn is not counted; the tables show the median of the others. Output is discarded.

All contenders get byte-identical inputs: the chart of the agent, the chart of the server with its
agent, clusters of N objects, or N Nodes with 40 kernels. A cluster contains the agent's chart, and
Pods, ReplicaSets, ConfigMaps, Secrets, Services, Deployments and RBAC as `kubectl get -o yaml`
prints them, 1.3 KB each. The policies are those of this tree without their tests.

The exponent is k in cost ~ objects^k, fitted to the inputs with at least {least} objects. The cost
on the agent's chart counts as the start and is subtracted first. If only noise remains, there is no
exponent. `> N s` means that the command was stopped after that time.
"""

_PROFILES = """\
## Where the time goes

The steps of `dfpolicy eval`, in seconds, in one process:
"""

_REGO = """\
The most expensive expressions of the policies, from OPA's profiler. OPA's interpreter is slower
than the compiled policies, so compare the proportions, not the seconds:
"""


def page(results: Results) -> str:
    """Return the Markdown of a run, finished or not."""
    parts = [
        _HEAD,
        f"## Targets\n\n{targets(results)}",
        f"## Results\n\n{tables(results)}",
        "".join(f"- **{each.name}**: {each.note}.\n" for each in CONTENDERS),
        *_before(results),
        *_profiles(results),
        _METHOD.format(least=LEAST_OBJECTS),
        markdown([("machine", ""), *results.machine.items()]),
    ]
    return "\n".join(parts)


def _before(results: Results) -> Iterator[str]:
    # It is only imported here, because it publishes the page itself.
    from benchmarks.before import section

    if results.before:
        yield section(results.before)


def _profiles(results: Results) -> Iterator[str]:
    if not results.profiles:
        return
    yield _PROFILES
    columns = [dict(profile["steps"]) for profile in results.profiles.values()]
    rows = [[step, *(f"{column[step]:.3f}" for column in columns)] for step in columns[0]]
    yield markdown([["step", *results.profiles], *rows])
    yield _REGO
    for name, profile in results.profiles.items():
        if profile["rego"]:
            lines = [
                [f"`{place}`", f"{seconds * 1000:,.1f}", f"{times:,}"]
                for place, seconds, times in profile["rego"]
            ]
            yield markdown([[name, "ms", "times"], *lines])
