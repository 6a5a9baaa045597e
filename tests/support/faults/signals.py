"""SIGINT and SIGTERM in each phase of a run."""

from __future__ import annotations

import array
import fcntl
import os
import signal
import socket
import termios
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from support.faults.process import Outcome, Place, Process, gone
from support.faults.registry import fault
from support.faults.streams import many_nodes

# What each signal is told as, and the exit code.
ENDS = {signal.SIGINT: (130, "interrupted"), signal.SIGTERM: (143, "terminated")}
_TICKS = 20
Phase = Callable[[Place], Process]


def _phase(name: str) -> Callable[[Phase], Phase]:
    """Put a phase on the list, once for each signal; the function starts and waits for it."""

    def add(function: Phase) -> Phase:
        for number, (code, told) in ENDS.items():

            def happen(place: Place, number: signal.Signals = number) -> Outcome:
                process = function(place)
                process.send(number)
                outcome = process.wait()
                child = place.folder / "child"
                if child.exists():
                    assert gone(int(child.read_text("utf-8"))), "its child still runs"
                assert outcome.out == b"" or name.startswith("writing")
                return outcome

            fault("signals", f"{number.name} while {name}", code, told)(happen)
        return function

    return add


def _blocked(place: Place, module: str) -> Process:
    """Start with a module that, when it is imported, does not come to an end."""
    modules, reached = place.folder / "modules", place.folder / "reached"
    modules.mkdir()
    script = f"import time\nopen({str(reached)!r}, 'w').close()\ntime.sleep(600)\n"
    (modules / f"{module}.py").write_text(script, "utf-8")
    path = f"{modules}{os.pathsep}{place.environment['PYTHONPATH']}"
    process = place.start("eval", place.manifests, environment={"PYTHONPATH": path})
    process.until(reached.exists)
    return process


@_phase("importing the command line")
def importing(place: Place) -> Process:
    return _blocked(place, "click")


@_phase("importing the engine")
def importing_engine(place: Place) -> Process:
    return _blocked(place, "wasmtime")


def _fifo(place: Place, name: str) -> Path:
    path = place.folder / name
    os.mkfifo(path)
    return path


def reading_from(place: Place, within: Sequence[str] = ()) -> tuple[Process, IO[bytes]]:
    """Start one that has begun to read its standard input; return the other end as well."""
    reading, writing = os.pipe()
    process = place.start("eval", "-", stdin=reading, within=within)
    os.write(writing, b"---\n")
    # It has read, and waits for more.
    process.until(lambda: _filled(reading) == 0)
    os.close(reading)
    return process, os.fdopen(writing, "wb")


@_phase("reading standard input")
def reading_stdin(place: Place) -> Process:
    process, writing = reading_from(place)
    # It stays open as long as the process runs.
    process.keep(writing)
    return process


@_phase("reading a file")
def reading_file(place: Place) -> Process:
    path = _fifo(place, "pipe.yaml")
    process = place.start("eval", path)
    writing = os.open(path, os.O_RDWR)
    os.write(writing, b"a: 1\n")
    process.until(lambda: _filled(writing) == 0)
    process.keep(os.fdopen(writing, "wb"))
    return process


@_phase("parsing a large file")
def parsing(place: Place) -> Process:
    path = _fifo(place, "pipe.yaml")
    process = place.start("eval", path)
    with path.open("wb") as stream:
        stream.write(many_nodes(20_000).encode())
    # The pipe holds the last of it, and parsing takes seconds of the processor.
    before = _ticks(process)
    process.until(lambda: _ticks(process) > before + _TICKS)
    return process


@_phase("compiling the policies")
def compiling(place: Place) -> Process:
    cache = place.new_cache()
    process = place.start("eval", place.manifests)
    # wasmtime compiles on several threads, which have begun.
    process.until(lambda: len(os.listdir(f"/proc/{process.pid}/task")) > 2)  # noqa: PTH208
    assert list(cache.iterdir()) == []
    return process


@_phase("evaluating 5,000 nodes")
def evaluating(place: Place) -> Process:
    (place.folder / "nodes.yaml").write_text(many_nodes(5_000), "utf-8")
    process = place.start("eval", place.manifests, "--facts", "nodes.yaml")
    # The policies run on a thread of their own, and take seconds.
    process.until(lambda: _ticks(process, besides_main=True) > _TICKS)
    return process


@_phase("writing to a pipe that is full")
def writing(place: Place) -> Process:
    (place.folder / "nodes.yaml").write_text(many_nodes(500), "utf-8")
    reading, out = os.pipe()
    fcntl.fcntl(out, fcntl.F_SETPIPE_SZ, 4096)
    arguments = ["eval", place.manifests, "--facts", "nodes.yaml", "-o", "json"]
    process = place.start(*arguments, stdout=out)
    os.close(out)
    process.until(lambda: _filled(reading) == 4096)
    process.keep(os.fdopen(reading, "rb"))
    return process


@_phase("helm runs")
def helm(place: Place) -> Process:
    place.stub("helm", "echo $$ > $HERE/child.new; mv $HERE/child.new $HERE/child; exec sleep 600")
    process = place.start("eval", "--helm", "chart")
    process.until((place.folder / "child").exists)
    return process


@_phase("opa runs")
def opa(place: Place) -> Process:
    place.stub("opa", "echo $$ > $HERE/child.new; mv $HERE/child.new $HERE/child; exec sleep 600")
    process = place.start("eval", place.manifests, "--engine", "opa")
    process.until((place.folder / "child").exists)
    return process


@_phase("the collector of nodes runs")
def collector(place: Place) -> Process:
    place.stub("sh", "echo $$ > $HERE/child.new; mv $HERE/child.new $HERE/child; exec sleep 600")
    process = place.start("collect", "node")
    process.until((place.folder / "child").exists)
    return process


@_phase("a server is waited for")
def server(place: Place) -> Process:
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    process = place.start("eval", place.manifests, "--engine", "server", "--opa-url", url)
    connection, _ = listener.accept()
    assert connection.recv(1)
    process.keep(listener, connection)
    return process


def _ticks(process: Process, besides_main: bool = False) -> int:
    """The time of the processor that its threads have used, in hundredths of a second."""
    total = 0
    for task in Path(f"/proc/{process.pid}/task").iterdir():
        if besides_main and task.name == str(process.pid):
            continue
        with suppress(OSError):
            fields = (task / "stat").read_text("utf-8").rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
    return total


def _filled(pipe: int) -> int:
    """How many bytes stand in a pipe."""
    count = array.array("i", [0])
    fcntl.ioctl(pipe, termios.FIONREAD, count)
    return count[0]
