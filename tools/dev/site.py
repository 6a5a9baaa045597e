"""The pages of the documentation site, for mkdocs: those of `docs/`, generated ones, and others.

`make site` writes them into `build/pages`, and their navigation into `build/mkdocs.yml`.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from tools.dev import deployment_page, site_links, site_search
from tools.dev.docs import pages
from tools.dev.paths import ROOT

from dfpolicy.engines.wasm import WasmEngine
from dfpolicy.fix.examples import fixed_example
from dfpolicy.i18n.language import speaking
from dfpolicy.model import LANGUAGES
from dfpolicy.policy.catalogue import Catalogue, load_catalogue
from dfpolicy.policy.requirement_words import translated_catalogue

BUILD = ROOT / "build"
PAGES = BUILD / "pages"
SITE = BUILD / "site"
CONFIG = ROOT / "tools" / "site" / "mkdocs.yml"
# The directory of the site's own pages and styles.
OWN = ROOT / "tools" / "site" / "pages"
REQUIREMENTS = "Requirements"
_API = "<!-- api -->"
_EXTERNAL = re.compile(
    r"<(?:script|link|img|iframe|source|video|audio)\b[^>]*?"
    r"\b(?:src|href)=\"?(?P<address>(?:https?:)?//[^\s\">]+)"
)
_CHINESE = re.compile("[\u4e00-\u9fff]")


def write(target: Path = PAGES) -> None:
    """Write all pages below `target`, which is emptied first. Raises DevError."""
    catalogue = load_catalogue()
    engine = WasmEngine()
    fixes = {entry["id"]: fixed_example(entry, engine) for entry in catalogue.requirements}
    generated = pages(catalogue, deployment_page.read(), fixes)
    made = {path.as_posix(): text for path, text in generated.items()}
    made |= site_links.linked(_written())
    shutil.rmtree(target, ignore_errors=True)
    for name, text in made.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_text(text, "utf-8")
    for folder in (OWN, ROOT / "docs"):
        for path in folder.rglob("*"):
            if path.is_file() and path.suffix != ".md":
                place = target / path.relative_to(folder)
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, place)


def configuration(catalogue: Catalogue) -> dict[str, Any]:
    """Return the configuration for mkdocs: that of `tools/site`, with requirements and groups."""
    base: dict[str, Any] = yaml.safe_load(CONFIG.read_text("utf-8"))
    nav = [
        {
            group["title"]: [
                f"requirements/{entry['id']}.md" for entry in catalogue.of_group(group["group"])
            ]
        }
        for group in catalogue.groups
    ]
    with speaking("zh"):
        spoken = translated_catalogue(catalogue)
    titles = {
        group["title"]: told["title"]
        for group, told in zip(catalogue.groups, spoken.groups, strict=True)
    }
    (languages,) = (one["i18n"]["languages"] for one in base["plugins"] if "i18n" in one)
    (chinese,) = (one for one in languages if one["locale"] == "zh")
    chinese["nav_translations"] |= titles
    (section,) = (one for one in base["nav"] if REQUIREMENTS in one)
    section[REQUIREMENTS] += nav
    return base


def faults(site: Path = SITE) -> Iterator[str]:
    """Yield what is wrong with a built site, one line each.

    A page must load nothing from elsewhere, each requirement has a page in each language, and the
    search finds Chinese.
    """
    for page in sorted(site.rglob("*.html")):
        for found in _EXTERNAL.finditer(page.read_text("utf-8")):
            if 'rel="canonical"' not in found[0]:
                yield f"{page.relative_to(site)}: loads {found['address']}"
    for entry in load_catalogue().requirements:
        for language in LANGUAGES:
            folder = site if language == "en" else site / language
            if not (folder / "requirements" / entry["id"] / "index.html").is_file():
                yield f"{entry['id']}: no page in {language}"
    index = json.loads((site / "zh" / "search" / "search_index.json").read_text("utf-8"))
    if not any(_CHINESE.search(one["title"]) for one in index["docs"]):
        yield "zh/search: no Chinese page"


def _written() -> dict[str, str]:
    """The pages that people write, by their path in the tree."""
    found = [*(ROOT / "docs").rglob("*.md"), *OWN.rglob("*.md"), *site_links.others(ROOT)]
    texts = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in found}
    api = (CONFIG.parent / "api.md").read_text("utf-8")
    return {name: _head(name) + text.replace(_API, api) for name, text in texts.items()}


def _head(name: str) -> str:
    # Tutorials show reports, which have 100 columns.
    return "---\nhide: [toc]\n---\n\n" if name.startswith("docs/tutorials/") else ""


def main(finish: bool) -> int:
    """Write the pages and the configuration; with `finish`, finish and check the built site."""
    if finish:
        site_search.split(SITE)
        found = list(faults())
        for fault in found:
            print(fault)
        return 1 if found else 0
    write()
    content = configuration(load_catalogue())
    (BUILD / "mkdocs.yml").write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    return 0
