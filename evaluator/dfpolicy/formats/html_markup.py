"""HTML as text: what is shown is escaped here, and nowhere else."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from html import escape

from dfpolicy.errors import printable

Words = Mapping[str, str]

_MARKS = {
    ("violation", "required"): "\N{BALLOT X}",
    ("violation", "recommended"): "!",
    ("violation", "informational"): "i",
}
_STATE_MARKS = {"unknown": "?", "waived": "~", "pass": "✓"}
_BLANK = re.compile(r"\s")
_CODE = re.compile(r"`([^`]+)`")


def plain(value: object) -> str:
    """Return the text on one line and without what could hide or reorder it."""
    return printable(_BLANK.sub(" ", str(value)))


def text(value: object) -> str:
    """Return the text as HTML."""
    return escape(plain(value))


def prose(value: str) -> str:
    """Return the text as HTML, with what stands in backticks as code."""
    return _CODE.sub(r"<code>\1</code>", text(value))


def number(count: int) -> str:
    """Return the number for a reader."""
    return f"{count:,}"


def mark(state: str, level: str) -> str:
    """Return the sign of an outcome; the word stands beside it."""
    sign = _STATE_MARKS.get(state) or _MARKS[state, level]
    return f'<span class="mark" aria-hidden="true">{sign}</span>'


def command(shown: str) -> str:
    """Return a command that can be copied."""
    return f'<code class="command">{text(shown)}</code>'


def section(name: str, heading: str, content: str) -> str:
    """Return a section with its heading; `content` is HTML."""
    return (
        f'<section aria-labelledby="{name}"><h2 id="{name}">{text(heading)}</h2>'
        f"{content}</section>\n"
    )


def scrolled(table: str, name: str) -> str:
    """Return the table so that it scrolls by itself where it is wide, also by keyboard."""
    return f'<div class="scroll" role="region" tabindex="0" aria-label="{text(name)}">{table}</div>'


def data(value: object) -> str:
    """Return JSON that a script element can hold: what could end the element is escaped."""
    content = json.dumps(value)
    for char in "<>&":
        content = content.replace(char, f"\\u{ord(char):04x}")
    return content


def content_policy(script: str, sheet: str) -> str:
    """Return the policy that runs this script, applies this sheet and loads nothing."""
    return (
        f"default-src 'none'; script-src {_digest(script)}; style-src {_digest(sheet)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _digest(content: str) -> str:
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"
