"""The command line of the benchmarks; see `benchmarks/run --help`."""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import machine, plot, profiles
from benchmarks.inputs import CHARTS, ROOT, Input, given_charts
from benchmarks.page import page
from benchmarks.results import Results, load, store
from benchmarks.suite import FULL, QUICK, measure_input
from benchmarks.table import tables, targets
from benchmarks.workshop import Workshop, environment, missing, workshop

# The cost of starting, and the cost that grows.
_PROFILE_RUNS = 3
_PROFILED = ("agent", "1000", "10000", "10000-nodes")


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
    with workshop() as made:
        if given.functions:
            print(profiles.functions(given.functions, environment(made.cache)))
            return
        results = begun(given, places)
        runs = given.runs or (3 if given.quick else 9)
        for name in given.inputs or (QUICK if given.quick else FULL):
            print(f"benchmarks: {name}", file=sys.stderr)
            measured = measure_input(
                name, results, made, runs, given.charts, lambda: store(results, places.results)
            )
            if name in _PROFILED:
                results.profiles[name] = _profile(
                    measured, made, min(runs, _PROFILE_RUNS), given.limit
                )
                store(results, places.results)
            places.publish(results)
    print(f"{targets(results)}\n{tables(results)}")


def begun(given: argparse.Namespace, places: Places) -> Results:
    """New results; with `--add`, also the stored results of inputs that are not measured now."""
    results = Results(machine.description(), given.limit)
    if given.add and places.results.exists():
        stored = load(places.results)
        results.inputs += [one for one in stored.inputs if one.name not in given.inputs]
        results.profiles |= stored.profiles
    return results


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
    parser.add_argument("inputs", nargs="*", metavar="INPUT", help="agent, server, N or N-nodes")
    parser.add_argument(
        "--quick", action="store_true", help="small inputs, few runs, into build/benchmarks"
    )
    parser.add_argument(
        "--add", action="store_true", help="keep the stored results of other inputs"
    )
    parser.add_argument("--runs", type=int, metavar="N", help="at most N runs of each command")
    parser.add_argument(
        "--limit", type=float, default=600.0, metavar="SECONDS", help="time limit for one command"
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
