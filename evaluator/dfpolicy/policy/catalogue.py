"""The requirements as data: what `explain` and the reports show of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

BUNDLED = Path(__file__).parent / "bundle" / "catalogue.json"

_DEEPFLOW = "https://deepflow.io/docs/"


@dataclass(frozen=True)
class Catalogue:
    """Groups and requirements in the order of the DeepFlow deployment page.

    A group is {group, title, description, order, modes}; a requirement carries the keys of
    its METADATA (schema `requirement`), the modes that apply to it and the `url` of its page.
    A remedy is what to change on a host, {en, zh}.
    """

    groups: tuple[dict[str, Any], ...]
    requirements: tuple[dict[str, Any], ...]
    remedies: tuple[dict[str, str], ...] = ()

    def in_language(self, language: str) -> Catalogue:
        """Return the catalogue with the texts of this language, English for what has none."""
        if language == "en":
            return self
        return Catalogue(
            tuple(_spoken(group, language) for group in self.groups),
            tuple(_spoken(entry, language) for entry in self.requirements),
            self.remedies,
        )

    def of_group(self, name: str) -> list[dict[str, Any]]:
        """Return the requirements of a group, in order."""
        return [entry for entry in self.requirements if entry["group"] == name]

    def requirement(self, identifier: str) -> dict[str, Any] | None:
        """Return the requirement of that id or former id, in any case of letters."""
        wanted = identifier.upper()
        for entry in self.requirements:
            if wanted in (entry["id"], *entry.get("aliases", ())):
                return entry
        return None


def localized(ref: str, language: str) -> str:
    """Return the address in this language, where it is one of DeepFlow's documentation."""
    if language == "en" or not ref.startswith(_DEEPFLOW):
        return ref
    return f"{_DEEPFLOW}{language}/{ref.removeprefix(_DEEPFLOW)}"


def _spoken(entry: dict[str, Any], language: str) -> dict[str, Any]:
    texts = dict(entry.get(language, {}))
    links = texts.pop("related_resources", ())
    if links:
        pairs = zip(entry["related_resources"], links, strict=True)
        texts["related_resources"] = [
            {"description": text, "ref": localized(link["ref"], language)} for link, text in pairs
        ]
    return entry | texts


@cache
def load_catalogue(path: Path = BUNDLED) -> Catalogue:
    """Return the catalogue that was generated from the METADATA of the policies."""
    content = json.loads(path.read_text("utf-8"))
    return Catalogue(*(tuple(content[name]) for name in ("groups", "requirements", "remedies")))
