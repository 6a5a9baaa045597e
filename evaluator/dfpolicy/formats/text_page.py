"""Lines for a terminal: safe characters, columns, line breaks, and colour by rich."""

from __future__ import annotations

from collections.abc import Sequence

from dfpolicy.formats.base import Style
from dfpolicy.i18n.columns import gap, width, wrapped
from dfpolicy.i18n.escaping import log_text

NARROWEST, WIDEST = 72, 100
# East Asian terminals draw these two columns wide.
_PLAIN = str.maketrans(
    {"\N{MULTIPLICATION SIGN}": "x", "·": "-", "—": "-", "\N{EN DASH}": "-", "…": "...", "→": "->"}
)
_MARKS = {"✗": "x", "✓": "ok"}


class Page:
    """Lays out lines of `style.width` columns, at least 72 and at most 100.

    Any text may come from a document: control characters and what the stream cannot show become
    `?`, and nothing in it is markup or a command of a CI system. A word wider than a line is not
    broken, because it is a path or a command to copy.
    """

    def __init__(self, style: Style) -> None:
        self.width = min(max(style.width, NARROWEST), WIDEST)
        self._unicode = style.unicode
        self._color = style.color

    def safe(self, text: str) -> str:
        """Return the text with `?` for what must not or cannot be shown."""
        shown = log_text(text)
        if shown.isascii():
            return shown
        shown = shown.translate(_PLAIN)
        return shown if self._unicode else shown.encode("ascii", "replace").decode()

    def mark(self, mark: str) -> str:
        """Return the mark, or its replacement in ASCII."""
        return mark if self._unicode else _MARKS.get(mark, mark)

    def painted(self, text: str, look: str) -> str:
        """Return the text in a style of rich, such as `red` or `bold`, if colour is on."""
        shown = self.safe(text)
        if not self._color:
            return shown
        from rich.color import ColorSystem
        from rich.style import Style as Look

        return Look.parse(look).render(shown, color_system=ColorSystem.STANDARD)

    def wrapped(self, content: str, lead: str = "", indent: int | None = None) -> list[str]:
        """Return the content as lines; the first one begins with the lead, the others are indented.

        `indent` is the number of spaces if it is not the width of the lead. No content gives no
        lines.
        """
        lead = self.safe(lead)
        blanks = width(lead) if indent is None else indent
        lines = wrapped(self.safe(content), self.width - max(width(lead), blanks))
        return [f"{' ' * blanks if number else lead}{line}" for number, line in enumerate(lines)]

    def padded(self, text: str, columns: int) -> str:
        """Return the text padded with spaces to this many columns, with at least one space."""
        shown = self.safe(text)
        return shown + " " * max(columns - width(shown), 1)

    def edged(self, lead: str, content: str, edge: str, indent: int | None = None) -> list[str]:
        """Return the content after the lead, and the edge at the right end of its last line.

        If the edge does not fit there, it gets its own lines. `indent` is as in `wrapped`.
        """
        edge = self.safe(edge)
        *others, last = self.wrapped(content, lead, indent) or [lead]
        room = self.width - width(last) - width(edge)
        if room >= 2:
            return [*others, f"{last}{' ' * room}{edge}"]
        blanks = width(lead) if indent is None else indent
        return [*others, last, *self.wrapped(edge, " " * blanks)]

    def with_command(self, content: str, command: str, lead: str) -> list[str]:
        """Return the content and a command, on two lines if both do not fit on one."""
        content, command = self.safe(content), self.safe(command)
        line = f"{lead}{content}{gap(content, '  ')}{command}"
        if width(line) <= self.width:
            return [line]
        return [*self.wrapped(content, lead), f"{lead}    {command}"]

    def columns(self, cells: Sequence[str], widths: Sequence[int]) -> str:
        """Return the cells in columns, each with at least one space before the next."""
        padded = (self.padded(cell, size) for cell, size in zip(cells, widths, strict=True))
        return "".join(padded).rstrip()
