"""Errors that the user sees as one line: where, what is wrong, and how to fix it.

Their texts are translated where they are raised.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from dfpolicy.exit_codes import ExitCode
from dfpolicy.i18n.escaping import printable
from dfpolicy.i18n.language import _, marked

# What operating systems say most often; other reasons stay as they are.
REASONS = (
    marked("no such file or directory"),
    marked("permission denied"),
    marked("is a directory"),
    marked("not a directory"),
    marked("file exists"),
    marked("file name too long"),
    marked("file too large"),
    marked("too many levels of symbolic links"),
    marked("too many open files"),
    marked("no space left on device"),
    marked("read-only file system"),
    marked("input/output error"),
    marked("operation not permitted"),
    marked("exec format error"),
    marked("broken pipe"),
)


class DfpolicyError(Exception):
    """An expected failure.

    `where` is a place as `file:line` (may be empty), `message` says what is wrong, `hint` how to
    fix it (may be empty). None of them may contain a value of a document.
    """

    exit_code = ExitCode.FAILURE

    def __init__(self, message: str, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint
        # Further faults that were found together with this one.
        self.others: Sequence[DfpolicyError] = ()

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        text = self.message
        if self.hint:
            text = _("{message}; {hint}").format(message=self.message, hint=self.hint)
        return printable(" ".join(f"{place}{text}".split()))


_Error = TypeVar("_Error", bound=DfpolicyError)


def together(errors: Sequence[_Error]) -> _Error:
    """Return the first of the errors, which is reported with the others, a line each."""
    first, *others = errors
    first.others = others
    return first


def reason(error: OSError) -> str:
    """Return why the system refused, for the middle of a sentence, in the language in force."""
    return _((error.strerror or type(error).__name__).lower())


class InputError(DfpolicyError):
    """The input cannot be read or evaluated."""

    exit_code = ExitCode.USAGE


class NoAgentError(InputError):
    """The input contains no DeepFlow agent."""


class UsageError(DfpolicyError):
    """An option or argument is invalid."""

    exit_code = ExitCode.USAGE


class EngineError(DfpolicyError):
    """The policy engine failed, or exceeded its time or memory limit."""

    exit_code = ExitCode.FAILURE
