"""Lines for a terminal: what may be shown, columns, breaks and colour, all by rich."""

from __future__ import annotations

import re
from io import StringIO
from unicodedata import category

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import Console
from rich.style import Style as Look
from rich.text import Text

from dfpolicy.errors import printable
from dfpolicy.formats.base import Style

_NARROWEST = 40
_ASCII = str.maketrans({"·": "-", "—": "-", "…": "..."})

# Chinese has no blanks to break at. rich takes this one for a blank, and it has no width;
# `printable` has removed it from whatever comes from outside.
_BREAK = "\x1f"
_WIDE = "[\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef]"
_PUNCTUATION = (*range(0x2010, 0x2028), *range(0x3001, 0x3020), *range(0xFF01, 0xFF66))


def _punctuation(*categories: str) -> str:
    return "".join(char for char in map(chr, _PUNCTUATION) if category(char) in categories)


# No line ends with the one, nor starts with the other.
_OPENING = re.escape("([{" + _punctuation("Ps", "Pi"))
_CLOSING = re.escape(")]},.;:!?·" + _punctuation("Pe", "Pf", "Pd", "Po"))
_BREAKS = re.compile(
    rf"(?<={_WIDE})(?<![{_OPENING}])(?=[^\s{_CLOSING}])"
    rf"|(?<=[^\s{_OPENING}])(?={_WIDE})(?![{_CLOSING}])"
)


class Page:
    """Lays out lines of `style.width` columns, or of 40 where that is less.

    Any text may come from a document: what steers a terminal becomes `?`, and so does what
    the stream cannot show; nothing in it is markup. A word wider than a line stays whole, for
    it is a path or a command to copy.
    """

    def __init__(self, style: Style) -> None:
        self.width = max(style.width, _NARROWEST)
        self._unicode = style.unicode
        self._colors = ColorSystem.STANDARD if style.color else None
        # `Text.wrap` asks for one; nothing is printed on it.
        self._console = Console(file=StringIO(), width=self.width)

    def safe(self, text: str) -> str:
        """Return the text with `?` for what must not or cannot be shown."""
        shown = text if text.isprintable() else printable(text)
        if self._unicode or shown.isascii():
            return shown
        return shown.translate(_ASCII).encode("ascii", "replace").decode()

    def painted(self, text: str, look: str) -> str:
        """Return the text in a look of rich, such as `red` or `bold`, where there is colour."""
        return Look.parse(look).render(self.safe(text), color_system=self._colors)

    def padded(self, text: str, columns: int) -> str:
        """Return the text with at least one blank behind it, up to so many columns."""
        shown = self.safe(text)
        return shown + " " * max(columns - cell_len(shown), 1)

    def wrapped(self, content: str, lead: str = "") -> list[str]:
        """Return the content in lines behind the lead, blanks of its width from the second on.

        Of nothing there are no lines, nor is the lead shown.
        """
        indent = cell_len(lead)
        lines = self._broken(self.safe(content), self.width - indent)
        return [f"{' ' * indent if number else lead}{line}" for number, line in enumerate(lines)]

    def headline(self, mark: str, look: str, content: str, margin: str) -> list[str]:
        """Return the content behind a painted mark, with a word at the right margin."""
        margin = self.safe(margin)
        space = self.width - 4
        first, *others = self._broken(self.safe(content), space - cell_len(margin) - 2) or [""]
        gap = " " * max(space - cell_len(first) - cell_len(margin), 2)
        head = f"  {self.painted(mark, look)} {first}{gap}{margin}"
        return [head, *(f"    {line}" for line in others)]

    def _broken(self, content: str, columns: int) -> list[str]:
        if not content or content.isspace():
            return []
        if cell_len(content) <= columns:
            return [content.rstrip()]
        text = Text(content if content.isascii() else _BREAKS.sub(_BREAK, content))
        text.overflow = "ignore"
        lines = text.wrap(self._console, columns)
        return [line.plain.rstrip().replace(_BREAK, "") for line in lines]
