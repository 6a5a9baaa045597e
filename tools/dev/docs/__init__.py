"""The generated pages of the site: requirements in each language, other pages in English."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tools.dev.docs import command_line, deployment_page, requirements, schemas

from dfpolicy.i18n.language import speaking
from dfpolicy.model import LANGUAGES, Language
from dfpolicy.policy.catalogue import Catalogue
from dfpolicy.policy.requirement_words import translated_catalogue

Page = dict[str, Any]


def pages(catalogue: Catalogue, page: Page, fixes: Mapping[str, str]) -> dict[Path, str]:
    """Return every page, as its path below the pages of the site and its text.

    `page` is DeepFlow's deployment page, {sections, lines}. `fixes` has the diff that fixes the
    example of a requirement, by id. The Chinese page of `x.md` is `x.zh.md`.
    """
    made = {
        Path("reference/command-line.md"): command_line.page(),
        Path("reference/schemas.md"): schemas.page(),
    }
    for language in LANGUAGES:
        with speaking(language):
            spoken = translated_catalogue(catalogue)
            texts = {
                **requirements.pages(spoken, fixes),
                Path("coverage.md"): deployment_page.page(spoken, page),
            }
        made |= {_place(path, language): text for path, text in texts.items()}
    return {path: f"{text.rstrip()}\n" for path, text in made.items()}


def _place(path: Path, language: Language) -> Path:
    return path if language == "en" else path.with_suffix(f".{language}.md")
