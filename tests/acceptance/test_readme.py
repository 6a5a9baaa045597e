"""Both READMEs show the real output, and the same commands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support import command

ROOT = Path(__file__).parents[2]
FILES = {name: ROOT / name for name in ("README.md", "README.zh.md")}
TEXTS = {name: path.read_text("utf-8") for name, path in FILES.items()}
SHOWN = re.compile(
    r"(?P<head><!-- output of: dfpolicy (?P<arguments>.+?) -->\n```text\n)(?P<output>.*?)(?=```)",
    re.DOTALL,
)
# A fenced block, or the lines of an indented one.
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$|((?:^ {4}[^\n]*\n)+)", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", FILES)
def test_the_output_shown_is_the_real_one(name: str, update_golden: bool) -> None:
    def real(block: re.Match[str]) -> str:
        done = command.run(*block["arguments"].split(), folder=ROOT)
        return block["head"] + done.stdout

    text, count = SHOWN.subn(real, TEXTS[name])
    assert count
    if update_golden:
        FILES[name].write_text(text, "utf-8")
    else:
        assert text == TEXTS[name]


def test_both_readmes_have_the_same_code_blocks_in_the_same_order() -> None:
    english, chinese = (_blocks(text) for text in TEXTS.values())
    assert english
    assert chinese == english


def _blocks(text: str) -> list[str]:
    """The code blocks, without comments and without what commands print."""
    found = []
    for language, fenced, indented in BLOCK.findall(text):
        if language != "text":
            found.append(re.sub(r"\s+# .*", "", fenced or indented).rstrip())
    return found


def test_each_readme_links_to_the_other() -> None:
    head = {name: text.splitlines()[2] for name, text in TEXTS.items()}
    assert head == {"README.md": "[中文](README.zh.md)", "README.zh.md": "[English](README.md)"}


def test_each_make_target_named_exists() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    named = re.findall(r"^ {4}make ([a-z-]+)$", TEXTS["README.md"], re.MULTILINE)
    assert named[:2] == ["demo", "test"]
    assert set(named) <= set(targets)


@pytest.mark.parametrize("name", FILES)
def test_every_option_of_eval_is_described(name: str) -> None:
    shown = command.run("eval", "--help-all").stdout
    options = set(re.findall(r"(?<![\w-])--[a-z-]+", shown)) - {"--help", "--help-all"}
    assert "--output" in options
    assert {option for option in options if option not in TEXTS[name]} <= {
        "--output",
        "--verbose",
        "--quiet",
        "--color",
    }
