"""The command as a process under a fault: its output, exit code, time and memory."""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Protocol

from support.manifests import BARE

ROOT = Path(__file__).parents[3]
# Only a hanging command takes that long, on any machine.
LIMIT_SECONDS = 600.0
_POLL_SECONDS = 0.005


def command(hook: str = "") -> list[str]:
    """The arguments of Python that run dfpolicy, after a hook in Python if there is one."""
    if not hook:
        return ["-m", "dfpolicy"]
    return ["-c", f"{hook}\nfrom dfpolicy.__main__ import main\nmain()"]


def stopping(module: str, function: str) -> str:
    """A hook that stops the process, as SIGSTOP does, when a function has been called."""
    return f"""
import os, signal
import {module} as module
call = module.{function}
def stop(*arguments, **more):
    found = call(*arguments, **more)
    os.kill(os.getpid(), signal.SIGSTOP)
    return found
module.{function} = stop
"""


@dataclass(frozen=True)
class Outcome:
    """The result of a process: output, standard error, seconds of wall time, and peak memory in MB.

    `code` is negative if a signal ended the process.
    """

    code: int
    out: bytes
    said: str
    seconds: float
    peak_mb: float


@cache
def warm_cache() -> Path:
    """Return a cache with the compiled policies, which exists as long as this process."""
    folder = Path(tempfile.mkdtemp(prefix="dfpolicy-faults-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "manifests.yaml").write_text(BARE, "utf-8")
    entries = folder / "cache"
    subprocess.run(
        [sys.executable, "-m", "dfpolicy", "eval", str(folder / "manifests.yaml")],
        env=os.environ
        | {"PYTHONPATH": str(ROOT / "evaluator"), "DFPOLICY_CACHE_DIR": str(entries)},
        stdout=subprocess.DEVNULL,
        check=False,
    )
    assert len(list(entries.iterdir())) == 1
    return entries


class Place:
    """A directory for one fault: manifests, a home, a temporary directory, a warm cache."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("home", "tmp", "bin", "out"):
            (folder / name).mkdir()
        self.manifests = folder / "manifests.yaml"
        self.manifests.write_text(BARE, "utf-8")
        self.environment = {
            "HOME": str(folder / "home"),
            "TMPDIR": str(folder / "tmp"),
            "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT / "evaluator"),
            "DFPOLICY_CONFIG": "",
            "LC_ALL": "C.UTF-8",
            "DFPOLICY_CACHE_DIR": str(warm_cache()),
        }

    def new_cache(self) -> Path:
        """Use a new empty cache, and return its directory."""
        folder = self.folder / "cache"
        folder.mkdir(mode=0o700)
        self.environment["DFPOLICY_CACHE_DIR"] = str(folder)
        return folder

    def own_cache(self) -> Path:
        """Use a copy of the warm cache, and return its only entry."""
        (entry,) = warm_cache().iterdir()
        return Path(shutil.copy2(entry, self.new_cache()))

    def stub(self, name: str, script: str) -> Path:
        """Put a shell script on PATH and return its path; `$HERE` is the directory of the fault."""
        path = self.folder / "bin" / name
        path.write_text(f"#!/bin/sh\nHERE={self.folder}\n{script}\n", "utf-8")
        path.chmod(0o755)
        return path

    def left(self) -> list[str]:
        """The files that a run has left in the writable places, by name."""
        roots = (self.folder / name for name in ("home", "tmp", "out"))
        return sorted(
            str(path.relative_to(self.folder)) for root in roots for path in root.rglob("*")
        )

    def start(
        self,
        *arguments: object,
        stdin: int | IO[bytes] = subprocess.DEVNULL,
        stdout: int | IO[bytes] | None = None,
        stderr: int | IO[bytes] | None = None,
        within: Sequence[str] = (),
        environment: dict[str, str] | None = None,
        unset: Sequence[str] = (),
        hook: str = "",
    ) -> Process:
        """Start the command; output that is not redirected is stored in files.

        `within` is a command that runs the command after it, for example a shell with redirections.
        `hook` is Python that the process runs first.
        """
        kept = {name: text for name, text in os.environ.items() if not name.startswith("DFPOLICY_")}
        kept |= self.environment | (environment or {})
        for name in unset:
            kept.pop(name, None)
        return Process(
            [*within, sys.executable, *command(hook), *arguments],
            self.folder,
            kept,
            (stdin, stdout, stderr),
        )

    def run(self, *arguments: object, **how: object) -> Outcome:
        """Start the command and wait for its end."""
        return self.start(*arguments, **how).wait()  # type: ignore[arg-type]


class Closable(Protocol):
    """An object with a system resource, for example a pipe."""

    def close(self) -> None:
        """Release it."""


class Process:
    """A process that runs."""

    def __init__(
        self,
        command: Sequence[object],
        folder: Path,
        environment: dict[str, str],
        streams: tuple[int | IO[bytes] | None, ...],
    ) -> None:
        self._out, self._err = (_scratch(folder, name) for name in ("stdout", "stderr"))
        self._started = time.monotonic()
        stdin, stdout, stderr = streams
        self._popen = subprocess.Popen(
            [one if isinstance(one, bytes) else str(one) for one in command],
            cwd=folder,
            env=environment,
            stdin=stdin,
            stdout=self._out if stdout is None else stdout,
            stderr=self._err if stderr is None else stderr,
        )
        self.pid = self._popen.pid
        self._ended: tuple[int, float, float] | None = None
        self._kept: list[Closable] = []
        self._stopped = False

    def keep(self, *streams: Closable) -> None:
        """Keep these open until the process ends."""
        self._kept += streams

    def send(self, number: signal.Signals) -> None:
        """Send a signal."""
        os.kill(self.pid, number)
        if self._stopped:
            os.kill(self.pid, signal.SIGCONT)

    def until_stopped(self) -> None:
        """Wait until its hook has stopped it; the next signal lets it continue."""
        _, status = os.waitpid(self.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status), "it ended before"
        self._stopped = True

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait until the condition is true; fail if the process ends first or it takes too long."""
        end = time.monotonic() + LIMIT_SECONDS
        while not condition():
            if self._poll():
                raise AssertionError(f"it ended before: {self.wait()}")
            if time.monotonic() > end:
                self._kill()
                raise AssertionError(f"it did not come to it: {self.wait()}")
            time.sleep(_POLL_SECONDS)

    def asleep(self) -> bool:
        """Whether it waits for something."""
        return _state(self.pid) == "S"

    def wait(self) -> Outcome:
        """Wait for the end and return the outcome."""
        end = time.monotonic() + LIMIT_SECONDS
        while not self._poll():
            if time.monotonic() > end:
                self._kill()
            time.sleep(_POLL_SECONDS)
        assert self._ended is not None
        code, seconds, peak = self._ended
        for stream in self._kept:
            stream.close()
        return Outcome(code, _content(self._out), _content(self._err).decode(), seconds, peak)

    def _poll(self) -> bool:
        if self._ended is None:
            pid, status, usage = os.wait4(self.pid, os.WNOHANG)
            if pid:
                code = self._popen.returncode = os.waitstatus_to_exitcode(status)
                seconds = time.monotonic() - self._started
                self._ended = (code, seconds, usage.ru_maxrss / 1024)
        return self._ended is not None

    def _kill(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


def _scratch(folder: Path, name: str) -> IO[bytes]:
    return tempfile.NamedTemporaryFile(dir=folder, prefix=f".{name}-")


def _content(stream: IO[bytes]) -> bytes:
    stream.seek(0)
    return stream.read()


def _state(pid: int) -> str:
    """The state of a process as the system's letter; X if there is no process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return "X"


def gone(pid: int) -> bool:
    """Whether no such process runs; a zombie does not count as running."""
    return _state(pid) in "ZX"
