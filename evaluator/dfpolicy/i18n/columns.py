"""Measures texts in terminal columns; a Chinese character takes two."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_WIDE_MARKS = tuple("\u3001\u3002\uff01\uff0c\uff1a\uff1b\uff1f")
_BLANKS = re.compile(r"(?<=\s)(?=\S)")
_WIDE = "[\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef]"
_PUNCTUATION = (*range(0x2010, 0x2028), *range(0x3001, 0x3020), *range(0xFF01, 0xFF66))


def width(text: str) -> int:
    """Return how many columns the text takes."""
    if text.isascii():
        return len(text)
    # English does not need it, so it is imported late.
    from rich.cells import cell_len

    return cell_len(text)


def gap(text: str, usual: str = " ") -> str:
    """Return what separates the text from what follows: nothing after full-width punctuation."""
    return "" if text.endswith(_WIDE_MARKS) else usual


def padded(text: str, columns: int) -> str:
    """Return the text padded with spaces to this many columns; a longer one is unchanged."""
    return text + " " * (columns - width(text))


def wrapped(text: str, columns: int) -> Iterator[str]:
    """Yield the lines of a paragraph; a word wider than a line is not broken.

    Lines break at spaces, and Chinese between any two characters, except after an opening and
    before a closing punctuation mark. A blank text has no lines.
    """
    line, used = "", 0
    breaks = _BLANKS if text.isascii() else _breaks()
    for unit in breaks.split(text):
        if line.strip() and used + width(unit.rstrip()) > columns:
            yield line.rstrip()
            line, used = "", 0
        line += unit
        used += width(unit)
    if line.strip():
        yield line.rstrip()


@lru_cache(maxsize=1)
def _breaks() -> re.Pattern[str]:
    """Return the places where a text with Chinese may break."""
    opening = re.escape("([{" + _punctuation("Ps", "Pi"))
    closing = re.escape(")]},.;:!?·" + _punctuation("Pe", "Pf", "Pd", "Po"))
    return re.compile(
        rf"{_BLANKS.pattern}"
        rf"|(?<={_WIDE})(?<![{opening}])(?=[^\s{closing}])"
        rf"|(?<=[^\s{opening}])(?={_WIDE})(?![{closing}])"
    )


def _punctuation(*categories: str) -> str:
    from unicodedata import category

    return "".join(char for char in map(chr, _PUNCTUATION) if category(char) in categories)
