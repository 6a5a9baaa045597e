"""Markdown elements that the pages share."""

from __future__ import annotations


def title(text: str) -> str:
    """Return the heading of a page."""
    return f"# {text}"


def section(text: str) -> str:
    """Return the heading of a section."""
    return f"## {text}"


def link(text: str, target: str) -> str:
    """Return a link."""
    return f"[{text}]({target})"


def table(header: list[str], rows: list[list[str]]) -> str:
    """Return a table; a bar in a cell is escaped."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in lines
    )
