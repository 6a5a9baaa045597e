"""Standard output and error that are closed, full, or whose reader has left."""

from __future__ import annotations

import io
import os
import sys
from typing import TextIO

from dfpolicy.errors import DfpolicyError, printable


class _Closed(io.RawIOBase):
    """Stands for a standard output that is closed, which is told where something is written."""

    def writable(self) -> bool:
        return True

    def write(self, _: object) -> int:
        raise DfpolicyError("standard output is closed", hint="give --output FORMAT=FILE")


def open_closed() -> None:
    """Keep a file that is opened from becoming standard output or error, where one is closed."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(number)
    if sys.stdout is None:
        sys.stdout = io.TextIOWrapper(_Closed(), "utf-8", write_through=True)  # type: ignore[type-var]


def say(text: str) -> None:
    """Tell a line on standard error; where that cannot take it, the run goes on all the same."""
    if sys.stderr is None:
        return
    try:
        print(printable(f"dfpolicy: {text}"), file=sys.stderr, flush=True)
    except OSError:
        silence(sys.stderr)


def silence(stream: TextIO | None) -> None:
    """Keep the interpreter's own flush at exit from failing a second time."""
    if stream is None:
        return
    try:
        stream.flush()
    except (OSError, ValueError):
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, stream.fileno())
