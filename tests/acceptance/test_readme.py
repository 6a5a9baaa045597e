"""The READMEs and the pages of `docs/`: the real output, the same commands in both languages."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from support import command

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
START = ROOT / "tools" / "site" / "pages"
# `make site` writes these, and fails on a broken link.
GENERATED = DOCS / "requirements"
# The pages that exist in both languages, by the path of the English one.
PAIRS = {
    page.with_name(page.name.replace(".zh.md", ".md")): page
    for page in (ROOT / "README.zh.md", *sorted(DOCS.rglob("*.zh.md")), START / "index.zh.md")
}
PROSE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
SHOWN = re.compile(
    r"(?P<head><!-- output of: dfpolicy (?P<arguments>[^|]+?)"
    r"(?: \| (?P<end>head|tail) -(?P<count>\d+))? -->\n```text\n)(?P<output>.*?)(?=```)",
    re.DOTALL,
)
WITH_OUTPUT = [
    page for pair in PAIRS.items() for page in pair if SHOWN.search(page.read_text("utf-8"))
]
# What makes the files of the commands.
PREPARED = re.compile(r"^ {4}((?:mkdir|cp) .*)$", re.MULTILINE)
# A fenced block, or the lines of an indented one.
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$|((?:^ {4}[^\n]*\n)+)", re.MULTILINE | re.DOTALL)


def relative(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", WITH_OUTPUT, ids=relative)
def test_the_output_shown_is_the_real_one(page: Path, tmp_path: Path, update_golden: bool) -> None:
    """The commands of a page run one after the other, in one directory with the examples."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    for line in PREPARED.findall(page.read_text("utf-8")):
        subprocess.run(line.split(), cwd=tmp_path, check=True)

    def real(block: re.Match[str]) -> str:
        done = command.run(*block["arguments"].split(), folder=tmp_path)
        lines = done.stdout.splitlines(keepends=True)
        count = int(block["count"] or 0)
        part = lines[-count:] if block["end"] == "tail" else lines[: count or None]
        return block["head"] + "".join(part)

    text = page.read_text("utf-8")
    found = SHOWN.sub(real, text)
    if update_golden:
        page.write_text(found, "utf-8")
    else:
        assert found == text


@pytest.mark.parametrize("page", PAIRS, ids=relative)
def test_a_page_has_the_same_code_blocks_and_headings_in_both_languages(page: Path) -> None:
    english, chinese = (path.read_text("utf-8") for path in (page, PAIRS[page]))
    assert _blocks(chinese) == _blocks(english)
    assert _levels(chinese) == _levels(english)


def _blocks(text: str) -> list[str]:
    """The code blocks, without comments and without what commands print."""
    found = []
    for language, fenced, indented in BLOCK.findall(text):
        if language != "text":
            found.append(re.sub(r"\s+# .*", "", fenced or indented).rstrip())
    return found


def _levels(text: str) -> list[str]:
    return re.findall(r"^#+(?= )", PROSE.sub("", text), re.MULTILINE)


def test_every_relative_link_leads_to_a_file() -> None:
    pages = [*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *START.glob("*.md")]
    pages += [page for name in ("deploy", "examples") for page in (ROOT / name).rglob("*.md")]
    assert len(pages) > 40
    for page in pages:
        links = re.findall(r"\]\(([^)\s]+)\)", PROSE.sub("", page.read_text("utf-8")))
        for link in links:
            if not link.startswith(("https://", "#")):
                target = (page.parent / link.partition("#")[0]).resolve()
                assert target.exists() or target.parent == GENERATED, (relative(page), link)


def test_a_chinese_page_links_to_chinese_pages() -> None:
    for page in PAIRS.values():
        for link in re.findall(r"\]\(([^):]+\.md)\)", page.read_text("utf-8")):
            target = (page.parent / link).resolve()
            # The first line of a README links to the other language.
            assert target not in PAIRS or page.name.startswith("README"), (relative(page), link)


def test_the_readmes_are_short_and_link_to_each_other() -> None:
    for name, link in {
        "README.md": "[中文](README.zh.md)",
        "README.zh.md": "[English](README.md)",
    }.items():
        lines = (ROOT / name).read_text("utf-8").splitlines()
        assert lines[2] == link
        assert len(lines) <= 130


def test_each_make_target_named_exists() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    text = (ROOT / "README.md").read_text("utf-8")
    named = re.findall(r"^ {4}make ([a-z-]+)$", text, re.MULTILINE)
    assert named == ["demo", "test"]
    assert {*named, *re.findall(r"`make ([a-z-]+)`", text)} <= set(targets)


@pytest.mark.parametrize("name", ["eval.md", "eval.zh.md"])
def test_every_option_of_eval_is_described(name: str) -> None:
    shown = command.run("eval", "--help-all").stdout
    options = set(re.findall(r"(?<![\w-])--[a-z-]+", shown)) - {"--help", "--help-all"}
    assert "--output" in options
    text = (DOCS / "reference" / name).read_text("utf-8")
    assert {option for option in options if option not in text} <= {
        "--output",
        "--verbose",
        "--quiet",
        "--color",
    }
