"""Places and links of the site's pages.

In the tree, a link leads to a file. On the site it leads to the page of that file; a link to a file
without a page becomes its text. Ids of requirements become links to their pages.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

# Pages outside of `docs/`, and their place on the site.
_ROOTS = {"docs/": "", "tools/site/pages/": ""}
_OTHERS = {
    "SECURITY.md": "project/security.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "CHANGELOG.md": "project/changelog.md",
}
_LINK = re.compile(r"\[(?P<text>[^\]]*)\]\((?P<link>[^)\s]+)\)")
_IDENTIFIER = re.compile(r"(?<![\w\[/-])DF-[A-Z0-9]+-[0-9]{3}(?![\w\]-])")
# Code is left as it is: fenced, indented, or inline.
_CODE = re.compile(r"(^```.*?^```$|^(?: {4,}[^\n]*\n)+|`[^`\n]*`)", re.MULTILINE | re.DOTALL)
_MARKUP = re.compile(r"(\[[^\]]*\]\([^)\s]+\)|<!--.*?-->)", re.DOTALL)


def others(root: Path) -> Iterator[Path]:
    """Yield the files outside of `docs/` that have a page."""
    yield from (root / name for name in _OTHERS)
    for folder in ("deploy", "examples"):
        yield from sorted((root / folder).glob("*/README.md"))


def place(name: str) -> str:
    """Return the place on the site of a page of the tree; empty if it has none.

    Names are paths with slashes. A directory has the page of its README.
    """
    if name in _OTHERS:
        return _OTHERS[name]
    for root, target in _ROOTS.items():
        if name.startswith(root):
            return target + name.removeprefix(root)
    found = re.fullmatch(r"(deploy|examples)/([\w-]+)(?:/README\.md)?/?", name)
    return f"project/{found[1]}-{found[2]}.md" if found else ""


def linked(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the pages by their place on the site, with links for it; `texts` are by path."""
    places = {place(name) for name in texts}
    return {place(name): _page(name, text, places) for name, text in texts.items()}


def _page(name: str, text: str, places: set[str]) -> str:
    parts = _CODE.split(text)
    # Every other part is code.
    parts[::2] = [_prose(part, name, places) for part in parts[::2]]
    return "".join(parts)


def _prose(text: str, name: str, places: set[str]) -> str:
    parts = _MARKUP.split(text)
    folder = posixpath.dirname(place(name)) or "."
    page = posixpath.relpath("requirements", folder)
    parts[::2] = [_IDENTIFIER.sub(rf"[\g<0>]({page}/\g<0>.md)", part) for part in parts[::2]]
    parts[1::2] = [_LINK.sub(lambda found: _link(found, name, places), one) for one in parts[1::2]]
    return "".join(parts)


def _link(found: re.Match[str], name: str, places: set[str]) -> str:
    link, _, anchor = found["link"].partition("#")
    if not link or link.startswith(("https://", "http://")):
        return found[0]
    path = posixpath.normpath(posixpath.join(posixpath.dirname(name), link))
    target = place(path)
    # A generated page, a picture and a page of the site are not among the texts.
    if target not in places and not path.startswith(tuple(_ROOTS)):
        return found["text"]
    # The site chooses the language of a page.
    target = target.replace(".zh.md", ".md")
    here = posixpath.dirname(place(name)) or "."
    shown = posixpath.relpath(target, here)
    return f"[{found['text']}]({shown}{'#' + anchor if anchor else ''})"
