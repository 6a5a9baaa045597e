"""The links of the pages that people write, and the check of the built site."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from tools.dev import site, site_links, site_search
from tools.dev.paths import ROOT

from dfpolicy.policy.catalogue import load_catalogue

TEXTS = {
    "docs/guides/a.md": "",
    "docs/guides/a.zh.md": "",
    "deploy/opa/README.md": "",
    "SECURITY.md": "",
}


@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [
        ("docs/guides/a.zh.md", "[b](../reference/b.zh.md#c)", "[b](../reference/b.md#c)"),
        ("docs/guides/a.md", "[it](../../SECURITY.md)", "[it](../project/security.md)"),
        ("docs/guides/a.md", "[it](../../deploy/opa)", "[it](../project/deploy-opa.md)"),
        ("docs/guides/a.md", "[the file](../../schemas/x.json)", "the file"),
        ("docs/guides/a.md", "![b](../b.svg)", "![b](../b.svg)"),
        ("docs/guides/a.md", "[x](https://example.com/a.md)", "[x](https://example.com/a.md)"),
        ("SECURITY.md", "[a](docs/guides/a.md)", "[a](../guides/a.md)"),
        ("SECURITY.md", "see DF-A-001.", "see [DF-A-001](../requirements/DF-A-001.md)."),
        ("SECURITY.md", "[DF-A-001](docs/guides/a.md)", "[DF-A-001](../guides/a.md)"),
        ("SECURITY.md", "`DF-A-001`", "`DF-A-001`"),
        ("SECURITY.md", "```text\nDF-A-001 [a](b)\n```", "```text\nDF-A-001 [a](b)\n```"),
        ("SECURITY.md", "x\n\n    explain DF-A-001\n", "x\n\n    explain DF-A-001\n"),
    ],
)
def test_links_lead_to_the_pages_of_the_site(name: str, text: str, shown: str) -> None:
    assert site_links.linked({**TEXTS, name: text})[site_links.place(name)] == shown


def test_every_written_page_is_in_the_navigation() -> None:
    text = json.dumps(yaml.safe_load(site.CONFIG.read_text("utf-8"))["nav"])
    found = [*(ROOT / "docs").rglob("*.md"), *site_links.others(ROOT)]
    names = {site_links.place(path.relative_to(ROOT).as_posix()) for path in found}
    missing = {name for name in names if not name.endswith(".zh.md") and f'"{name}"' not in text}
    assert missing == set()


def test_each_requirement_is_in_the_navigation_below_its_translated_group() -> None:
    catalogue = load_catalogue()
    content = site.configuration(catalogue)
    (nav,) = (one[site.REQUIREMENTS] for one in content["nav"] if site.REQUIREMENTS in one)
    groups = {
        title: pages for one in nav for title, pages in one.items() if isinstance(pages, list)
    }
    assert [*groups] == [group["title"] for group in catalogue.groups]
    assert sum(map(len, groups.values())) == len(catalogue.requirements)
    (_english, chinese) = next(one for one in content["plugins"] if "i18n" in one)["i18n"][
        "languages"
    ]
    assert set(groups) <= set(chinese["nav_translations"])


def test_the_check_names_what_a_site_lacks_or_loads_from_elsewhere(tmp_path: Path) -> None:
    write_index(tmp_path / "zh", "a")
    link = '<link rel="canonical" href="https://docs.example.com/"><a href="https://example.com">'
    script = '<script async src="https://cdn.example.com/a.js"></script>'
    (tmp_path / "index.html").write_text(link + script, "utf-8")
    found = list(site.faults(tmp_path))
    assert found[0] == "index.html: loads https://cdn.example.com/a.js"
    assert found[-1] == "zh/search: no Chinese page"
    assert f"{load_catalogue().requirements[0]['id']}: no page in zh" in found


def write_index(folder: Path, *locations: str) -> None:
    (folder / "search").mkdir(parents=True)
    entries = [{"location": location, "title": location} for location in locations]
    content = {"config": {"lang": ["en", "zh"]}, "docs": entries}
    (folder / "search" / "search_index.json").write_text(json.dumps(content), "utf-8")


def test_each_language_has_an_index_of_its_own_pages(tmp_path: Path) -> None:
    write_index(tmp_path, "a/", "zh/", "zh/a/", "zhejiang/")
    page = tmp_path / "zh" / "a" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text('{"base": "../..", "search": "../../x.js"}', "utf-8")
    site_search.split(tmp_path)
    found = {}
    for name in ("", "zh"):
        content = json.loads((tmp_path / name / "search" / "search_index.json").read_text("utf-8"))
        found[name] = (content["config"]["lang"], [one["location"] for one in content["docs"]])
    assert found == {"": (["en"], ["a/", "zhejiang/"]), "zh": (["en", "zh"], ["", "a/"])}
    assert page.read_text("utf-8") == '{"base": "..", "search": "../../x.js"}'
