"""The generated pages of the site, in both languages."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from tools.dev import deployment_page, locale, metadata, opa
from tools.dev.docs import pages

from dfpolicy.i18n.language import speaking, translate
from dfpolicy.model import Language
from dfpolicy.policy.catalogue import Catalogue
from support import decisions
from support.languages import pseudo, speak_pseudo

REF = "https://deepflow.io/docs/ce-install/overview/"


def entry(identifier: str, **more: Any) -> dict[str, Any]:
    """A requirement that has the examples and the ID of a real one."""
    return {
        "id": identifier,
        "title": f"Title of {identifier}",
        "description": "A reason.",
        "group": "a",
        "level": "required",
        "reads": ["manifests", "nodes", "cluster"],
        "impact": ["AutoTagging", "Agent start"],
        "remediation": "A remedy.",
        "since": "0.1.0",
        "modes": ["single-k8s", "multi-k8s"],
        "related_resources": [{"description": "The page", "ref": REF}],
        "covers": ["one"],
    } | more


CATALOGUE = Catalogue(
    (
        {
            "group": "a",
            "title": "Group",
            "description": "What it is.",
            "order": 1,
            "modes": ["single-k8s"],
        },
    ),
    (entry("DF-EBPF-007"), entry("DF-K8S-003", waivable=False, level="recommended")),
)
LINES = {
    "sections": {"a": "Section"},
    "lines": [
        {"id": "one", "section": "a", "text": "One line"},
        {
            "id": "two",
            "section": "a",
            "text": "Another line",
            "unstated": "a cause",
        },
    ],
}

FIXES = {"DF-EBPF-007": "", "DF-K8S-003": "-hostPID: false\n+hostPID: true"}


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The pages of a small catalogue, with invented Chinese fixed words."""
    speak_pseudo(monkeypatch)
    return named(pages(CATALOGUE, LINES, FIXES))


@cache
def real() -> dict[str, str]:
    decisions.need_opa()
    content = metadata.catalogue(opa.blocks())
    catalogue = Catalogue(tuple(content["groups"]), tuple(content["requirements"]))
    fixes = {entry["id"]: "" for entry in catalogue.requirements}
    return named(pages(catalogue, deployment_page.read(), fixes))


def named(found: dict[Path, str]) -> dict[str, str]:
    return {path.as_posix(): text for path, text in found.items()}


def chinese(found: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in found.items() if name.endswith(".zh.md")}


def prose(page: str) -> str:
    """The page without its code and its addresses."""
    return re.sub(r"```.*?```|`[^`]*`|\]\([^)]*\)|<!--.*?-->", "", page, flags=re.DOTALL)


def headings(page: str) -> list[str]:
    return re.findall(r"^#+ .*$", re.sub(r"```.*?```", "", page, flags=re.DOTALL), re.MULTILINE)


def shape(page: str) -> list[str]:
    """The type of each block of a page, without its words."""
    blocks = re.sub(r"```.*?```", "```", page, flags=re.DOTALL).split("\n\n")
    return [f"{block[:3].count('#')} {block.count('|')} {block[:3] == '```'}" for block in blocks]


def test_a_page_has_the_same_sections_in_both_languages(made: dict[str, str]) -> None:
    assert len(chinese(made)) == len(CATALOGUE.requirements) + 2
    for name, text in chinese(made).items():
        english = made[name.replace(".zh.md", ".md")]
        assert shape(text) == shape(english), name
    own = made["requirements/DF-EBPF-007.md"]
    other = headings(made["requirements/DF-EBPF-007.zh.md"])
    assert other[1:] == [pseudo(line) for line in headings(own)[1:]]
    assert "## An unknown, which is never a pass" in headings(own)


def test_no_english_fixed_word_is_left_in_a_chinese_page(made: dict[str, str]) -> None:
    names = {"DF", "EBPF", "K8S", "single", "multi", "k8s", "English"}
    for name, text in chinese(made).items():
        assert set(re.findall(r"[A-Za-z][A-Za-z0-9]+", prose(text))) <= names, name


def test_the_fixed_words_are_among_those_that_are_collected_for_translation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = speak_pseudo(monkeypatch)
    pages(CATALOGUE, LINES, FIXES)
    own = {entry[key] for entry in CATALOGUE.requirements for key in ("title", "description")}
    own |= {"The page", "A remedy.", "Group", "What it is.", "One line", "Another line"}
    own |= {"Section", "a cause"}
    assert len(asked - own) > 30
    assert asked - own <= {message.id for message in locale.asked()}


def test_a_chinese_page_has_the_texts_of_the_catalogue(made: dict[str, str]) -> None:
    page = made["requirements/DF-K8S-003.zh.md"]
    assert page.splitlines()[0] == "# DF-K8S-003: " + pseudo("Title of DF-K8S-003")
    for text in ("Group", "A reason.", "A remedy."):
        assert pseudo(text) in page
    assert f"[{pseudo('The page')}]({REF.replace('/docs/', '/docs/zh/')})" in page
    assert pseudo("Title of DF-EBPF-007") in made["requirements/index.zh.md"]
    assert "reason: 文文文" in made["requirements/DF-EBPF-007.zh.md"]


def test_a_page_shows_what_fix_changes_if_it_can(made: dict[str, str]) -> None:
    title = "## What `dfpolicy fix` changes"
    fixed = made["requirements/DF-K8S-003.md"]
    assert f"{title}\n\n```diff\n{FIXES['DF-K8S-003']}\n```" in fixed
    assert title not in made["requirements/DF-EBPF-007.md"]
    assert "## A waiver" not in fixed
    assert "It cannot be waived" in fixed


def test_the_coverage_names_the_requirements_of_a_line_or_why_there_is_none(
    made: dict[str, str],
) -> None:
    rows = [line for line in made["coverage.md"].splitlines() if line.startswith("|")]
    ids = ("DF-EBPF-007", "DF-K8S-003")
    links = ", ".join(f"[{name}](requirements/{name}.md)" for name in ids)
    assert rows[2:] == [f"| One line | {links} |", "| Another line | none: a cause |"]
    assert "1 of 2 lines are stated" in made["coverage.md"]
    assert f"| {pseudo('Another line')} | 文文文文: {pseudo('a cause')} |" in made["coverage.zh.md"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_coverage_has_each_line_of_the_deployment_page_once(language: Language) -> None:
    page = real()["coverage.md" if language == "en" else "coverage.zh.md"]
    cells = [line.split(" | ")[0][2:] for line in page.splitlines() if line.startswith("| ")]
    with speaking(language):
        told = [translate(line["text"]) for line in deployment_page.read()["lines"]]
    assert [cell for cell in cells if cell in set(told)] == told
    sections = len(re.findall(r"^## ", page, re.MULTILINE))
    assert len(cells) == len(told) + 2 * sections


def test_chinese_pages_link_to_chinese_pages_of_deepflow() -> None:
    for name, text in chinese(real()).items():
        assert re.findall(r"\]\(https://deepflow\.io/docs/(?!zh/)[^)]*\)", text) == [], name


def test_headings_and_table_heads_of_chinese_pages_are_chinese() -> None:
    for name, text in chinese(real()).items():
        lines = text.splitlines()
        heads = [line for line, below in pairwise(lines) if "| ---" in below]
        # The sections of the index are groups, some of which have a Latin name in Chinese too.
        titles = headings(text)[:1] if name.endswith("index.zh.md") else headings(text)
        for line in [*titles, *heads]:
            words = line.strip("#| ").split(" | ")
            assert [word for word in words if not re.search("[一-鿿]", word)] == [], name
