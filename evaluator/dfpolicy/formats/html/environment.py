"""The parts that the HTML pages share: templates, assets, filters, and the security policy."""

from __future__ import annotations

import re
from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from dfpolicy.formats.content import page, subject_line, terms
from dfpolicy.formats.losses import lost_by
from dfpolicy.i18n.columns import gap
from dfpolicy.i18n.language import _, labelled, listed, plural
from dfpolicy.report.subjects import described

ASSETS = Path(__file__).parent / "assets"
_TEMPLATES = Path(__file__).parent / "templates"
_CODE = re.compile(r"`([^`]+)`")


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the environment of the templates, which escape every value."""
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {
        "gap": gap,
        "labelled": labelled,
        "line": subject_line,
        "listed": listed,
        "nodes": _nodes,
        "number": _number,
        "prose": _prose,
    }
    made.globals |= {
        "described": described,
        "lost_by": lost_by,
        "page": page,
        "terms": terms,
        "translated": _,
    }
    return made


def asset(name: str) -> str:
    """Return the text of a script or style sheet."""
    return (ASSETS / name).read_text("utf-8")


def frame(script: str, sheet: str) -> dict[str, Any]:
    """Return the values for the head of a page: script, style sheet, and security policy."""
    return {
        "script": Markup(script),
        "sheet": Markup(sheet),
        "content_policy": _content_policy(script, sheet),
    }


def _prose(text: str) -> Markup:
    """Return the text, with the parts in backticks as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))


def _nodes(count: int) -> Markup:
    """Return the number of nodes; the script finds the number in it."""
    number = Markup('<span class="amount">{}</span>').format(_number(count))
    return escape(plural("{count} node", "{count} nodes", count)).format(count=number)


def _number(count: int) -> str:
    return f"{count:,}"


def _content_policy(script: str, sheet: str) -> str:
    """Return the content security policy: only this script and style sheet, and no requests."""
    return (
        f"default-src 'none'; script-src {_digest(script)}; style-src {_digest(sheet)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _digest(content: str) -> str:
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"
