"""Texts in Markdown: text from a document is shown as it is, and is never markup."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dfpolicy.formats.content import abridged
from dfpolicy.i18n.escaping import markdown, markdown_item

_CODE = re.compile(r"`([^`]+)`")
_FENCES = re.compile(r"`+")
_LIMIT = 300


def plain(text: str, limit: int = _LIMIT) -> str:
    """Return the text as prose."""
    return markdown(abridged(text, limit))


def code(text: str, limit: int = _LIMIT) -> str:
    """Return the text as code, where mentions do not work either; empty if the text is empty."""
    return f"<code>{plain(text, limit)}</code>" if text.strip() else ""


def prose(text: str, limit: int = _LIMIT) -> str:
    """Return the text as prose, with the parts in backticks as code."""
    parts = _CODE.split(abridged(text, limit))
    shown = (code(part) if odd % 2 else plain(part) for odd, part in enumerate(parts))
    return "".join(shown)


def item(text: str, limit: int = _LIMIT) -> str:
    """Return the text as a list item, which starts no other list and no rule."""
    return "- " + markdown_item(abridged(text.strip(), limit))


def table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """Return the lines of a table; the cells are already Markdown."""
    names = list(header)
    lines = [names, ["---"] * len(names), *map(list, rows)]
    return ["| " + " | ".join(cells) + " |" for cells in lines]


def fenced(text: str) -> list[str]:
    """Return the lines of a block of YAML, which no line of the text ends."""
    longest = max((len(run) for run in _FENCES.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}yaml", *text.splitlines(), fence]


def folded(summary: str, lines: Iterable[str]) -> list[str]:
    """Return the lines of a section that expands on a click; `summary` is already Markdown."""
    return ["<details>", f"<summary>{summary}</summary>", "", *lines, "", "</details>"]
