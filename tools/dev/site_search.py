"""One search for each language of the built site.

mkdocs writes one index of all pages, in which Chinese readers would find English pages first.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tools.dev.errors import DevError

from dfpolicy.model import LANGUAGES

_INDEX = Path("search", "search_index.json")
# The address of the site's root, relative to a page; the script finds the index from there.
_BASE = re.compile(r'(?<="base": ")(?P<base>[./]+)(?=")')


def split(site: Path) -> None:
    """Give each language of the site an index of its own pages. Raises DevError."""
    index: dict[str, Any] = json.loads((site / _INDEX).read_text("utf-8"))
    others = [language for language in LANGUAGES if language != "en"]
    folders = tuple(f"{language}/" for language in others)
    entries = {
        language: [one for one in index["docs"] if one["location"].startswith(f"{language}/")]
        for language in others
    }
    if not all(entries.values()):
        raise DevError("the search is divided already, or a language has no page")
    english = [one for one in index["docs"] if not one["location"].startswith(folders)]
    _write(site, index, ["en"], english)
    for language, found in entries.items():
        own = [one | {"location": one["location"].removeprefix(f"{language}/")} for one in found]
        _write(site / language, index, ["en", language], own)
        for page in (site / language).rglob("*.html"):
            _rebase(page, page.parent.relative_to(site / language))


def _write(folder: Path, index: dict[str, Any], languages: list[str], entries: list[Any]) -> None:
    content = index | {"config": index["config"] | {"lang": languages}, "docs": entries}
    (folder / _INDEX).parent.mkdir(exist_ok=True)
    (folder / _INDEX).write_text(json.dumps(content, ensure_ascii=False), "utf-8")


def _rebase(page: Path, folder: Path) -> None:
    """Make the directory of the language the root of a page in `folder`."""
    text = page.read_text("utf-8")
    base = "/".join([".."] * len(folder.parts)) or "."
    if not _BASE.search(text):
        raise DevError(f"{page}: no `base` in the settings of the theme")
    page.write_text(_BASE.sub(base, text, count=1), "utf-8")
