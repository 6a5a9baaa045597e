"""The documentation site of `make site` in a real browser, served as a web server would."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import quote

import pytest

from browser.chromium import Page

SITE = Path(__file__).parents[2] / "build" / "site"
FOUND = "[...document.querySelectorAll('.md-search-result__link')].map((e) => e.pathname)"


class Quiet(SimpleHTTPRequestHandler):
    """Serves files without a log."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Write nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Return the address of a server of the site on the loopback interface."""
    if not (SITE / "index.html").is_file():
        text = "there is no site; run `make site`"
        if os.environ.get("CI"):
            pytest.fail(text)
        pytest.skip(text)
    handler = functools.partial(Quiet, directory=str(SITE))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def page(chromium: Page, address: str) -> Iterator[Page]:
    """Return a page that may load nothing from elsewhere."""
    chromium.loaded.clear()
    yield chromium
    assert [url for url in chromium.loaded if not url.startswith((address, "data:", "blob:"))] == []


@pytest.mark.parametrize(
    ("start", "words", "expected"),
    [
        ("/", "debugfs", "/requirements/DF-EBPF-005/"),
        ("/zh/", "命名空间", "/zh/requirements/DF-K8S-002/"),
    ],
)
def test_the_search_finds_a_requirement(
    page: Page, address: str, start: str, words: str, expected: str
) -> None:
    page.size(1280, 900)
    page.open(f"{address}{start}?q={quote(words)}")
    page.wait(f"{FOUND}.length > 0")
    found = page.run(FOUND)
    assert expected in found
    # Every page is in the language of the reader.
    assert [path for path in found if not path.startswith(start)] == []
    assert start == "/zh/" or not [path for path in found if path.startswith("/zh/")]


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(
    "path", ["/", "/zh/requirements/DF-EBPF-005/", "/engines/", "/zh/tutorials/first-check/"]
)
def test_no_page_is_wider_than_the_screen(page: Page, address: str, path: str, width: int) -> None:
    page.size(width, 900)
    page.open(address + path)
    assert page.run("document.documentElement.scrollWidth") <= width


def test_a_page_links_to_itself_in_the_other_language(page: Page, address: str) -> None:
    page.open(f"{address}/requirements/DF-EBPF-005/")
    links = page.run("[...document.querySelectorAll('.md-select__link')].map((e) => e.pathname)")
    assert "/zh/requirements/DF-EBPF-005/" in links
