"""The pages of the documentation: requirements in each language, other pages in English."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from tools.dev.docs import command_line, deployment_page, requirements, schemas
from tools.dev.paths import ROOT

from dfpolicy.i18n.language import speaking
from dfpolicy.model import LANGUAGES
from dfpolicy.policy.catalogue import Catalogue
from dfpolicy.policy.requirement_words import translated_catalogue

DOCS = ROOT / "docs"
_NOTE = "<!-- Written by `make generate` from the METADATA; changes here are lost. -->\n"
_NAMES = {"en": "English", "zh": "中文"}

Page = dict[str, Any]


def pages(catalogue: Catalogue, page: Page) -> dict[Path, str]:
    """Return every page, as its path below `docs/` and its text.

    `page` is DeepFlow's deployment page, {sections, lines}.
    """
    made = {Path("command-line.md"): command_line.page(), Path("schemas.md"): schemas.page()}
    for language in LANGUAGES:
        with speaking(language):
            spoken = translated_catalogue(catalogue)
            texts = {
                **requirements.pages(spoken),
                Path("coverage.md"): deployment_page.page(spoken, page),
            }
        for path, text in texts.items():
            made[_place(path, language)] = f"{_others(path, language)}\n\n{text}"
    return {path: f"{_NOTE}\n{text.rstrip()}\n" for path, text in made.items()}


def _place(path: Path, language: str) -> Path:
    return path if language == "en" else Path(language, path)


def _others(path: Path, language: str) -> str:
    """Links to the page in the other languages."""
    folder = _place(path, language).parent
    links = {
        other: Path(os.path.relpath(_place(path, other), folder)).as_posix()
        for other in LANGUAGES
        if other != language
    }
    return " · ".join(f"[{_NAMES[other]}]({link})" for other, link in links.items())
