"""What -v adds to the text report: notes, waived results, all nodes, all requirements."""

from __future__ import annotations

from collections.abc import Iterator

from dfpolicy.formats.content import abridged, group_titles, terms
from dfpolicy.formats.text_page import Page
from dfpolicy.formats.wording import spot, system
from dfpolicy.i18n.language import _, _n, labelled, listed
from dfpolicy.model import Effect, Level, NodeKind, Report, Result, Verdict
from dfpolicy.report.effects import Requirement
from dfpolicy.report.questions import fact
from dfpolicy.report.verdict import requirements_of

MARKS: dict[Effect, str] = {
    "blocks": "✗",
    "loses": "!",
    "not-checked": "?",
    "note": "-",
    "accepted": "~",
    "met": "✓",
}
# The number of kinds of nodes listed, and of names and lines for each.
_KINDS, _NAMES, _LINES = 12, 30, 2
_LEVELS: dict[Level, str] = {"required": "R", "recommended": "r", "informational": "i"}


def sections(report: Report, page: Page) -> Iterator[str]:
    """Yield the sections that only a verbose report has."""
    found = requirements_of(report)
    notes = [entry for entry in found.values() if entry.effect == "note"]
    if notes:
        yield ""
        yield page.painted(_("NOTE"), "bold")
        for entry in notes:
            first = entry.results[0]
            lines = page.wrapped(_noted(first), "  - ", 4)
            yield from lines[:-1]
            yield from page.edged("", lines[-1], first["id"])
    accepted = [entry for entry in found.values() if entry.effect == "accepted"]
    if accepted:
        yield ""
        yield page.painted(_("ACCEPTED"), "bold")
        for entry in accepted:
            first = entry.results[0]
            why = terms(first["waiver"]) if "waiver" in first else _("known from the baseline")
            yield from page.wrapped(f"{first['id']} {first['observed']}; {why}", "  ~ ")
    kinds = report["verdict"]["nodes"]["kinds"]
    if kinds:
        yield ""
        yield page.painted(_("NODES"), "bold")
        for kind in kinds[:_KINDS]:
            yield from _kind(kind, page)
        left = kinds[_KINDS:]
        if left:
            told = _n("and {count} more kind", "and {count} more kinds", len(left))
            yield from page.wrapped(told, "  ")
        yield from page.with_command(_("Every name:"), "dfpolicy features -v", "  ")
    yield from _requirements(found, report["verdict"], page)


def _kind(kind: NodeKind, page: Page) -> list[str]:
    """Return the number of nodes of the kind, and the names that fit on two lines."""
    nodes = kind["names"]
    lead = _n("{count} node", "{count} nodes", len(nodes))
    name = _("{name} ({count})").format(name=system(kind) or "?", count=lead)
    for count in range(min(len(nodes), _NAMES), 0, -1):
        more = (
            [_("and {count} more").format(count=len(nodes) - count)] if count < len(nodes) else []
        )
        lines = page.wrapped(labelled(name, " ".join([listed(nodes[:count]), *more])), "  ", 6)
        if len(lines) <= _LINES:
            break
    return lines


def _noted(result: Result) -> str:
    place = spot(result.get("location"))
    if not place:
        return result["observed"]
    return _("{text} ({place})").format(text=result["observed"], place=place)


def _requirements(found: dict[str, Requirement], verdict: Verdict, page: Page) -> Iterator[str]:
    yield ""
    legend = _("by group; R required, r recommended, i informational")
    yield page.painted(_("ALL REQUIREMENTS"), "bold") + page.safe(f"  {legend}")
    titles = group_titles()
    groups: dict[str, list[tuple[str, Requirement]]] = {}
    for name, entry in found.items():
        groups.setdefault(entry.first["group"], []).append((name, entry))
    margin = max(len(name) for name in found) + 1
    # The first of several problems is the worst.
    numbers = {
        name: problem["number"]
        for problem in reversed(verdict["problems"])
        for name in problem["ids"]
    }
    for group, members in groups.items():
        met = sum(entry.effect == "met" for _name, entry in members)
        told = _("{met} of {count} met").format(met=met, count=len(members))
        # Your own policies name their groups.
        title = abridged(titles.get(group, group), page.width - len(told) - 4)
        yield page.painted(f"  {title}", "bold") + page.safe(f"  {told}")
        for name, entry in members:
            yield from _requirement(name, entry, numbers.get(name), margin, page)


def _requirement(
    name: str, entry: Requirement, problem: int | None, margin: int, page: Page
) -> list[str]:
    """Return the title, and what was found if it fits on the line.

    The sections above list what is wrong and what was not checked.
    """
    result = entry.results[0]
    lead = f"   {page.padded(page.mark(MARKS[entry.effect]), 2)}{name:{margin}}"
    lead += f"{_LEVELS[result['level']]} "
    if problem:
        told = _("problem {number}").format(number=problem)
        return page.edged(lead, result["title"], told)
    said = fact(result) if result["outcome"] == "unknown" else result["observed"]
    lines = page.wrapped(labelled(result["title"], said), lead)
    return lines if len(lines) == 1 else page.wrapped(result["title"], lead)
