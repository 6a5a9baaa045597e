"""Handles standard output and error that are closed, full, or without a reader."""

from __future__ import annotations

import io
import os
import sys
from typing import TextIO

from dfpolicy.errors import DfpolicyError, printable


class _Closed(io.RawIOBase):
    """Replaces a closed standard output, and fails when something is written."""

    def writable(self) -> bool:
        return True

    def write(self, _: object) -> int:
        raise DfpolicyError("standard output is closed", hint="let it go to a file")


def mend() -> None:
    """Make writes to closed standard streams fail, and keep opened files from replacing them."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(number)
    if sys.stdout is None:
        sys.stdout = io.TextIOWrapper(_Closed(), "utf-8", write_through=True)
        return
    raw = getattr(sys.stdout, "buffer", None)
    if isinstance(raw, io.FileIO):
        # This is so with PYTHONUNBUFFERED, and the rest of a partial write would be lost.
        encoding, errors = sys.stdout.encoding, sys.stdout.errors
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(raw), encoding, errors)


def shows(text: str, encoding: str) -> bool:
    """Whether this encoding can write the text."""
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def say(text: str) -> None:
    """Print a line on standard error; ignore failures."""
    if sys.stderr is None:
        return
    try:
        print(printable(f"dfpolicy: {text}"), file=sys.stderr, flush=True)
    except OSError:
        silence(sys.stderr)


def silence(stream: TextIO | None) -> None:
    """Prevent the interpreter's flush at exit from failing a second time."""
    if stream is None:
        return
    try:
        stream.flush()
    except (OSError, ValueError):
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, stream.fileno())
