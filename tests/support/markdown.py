"""Markdown as GitHub renders it, and the part that reports use."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from markdown_it import MarkdownIt

READER = MarkdownIt("gfm-like")
# A bare `example.io` is not a link on GitHub.
READER.linkify.set({"fuzzy_link": False})  # type: ignore[union-attr]
TAGS = {
    *("a", "h2", "h3", "p", "strong", "code", "br", "ul", "li", "details", "summary", "sub"),
    *("table", "thead", "tbody", "tr", "th", "td", "pre"),
}
# A block of code names its language.
_YAML = ("class", "language-yaml")


class Page(HTMLParser):
    """A page made of Markdown: the elements, their attributes, and the text of each cell."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[Any] = []
        self.cells: list[str] = []
        self.rows: list[int] = []
        self.text = ""
        self.feed(READER.render(text))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[Any]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag == "tr":
            self.rows.append(0)
        if tag in ("td", "th"):
            self.rows[-1] += 1
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.cells:
            self.cells[-1] += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


def harmless(found: Page) -> None:
    """Check that there is no markup except the report's own, and links to the web."""
    assert set(found.tags) <= TAGS
    links = [one for one in found.attributes if one != _YAML]
    assert len(links) == found.tags.count("a")
    assert all(name == "href" and value.startswith("https://") for name, value in links)
    assert found.tags.count("details") == found.tags.count("summary")
