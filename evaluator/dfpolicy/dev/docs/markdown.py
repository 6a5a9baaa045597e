"""What pages share of Markdown."""

from __future__ import annotations


def table(header: list[str], rows: list[list[str]]) -> str:
    """Return a table; a bar in a cell stays a bar."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in lines
    )
