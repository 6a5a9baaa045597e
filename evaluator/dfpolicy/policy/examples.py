"""The files with the examples of requirements: an input for each outcome."""

from __future__ import annotations

from pathlib import Path

_PACKAGED = Path(__file__).parents[1] / "examples"
_CHECKOUT = Path(__file__).parents[3] / "examples" / "requirements"


def path_of(identifier: str, outcome: str) -> Path:
    """Return the path of an example, which may not exist: not every outcome is possible.

    `outcome` is "pass", "violation" or "unknown".
    """
    folder = _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT
    return folder / identifier / f"{outcome}.yaml"


def text_of(identifier: str, outcome: str) -> str:
    """Return the YAML of an example, without the last line break; empty if there is none."""
    path = path_of(identifier, outcome)
    return path.read_text("utf-8").rstrip() if path.is_file() else ""
