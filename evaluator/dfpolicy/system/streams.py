"""Handles standard output and error that are closed, full, or without a reader."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Literal, TextIO

from dfpolicy.errors import DfpolicyError
from dfpolicy.i18n.escaping import cleaned, encodable, line_of_json, log_text, printable
from dfpolicy.i18n.language import _, shows

Level = Literal["info", "warning", "error"]
LOG_FLAG = "--log-format"
LOG_VARIABLE = "DFPOLICY_LOG_FORMAT"
LOG_FORMS = ("text", "json")

_CHINESE = "\N{CJK UNIFIED IDEOGRAPH-6587}"
_form = LOG_FORMS[0]


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


def say(text: str, level: Level = "warning") -> None:
    """Print a line on standard error; if that fails, the run continues."""
    _log(f"dfpolicy: {text}", level, text)


def note(text: str) -> None:
    """Print a line without the name of the command on standard error, as `say` does."""
    _log(text, "info", text)


def fail(code: int, text: str, error: DfpolicyError | None = None) -> None:
    """Print why the run ends with this exit code, as `say` does.

    As JSON, the place and the hint of the error are fields of their own.
    """
    message = _("error: {message}").format(message=text)
    fields: dict[str, object] = {"exitCode": int(code)}
    if error is not None:
        fields |= {name: value for name in ("where", "hint") if (value := getattr(error, name))}
        text = error.message
    _log(f"dfpolicy: {message}", "error", text, fields)


def log_as(form: str) -> None:
    """Print lines on standard error as `text`, or each as an object of `json`."""
    global _form
    _form = form


def logs_json() -> bool:
    """Whether each line on standard error is an object of JSON."""
    return _form == "json"


def log_form(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> str:
    """Return the form of the log for these arguments before they are parsed: `text` or `json`.

    Errors about the arguments themselves have this form.
    """
    form = environment.get(LOG_VARIABLE, "")
    for number, argument in enumerate(arguments):
        flag, separator, value = argument.partition("=")
        if argument == "--":
            break
        if flag == LOG_FLAG:
            form = value if separator else next(iter(arguments[number + 1 :]), "")
    return form if form in LOG_FORMS else LOG_FORMS[0]


def _log(line: str, level: Level, text: str, fields: Mapping[str, object] | None = None) -> None:
    if sys.stderr is None:
        return
    shown = _json(level, text, fields or {}) if logs_json() else log_text(line)
    try:
        print(shown, file=sys.stderr, flush=True)
    except OSError:
        silence(sys.stderr)


def _json(level: Level, text: str, fields: Mapping[str, object]) -> str:
    from datetime import datetime, timezone

    entry = {
        "time": datetime.now(timezone.utc).isoformat(timespec="milliseconds"),
        "level": level,
        "message": " ".join(text.split()),
        **fields,
    }
    return line_of_json(entry, shows(_CHINESE, sys.stderr.encoding))


def silence(stream: TextIO | None) -> None:
    """Prevent the interpreter's flush at exit from failing a second time."""
    if stream is None:
        return
    try:
        stream.flush()
    except (OSError, ValueError):
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, stream.fileno())
