"""Runs the command line, and turns every failure into one line and an exit code."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import NoReturn

from dfpolicy.errors import DfpolicyError, reason
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
    except DfpolicyError as error:
        return _all_failed(error)
    except BrokenPipeError:
        return _ended(ExitCode.READER_GONE, "")
    except RecursionError:
        return _failed(ExitCode.USAGE, _("the input is nested too deeply"))
    except MemoryError:
        return _failed(ExitCode.FAILURE, _("out of memory; evaluate fewer documents at once"))
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        return _failed(ExitCode.FAILURE, f"{place}{reason(error)}")
    except Exception as error:
        if os.environ.get("DFPOLICY_DEBUG") == "1":
            raise
        # The text of the exception could quote a document.
        message = _(
            "unexpected {name}; please report it, with the output of the same command with"
            " DFPOLICY_DEBUG=1"
        )
        return _failed(ExitCode.FAILURE, message.format(name=type(error).__name__))


def _all_failed(error: DfpolicyError) -> ExitCode:
    for one in (error, *error.others):
        _failed(error.exit_code, str(one), one)
    return error.exit_code


def _failed(code: ExitCode, message: str, error: DfpolicyError | None = None) -> ExitCode:
    streams.silence(sys.stdout)
    streams.fail(code, message, error)
    return code


def _ended(code: ExitCode, message: str) -> ExitCode:
    streams.silence(sys.stdout)
    if message:
        streams.say(message)
    return code
