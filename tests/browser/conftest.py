"""One Chromium for all tests of this directory."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from browser.chromium import Page, installed, running
from dfpolicy.formats.base import Style
from dfpolicy.formats.html.page import render
from dfpolicy.i18n.language import speaking
from dfpolicy.model import Report

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """Return the page of a running Chromium."""
    program = installed()
    if program is None:
        text = "there is no Chromium; run `make tools-browser`"
        if os.environ.get("CI"):
            pytest.fail(text)
        pytest.skip(text)
    with running(program, tmp_path_factory.mktemp("chromium")) as page:
        yield page


@pytest.fixture
def opened(chromium: Page, tmp_path: Path) -> Iterator[Open]:
    """Return a function that shows a report: `opened(report, fragment="", **style)`.

    If the page logs anything, or loads anything else, the test fails.
    """
    addresses: set[str] = set()

    def show(report: Report, fragment: str = "", **style: bool) -> Page:
        path = tmp_path / "report.html"
        with speaking(report.get("language", "en")):
            path.write_text(render(report, Style(**style)), "utf-8")
        addresses.add(path.as_uri())
        chromium.open(path.as_uri() + fragment)
        return chromium

    chromium.media(prefers_color_scheme="light")
    chromium.size(1280, 900)
    chromium.call("Emulation.setScriptExecutionDisabled", value=False)
    yield show
    assert chromium.problems == []
    assert {url.partition("#")[0] for url in chromium.loaded} <= addresses
