r"""Resolves the command lines of a systemd unit as systemd does.

Quotes may begin and end anywhere in a word, escapes such as `\x2d` count inside and outside of
them, `%N` is the unit's name, and `;` separates commands. The policies read words between blanks,
and quotes around whole words; each command becomes such a line. See systemd.service(5), "Command
lines", systemd.unit(5), "Specifiers", and `extract_first_word()` of systemd 252.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from dfpolicy.reading.systemd_unit import SUFFIX, Sections

_BLANK = " \t\n\r"
_QUOTES = "'\""
_PREFIXES = "@-:+!|"
_ESCAPE = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})"
    r"|([abfnrtv\\\"'s]))"
)
_LETTERS = dict(zip("abfnrtv\\\"'s", "\a\b\f\n\r\t\v\\\"' ", strict=True))
_SEMICOLON = re.compile(r"\\;(?=[ \t\n\r]|\Z)")
_SPECIFIER = re.compile(r"%(.)", re.DOTALL)
# Those that are the same on each host, for the manager of the system.
_CONSTANT = {
    "%": "%",
    "C": "/var/cache",
    "E": "/etc",
    "G": "0",
    "L": "/var/log",
    "S": "/var/lib",
    "T": "/tmp",
    "U": "0",
    "V": "/var/tmp",
    "g": "root",
    "h": "/root",
    "t": "/run",
    "u": "root",
}
# The quotes that `value.words` of the policies knows, which have no escapes.
_BARE = re.compile(r"[^\s\"']\S*")


def resolved_commands(line: str, unit: str) -> list[str]:
    """Return the commands of an Exec line of the unit with this name, in simple quotes.

    The prefixes of the program and a name after `@` are left out. A line with open quotes, which
    systemd ignores, stays as it is.
    """
    if not line:
        return [line]
    words = list(_words(line))
    if None in words:
        return [line]
    specifiers = _specifiers(unit)
    commands: list[list[str]] = [[]]
    for word in words:
        if word == ";" and commands[-1]:
            commands.append([])
        elif word is not None:
            commands[-1].append(word)
    return [_written(command, specifiers) for command in commands if command] or [line]


def with_resolved_commands(sections: Sections, unit: str) -> Sections:
    """Return the sections of the unit with its ExecStart lines resolved, one for each command."""
    service = sections.get("Service", {})
    lines = service.get("ExecStart")
    if not lines:
        return sections
    resolved = [command for line in lines for command in resolved_commands(line, unit)]
    return {**sections, "Service": {**service, "ExecStart": resolved}}


def _words(line: str) -> Iterator[str | None]:
    """Yield the words without quotes and escapes, and a last None if a quote is still open."""
    position = 0
    while position < len(line):
        if line[position] in _BLANK:
            position += 1
            continue
        # Only here it is an escape.
        if _SEMICOLON.match(line, position):
            # Different from the separator: the policies would show it.
            yield "\\;"
            position += 2
            continue
        word, quote = "", ""
        while position < len(line) and (quote or line[position] not in _BLANK):
            char = line[position]
            if char == "\\":
                escape = _ESCAPE.match(line, position)
                word += _character(escape) if escape else line[position : position + 2]
                position = escape.end() if escape else position + 2
                continue
            if char == quote:
                quote = ""
            elif not quote and char in _QUOTES:
                quote = char
            else:
                word += char
            position += 1
        yield word
        if quote:
            yield None


def _character(escape: re.Match[str]) -> str:
    digits = escape[1] or escape[2] or escape[3]
    if escape[5]:
        return _LETTERS[escape[5]]
    code = int(digits, 16) if digits else int(escape[4], 8)
    # systemd refuses the others.
    return chr(code) if 0 < code < 0xD800 or 0xDFFF < code <= 0x10FFFF else escape[0]


def _written(command: list[str], specifiers: Mapping[str, str]) -> str:
    program = command[0].lstrip(_PREFIXES)
    prefixes = command[0][: len(command[0]) - len(program)]
    # Behind `@`, the second word is only the name that the process shows.
    arguments = command[2:] if "@" in prefixes else command[1:]
    words = [";" if word == "\\;" else word for word in (program, *arguments)]
    return " ".join(
        _quoted(_SPECIFIER.sub(lambda found: specifiers.get(found[1], found[0]), word))
        for word in words
    )


def _quoted(word: str) -> str:
    if _BARE.fullmatch(word):
        return word
    return f"'{word}'" if '"' in word and "'" not in word else '"' + word.replace('"', "'") + '"'


def _specifiers(unit: str) -> dict[str, str]:
    name = unit.removesuffix(SUFFIX)
    prefix, _, instance = name.partition("@")
    last = prefix.rpartition("-")[2]
    return {
        **_CONSTANT,
        "n": unit,
        "N": name,
        "p": prefix,
        "P": _unescaped(prefix),
        "i": instance,
        "I": _unescaped(instance),
        "j": last,
        "J": _unescaped(last),
        "f": "/" + _unescaped(instance or prefix),
    }


def _unescaped(name: str) -> str:
    """Return the text of an escaped unit name, in which `-` is a slash."""
    return re.sub(
        r"-|\\x([0-9a-fA-F]{2})",
        lambda found: chr(int(found[1], 16)) if found[1] else "/",
        name,
    )
