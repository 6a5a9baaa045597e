"""The man pages: one for each command in both languages, with all its options."""

from __future__ import annotations

from pathlib import Path

import click
from tools.dev import man
from tools.dev.docs.command_line import commands


def test_every_command_has_pages_with_all_its_options(tmp_path: Path) -> None:
    man.main(tmp_path)
    for name, command in commands():
        pages = [
            tmp_path / folder / "man1" / f"{name.replace(' ', '-')}.1" for folder in ("", "zh_CN")
        ]
        for page in pages:
            # Without the escapes of roff.
            text = page.read_text("utf-8").replace("\\-", "-")
            options = [one for one in command.params if isinstance(one, click.Option)]
            missing = [
                one.opts[-1] for one in options if not one.hidden and one.opts[-1] not in text
            ]
            assert missing == []
            assert text.startswith('.TH "DFPOLICY')
            # A line of text that begins so would be a request.
            bad = [line for line in text.split("\n") if line[:1] == "'"]
            assert bad == []
