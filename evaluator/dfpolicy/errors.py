"""Errors that the user sees as one line: where, what, and how to fix it."""

from __future__ import annotations

from dfpolicy.exit_codes import ExitCode


class DfpolicyError(Exception):
    """An expected failure.

    `where` is `file:line` (may be empty), `message` says what is wrong, `hint` how to fix it (may
    be empty). None of them may contain a value of a document.
    """

    exit_code = ExitCode.FAILURE

    def __init__(self, message: str, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        remedy = f"; {self.hint}" if self.hint else ""
        return printable(" ".join(f"{place}{self.message}{remedy}".split()))


def printable(text: str) -> str:
    """Return the text with `?` for terminal control characters and unencodable characters."""
    return "".join(char if char.isprintable() else "?" for char in text)


def reason(error: OSError) -> str:
    """Return why the system refused, in the middle of a sentence."""
    return (error.strerror or "unknown reason").lower()


class InputError(DfpolicyError):
    """The input cannot be read or checked."""

    exit_code = ExitCode.USAGE


class NoAgentError(InputError):
    """The input contains no DeepFlow agent."""


class UsageError(DfpolicyError):
    """An option or argument is invalid."""

    exit_code = ExitCode.USAGE


class EngineError(DfpolicyError):
    """The policy engine failed, or ran out of its time or memory."""

    exit_code = ExitCode.FAILURE
