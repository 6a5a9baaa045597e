"""Detects text that a program printed among manifests: log messages, and the notes of Helm."""

from __future__ import annotations

import re

from dfpolicy.errors import InputError
from dfpolicy.i18n.language import _

_NOTES = re.compile(r"^NOTES:[ \t]*\r?$", re.MULTILINE)
_LOG = re.compile(
    r"^(?:(?:[Ee]rror|ERROR|[Ww]arning|WARN(?:ING)?|INFO|DEBUG|FATAL|panic)\b[: \]]"
    r"|\[?(?:time=|level=|ts=)"
    r"|[IWEF]\d{4} \d\d:\d\d:\d\d"
    r"|\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d)",
    re.MULTILINE,
)
_LINE = re.compile(r"^(?!---)[ \t]*[^ \t\r\n#].*$", re.MULTILINE)
# How a line of a manifest begins: a key, an item, or anything that is quoted or in brackets.
_OF_YAML = re.compile(r"""\s*(?:[-?](?:\s|$)|["'{}\[\]&!|>%*]|[^\s:#]+\s*:(?:\s|$))""")
# A key, and a second one in its plain value, which YAML does not allow.
_TWO_KEYS = re.compile(r"""[^\s:#"'{\[]+:\s+[^\s"'{\[&*!|>#-][^"'#]*:\s""")


def foreign_text(text: str, name: str, line: int) -> InputError | None:
    """Return the error for a text that is not valid YAML because of such a line, or None.

    `text` begins at `line` of the file. The error quotes nothing of it.
    """
    notes = _NOTES.search(text)
    if notes:
        place = line + text.count("\n", 0, notes.start())
        return InputError(
            _("line {line} begins the notes of Helm, not YAML").format(line=place),
            f"{name}:{place}",
            _("give the output of `helm template` or `helm get manifest`"),
        )
    message = _LOG.search(text) or _first_line(text)
    if message is None:
        return None
    place = line + text.count("\n", 0, message.start())
    return InputError(
        _("line {line} is a message of a program, not YAML").format(line=place),
        f"{name}:{place}",
        _("remove it, or write only standard output to the file"),
    )


def _first_line(text: str) -> re.Match[str] | None:
    """The first line, unless it can be one of YAML."""
    first = _LINE.search(text)
    if first and _OF_YAML.match(first[0]) and not _TWO_KEYS.match(first[0]):
        return None
    return first
