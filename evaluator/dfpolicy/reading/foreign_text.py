"""Detects text that is not YAML in a stream: log lines, and the notes that Helm prints."""

from __future__ import annotations

import re

from dfpolicy.errors import InputError
from dfpolicy.i18n.language import _

_LOG = re.compile(
    r"(?:[Ee]rror|ERROR|[Ww]arning|WARN(?:ING)?|INFO|DEBUG|FATAL|panic)\b[: \]]"
    r"|\[?(?:time=|level=|ts=)"
    r"|[IWEF]\d{4} \d\d:\d\d:\d\d"
    r"|\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d"
)
_NOTES = re.compile(r"NOTES:\s*\Z")


def foreign(text: str, name: str, first_line: int) -> InputError | None:
    """Return the error for a text that is not valid YAML because of such lines; else None.

    `first_line` is that of the text in the file. Nothing of the lines is in the error.
    """
    for number, line in enumerate(text.splitlines(), first_line):
        if _NOTES.match(line):
            return InputError(
                _("this is the NOTES section of Helm, not YAML"),
                f"{name}:{number}",
                _("give the output of `helm template`, not of `helm install`"),
            )
        if _LOG.match(line):
            return InputError(
                _("this is a log message, not YAML"),
                f"{name}:{number}",
                _("give only the standard output of the command, without `2>&1`"),
            )
    return None
