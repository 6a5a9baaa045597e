"""The report as TAP 14, for test harnesses.

A violation of any level and an unknown are `not ok`; a waived result is `not ok … # TODO`,
which a harness does not count. The details stand in a YAML block below.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from dfpolicy.formats.base import Style
from dfpolicy.formats.content import cleaned, terms, told, totals
from dfpolicy.i18n.language import _
from dfpolicy.model import Report, Result
from dfpolicy.report.subjects import described


def render(report: Report, style: Style) -> str:
    """Return the plan, one test point for each result, and the totals."""
    text = "\n".join(_lines(cleaned(report), style)) + "\n"
    return text if style.unicode else text.encode("ascii", "replace").decode()


def _lines(report: Report, style: Style) -> Iterator[str]:
    yield "TAP version 14"
    yield f"1..{len(report['results'])}"
    for number, result in enumerate(report["results"], 1):
        yield from _point(number, result, style)
    yield f"# {totals(report)}"


def _point(number: int, result: Result, style: Style) -> Iterator[str]:
    unknown = _("unknown: ") if result["outcome"] == "unknown" else ""
    status = "ok" if result["outcome"] == "pass" else "not ok"
    title = f"{result['id']} {unknown}{result['title']} ({described(result['subject'])})"
    waived = ""
    if "waiver" in result:
        # A directive of TAP, which stays English.
        waived = " # TODO " + _plain(_("waived {terms}").format(terms=terms(result["waiver"])))
    yield f"{status} {number} - {_plain(title)}{waived}"
    if result["outcome"] == "pass":
        return
    yield "  ---"
    facts = [("outcome", result["outcome"]), ("level", result["level"]), *told(result)]
    for name, value in facts:
        # After `cleaned` a text of JSON is a quoted scalar of YAML; it stays on its line.
        yield f"  {name}: {_quoted(value, style)}"
    yield "  ..."


def _plain(text: str) -> str:
    # `#` starts a directive, and readers older than TAP 14 know no escape for it.
    return text.replace("#", "?").replace("\\", "?")


def _quoted(text: str, style: Style) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    if style.unicode:
        return quoted
    # JSON's own escapes are halves of characters, which YAML has not.
    return "".join(char if char.isascii() else f"\\U{ord(char):08x}" for char in quoted)
