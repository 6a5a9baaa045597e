"""Reads systemd unit files as systemd's parser does, without interpreting the settings."""

from __future__ import annotations

from dfpolicy.errors import InputError
from dfpolicy.i18n.language import _

SUFFIX = ".service"

Sections = dict[str, dict[str, list[str]]]


def read_unit(text: str, name: str) -> Sections:
    """Return {section: {key: [values in their order]}} of a unit file.

    An empty value stays in the list: it makes systemd drop the values before it. Raises InputError
    with the line for anything but a section, a setting or a comment.
    """
    sections: Sections = {}
    current: dict[str, list[str]] | None = None
    for number, line in _logical_lines(text):
        if line.startswith("["):
            current = sections.setdefault(_section(line, f"{name}:{number}"), {})
            continue
        key, separator, value = line.partition("=")
        key = key.rstrip()
        if not separator or not key:
            raise _malformed(
                _("not a valid unit file: expected [Section] or Key=value"), f"{name}:{number}"
            )
        if current is None:
            raise _malformed(
                _("not a valid unit file: a setting before the first [Section]"), f"{name}:{number}"
            )
        current.setdefault(key, []).append(value.strip())
    return sections


def first_line(text: str) -> int:
    """The number of the first line that is neither empty nor a comment."""
    return next((number for number, _ in _logical_lines(text)), 1)


def _logical_lines(text: str) -> list[tuple[int, str]]:
    """Each logical line with its number; a backslash at the end joins the next line.

    Comments are skipped, also between joined lines.
    """
    found: list[tuple[int, str]] = []
    joined, start = "", 0
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.removesuffix("\r")
        if line.lstrip().startswith(("#", ";")):
            continue
        start = start or number
        if (len(line) - len(line.rstrip("\\"))) % 2:
            joined += f"{line[:-1]} "
            continue
        joined += line
        if joined.strip():
            found.append((start, joined.strip()))
        joined, start = "", 0
    if joined.strip():
        found.append((start, joined.strip()))
    return found


def _section(line: str, place: str) -> str:
    if not line.endswith("]") or not line[1:-1]:
        raise _malformed(
            _("not a valid unit file: a section without a name or a closing bracket"), place
        )
    return line[1:-1]


def _malformed(message: str, place: str) -> InputError:
    return InputError(
        message,
        place,
        _("correct the line, and check it with `systemd-analyze verify`"),
    )
