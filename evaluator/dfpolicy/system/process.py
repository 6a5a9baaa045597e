"""The process: runs the command line and turns every failure into one line and an exit code."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import NoReturn

from dfpolicy.errors import DfpolicyError
from dfpolicy.exit_codes import ExitCode
from dfpolicy.system import signals, streams

Command = Callable[["list[str] | None"], int]


def run(load: Callable[[], Command], arguments: list[str] | None = None) -> NoReturn:
    """Run the command that `load` returns and exit with its code.

    `arguments` are those of the process by default. `load` is called once interrupts are handled,
    so that it can import modules.
    """
    former = signals.take_over()
    try:
        code = _finished(load, arguments)
    except signals.Stopped as stopped:
        code = _fail(stopped.code, stopped.reason)
        if arguments is None:
            # The interpreter's normal exit would wait for computing threads, and may crash on them.
            os._exit(code)
    # At the end of the process a signal would only print a traceback.
    signals.give_back(dict.fromkeys(former, signal.SIG_IGN) if arguments is None else former)
    sys.exit(code)


def _finished(load: Callable[[], Command], arguments: list[str] | None) -> int:
    """Run the command line and return its exit code, after all output is written."""
    streams.mend()
    try:
        code = int(load()(arguments))
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return _fail(ExitCode.INTERRUPTED, "interrupted")
    except DfpolicyError as error:
        return _fail(error.exit_code, f"error: {error}")
    except BrokenPipeError:
        return _fail(ExitCode.READER_GONE, "")
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
    streams.silence(sys.stdout)
    if message:
        streams.say(message)
    return code
