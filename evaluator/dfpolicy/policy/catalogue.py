"""The requirements as data, for `explain` and the reports."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

BUNDLED = Path(__file__).parent / "bundle" / "catalogue.json"


@dataclass(frozen=True)
class Catalogue:
    """Groups and requirements in the order of the DeepFlow deployment page.

    A group is {group, title, description, order, modes}, and `admission` if its METADATA has it; a
    requirement has the keys of its METADATA (schema `requirement`). A remediation with `words` is a
    template that they fill. All texts are English; `policy/requirement_words.py` translates them.
    """

    groups: tuple[dict[str, Any], ...]
    requirements: tuple[dict[str, Any], ...]

    def of_group(self, name: str) -> list[dict[str, Any]]:
        """Return the requirements of a group, in order."""
        return [entry for entry in self.requirements if entry["group"] == name]

    def related(self, entry: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the requirements that this one names or that name it, in order."""
        return [
            other
            for other in self.requirements
            if other["id"] in entry.get("related", ()) or entry["id"] in other.get("related", ())
        ]

    def requirement(self, identifier: str) -> dict[str, Any] | None:
        """Return the requirement with that id or former id; case does not matter."""
        wanted = identifier.upper()
        for entry in self.requirements:
            if wanted in (entry["id"], *entry.get("aliases", ())):
                return entry
        return None


@cache
def load_catalogue(path: Path = BUNDLED) -> Catalogue:
    """Return the catalogue that was generated from the METADATA of the policies."""
    content = json.loads(path.read_text("utf-8"))
    return Catalogue(*(tuple(content[name]) for name in ("groups", "requirements")))
