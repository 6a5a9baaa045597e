"""Runs `dfpolicy eval` step by step and prints the duration of each step.

    python -m benchmarks.phases SOURCE STARTED

STARTED is the `time.monotonic_ns()` at which the caller started this process. It prints [[step,
seconds]…] as JSON. The steps call the functions of the command in its order; dfpolicy itself has no
code for this.
"""

from __future__ import annotations

import time

# Before all other imports: they are part of the second step.
_RUNNING = time.monotonic_ns()

import json  # noqa: E402
import sys  # noqa: E402
from collections.abc import Callable  # noqa: E402
from typing import TypeVar  # noqa: E402

_Value = TypeVar("_Value")


class _Clock:
    """The steps so far, each with its seconds."""

    def __init__(self, started: int) -> None:
        self.steps = [("start Python", (_RUNNING - started) / 1e9)]

    def take(self, step: str, function: Callable[[], _Value]) -> _Value:
        start = time.perf_counter()
        value = function()
        self.steps.append((step, time.perf_counter() - start))
        return value


def steps(source: str, started: int) -> list[tuple[str, float]]:
    """Evaluate a source and return the steps with their seconds.

    Raises ImportError if dfpolicy no longer has such a function, DfpolicyError for invalid input.
    """
    clock = _Clock(started)
    clock.take("import dfpolicy", _import)
    from dfpolicy.engines.expansion import evaluate
    from dfpolicy.engines.wasm import WasmEngine
    from dfpolicy.formats.base import Style, renderer
    from dfpolicy.input.build import build_input
    from dfpolicy.input.encoding import written
    from dfpolicy.reading.documents import split
    from dfpolicy.reading.sources import read_sources
    from dfpolicy.report.build import build_report

    engine = clock.take("load the compiled policies", WasmEngine)
    sources = clock.take("read the files", lambda: list(read_sources([source])))
    documents = clock.take(
        "decode YAML", lambda: [document for text in sources for document in split(text, True)]
    )
    built = clock.take(
        "build the input, with the items of Lists",
        lambda: build_input(documents, mode="auto", scoper=engine, grouper=engine),
    )
    clock.take("write it as JSON", lambda: written(built.data))
    decision = clock.take("evaluate", lambda: evaluate(engine, built))
    _without_json(clock)
    report = clock.take("build the report", lambda: build_report(built, decision, engine))
    clock.take("write the report as text", lambda: renderer("text")(report, Style()))
    return clock.steps


def _import() -> None:
    import dfpolicy.cli.eval
    import dfpolicy.engines.wasm
    import dfpolicy.formats.text
    import dfpolicy.pipeline

    # The YAML decoder is loaded with the first YAML.
    import dfpolicy.reading.yaml_reader  # noqa: F401


def _without_json(clock: _Clock) -> None:
    """Remove the writing of JSON from the evaluation: it is a separate step here."""
    (_, written), (step, evaluated) = clock.steps[-2:]
    clock.steps[-1] = (f"{step} in WebAssembly", max(evaluated - written, 0.0))


def main() -> None:
    """Print the steps."""
    source, started = sys.argv[1:]
    try:
        print(json.dumps(steps(source, int(started))))
    except ImportError as error:
        sys.exit(f"phases: {error}; benchmarks/phases.py has to follow dfpolicy")


if __name__ == "__main__":
    main()
