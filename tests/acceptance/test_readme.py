"""What the README shows is what the command prints, and its commands are there."""

from __future__ import annotations

import re
from pathlib import Path

from support import command

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
SHOWN = re.compile(
    r"<!-- output of: dfpolicy (?P<arguments>.+?) -->\n```text\n(?P<output>.*?)```", re.DOTALL
)


def test_the_output_shown_is_the_real_one() -> None:
    blocks = list(SHOWN.finditer(README))
    assert blocks
    for block in blocks:
        done = command.run(*block["arguments"].split(), folder=ROOT)
        assert done.stdout == block["output"]


def test_each_make_target_named_is_there() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    named = re.findall(r"^ {4}make ([a-z-]+)$", README, re.MULTILINE)
    assert named[:2] == ["demo", "test"]
    assert set(named) <= set(targets)


def test_every_option_of_eval_is_described() -> None:
    shown = command.run("eval", "--help").stdout
    options = set(re.findall(r"(?<![\w-])--[a-z-]+", shown)) - {"--help"}
    assert "--output" in options
    assert {option for option in options if option not in README} <= {
        "--output",
        "--verbose",
        "--quiet",
        "--color",
    }
