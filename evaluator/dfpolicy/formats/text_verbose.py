"""What -v adds to the text report: notes, all nodes, all requirements."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from dfpolicy.formats.content import abridged, group_titles
from dfpolicy.formats.text_page import Page
from dfpolicy.formats.wording import names, spot, system
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
# The number of lines that kinds of nodes always have, and of names for each kind.
_LEAST, _NAMES = 4, 30
_LEVELS: dict[Level, str] = {"required": "R", "recommended": "r", "informational": "i"}

# A word of a title that can stand in a list.
_NAME = re.compile(r"[A-Za-z0-9]+")

# A requirement and its ID.
_Member = tuple[str, Requirement]


def sections(report: Report, page: Page, room: int) -> list[str]:
    """Return the sections that only a verbose report has, on about `room` lines.

    Names of nodes get the lines that the other sections leave.
    """
    found = requirements_of(report)
    above = [*_notes(found, page)]
    below = [*_requirements(found, report["verdict"], page)]
    left = room - len(above) - len(below)
    return [*above, *_nodes(report["verdict"]["nodes"]["kinds"], page, left), *below]


def _notes(found: Mapping[str, Requirement], page: Page) -> Iterator[str]:
    notes = [entry for entry in found.values() if entry.effect == "note"]
    if not notes:
        return
    yield ""
    yield page.painted(_("NOTE"), "bold")
    for entry in notes:
        first = entry.results[0]
        lines = page.wrapped(_noted(first), "  - ", 4)
        yield from lines[:-1]
        yield from page.edged("", lines[-1], first["id"])


def _nodes(kinds: Sequence[NodeKind], page: Page, room: int) -> Iterator[str]:
    if not kinds:
        return
    yield ""
    title, every = _("NODES"), labelled(_("every name"), "dfpolicy features -v")
    yield page.painted(title, "bold") + page.safe(f"  {every}")
    left = max(room - 2, _LEAST)
    shown = len(kinds) if len(kinds) <= left else left - 1
    for kind in kinds[:shown]:
        yield from _kind(kind, page, 2 if 2 * len(kinds) <= left else 1)
    if shown < len(kinds):
        told = _n("and {count} more kind", "and {count} more kinds", len(kinds) - shown)
        yield from page.wrapped(told, "  ")


def _kind(kind: NodeKind, page: Page, most: int) -> list[str]:
    """Return the number of nodes of the kind, and the names that fit on so many lines."""
    nodes = kind["names"]
    lead = _n("{count} node", "{count} nodes", len(nodes))
    name = _("{name} ({count})").format(name=system(kind) or "?", count=lead)
    for count in range(min(len(nodes), _NAMES), 0, -1):
        lines = page.wrapped(labelled(name, names(nodes, count)), "  ", 6)
        if len(lines) <= most:
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
    groups: dict[str, list[_Member]] = {}
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
        for run in _runs(members, numbers):
            yield from _row(run, numbers.get(run[0][0]), margin, page)


def _runs(members: Sequence[_Member], numbers: Mapping[str, int]) -> Iterator[list[_Member]]:
    """Yield the requirements; neighbours whose titles differ in one word come together."""

    def standing(member: _Member) -> tuple[object, ...]:
        name, entry = member
        return entry.effect, entry.results[0]["level"], numbers.get(name)

    run: list[_Member] = []
    for member in members:
        if run:
            word = _varying(run[0], member)
            first = _varying(run[0], run[1]) if len(run) > 1 else word
            if word is None or word != first or standing(member) != standing(run[0]):
                yield from _long(run)
                run = []
        run.append(member)
    yield from _long(run)


def _long(run: list[_Member]) -> Iterator[list[_Member]]:
    """Yield the run, or its members if it is too short to save a line."""
    yield from [run] if len(run) > 2 else ([member] for member in run)


def _varying(one: _Member, other: _Member) -> int | None:
    """Return the position of the only word in which two titles differ."""
    words, others = _words(one), _words(other)
    if len(words) != len(others):
        return None
    different = [place for place, word in enumerate(words) if word != others[place]]
    if len(different) != 1:
        return None
    (place,) = different
    return place if _NAME.fullmatch(words[place]) and _NAME.fullmatch(others[place]) else None


def _words(member: _Member) -> list[str]:
    return member[1].results[0]["title"].split(" ")


def _row(run: Sequence[_Member], problem: int | None, margin: int, page: Page) -> list[str]:
    """Return the title, and what was found if it fits on the line.

    The sections above list what is wrong and what was not checked.
    """
    name, entry = run[0]
    result = entry.results[0]
    title = result["title"]
    if len(run) > 1:
        words, place = _words(run[0]), _varying(run[0], run[1]) or 0
        words[place] = listed(_words(member)[place] for member in run)
        title = " ".join(words)
        name += f"..{run[-1][0].rpartition('-')[2]}"
    lead = f"   {page.padded(page.mark(MARKS[entry.effect]), 2)}{page.padded(name, margin)}"
    lead += f"{_LEVELS[result['level']]} "
    if problem:
        return page.edged(lead, title, _("problem {number}").format(number=problem))
    if len(run) > 1:
        return page.wrapped(title, lead)
    said = fact(result) if result["outcome"] == "unknown" else result["observed"]
    lines = page.wrapped(labelled(title, said), lead)
    return lines if len(lines) == 1 else page.wrapped(title, lead)
