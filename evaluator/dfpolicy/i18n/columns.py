"""Texts measured in the columns of a terminal, of which a Chinese character takes two."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_BLANKS = re.compile(r"(?<=\s)(?=\S)")
_WIDE = "[\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef]"
_PUNCTUATION = (*range(0x2010, 0x2028), *range(0x3001, 0x3020), *range(0xFF01, 0xFF66))


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
    """Yield the lines of a text of one paragraph; a word wider than a line stays whole.

    Text breaks at its blanks, and Chinese between any two characters: only no line ends with an
    opening mark, or begins with a closing one. Of blanks alone there are no lines.
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
