"""The page of `dfpolicy fleet` in Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from browser.chromium import Page
from dfpolicy.formats.base import Style
from dfpolicy.formats.fleets import renderer
from dfpolicy.report.fleet import fleet_report
from support.fleets import broken, cluster, hostile
from support.reports import report, result

SHOWN = (
    "[...document.querySelectorAll('tr.cluster:not([hidden]) th b')].map(one => one.textContent)"
)
STATUS = "document.querySelector('#status').textContent"


@pytest.fixture
def page(chromium: Page, tmp_path: Path) -> Iterator[Page]:
    """The page of three clusters; the test fails if it logs or loads anything."""
    settings = [{"object": "DaemonSet a", "path": "hostNetwork", "value": "true"}]
    clusters = [
        cluster("fine", report(result("pass")), agentSettings=settings),
        cluster("blocked", report(result()), agentSettings=[{**settings[0], "value": "false"}]),
        broken("lisbon"),
    ]
    path = tmp_path / "fleet.html"
    path.write_text(renderer("html")(fleet_report(clusters, "en"), Style()), "utf-8")
    chromium.size(1280, 900)
    chromium.open(path.as_uri())
    yield chromium
    assert chromium.problems == []
    assert {url.partition("#")[0] for url in chromium.loaded} <= {path.as_uri()}


def typed(page: Page, text: str) -> None:
    page.click("#search")
    page.press(*text)


def test_the_filters_show_the_clusters_that_match(page: Page) -> None:
    assert page.run(SHOWN) == ["lisbon", "blocked", "fine"]
    typed(page, "hostpid")
    assert page.run(SHOWN) == ["blocked"]
    assert page.run(STATUS) == "1 / 3"
    page.click("[name=state][value=do-not-deploy]")
    assert page.run(SHOWN) == []
    assert page.run("!document.querySelector('#nothing').hidden")


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_wider_than_the_window(page: Page, tmp_path: Path, width: int) -> None:
    page.size(width, 900)
    assert page.run("document.documentElement.scrollWidth") <= width
    # Hostile texts are long.
    (tmp_path / "fleet.html").write_text(renderer("html")(hostile(), Style()), "utf-8")
    page.open((tmp_path / "fleet.html").as_uri())
    assert page.run("document.documentElement.scrollWidth") <= width
