"""The exit codes, the same for every output format."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of every command."""

    OK = 0
    """No violation that counts."""
    VIOLATION = 1
    """A violation that counts (by --fail-on), or with --strict an unknown."""
    USAGE = 2
    """Bad usage or input, or nothing that could be checked."""
    FAILURE = 3
    """The engine or the system failed."""
    HUNG_UP = 129
    """Stopped because its terminal was closed; this and the next are 128 and the signal number."""
    INTERRUPTED = 130
    """Stopped by Ctrl-C."""
    READER_GONE = 141
    """The reader of standard output left before its end, as `head` does."""
    TERMINATED = 143
    """Stopped by SIGTERM."""
