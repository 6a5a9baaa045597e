"""Handles standard output and error that are closed, full, or without a reader."""

from __future__ import annotations

import io
import os
import sys
from typing import TextIO

from dfpolicy.errors import DfpolicyError
from dfpolicy.i18n.escaping import cleaned, encodable, log_text, printable
from dfpolicy.i18n.language import _


class _Closed(io.RawIOBase):
    """Replaces a standard output that is closed: every write raises an error."""

    def writable(self) -> bool:
        return True

    def write(self, content: object, /) -> int:
        del content
        raise DfpolicyError(_("standard output is closed"), hint=_("redirect it to a file"))


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


def tell(text: str) -> None:
    """Print one line on standard output. Raises OSError."""
    show(cleaned(text) + "\n")


def show(text: str) -> None:
    """Write lines to standard output.

    What controls a terminal, or cannot be encoded, becomes `?`. Raises OSError.
    """
    if sys.stdout is None:
        raise DfpolicyError(_("standard output is closed"), hint=_("redirect it to a file"))
    lines = "\n".join(map(printable, text.split("\n")))
    sys.stdout.write(encodable(lines, sys.stdout.encoding))
    sys.stdout.flush()


def say(text: str) -> None:
    """Print a line on standard error; if that fails, the run continues."""
    note(f"dfpolicy: {text}")


def note(text: str) -> None:
    """Print a line without the name of the command on standard error, as `say` does."""
    if sys.stderr is None:
        return
    try:
        print(log_text(text), file=sys.stderr, flush=True)
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
