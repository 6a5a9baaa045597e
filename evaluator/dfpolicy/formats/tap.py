"""The report as TAP 14, for test harnesses: a test point for each requirement.

A point is `not ok` if, and only if, it causes exit code 1. A loss is `not ok … # TODO`, which a
harness does not count. What was not checked, and what is waived, is `ok … # SKIP`. The details are
in a YAML block below.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from dfpolicy.formats.base import Style
from dfpolicy.formats.configured import configured
from dfpolicy.formats.content import shown
from dfpolicy.formats.headline import both, exits, totals
from dfpolicy.formats.requirement_text import accepted, summary, title, told
from dfpolicy.i18n.escaping import tap_description
from dfpolicy.i18n.language import _, labelled, listed
from dfpolicy.model import Report
from dfpolicy.report.effects import Requirement
from dfpolicy.report.verdict import requirements_of


def render(report: Report, style: Style) -> str:
    """Return the plan, one test point for each requirement, and the totals."""
    text = "\n".join(_lines(shown(report), style)) + "\n"
    return text if style.unicode else text.encode("ascii", "replace").decode()


def _lines(report: Report, style: Style) -> Iterator[str]:
    entries = requirements_of(report)
    yield "TAP version 14"
    yield f"1..{len(entries)}"
    for number, entry in enumerate(entries.values(), 1):
        yield from _point(number, entry, style)
    settings = configured(report)
    if settings:
        yield f"# {labelled(_('Configuration'), listed(settings))}"
    yield f"# {both(totals(report['verdict']), exits(report['verdict']))}"


def _point(number: int, entry: Requirement, style: Style) -> Iterator[str]:
    status = "not ok" if entry.fails or entry.effect == "loses" else "ok"
    directive = "" if entry.fails else _directive(entry)
    yield f"{status} {number} - {tap_description(title(entry))}{directive}"
    if entry.effect == "met":
        return
    yield "  ---"
    facts: dict[str, list[str]] = {"effect": [entry.effect], "level": [entry.results[0]["level"]]}
    for name, text in told(entry):
        facts.setdefault(name, []).append(text)
    for name, texts in facts.items():
        # After `cleaned`, a JSON string is a quoted YAML scalar on one line.
        quoted = [_quoted(text, style) for text in texts]
        yield f"  {name}: {quoted[0] if len(quoted) == 1 else '[' + ', '.join(quoted) + ']'}"
    yield "  ..."


def _directive(entry: Requirement) -> str:
    if entry.effect == "loses":
        lost = _("loses {features}").format(features=listed(entry.results[0]["impact"]))
        return f" # TODO {tap_description(lost)}"
    if entry.effect == "accepted":
        why = _("accepted {terms}").format(terms=accepted(entry))
        return f" # SKIP {tap_description(why)}"
    return f" # SKIP {tap_description(summary(entry))}" if entry.effect == "not-checked" else ""


def _quoted(text: str, style: Style) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    if style.unicode:
        return quoted
    # JSON escapes are surrogates, which YAML does not have.
    return "".join(char if char.isascii() else f"\\U{ord(char):08x}" for char in quoted)
