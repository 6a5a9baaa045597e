"""Hides the secrets of a YAML file that stays a text, such as the agent's file in a ConfigMap.

The lines keep their numbers. The whole value of a secret key is hidden: scalars of any style and
length, lists and mappings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from dfpolicy.model import JsonObject
from dfpolicy.reading.agent_file import decoded
from dfpolicy.reading.agent_keys import AGENT_KEYS
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
_WORD = re.compile(r"\w+")
_EMPTY = ("", '""', "''", "~", "null", "true", "false", HIDDEN)


_ITEM = re.compile(r"(?P<lead>[ \t]*-[ \t]+)(?P<value>.*)\Z")
_MAPPING = re.compile(r":(?:\s|\Z)")


def kept_agent_file(text: str, again: bool) -> str:
    """Return an agent's file with the values of its known keys only, and without its comments.

    The lines keep their numbers. A file with errors can become another one. If it is decoded
    `again` later, it stays the same to the decoder; if not even its other words can be hidden
    then, only what looks like a secret is.
    """
    kept = "\n".join(_kept_lines(text.split("\n")))
    if not again:
        return kept
    expected = decoded(text)
    masked = _masked(text, expected)
    found = (made for made in (kept, masked) if decoded(made) == expected)
    return next(found, None) or redacted_file(text)


def _masked(text: str, found: JsonObject | None) -> str:
    """Return the text with each word hidden that is neither a key nor in the value of a known one.

    A word becomes one of the same length, so that the errors of the file stay the same.
    """
    shown = {word for entry in (found or {}).get("entries", ()) for word in _words_of(entry)}
    shown |= {word for key in AGENT_KEYS for word in _WORD.findall(key)}
    return _WORD.sub(lambda word: word[0] if word[0] in shown else "x" * len(word[0]), text)


def _words_of(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _words_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from _words_of(item)
    elif isinstance(value, str):
        yield from _WORD.findall(value)


def _kept_lines(lines: list[str]) -> Iterator[str]:
    kept = is_open = False
    for raw in lines:
        line = raw.rstrip("\r")
        entry, item = _ENTRY.match(line), _ITEM.match(line)
        if line.startswith(("---", "...")):
            yield line[:3]
        elif entry and not is_open:
            kept = entry["key"].strip("\"'") in AGENT_KEYS
            value = _without_comment(entry["value"] or "")
            is_open = kept and value.startswith("[") and "]" not in value
            shown = redacted(value) if kept else HIDDEN
            yield f"{entry['lead']}{entry['key']}: {shown}".rstrip()
        elif is_open:
            value = _without_comment(line)
            is_open = "]" not in value
            yield HIDDEN if _MAPPING.search(value) else redacted(value)
        elif kept and item:
            value = _without_comment(item["value"])
            yield f"{item['lead']}{HIDDEN if _MAPPING.search(value) else redacted(value)}"
        else:
            yield ""


def _without_comment(value: str) -> str:
    """Return a scalar, or the part of a list on this line, without the comment behind it."""
    if value[:1] in ('"', "'"):
        end = value.find(value[0], 1)
        return value[: end + 1] if end > 0 else HIDDEN
    return re.split(r"(?:\A|\s)#", value, maxsplit=1)[0].rstrip()


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
