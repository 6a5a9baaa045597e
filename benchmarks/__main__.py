"""The command line of the benchmarks; see `benchmarks/run --help`."""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import machine, plot, profiles, table, targets
from benchmarks.contenders import BEFORE, WARM
from benchmarks.inputs import CHARTS, ROOT, Input, given_charts
from benchmarks.page import page
from benchmarks.results import Results, load, store
from benchmarks.suite import FULL, QUICK, Terms, measure_input
from benchmarks.workshop import Workshop, environment, missing, workshop

# The cost of starting, and the cost that grows.
_PROFILE_RUNS = 3
_PROFILED = ("agent", "10000", "10000-nodes", "1000-agents")
_BUDGET = 20.0


@dataclass(frozen=True)
class Places:
    """Where a run writes: the results, and the directory of the page and its chart."""

    results: Path
    pages: Path

    def publish(self, results: Results) -> None:
        """Write the page and its chart. Raises OSError."""
        self.pages.mkdir(parents=True, exist_ok=True)
        for name, text in (("md", page(results)), ("svg", plot.svg(results))):
            (self.pages / f"benchmarks.{name}").write_text(text, "utf-8")


# A quick run does not change the published results.
_PUBLISHED = Places(ROOT / "benchmarks" / "results.json", ROOT / "docs")
_LOOK = ROOT / "build" / "benchmarks"


def main() -> None:
    """Run what the command line asks for. Results so far are kept, however the run ends."""
    given = _parser().parse_args()
    # Otherwise the measured command would continue and the inputs would remain.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        _run(given)
    except KeyboardInterrupt:
        sys.exit(130)
    except subprocess.CalledProcessError as error:
        sys.exit(f"benchmarks: exit {error.returncode} of {' '.join(map(str, error.cmd))}")


def _run(given: argparse.Namespace) -> None:
    folder = given.output or (_LOOK if given.quick else None)
    places = Places(folder / "results.json", folder) if folder else _PUBLISHED
    if given.render:
        places.publish(load(places.results))
        return
    if absent := missing():
        sys.exit(f"benchmarks: there is no {absent}; run `make tools`")
    if given.before and not (given.before / "evaluator" / "dfpolicy").is_dir():
        sys.exit(
            f"benchmarks: {given.before} has no evaluator/dfpolicy; give a checkout of dfpolicy"
        )
    with workshop(given.before and given.before.resolve()) as made:
        if given.functions:
            print(profiles.functions(given.functions, environment(made.cache)))
            return
        _measure(given, places, made)


def _measure(given: argparse.Namespace, places: Places, made: Workshop) -> None:
    start = time.monotonic()
    results = begun(given, places)
    earlier = results.seconds
    terms = Terms(given.runs or (3 if given.quick else 9), _BUDGET, given.limit, given.charts)

    def keep() -> None:
        results.seconds = earlier + time.monotonic() - start
        store(results, places.results)

    for name in _left(given, results):
        print(f"benchmarks: {name}", file=sys.stderr)
        measured = measure_input(name, results, made, terms)
        keep()
        if name in _PROFILED:
            results.profiles[name] = _profile(
                measured, made, min(terms.runs, _PROFILE_RUNS), given.limit
            )
            keep()
        places.publish(results)
    print(f"{targets.table(results)}\n{table.seconds(results)}")


def begun(given: argparse.Namespace, places: Places) -> Results:
    """Return new results; with `--add`, the stored ones of inputs that were not named.

    Numbers of different commits are not mixed: the program exits if the stored ones have another.
    """
    results = Results(machine.description(given.before), given.limit, _BUDGET)
    if given.add and places.results.exists():
        stored = load(places.results)
        for key in (WARM, BEFORE):
            there, now = stored.machine.get(key), results.machine.get(key)
            if there != now:
                sys.exit(f"benchmarks: --add: the stored results have {key} {there}, not {now}")
        results.inputs += [one for one in stored.inputs if one.name not in given.inputs]
        results.profiles |= stored.profiles
        results.seconds = stored.seconds
    return results


def _left(given: argparse.Namespace, results: Results) -> list[str]:
    """Return the inputs to measure: those that were named, or all that have no result yet."""
    names = given.inputs or (QUICK if given.quick else FULL)
    return [name for name in names if results.named(name) is None]


def _profile(given: Input, made: Workshop, runs: int, limit: float) -> dict[str, Any]:
    return {
        "steps": profiles.steps(given.file, environment(made.cache), runs),
        "rego": profiles.rego_lines(made.document(given), made.policies, limit),
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="benchmarks/run",
        description="Compare dfpolicy with conftest, `opa eval` and gator, and write"
        " benchmarks/results.json, docs/benchmarks.md and docs/benchmarks.svg.",
    )
    parser.add_argument(
        "inputs",
        nargs="*",
        metavar="INPUT",
        help="agent, server, N, or N with a kind, such as 1000-nodes [default: all]",
    )
    parser.add_argument(
        "--before",
        type=Path,
        metavar="CHECKOUT",
        help="also measure the dfpolicy of this tree, for example of `git worktree add`",
    )
    parser.add_argument(
        "--quick", action="store_true", help="small inputs, few runs, into build/benchmarks"
    )
    parser.add_argument(
        "--add",
        action="store_true",
        help="continue a run: keep the stored results, except of an INPUT",
    )
    parser.add_argument("--runs", type=int, metavar="N", help="at most N runs of each command")
    parser.add_argument(
        "--limit", type=float, default=200.0, metavar="SECONDS", help="time limit for one command"
    )
    parser.add_argument(
        "--charts",
        type=Path,
        default=given_charts(),
        metavar="DIR",
        help=f"rendered real charts [default: ${CHARTS}, or examples of the same shape]",
    )
    parser.add_argument("--output", type=Path, metavar="DIR", help="output directory")
    parser.add_argument(
        "--render", action="store_true", help="measure nothing; write the page from stored results"
    )
    parser.add_argument(
        "--functions",
        type=Path,
        metavar="SOURCE",
        help="measure nothing; print where Python spends its time on this source",
    )
    return parser


if __name__ == "__main__":
    main()
