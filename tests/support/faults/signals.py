"""SIGINT and SIGTERM in each phase of a run."""

from __future__ import annotations

import array
import fcntl
import os
import signal
import socket
import termios
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from support.faults.process import Outcome, Place, Process, gone, stopping
from support.faults.registry import fault
from support.faults.streams import many_nodes

# The message of each signal, and the exit code.
ENDS = {signal.SIGINT: (130, "interrupted"), signal.SIGTERM: (143, "terminated")}
Phase = Callable[[Place], Process]


def _phase(name: str) -> Callable[[Phase], Phase]:
    """Add a phase to the list, once for each signal; the function starts it and waits for it."""

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


def _stopped(place: Place, *arguments: object, hook: str = "") -> Process:
    """Start with a hook that stops it in its phase; the signal is sent when it continues."""
    process = place.start("eval", place.manifests, *arguments, hook=hook)
    process.until_stopped()
    return process


def _importing(place: Place, module: str) -> Process:
    """Start with a module that stops the process during its import, and never finishes."""
    modules = place.folder / "modules"
    modules.mkdir()
    script = "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)\nsignal.pause()\n"
    (modules / f"{module}.py").write_text(script, "utf-8")
    path = place.environment["PYTHONPATH"]
    place.environment["PYTHONPATH"] = f"{modules}{os.pathsep}{path}"
    return _stopped(place)


@_phase("importing the command line")
def importing(place: Place) -> Process:
    return _importing(place, "click")


@_phase("importing the engine")
def importing_engine(place: Place) -> Process:
    return _importing(place, "wasmtime")


def _fifo(place: Place, name: str) -> Path:
    path = place.folder / name
    os.mkfifo(path)
    return path


def reading_from(place: Place, within: Sequence[str] = ()) -> tuple[Process, IO[bytes]]:
    """Start one that has begun to read its standard input; also return the other end."""
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
    # It stays open while the process runs.
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


@_phase("parsing a file")
def parsing(place: Place) -> Process:
    return _stopped(place, hook=stopping("dfpolicy.reading.documents", "_spans"))


@_phase("compiling the policies")
def compiling(place: Place) -> Process:
    cache = place.new_cache()
    # They are compiled on a thread, which has started.
    process = _stopped(place, hook=stopping("dfpolicy.engines.worker", "run"))
    assert list(cache.iterdir()) == []
    return process


@_phase("evaluating 2,000 nodes")
def evaluating(place: Place) -> Process:
    (place.folder / "nodes.yaml").write_text(many_nodes(2_000), "utf-8")
    hook = stopping("dfpolicy.engines.worker", "run")
    return _stopped(place, "--facts", "nodes.yaml", hook=hook)


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


def _filled(pipe: int) -> int:
    """The number of bytes in a pipe."""
    count = array.array("i", [0])
    fcntl.ioctl(pipe, termios.FIONREAD, count)
    return count[0]
