"""Measures a JSON text before it is decoded, because the decoder has no limits."""

from __future__ import annotations

import re
from collections.abc import Iterator

_KEPT = b'[]{},:"'
_DROPPED = bytes(set(range(256)) - set(_KEPT))
_ALIKE = bytes.maketrans(b"{}", b"[]")
_ESCAPE = re.compile(rb"\\.", re.DOTALL)
_PLAIN = re.compile(r"[^\\]")
# In characters. The text is measured piece by piece, because a copy of it can be too large.
_PIECE = 1 << 20
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}\n]', re.DOTALL)


class Shape:
    """The brackets, commas and colons of a text, outside of its strings."""

    def __init__(self, text: str) -> None:
        self._marks = b"".join(_marks(text))

    @property
    def values(self) -> int:
        """The largest possible number of values and keys, if the text is one value."""
        return 1 + sum(map(self._marks.count, (b",", b":", b"[", b"{")))

    def deeper_than(self, levels: int) -> bool:
        """Whether more than this many closed levels are nested."""
        left = self._marks.translate(_ALIKE, b",:")
        for _ in range(levels):
            # Removes the innermost level of all branches each time.
            inner = left.replace(b"[]", b"")
            if len(inner) == len(left):
                return False
            left = inner
        return b"[]" in left


def _marks(text: str) -> Iterator[bytes]:
    """Yield the marks of one piece of the text after the other."""
    start = inside = 0
    while start < len(text):
        # The end of a piece does not separate a backslash from the next character.
        last = _PLAIN.search(text, min(start + _PIECE, len(text)) - 1)
        end = last.end() if last else len(text)
        content = text[start:end].encode("utf-8", "replace")
        if b"\\" in content:
            content = _ESCAPE.sub(b"", content)
        # Most strings contain no mark.
        parts = content.translate(None, _DROPPED).replace(b'""', b"").split(b'"')
        yield b"".join(parts[inside::2])
        inside = (inside + len(parts) - 1) % 2
        start = end


def line_of_level(text: str, level: int) -> int:
    """Return the line, from 1, of the first bracket at this depth."""
    depth, line = 0, 1
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if mark in "[{":
            depth += 1
            if depth == level:
                break
        elif mark in "]}":
            depth -= 1
        else:
            line += mark.count("\n")
    return line
