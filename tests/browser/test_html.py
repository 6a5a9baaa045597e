"""The HTML report in a real browser, used as in a review meeting."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from browser.chromium import Page
from dfpolicy.i18n.translation import translated
from support import reports
from support.html_reports import large, one_of_each, report, result

Open = Callable[..., Page]

SHOWN = (
    "[...document.querySelectorAll('.result')].filter((e) => e.checkVisibility()).map((e) => e.id)"
)
STATUS = "document.querySelector('#status').textContent"
FOCUSED = "document.activeElement.closest('.result')?.id ?? document.activeElement.id"
OPENED = "[...document.querySelectorAll('.result[open]')].map((e) => e.id)"
# The WCAG 2 contrast of each visible text with its background.
CONTRASTS = """
(() => {
  const parse = (color) => color.match(/[0-9.]+/g).map(Number);
  const light = (color) => parse(color).slice(0, 3).map((value) => value / 255)
    .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
    .reduce((sum, value, place) => sum + value * [0.2126, 0.7152, 0.0722][place], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if ((parse(color)[3] ?? 1) > 0) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const low = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || !element.checkVisibility() || element.matches("script, option")) continue;
    const pair = [light(getComputedStyle(element).color), light(behind(element))];
    const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    if (ratio < 4.5) low.push([element.outerHTML.slice(0, 120), ratio]);
  }
  return low;
})()
"""


def settle(page: Page) -> None:
    """Wait until the page has reacted: a later, longer timer ends after its own."""
    page.run("new Promise((done) => setTimeout(done, 100))")


def fill(page: Page, selector: str, value: str) -> None:
    """Type into a field and wait until the results follow."""
    page.run(f"document.querySelector({json.dumps(selector)}).select()")
    page.call("Input.insertText", text=value)
    settle(page)


def tick(page: Page, kind: str, value: str) -> None:
    """Click on the box and wait until the results follow."""
    page.click(f"[name={kind}][value={value}]")
    settle(page)


def address(page: Page) -> str:
    """Return the fragment of the address."""
    fragment: str = page.run("location.hash")
    return fragment


def ids(*names: str) -> list[str]:
    return [f"DF-{name}" for name in names]


def test_passes_are_counted_and_shown_when_asked_for(opened: Open) -> None:
    page = opened(one_of_each())
    assert page.run(SHOWN) == ids(
        "K8S-004-violation-recommended",
        "EBPF-005-violation-required",
        "EBPF-007-unknown-required",
        "EBPF-008-violation-informational",
        "EBPF-012-waived-recommended",
    )
    assert page.run(STATUS) == "5 of 14 shown"
    assert address(page) == ""
    tick(page, "state", "pass")
    assert page.run(STATUS) == "14 of 14 shown"
    assert "outcome=violation%2Cunknown%2Cwaived%2Cpass" in address(page)


@pytest.mark.parametrize(("style", "shown"), [({"verbose": True}, 14), ({"quiet": True}, 3)])
def test_what_is_shown_at_first_follows_the_command_line(
    opened: Open, style: dict[str, bool], shown: int
) -> None:
    assert opened(one_of_each(), **style).run(STATUS) == f"{shown} of 14 shown"


def test_filters_of_outcome_level_and_group(opened: Open) -> None:
    page = opened(one_of_each())
    tick(page, "level", "recommended")
    assert page.run(SHOWN) == ids(
        "EBPF-005-violation-required",
        "EBPF-007-unknown-required",
        "EBPF-008-violation-informational",
    )
    tick(page, "state", "violation")
    assert page.run(SHOWN) == ids("EBPF-007-unknown-required")
    page.run(
        "const group = document.querySelector('#group'); group.value = 'kubernetes-info';"
        "group.dispatchEvent(new Event('input', {bubbles: true}))"
    )
    page.wait(f"{STATUS}.startsWith('0 of')")
    assert page.run("document.querySelector('#nothing').checkVisibility()") is True
    page.click("#filters [type=reset]")
    page.wait(f"{STATUS} === '5 of 14 shown'")
    assert page.run("document.querySelector('#nothing').checkVisibility()") is False


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("debugfs", []),
        ("ebpf-007", ["EBPF-007-unknown-required"]),
        ("KPTR", ["EBPF-007-unknown-required"]),
        ("netns kubernetes", ["K8S-004-violation-recommended"]),
        ("migration", ["EBPF-012-waived-recommended"]),
        ("autotagging", ["K8S-004-violation-recommended"]),
        ("node-1", ["EBPF-008-violation-informational"]),
        ('<b> & "', []),
    ],
)
def test_search(opened: Open, query: str, found: list[str]) -> None:
    page = opened(one_of_each())
    page.press("/")
    assert page.run(FOCUSED) == "search"
    fill(page, "#search", query)
    assert page.run(SHOWN) == ids(*found)


def test_a_node_is_found_among_two_thousand(opened: Open) -> None:
    page = opened(large())
    assert page.run("document.querySelectorAll('*').length") < 3000
    page.click("#subject")
    fill(page, "#subject", "worker-0042")
    assert page.run(STATUS) == "5 of 10,002 shown"
    names = "[...document.querySelectorAll('.{}')].filter((e) => !e.closest('[hidden]'))"
    for place in ("row .names", "nodes .names"):
        lines = page.run(f"{names.format(place)}.flatMap((e) => e.textContent.split('\\n'))")
        assert {line.split("  ")[0].removeprefix("Node ") for line in lines} == {"worker-0042"}
    counts = page.run(
        "[...document.querySelectorAll('.nodes:not([hidden]) .amount')]"
        ".filter((e) => !e.closest('[hidden]')).map((e) => e.textContent)"
    )
    assert counts == ["1", "1"]
    page.press("Escape")
    page.wait(f"{STATUS} === '1,252 of 10,002 shown'")
    lists = page.run("[...document.querySelectorAll('.nodes .names')].map((e) => e.textContent)")
    assert len({line for text in lists for line in text.split("\n")}) == 2000


def test_all_results_of_a_large_cluster_can_be_opened(opened: Open) -> None:
    page = opened(large(), verbose=True)
    assert page.run(STATUS) == "10,002 of 10,002 shown"
    page.click("#open-all")
    assert len(page.run(OPENED)) == len(page.run(SHOWN)) == 17
    page.click("#close-all")
    assert page.run(OPENED) == []


def test_keys_move_open_and_clear(opened: Open) -> None:
    page = opened(one_of_each())
    page.press("j")
    assert page.run(FOCUSED) == "DF-K8S-004-violation-recommended"
    page.press("Enter")
    assert "DF-K8S-004-violation-recommended" in page.run(OPENED)
    page.press("j", "ArrowDown")
    assert page.run(FOCUSED) == "DF-EBPF-007-unknown-required"
    page.press("k")
    assert page.run(FOCUSED) == "DF-EBPF-005-violation-required"
    page.press("ArrowUp", "k", "k")
    assert page.run(FOCUSED) == "DF-K8S-004-violation-recommended"
    assert page.run("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.press("/", *"kptr")
    page.wait(f"{STATUS} === '1 of 14 shown'")
    page.press("ArrowDown")
    assert page.run(FOCUSED) == "DF-EBPF-007-unknown-required"
    page.press("Escape")
    page.wait(f"{STATUS} === '5 of 14 shown'")
    page.press("/", "x", "Escape")
    assert page.run("document.querySelector('#search').value") == ""
    page.press("Escape")
    assert page.run(FOCUSED) == ""


def test_the_address_contains_the_view(opened: Open) -> None:
    page = opened(one_of_each())
    tick(page, "state", "pass")
    tick(page, "level", "informational")
    page.press("/")
    fill(page, "#search", "title & more")
    fill(page, "#search", "title")
    page.click("#theme")
    page.press("Escape")
    page.press("/")
    fill(page, "#search", "ebpf")
    page.run("document.activeElement.blur()")
    page.press("j", "Enter", "j", "Enter")
    # Both, because the page writes its address after each of the two.
    page.wait("/moved=.*EBPF-005.*EBPF-007/.test(location.hash)")
    fragment, shown, open_ones = address(page), page.run(SHOWN), page.run(OPENED)
    page = opened(one_of_each(), fragment)
    assert (page.run(SHOWN), page.run(OPENED), address(page)) == (shown, open_ones, fragment)
    assert page.run("document.documentElement.dataset.theme") == "light"
    assert page.run("document.querySelector('#search').value") == "ebpf"


@pytest.mark.parametrize(
    "fragment",
    ["#", "#%", "#%E0%A4%A", "#nothing=1", "#outcome=", "#group=gone", "#theme=x", "#<b>", "#q=%"],
)
def test_an_unknown_fragment_is_harmless(opened: Open, fragment: str) -> None:
    page = opened(one_of_each(), fragment)
    shown = "0 of 14 shown" if fragment == "#outcome=" else "5 of 14 shown"
    assert page.run(STATUS) == (shown if fragment != "#q=%" else "0 of 14 shown")


@pytest.mark.parametrize("fragment", ["DF-EBPF-001", "DF-EBPF-001-pass-required"])
def test_a_link_opens_a_result_that_was_not_shown(opened: Open, fragment: str) -> None:
    page = opened(one_of_each(), f"#{fragment}")
    page.wait(f"{FOCUSED} === 'DF-EBPF-001-pass-required'")
    assert "DF-EBPF-001-pass-required" in page.run(OPENED)
    assert "DF-EBPF-001-pass-required" in page.run(SHOWN)


def test_a_link_in_a_problem_leads_to_the_result(opened: Open) -> None:
    page = opened(one_of_each())
    page.click("[aria-labelledby=problems] a[href='#DF-K8S-004-violation-recommended']")
    assert page.run(FOCUSED) == "DF-K8S-004-violation-recommended"
    assert "DF-K8S-004-violation-recommended" in page.run(OPENED)


def test_light_and_dark(opened: Open, chromium: Page) -> None:
    background = "getComputedStyle(document.body).backgroundColor"
    page = opened(one_of_each())
    light = page.run(background)
    chromium.media(prefers_color_scheme="dark")
    dark = page.run(background)
    assert light != dark
    labels = []
    for _ in range(3):
        page.click("#theme")
        labels.append(page.run("document.querySelector('#theme span').textContent"))
        assert page.run(background) == (light if labels[-1] == "light" else dark)
    assert labels == ["light", "dark", "automatic"]
    chromium.media(prefers_color_scheme="light")
    assert page.run(background) == light


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_have_enough_contrast(opened: Open, chromium: Page, scheme: str) -> None:
    chromium.media(prefers_color_scheme=scheme)
    for entry in (one_of_each(), report([result("DF-X-001", "unknown")]), report([])):
        page = opened(entry, verbose=True)
        page.click("#open-all")
        assert page.run(CONTRASTS) == []


def test_print_shows_everything_expanded_and_no_controls(opened: Open, chromium: Page) -> None:
    page = opened(large(300))
    page.press("j")
    closed = page.run("document.querySelectorAll('details:not([open])').length")
    assert closed > 0
    assert page.call("Page.printToPDF")["data"].startswith("JVBERi0")
    assert page.run("document.querySelectorAll('details:not([open])').length") == closed
    chromium.media("print", prefers_color_scheme="dark")
    page.run("window.dispatchEvent(new Event('beforeprint'))")
    assert page.run("document.querySelectorAll('details:not([open])').length") == 0
    for selector in ("button", "input", "select", ".keys", ".skip"):
        assert page.run(
            f"[...document.querySelectorAll('{selector}')].every((e) => !e.checkVisibility())"
        )
    assert page.run("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.run("window.dispatchEvent(new Event('afterprint'))")
    assert page.run("document.querySelectorAll('details:not([open])').length") == closed


def test_without_scripts_everything_is_shown_and_no_controls(opened: Open, chromium: Page) -> None:
    chromium.call("Emulation.setScriptExecutionDisabled", value=True)
    page = opened(one_of_each())
    assert len(page.run(SHOWN)) == 7
    assert page.run("document.querySelector('#filters').checkVisibility()") is False
    assert page.run("document.querySelector('#theme').checkVisibility()") is False
    chromium.media("print")
    names = "document.querySelector('#DF-EBPF-001-pass-required .names')"
    assert page.run(f"{names}.checkVisibility()") is True


def test_texts_of_the_report_are_never_executed(opened: Open) -> None:
    evil = (
        "</script><img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>"
    )
    page = opened(
        report(
            [
                result(
                    "DF-EBPF-005",
                    "violation",
                    observed=evil,
                    remediation=evil,
                    title=evil,
                    expected=evil,
                    subject={"kind": evil, "name": evil},
                )
            ],
            [{"node": evil, "os": evil, "notes": [evil]}],
        )
    )
    page.press("/")
    fill(page, "#search", evil)
    assert page.run(STATUS) == "1 of 1 shown"
    assert page.run("document.title") != "run"
    assert page.run("document.querySelectorAll('img, script').length") == 2


def test_the_content_policy_blocks_foreign_content(opened: Open) -> None:
    page = opened(one_of_each())
    page.run(
        "const script = document.createElement('script');"
        "script.textContent = 'window.stranger = true'; document.body.append(script)"
    )
    assert page.run("window.stranger ?? false") is False
    assert page.run("fetch('https://example.com').then(() => true, () => false)") is False
    blocked = "Content Security Policy"
    assert page.problems
    assert all(blocked in problem for problem in page.problems)
    page.problems.clear()
    page.loaded.clear()


@pytest.mark.parametrize("width", [390, 800, 1600])
def test_nothing_is_wider_than_the_window(opened: Open, chromium: Page, width: int) -> None:
    chromium.size(width, 900)
    long_name = result("DF-EBPF-005", "violation", observed="x" * 400, title="y" * 300)
    page = opened(report([long_name, *one_of_each()["results"]], one_of_each()["features"]))
    page.click("#open-all")
    assert page.run("document.documentElement.scrollWidth") <= width


def test_what_a_screen_reader_reads(opened: Open) -> None:
    page = opened(one_of_each())
    tree: list[dict[str, Any]] = page.call("Accessibility.getFullAXTree")["nodes"]
    seen = {
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in tree
        if not node.get("ignored")
    }
    roles = {role for role, _ in seen}
    assert {"banner", "main", "contentinfo", "search", "table", "status"} <= roles
    for role, name in (
        ("heading", "DeepFlow deployment requirements"),
        ("heading", "Problems"),
        ("heading", "eBPF"),
        ("region", "Results"),
        ("searchbox", "Search"),
        ("searchbox", "Node or other subject"),
        ("combobox", "Group"),
        ("checkbox", "recommended"),
        ("group", "Outcome"),
    ):
        assert (role, name) in seen
    levels = page.run("[...document.querySelectorAll('h1, h2, h3')].map((e) => +e.tagName[1])")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    unnamed = {role for role, name in seen if role in ("button", "link", "textbox") and not name}
    assert unnamed == set()


@pytest.mark.parametrize("width", [320, 1280])
def test_a_chinese_page(opened: Open, chromium: Page, width: int) -> None:
    chromium.size(width, 900)
    page = opened(translated(reports.mixed(), "zh"))
    assert page.run("document.documentElement.lang") == "zh-CN"
    assert page.run("document.documentElement.scrollWidth") <= width
    fill(page, "#search", "读取")
    assert page.run(STATUS).endswith("条")
    assert page.run(SHOWN) == ids("K8S-003-violation-recommended", "EBPF-005-violation-required")


def test_screenshots_for_review(opened: Open, chromium: Page, tmp_path: Path) -> None:
    pictures = {
        "light": (one_of_each(), "light"),
        "dark": (one_of_each(), "dark"),
        "nodes": (large(), "light"),
        "chinese": (translated(reports.mixed(), "zh"), "light"),
    }
    for name, (entry, scheme) in pictures.items():
        chromium.media(prefers_color_scheme=scheme)
        opened(entry).screenshot(tmp_path / f"{name}.png", whole=True)
        print(tmp_path / f"{name}.png")
        assert (tmp_path / f"{name}.png").stat().st_size > 10000
