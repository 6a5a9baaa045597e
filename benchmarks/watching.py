"""The measurement of `dfpolicy watch`; `watch_call` makes it."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from benchmarks.contenders import CHANGE, WATCH
from benchmarks.inputs import ROOT
from benchmarks.measure import Sample
from benchmarks.workshop import SERVERS, Workshop, missing, testing

_CHANGES = 5


def watched(count: int, runs: int, limit: float, made: Workshop) -> dict[str, list[Sample]]:
    """Return the samples of the first judgement of `count` nodes, and of changes of a node.

    There are none if the API server is not built; a line on standard error says so.
    """
    if name := missing(SERVERS):
        print(f"benchmarks: skipped: there is no {name}; run `make tools-cluster`", file=sys.stderr)
        return {}
    line = [sys.executable, "-m", "benchmarks.watch_call", str(count), str(min(runs, _CHANGES))]
    places = os.environ | testing(made.cache)
    with subprocess.Popen(line, env=places, cwd=ROOT, stdout=subprocess.PIPE) as process:
        try:
            told, _ = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            # It stops the servers.
            process.terminate()
            return {WATCH: [Sample(fault=f"> {limit:.0f} s")]}
        except BaseException:
            process.terminate()
            raise
    if process.returncode:
        # The reason is on standard error.
        return {WATCH: [Sample(fault=f"exit {process.returncode}")]}
    found = json.loads(told)
    return {
        WATCH: [Sample(**found["first"])],
        CHANGE: [Sample(wall=seconds) for seconds in found["changes"]],
    }
