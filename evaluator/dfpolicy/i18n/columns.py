"""Texts measured in the columns of a terminal, of which a Chinese character takes two."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Chinese breaks at any character, but no line ends with an opening mark of its own or begins
# with a closing one; other text breaks at its blanks.
_OPENING = "\u201c\u300a\u3010\uff08"
_CLOSING = "\u201d\u3001\u3002\u300b\u3011\uff01\uff09\uff0c\uff1a\uff1b\uff1f"
_WIDE = "\u2e80-\u303f\u3400-\u9fff\uff00-\uffef"
_WORD = rf"[{_WIDE}]|[^\s{_WIDE}{_OPENING}{_CLOSING}]+"
_UNIT = re.compile(rf"[{_OPENING}]*(?:{_WORD})[{_CLOSING}]*\s*|\S\s*")


def width(text: str) -> int:
    """Return how many columns the text takes."""
    if text.isascii():
        return len(text)
    # Not for English, and so not imported for most.
    from rich.cells import cell_len

    return cell_len(text)


def padded(text: str, columns: int) -> str:
    """Return the text with blanks behind it up to so many columns; a longer one stays whole."""
    return text + " " * (columns - width(text))


def wrapped(text: str, columns: int) -> Iterator[str]:
    """Yield the lines of a text of one paragraph; what cannot be broken may be longer."""
    line = ""
    for unit in _UNIT.findall(text):
        if line and width(line + unit.rstrip()) > columns:
            yield line.rstrip()
            line = ""
        line += unit
    if line:
        yield line.rstrip()
