"""Runs the command line, and turns every failure into one line and an exit code."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import NoReturn

from dfpolicy.errors import DfpolicyError, InputError, reason
from dfpolicy.exit_codes import ExitCode
from dfpolicy.i18n.language import _, of_command_line, speaking
from dfpolicy.system import signals, streams

Command = Callable[["list[str] | None"], int]


def run(load: Callable[[], Command], arguments: list[str] | None = None) -> NoReturn:
    """Run the command that `load` returns and exit with its code.

    `arguments` are those of the process by default. `load` is called once interrupts are handled,
    so that it can import modules.
    """
    former = signals.take_over()
    streams.log_as(streams.log_form(sys.argv[1:] if arguments is None else arguments))
    with speaking(of_command_line(sys.argv[1:] if arguments is None else arguments)):
        try:
            code = _finished(load, arguments)
        except signals.Stopped as stopped:
            code = _ended(stopped.code, _(stopped.reason))
            if arguments is None:
                # The interpreter's own end would wait for, and may crash on, threads that compute.
                os._exit(code)
    # At the end of the process a signal would only add a traceback to what is done.
    signals.give_back(dict.fromkeys(former, signal.SIG_IGN) if arguments is None else former)
    sys.exit(code)


def _finished(load: Callable[[], Command], arguments: list[str] | None) -> int:
    """Run the command line and return its exit code, after all its output is written."""
    streams.mend()
    try:
        code = int(load()(arguments))
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return _ended(ExitCode.INTERRUPTED, _("interrupted"))
    except BrokenPipeError:
        return _ended(ExitCode.READER_GONE, "")
    except Exception as error:
        if os.environ.get("DFPOLICY_DEBUG") == "1" and unexpected(error):
            raise
        known = explained(error)
        streams.silence(sys.stdout)
        for one in (known, *known.others):
            streams.fail(one.exit_code, str(one), one)
        return known.exit_code


def unexpected(error: Exception) -> bool:
    """Whether nothing explains the exception: it is a mistake in dfpolicy."""
    return not isinstance(error, DfpolicyError | RecursionError | MemoryError | OSError)


def explained(error: Exception) -> DfpolicyError:
    """Return the exception as an error with one line for the user."""
    if isinstance(error, DfpolicyError):
        return error
    if isinstance(error, RecursionError):
        return InputError(_("the input is nested too deeply"))
    if isinstance(error, MemoryError):
        return DfpolicyError(_("out of memory; evaluate fewer documents at once"))
    if isinstance(error, OSError):
        return DfpolicyError(reason(error), str(error.filename or ""))
    # The text of the exception could quote a document.
    message = _(
        "unexpected {name}; please report it, with the output of the same command with"
        " DFPOLICY_DEBUG=1"
    )
    return DfpolicyError(message.format(name=type(error).__name__))


def _ended(code: ExitCode, message: str) -> ExitCode:
    streams.silence(sys.stdout)
    if message:
        streams.say(message)
    return code
