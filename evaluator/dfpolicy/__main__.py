"""The process: runs the command line and turns every failure into one line and an exit code."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from dfpolicy.errors import DfpolicyError
from dfpolicy.exit_codes import ExitCode


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run `dfpolicy` and exit. With DFPOLICY_DEBUG=1 an unexpected failure shows its traceback."""
    sys.exit(_run(arguments))


def _run(arguments: list[str] | None) -> int:
    try:
        from dfpolicy.cli import run

        return int(run(arguments))
    except KeyboardInterrupt:
        return _fail(ExitCode.INTERRUPTED, "interrupted")
    except DfpolicyError as error:
        return _fail(error.exit_code, f"error: {error}")
    except BrokenPipeError:
        return _fail(ExitCode.FAILURE, "")
    except RecursionError:
        return _fail(ExitCode.USAGE, "error: the input is nested too deeply")
    except MemoryError:
        return _fail(ExitCode.FAILURE, "error: out of memory; evaluate fewer documents at once")
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        place = f"{error.filename}: " if error.filename else ""
        return _fail(ExitCode.FAILURE, f"error: {place}{reason}")
    except Exception as error:
        if os.environ.get("DFPOLICY_DEBUG") == "1":
            raise
        # Its text could quote a document.
        return _fail(
            ExitCode.FAILURE,
            f"error: unexpected {type(error).__name__}; please report it with the output of "
            "the same command under DFPOLICY_DEBUG=1",
        )


def _fail(code: ExitCode, message: str) -> ExitCode:
    _silence(sys.stdout)
    try:
        if message and sys.stderr is not None:
            print(f"dfpolicy: {message}", file=sys.stderr, flush=True)
    except OSError:
        _silence(sys.stderr)
    return code


def _silence(stream: object) -> None:
    """Keep the interpreter's own flush at exit from failing a second time."""
    if stream is None:
        return
    try:
        stream.flush()  # type: ignore[attr-defined]
    except (OSError, ValueError):
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, stream.fileno())  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
