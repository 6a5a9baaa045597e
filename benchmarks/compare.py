"""Times dfpolicy beside conftest and `opa eval`: same input, same policies, one run.

    benchmarks/run [--runs N] [MANIFEST...]

Whole processes are timed in turns, so that a slow spell of the machine meets all of them.
Prints the median wall time of each command in milliseconds and its ratio to conftest
(below 1 is faster than conftest).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
TOOLS = ROOT / ".tools" / "bin"
EXAMPLE = ROOT / "examples" / "single-k8s" / "manifests.yaml"
WARM_CALLS = 20

Commands = dict[str, tuple[list[str], dict[str, str]]]


def main() -> None:
    """Measure each manifest and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("manifests", nargs="*", type=Path, default=[EXAMPLE])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        policies = copy_policies(scratch)
        for manifest in options.manifests:
            commands = commands_for(manifest, policies, scratch)
            times = measure(commands, options.runs)
            times["dfpolicy, second call in the process"] = [warm(manifest)]
            print_table(manifest, times, options.runs)


def copy_policies(scratch: Path) -> Path:
    """The policies without their tests, which conftest would load as well."""
    target = scratch / "policies"
    shutil.copytree(ROOT / "policies", target, ignore=shutil.ignore_patterns("*_test.rego"))
    shutil.copy(ROOT / "benchmarks" / "conftest" / "bench.rego", scratch / "bench.rego")
    return target


def commands_for(manifest: Path, policies: Path, scratch: Path) -> Commands:
    """The command lines and their additional environment."""
    document = scratch / f"{manifest.name}.input.json"
    document.write_text(json.dumps(input_of(manifest)), "utf-8")
    dfpolicy = [str(ROOT / ".venv" / "bin" / "dfpolicy"), "eval", str(manifest)]
    conftest = [
        str(TOOLS / "conftest"),
        "test",
        "--combine",
        "--no-color",
        "-n",
        "bench",
        "-p",
        str(policies),
        "-p",
        str(scratch / "bench.rego"),
        str(manifest),
    ]
    opa = [
        str(TOOLS / "opa"),
        "eval",
        "-b",
        str(policies),
        "-i",
        str(document),
        "data.dfpolicy.main.decision",
    ]
    return {
        "conftest": (conftest, {}),
        "opa eval -b": (opa, {}),
        "dfpolicy": (dfpolicy, {"DFPOLICY_CACHE_DIR": str(scratch / "cache")}),
        "dfpolicy, empty cache": (dfpolicy, {"DFPOLICY_CACHE_DIR": "/dev/null/none"}),
    }


def input_of(manifest: Path) -> dict[str, object]:
    """The input document that dfpolicy makes of the manifest."""
    from dfpolicy import build_input, load_documents

    data: dict[str, object] = build_input(load_documents([str(manifest)])).data
    return data


def measure(commands: Commands, runs: int) -> dict[str, list[float]]:
    """Milliseconds of each run of each command; the first round only warms the disk cache."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for run in range(runs + 1):
        for name, (command, extra) in commands.items():
            start = time.perf_counter()
            done = subprocess.run(command, env=os.environ | extra, capture_output=True, check=False)
            elapsed = (time.perf_counter() - start) * 1000
            if done.returncode not in (0, 1):
                sys.exit(f"{name} failed: {done.stderr.decode() or done.stdout.decode()}")
            if run > 0:
                times[name].append(elapsed)
    return times


def warm(manifest: Path) -> float:
    """Median milliseconds to read, evaluate and report once more in one process."""
    from dfpolicy.documents import load_documents
    from dfpolicy.engines.wasm import WasmEngine
    from dfpolicy.input import build_input
    from dfpolicy.report import build_report
    from dfpolicy.reports.base import Style, renderer

    engine, render = WasmEngine(), renderer("text")
    mode = {"name": "single-k8s", "source": "given", "reason": "", "candidates": []}
    times = []
    for _ in range(WARM_CALLS + 1):
        start = time.perf_counter()
        built = build_input(load_documents([str(manifest)]))
        render(build_report(built, engine.evaluate(built.data), mode, engine), Style())
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times[1:])


def print_table(manifest: Path, times: dict[str, list[float]], runs: int) -> None:
    """One line a command: median, fastest and slowest run, ratio of medians to conftest."""
    base = statistics.median(times["conftest"])
    print(f"{manifest.name} ({manifest.stat().st_size} bytes), {runs} runs each, in turns")
    print(f"  {'':<38}{'median ms':>10}{'min':>9}{'max':>9}{'ratio':>8}")
    for name, values in times.items():
        median = statistics.median(values)
        spread = f"{min(values):>9.1f}{max(values):>9.1f}"
        print(f"  {name:<38}{median:>10.1f}{spread}{median / base:>8.2f}")


if __name__ == "__main__":
    main()
