"""The page of a run: tables, picture, targets, profiles, and how it was measured."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.contenders import CONTENDERS
from benchmarks.growth import LEAST_OBJECTS
from benchmarks.results import Results
from benchmarks.table import markdown, tables, targets

_HEAD = """\
# Benchmarks

What `dfpolicy eval` costs beside other hosts of the same policies. `make bench` measures all of it;
`benchmarks/run` writes this page. The numbers of an input are of one run, all contenders in turns.

![Seconds and peak memory over the number of objects](benchmarks.svg)
"""

_METHOD = """\
## How it is measured

Whole processes are measured, as their user starts them: from their start to their end on the
clock, the time of all processors, and the peak of resident memory. The contenders take turns, so
that a slow spell of the machine meets all of them; the first turn is left out, and the median of
the others is shown. What they print goes nowhere.

The inputs are the same bytes for all: the chart of the agent, the chart of the server with its
agent, and clusters of N objects, which are those of the agent's chart and beside them Pods,
ReplicaSets, ConfigMaps, Secrets, Services, Deployments and RBAC as `kubectl get -o yaml` prints
them, 1.3 KB each; or N Nodes with 40 kernels. The policies are those of this tree without their
tests.

The exponent is k of cost ~ objects^k, fitted to the inputs of at least {least} objects. What a
command costs on the agent's chart is its start, and is subtracted first; where nothing is left
but noise there is no exponent. `> N s` is a command that was ended after that time.
"""

_PROFILES = """\
## Where the time goes

The steps of `dfpolicy eval`, in seconds, each by its own functions in one process:
"""

_REGO = """\
The costliest expressions of the policies as OPA's interpreter and its profiler see them. Both are
slower than the compiled policies, so the shares tell, not the seconds:
"""


def page(results: Results) -> str:
    """Return the Markdown of a run, which may be unfinished."""
    parts = [
        _HEAD,
        f"## Targets\n\n{targets(results)}",
        f"## Results\n\n{tables(results)}",
        "".join(f"- **{each.name}**: {each.note}.\n" for each in CONTENDERS),
        *_profiles(results),
        _METHOD.format(least=LEAST_OBJECTS),
        markdown([("machine", ""), *results.machine.items()]),
    ]
    return "\n".join(parts)


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
