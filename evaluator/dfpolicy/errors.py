"""Errors that reach the user as one line: where, what, and how to mend it."""

from __future__ import annotations

from dfpolicy.exit_codes import ExitCode


class DfpolicyError(Exception):
    """An expected failure.

    `where` is a place as `file:line` (may be empty), `message` says what is wrong,
    `hint` how to mend it (may be empty). None of them may hold a value of a document.
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
    """Return the text with `?` for what could steer a terminal or cannot be encoded."""
    return "".join(char if char.isprintable() else "?" for char in text)


def reason(error: OSError) -> str:
    """Return why the system refused, in the middle of a sentence."""
    return (error.strerror or "unknown reason").lower()


class InputError(DfpolicyError):
    """What was given cannot be read or judged."""

    exit_code = ExitCode.USAGE


class NoAgentError(InputError):
    """The input holds no DeepFlow agent."""


class UsageError(DfpolicyError):
    """An option or argument is wrong."""

    exit_code = ExitCode.USAGE


class EngineError(DfpolicyError):
    """The policy engine failed, or ran out of its time or memory."""

    exit_code = ExitCode.FAILURE
