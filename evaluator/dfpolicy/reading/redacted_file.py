"""Hides the secrets of a YAML file that stays a text, such as the agent's file in a ConfigMap.

The lines keep their numbers. The whole value of a secret key is hidden: scalars of any style and
length, lists and mappings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dfpolicy.reading.redacted_text import HIDDEN, names_secret, redacted

# The lead, a key, and its value. A key of YAML is at most 1,024 characters long.
_ENTRY = re.compile(
    r"(?P<lead>[ \t]*(?:- +)*)(?P<key>[\"']?[\w./-]{1,1024}[\"']?)[ \t]*:(?:[ \t]+(?P<value>.*))?\Z"
)
_QUESTION = re.compile(r"[ \t]*(?:- +)*\?[ \t]+(?P<key>.{1,1024})\Z")
_IN_FLOW = re.compile(
    r"(?P<lead>[{,\[][ \t]*(?P<key>[\"']?[\w./-]{1,200}[\"']?)[ \t]*:[ \t]*)"
    r"(?P<value>\"(?:\\.|[^\"\\])*\"|'(?:[^']|'')*'|\[[^\]]{0,2000}\]|\{[^}]{0,2000}\}|[^,\]}\"']+)"
)
_EMPTY = ("", '""', "''", "~", "null", "true", "false", HIDDEN)


def redacted_file(text: str) -> str:
    """Return the text of a file with `(hidden)` for its secrets."""
    lines = text.split("\n")
    if not names_secret(text):
        return redacted(text)
    return redacted("\n".join(_lines(lines)))


def _lines(lines: list[str]) -> Iterator[str]:
    indent: int | None = None
    asked = False
    quote = ""
    for raw in lines:
        line = raw.rstrip("\r")
        if indent is not None:
            if quote or _continues(line, indent):
                quote = "" if quote and _closes(line, quote) else quote
                yield ""
                continue
            indent = None
        if asked and line.lstrip().startswith(":"):
            indent, asked = _width(line), False
            yield f"{line[:indent]}: {HIDDEN}"
            continue
        question, entry = _QUESTION.match(line), _ENTRY.match(line)
        asked = bool(question and names_secret(question["key"]))
        value = (entry["value"] or "").strip() if entry else ""
        if entry is None or not names_secret(entry["key"]) or value in _EMPTY[1:]:
            yield _IN_FLOW.sub(_hidden, raw)
            continue
        indent = len(entry["lead"])
        quote = value[0] if value[:1] in ('"', "'") and not _closes(value[1:], value[0]) else ""
        yield f"{entry['lead']}{entry['key']}: {HIDDEN}" if value else raw


def _width(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _continues(line: str, indent: int) -> bool:
    """Whether the line belongs to the value of a key at that column."""
    if not line.strip() or _width(line) > indent:
        return True
    return _width(line) == indent and re.match(r"[ \t]*-(?:[ \t]|\Z)", line) is not None


def _closes(text: str, quote: str) -> bool:
    pattern = r"(?:\\.|[^\"\\])*\"" if quote == '"' else r"(?:[^']|'')*'(?!')"
    return re.match(pattern, text) is not None


def _hidden(found: re.Match[str]) -> str:
    plain = found["value"].strip()
    hide = names_secret(found["key"]) and plain not in _EMPTY
    return f"{found['lead']}{HIDDEN}" if hide else found[0]
