"""Lines for a terminal: what may be shown, columns, breaks, and colour by rich."""

from __future__ import annotations

from rich.color import ColorSystem
from rich.style import Style as Look

from dfpolicy.errors import printable
from dfpolicy.formats.base import Style
from dfpolicy.i18n.columns import width, wrapped

_NARROWEST = 40
_ASCII = str.maketrans({"·": "-", "—": "-", "…": "..."})


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
        return shown + " " * max(columns - width(shown), 1)

    def wrapped(self, content: str, lead: str = "") -> list[str]:
        """Return the content in lines behind the lead, blanks of its width from the second on.

        Of nothing there are no lines, nor is the lead shown.
        """
        indent = width(lead)
        lines = wrapped(self.safe(content), self.width - indent)
        return [f"{' ' * indent if number else lead}{line}" for number, line in enumerate(lines)]

    def headline(self, mark: str, look: str, content: str, margin: str) -> list[str]:
        """Return the content behind a painted mark, with a word at the right margin."""
        margin = self.safe(margin)
        space = self.width - 4
        lines = [*wrapped(self.safe(content), space - width(margin) - 2)]
        first, *others = lines or [""]
        gap = " " * max(space - width(first) - width(margin), 2)
        head = f"  {self.painted(mark, look)} {first}{gap}{margin}"
        return [head, *(f"    {line}" for line in others)]
