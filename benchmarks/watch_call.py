"""Measures `dfpolicy watch` on the nodes of a real API server, which the tests start.

    python -m benchmarks.watch_call NODES CHANGES

It prints as JSON {"first": {"wall", "cpu", "memory"}, "changes": [seconds…]}: from the start to the
first judgement, and from each change of a node to the metric that shows it. The processor time and
the peak memory are those at the end. It needs Linux and the modules of the tests.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from benchmarks.inputs import chart
from benchmarks.measure import peak_memory
from benchmarks.nodes import nodes
from benchmarks.workshop import DFPOLICY
from cluster.api_server import ApiServer, free_ports, running

_NAMESPACE = "deepflow"
_SLICE_SECONDS = 0.05
# Only a program that hangs takes that long.
_LONGEST = 150.0


def main() -> None:
    """Measure, and print the results."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    count, changes = map(int, sys.argv[1:])
    with tempfile.TemporaryDirectory() as name, running(Path(name)) as server:
        _fill(server, count)
        print(json.dumps(_measured(server, Path(name), changes)))


def _fill(server: ApiServer, count: int) -> None:
    """Create the agent of the example, and the nodes."""
    for document in yaml.safe_load_all(chart("agent").read_text("utf-8")):
        if document:
            if document["kind"] != "Namespace":
                document["metadata"].setdefault("namespace", _NAMESPACE)
            answer = server.apply(document)
            if not answer.ok:
                sys.exit(f"watch_call: {document['kind']}: {answer.message}")
    texts = [*nodes(count)]
    server.create_nodes(count, lambda number: _node(texts[number]))


def _node(text: str) -> Any:
    (item,) = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    for key in ("resourceVersion", "uid", "creationTimestamp"):
        del item["metadata"][key]
    return item


def _measured(server: ApiServer, folder: Path, changes: int) -> Any:
    start = time.perf_counter()
    with _watch(server, folder) as (process, url):
        _until(lambda: _answer(f"{url}/readyz"), process)
        first = time.perf_counter() - start
        seconds = [_change(server, url, number, process) for number in range(changes)]
        taken = {
            "wall": first,
            "cpu": _processor_seconds(process.pid),
            "memory": peak_memory(process.pid),
        }
    return {"first": taken, "changes": seconds}


@contextmanager
def _watch(server: ApiServer, folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    (port,) = free_ports(1)
    config = server.kubeconfig(folder / "kubeconfig")
    line = [str(DFPOLICY), "watch", "--kubeconfig", str(config), "--interval", "3600"]
    # Its errors are shown, standard output is for the results.
    with subprocess.Popen([*line, "--listen", f"127.0.0.1:{port}"], stdout=sys.stderr) as process:
        try:
            yield process, f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _change(server: ApiServer, url: str, number: int, process: subprocess.Popen[bytes]) -> float:
    """Change the kernel of a node; return the seconds until the metrics show it."""
    path = f"/api/v1/nodes/node-{number}"
    node = server.request("GET", path).body
    kernel = f"5.19.0-{number + 1}-generic"
    node["status"]["nodeInfo"]["kernelVersion"] = kernel
    start = time.perf_counter()
    answer = server.request("PUT", f"{path}/status", node)
    if not answer.ok:
        sys.exit(f"watch_call: {answer.message}")
    _until(lambda: f'kernel_release="{kernel}"' in _answer(f"{url}/metrics"), process)
    return time.perf_counter() - start


def _until(found: Callable[[], Any], process: subprocess.Popen[bytes]) -> None:
    """Wait until the function returns something that is true."""
    end = time.monotonic() + _LONGEST
    while not found():
        if process.poll() is not None or time.monotonic() > end:
            sys.exit("watch_call: `dfpolicy watch` ended, or does not show what it should")
        time.sleep(_SLICE_SECONDS)


def _answer(url: str) -> str:
    """Return the answer, or an empty string if there is none yet."""
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            text: bytes = answer.read()
    except (urllib.error.HTTPError, OSError):
        return ""
    return text.decode()


def _processor_seconds(pid: int) -> float:
    # The command, in parentheses, may contain spaces; the times are the 14th and 15th field.
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
