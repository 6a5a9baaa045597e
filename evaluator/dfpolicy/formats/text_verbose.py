"""What -v adds to the text report: notes, waived results, all nodes, all requirements."""

from __future__ import annotations

from collections.abc import Iterator

from dfpolicy.formats.content import group_titles, terms
from dfpolicy.formats.text_page import Page
from dfpolicy.formats.wording import spot, system
from dfpolicy.i18n.language import _, _n, labelled, listed
from dfpolicy.model import Effect, Level, Report, Result
from dfpolicy.report.effects import Requirement
from dfpolicy.report.questions import fact
from dfpolicy.report.subjects import described
from dfpolicy.report.verdict import requirements_of

MARKS: dict[Effect, str] = {
    "blocks": "✗",
    "loses": "!",
    "not-checked": "?",
    "note": "-",
    "accepted": "~",
    "met": "✓",
}
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
        for kind in kinds:
            yield from page.wrapped(labelled(system(kind) or "?", listed(kind["names"])), "  ", 6)
    yield from _requirements(found, page)


def _noted(result: Result) -> str:
    place = spot(result.get("location"))
    if not place:
        return result["observed"]
    return _("{text} ({place})").format(text=result["observed"], place=place)


def _requirements(found: dict[str, Requirement], page: Page) -> Iterator[str]:
    yield ""
    legend = _("by group; R required, r recommended, i informational")
    yield page.painted(_("ALL REQUIREMENTS"), "bold") + page.safe(f"  {legend}")
    titles = group_titles()
    groups: dict[str, list[tuple[str, Requirement]]] = {}
    for name, entry in found.items():
        groups.setdefault(entry.first["group"], []).append((name, entry))
    margin = max(len(name) for name in found) + 1
    for group, members in groups.items():
        met = sum(entry.effect == "met" for _name, entry in members)
        told = _("{met} of {count} met").format(met=met, count=len(members))
        yield page.painted(f"  {titles.get(group, group)}", "bold") + page.safe(f"  {told}")
        for name, entry in members:
            yield from _requirement(name, entry, margin, page)


def _requirement(name: str, entry: Requirement, margin: int, page: Page) -> Iterator[str]:
    result = entry.results[0]
    said = fact(result) if result["outcome"] == "unknown" else result["observed"]
    lead = f"   {page.padded(page.mark(MARKS[entry.effect]), 2)}{name:{margin}}"
    text = labelled(result["title"], said)
    yield from page.wrapped(text, f"{lead}{_LEVELS[result['level']]} ")
    if entry.effect in ("met", "not-checked") and len(entry.results) == 1:
        return
    if entry.effect != "met":
        named = described(result["subject"])
        more = len(entry.results) - 1
        if more:
            named = _n("{name} and {count} more", "{name} and {count} more", more, name=named)
        place = spot(result.get("location"))
        yield from page.wrapped(f"{named}  {place}", " " * 21)
