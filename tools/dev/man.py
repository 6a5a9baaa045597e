"""Man pages of the commands, from their help, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
from tools.dev.docs.command_line import commands
from tools.dev.paths import ROOT

from dfpolicy.cli.help import Formatter, paragraphs, show_all_options
from dfpolicy.i18n.language import speaking, translate
from dfpolicy.model import LANGUAGES
from dfpolicy.version import VERSION

# Wider than any page: man breaks the lines.
_WIDTH = 10_000


def main(folder: Path = ROOT / "build" / "man") -> int:
    """Write `man1/` and `zh_CN/man1/` below a directory, a page for each command."""
    count = 0
    for language in LANGUAGES:
        place = folder / ("" if language == "en" else "zh_CN") / "man1"
        place.mkdir(parents=True, exist_ok=True)
        with speaking(language):
            for name, command in commands():
                path = place / f"{name.replace(' ', '-')}.1"
                path.write_text(page(name, command), "utf-8")
                count += 1
    print(f"wrote {count} pages into {folder}; to read one: man -M {folder} dfpolicy-eval")
    return 0


def page(name: str, command: click.Command) -> str:
    """Return the page of a command in the language in force, in the macros of man(7)."""
    context = click.Context(command, info_name=name, terminal_width=_WIDTH)
    context.max_content_width = _WIDTH
    show_all_options(context)
    texts = [translate(text) if not text.startswith(" ") else text for text in paragraphs(command)]
    lines = [f'.TH "{name.replace(" ", "-").upper()}" 1 "" "dfpolicy {VERSION}"']
    # The first sentence says what the command does.
    short = re.split("[.] |[.]$|\N{IDEOGRAPHIC FULL STOP}", texts[0])[0]
    lines += [".SH NAME", _roff(f"{name.replace(' ', '-')} - {short}")]
    usage = " ".join(command.collect_usage_pieces(context))
    lines += [".SH SYNOPSIS", f".B {_roff(name)}", _roff(usage)]
    lines += [".SH DESCRIPTION"]
    for text in texts:
        lines += [*_example(text)] if text.startswith(" ") else [".PP", _roff(text)]
    formatter = Formatter(width=_WIDTH)
    command.format_options(context, formatter)
    lines += _sections(formatter.getvalue())
    return "\n".join(lines) + "\n"


def _example(text: str) -> Iterator[str]:
    yield from (".PP", ".nf", ".RS")
    yield from (_roff(line.removeprefix("    ")) for line in text.split("\n"))
    yield from (".RE", ".fi")


def _sections(text: str) -> Iterator[str]:
    """Turn headings and lists of names of a help text into sections and tagged paragraphs."""
    for line in text.split("\n"):
        if not line.strip():
            continue
        row = re.match(r"  (\S.*?)(?: {2,}(.*))?$", line)
        if not line.startswith(" "):
            heading = line.rstrip(":\N{FULLWIDTH COLON}")
            yield f".SH {_roff(heading.upper() if heading.isascii() else heading)}"
        elif row and not line.startswith("   "):
            yield from (".TP", f".B {_roff(row[1])}")
            if row[2]:
                yield _roff(row[2])
        else:
            yield _roff(line.strip())


def _roff(text: str) -> str:
    escaped = text.replace("\\", r"\e").replace("-", r"\-").replace("'", r"\(aq")
    return rf"\&{escaped}" if escaped.startswith((".", r"\(aq")) else escaped
