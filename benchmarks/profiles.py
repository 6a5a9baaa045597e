"""Where one run spends its time: the steps of dfpolicy, its functions, the lines of Rego."""

from __future__ import annotations

import io
import json
import os
import pstats
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.contenders import opa_line
from benchmarks.inputs import ROOT

_LINES = 8
_FUNCTIONS = 20


def steps(source: Path, environment: Mapping[str, str], runs: int) -> list[tuple[str, float]]:
    """Return the steps of `dfpolicy eval` with their seconds, from the fastest run.

    Raises CalledProcessError, with the reason on standard error, if a run fails.
    """
    found = []
    for _ in range(runs):
        started = str(time.monotonic_ns())
        line = [sys.executable, "-m", "benchmarks.phases", str(source), started]
        done = subprocess.run(
            line, env=os.environ | environment, cwd=ROOT, stdout=subprocess.PIPE, check=True
        )
        found.append([(step, seconds) for step, seconds in json.loads(done.stdout)])
    return min(found, key=lambda run: sum(seconds for _, seconds in run))


def rego_lines(document: Path, policies: Path, limit: float) -> list[tuple[str, float, int]]:
    """Return the most expensive expressions from OPA's profiler: place, seconds, evaluations.

    OPA is an interpreter, and its profiler costs time itself: compare the proportions, not the
    seconds. The list is empty if it takes more than `limit` seconds. Raises CalledProcessError if
    it fails.
    """
    line = [
        *opa_line(policies, document),
        *("--profile", "--profile-limit", str(_LINES), "--format", "json"),
        # The decision itself is not used.
        "count(data.dfpolicy.main.decision.results)",
    ]
    try:
        done = subprocess.run(line, stdout=subprocess.PIPE, timeout=limit, check=True)
    except subprocess.TimeoutExpired:
        return []
    return [_expression(entry, policies) for entry in json.loads(done.stdout)["profile"]]


def _expression(entry: dict[str, Any], policies: Path) -> tuple[str, float, int]:
    place = entry["location"]
    file = Path(place["file"])
    if file.is_relative_to(policies):
        file = file.relative_to(policies)
    return f"{file}:{place['row']}", entry["total_time_ns"] / 1e9, entry["num_eval"]


def functions(source: Path, environment: Mapping[str, str]) -> str:
    """Return the functions of one `dfpolicy eval` with the most own time, as text."""
    told = io.StringIO()
    with tempfile.NamedTemporaryFile() as stored:
        line = [sys.executable, "-m", "cProfile", "-o", stored.name, "-m", "dfpolicy", "eval"]
        subprocess.run(
            [*line, str(source)],
            env=os.environ | environment,
            stdout=subprocess.DEVNULL,
            check=False,
        )
        stats = pstats.Stats(stored.name, stream=told)
    stats.strip_dirs().sort_stats("tottime").print_stats(_FUNCTIONS)
    return told.getvalue()
