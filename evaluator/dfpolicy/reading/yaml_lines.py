"""Decodes the YAML that Helm and kubectl write, line by line, in a fraction of libyaml's time.

It knows only block mappings and lists, scalars and lists of them on one line, and `|` blocks. For
anything else it returns nothing, and `yaml_reader` decodes the text; so it does for every fault,
which is reported there. What it returns is what `yaml_reader` returns:
`tests/unit/reading/test_yaml_lines.py` compares them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from dfpolicy.reading.yaml_scalars import resolve

# A line: its indentation, the blanks after the dash of an item, its key, and the rest. A colon
# ends a key only before a blank.
_LINE = re.compile(
    r"( *)(?:-( +))?(?:([A-Za-z_/.][A-Za-z0-9_./-]*(?::[A-Za-z0-9_./-]+)*):(?: +(.*))?|(.*))"
)
_QUOTED = re.compile(r"\"([^\"\\]*)\"|'((?:[^']|'')*)'")
# A list on one line, of words and strings in double quotes.
_WORD = r"\"[^\"\\]*\"|[A-Za-z0-9_/][A-Za-z0-9_./+-]*"
_FLOW = re.compile(rf"\[ *(?:{_WORD})(?: *, *(?:{_WORD}))* *\]")
_WORDS = re.compile(_WORD)
# How a plain scalar begins. After hyphens it needs another character.
_PLAIN = re.compile(r"-*[A-Za-z0-9_/.~+<$=(^;\\\u00a1-\U0010ffff]")
# Plain scalars that begin with these can be numbers, booleans or null.
_SPECIAL = frozenset("+-.0123456789~yYnNtTfFoO<")
# Deeper lines can exceed the limit on depth: each level takes at least one column.
_DEEPEST = 150
_LONGEST_KEY = 128
# Most lines repeat. Long ones do not.
_KEPT, _LONGEST_KEPT = 1 << 14, 160

# Values that a line does not show: those on the lines below it, and an empty mapping or list, which
# is another one each time. A list on a line is kept as a tuple.
_BELOW, _MAP, _LIST = object(), object(), object()


class Decoded(NamedTuple):
    """A value, the number of lines above it, and how many values the limits count in it."""

    value: Any
    above: int
    size: int


# The column of its dash or key, that of the key after a dash, whether it has a dash, its key, and
# its value; None for a line without content.
_Line = tuple[int, int, bool, str | None, Any]


class UnfitError(Exception):
    """The text is not of the known form, or not valid."""


class LineDecoder:
    """Decodes texts, and remembers the lines of the last ones."""

    def __init__(self) -> None:
        self._lines: dict[str, _Line | None] = {}

    def decode(self, text: str) -> Decoded | None:
        """Return the mapping that is the only document of a text, or None if it is unfit.

        The text can begin with the marker `---`.
        """
        lines = text.split("\n")
        above = 1 if lines[0] == "---" else 0
        try:
            while self._known(lines[above]) is None:
                above += 1
            root, size = _tree(self._read(lines[above:] if above else lines))
        except (UnfitError, IndexError):
            # The latter for a text without content, and for a line to the left of the first one.
            return None
        return Decoded(root, above, size)

    def _read(self, lines: Sequence[str]) -> Iterator[_Line]:
        """Yield the lines with content; a block is the value of its first line."""
        known = self._lines
        block: _Block | None = None
        for text in lines:
            if block is not None:
                if block.takes(text):
                    continue
                yield block.line()
                block = None
            line = known[text] if text in known else self._known(text)
            if line is None:
                continue
            if type(line[4]) is _Header:
                block = _Block(line)
            else:
                yield line
        if block is not None:
            if lines[-1]:
                # Without a line break at its end, the last line is another text.
                raise UnfitError
            yield block.line()

    def _known(self, text: str) -> _Line | None:
        line = _read(text)
        if len(text) <= _LONGEST_KEPT:
            if len(self._lines) >= _KEPT:
                self._lines.clear()
            self._lines[text] = line
        return line


def _tree(lines: Iterator[_Line]) -> tuple[dict[str, Any], int]:
    """Return the mapping that the lines write, and how many values it has. Raises UnfitError."""
    root: dict[str, Any] = {}
    current: Any = root
    column = size = 0
    # The collections around the current one, with their columns.
    stack: list[tuple[Any, int]] = []
    # The key whose value is on the lines below, if there is one.
    hole: str | None = None
    for start, inner, item, key, value in lines:
        if size == 0:
            column, size = start, 1
        if start > column or (start == column and item and type(current) is dict):
            # A list can begin in the column of its key.
            if hole is None:
                raise UnfitError
            stack.append((current, column))
            current[hole] = [] if item else {}
            current, column = current[hole], start
        elif start < column or (not item and type(current) is list):
            current, column = _closed(stack, start, item)
        size += 1
        if item:
            if key is None:
                size += len(value) if type(value) is tuple else 0
                current.append(_fresh(value))
                hole = None
                continue
            stack.append((current, column))
            current.append({})
            current, column = current[-1], inner
            size += 1
        if key in current:
            raise UnfitError
        size += 1
        hole = key if value is _BELOW else None
        if type(value) is tuple:
            size += len(value)
        current[key] = _fresh(value)
    return root, size


def _closed(stack: list[tuple[Any, int]], start: int, item: bool) -> tuple[Any, int]:
    """Close the collections until the one of a line in this column, and return it."""
    current, column = stack.pop()
    while column > start or (column == start and (type(current) is list) is not item):
        current, column = stack.pop()
    if column < start:
        raise UnfitError
    return current, column


def _fresh(value: Any) -> Any:
    if value is _BELOW:
        return None
    if type(value) is tuple:
        return [*value]
    return {} if value is _MAP else [] if value is _LIST else value


class _Header(NamedTuple):
    """`|`, or `|-`, which strips the line break at the end."""

    strips: bool


class _Block:
    """The lines below the header of a block."""

    __slots__ = ("_first", "_least", "_lines", "_margin")

    def __init__(self, first: _Line) -> None:
        start, inner, item, *_rest = first
        self._first = first
        # Its lines are to the right of its key.
        self._least = inner if item else start
        self._lines: list[str] = []
        self._margin = ""

    def takes(self, text: str) -> bool:
        """Whether the line belongs to the block. Raises UnfitError if it is unusual."""
        if not text.isprintable():
            raise UnfitError
        if not self._margin:
            indent = len(text) - len(text.lstrip(" "))
            if indent <= self._least or indent == len(text):
                raise UnfitError
            self._margin = " " * indent
        if text.startswith(self._margin):
            if len(text) == len(self._margin):
                text = ""
            elif text.isspace():
                raise UnfitError
            self._lines.append(text[len(self._margin) :])
            return True
        if text.isspace() or not text:
            self._lines.append("")
            return True
        return False

    def line(self) -> _Line:
        """Return the first line with the text of the block, without empty lines at its end."""
        start, inner, item, key, header = self._first
        end = "" if header.strips else "\n"
        return start, inner, item, key, "\n".join(self._lines).rstrip("\n") + end


def _read(text: str) -> _Line | None:
    """Return a line, None without content. Raises UnfitError if it is not of the known form."""
    if not text.isprintable():
        raise UnfitError
    content = text.strip(" ")
    if not content or content[0] == "#":
        return None
    match = _LINE.fullmatch(text)
    assert match is not None
    indent, blanks, key, rest, scalar = match.groups()
    start, item = len(indent), blanks is not None
    inner = start + 1 + len(blanks or "")
    if inner > _DEEPEST:
        raise UnfitError
    if key is None:
        value = _value(scalar)
        if not item or value is _BELOW or type(value) is _Header:
            raise UnfitError
        return start, inner, item, None, value
    if len(key) > _LONGEST_KEY or _plain(key) != key:
        raise UnfitError
    return start, inner, item, key, _value(rest or "")


def _value(text: str) -> Any:
    text = text.rstrip(" ")
    if text in _WRITTEN:
        return _WRITTEN[text]
    quoted = _QUOTED.fullmatch(text)
    if quoted:
        double, single = quoted.groups()
        return single.replace("''", "'") if double is None else double
    if _FLOW.fullmatch(text):
        return tuple(
            word[1:-1] if word[0] == '"' else _plain(word) for word in _WORDS.findall(text)
        )
    if not _PLAIN.match(text) or ": " in text or " #" in text or text[-1] == ":":
        raise UnfitError
    return _plain(text)


def _plain(text: str) -> Any:
    if text[0] not in _SPECIAL:
        return text
    try:
        return resolve(text)
    except ValueError:
        raise UnfitError from None


_WRITTEN = {"": _BELOW, "{}": _MAP, "[]": _LIST, "|": _Header(False), "|-": _Header(True)}
