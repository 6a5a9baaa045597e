"""The changes between two reports as text: whether it got worse, and each requirement's change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from dfpolicy.formats.base import Style
from dfpolicy.formats.headline import counted, state_words
from dfpolicy.formats.text_page import Page
from dfpolicy.formats.wording import spot
from dfpolicy.i18n.columns import width
from dfpolicy.i18n.language import _, _n, clauses, labelled, marked
from dfpolicy.model import Change, Comparison, Effect, ReportFacts, RequirementChange, Result

CONDITIONS = (marked("mode"), marked("profile"), marked("bundle"))
_WORDS: dict[Effect, str] = {
    "blocks": marked("blocks"),
    "loses": marked("loses"),
    "note": marked("note"),
    "not-checked": marked("not checked"),
    "accepted": marked("accepted"),
    "met": marked("met"),
}
_EARLIER: dict[Effect, str] = {
    "blocks": marked("blocked before"),
    "loses": marked("was a loss"),
    "note": marked("was a note"),
    "not-checked": marked("was not checked"),
    "accepted": marked("was accepted"),
    "met": marked("was met"),
}
_MARKS: dict[Change, tuple[str, str]] = {
    "blocks": ("✗", "red"),
    "loses": ("!", "yellow"),
    "worse": ("-", ""),
    "better": ("✓", ""),
}
_INDENT = " " * 18
# The number of lines without -v.
_LINES = 30


def render(comparison: Comparison, style: Style) -> str:
    """Return the changes as at most 30 lines; `verbose` lists every requirement and change."""
    page = Page(style)
    above = [*_head(comparison, page)]
    below = [*_others(comparison, page, style.verbose)]
    room = None if style.verbose else _LINES - len(above) - len(below)
    return "\n".join([*above, *_worse(comparison, page, room), *below]) + "\n"


def sentence(comparison: Comparison) -> str:
    """Return the sentence that says whether it got worse."""
    counts = {name: len(_of(comparison, name)) for name in ("blocks", "loses", "worse", "better")}
    if counts["blocks"]:
        told = _n(
            "WORSE - {count} requirement newly blocks.",
            "WORSE - {count} requirements newly block.",
            counts["blocks"],
        )
    elif freed := sum(one["before"] == "blocks" for one in _of(comparison, "better")):
        told = _n(
            "BETTER - {count} requirement no longer blocks; {losses}.",
            "BETTER - {count} requirements no longer block; {losses}.",
            freed,
            losses=_n("{count} newly loses", "{count} newly lose", counts["loses"]),
        )
    elif counts["loses"]:
        told = _n(
            "WORSE - {count} requirement newly loses.",
            "WORSE - {count} requirements newly lose.",
            counts["loses"],
        )
    elif counts["better"]:
        told = _n(
            "BETTER - {count} requirement improved; nothing newly blocks or is lost.",
            "BETTER - {count} requirements improved; nothing newly blocks or is lost.",
            counts["better"],
        )
    else:
        told = _("SAME - nothing newly blocks or is lost.")
    code = 1 if comparison["regressions"] else 0
    return _("{first} {second}").format(first=told, second=_("Exit {code}.").format(code=code))


def _head(comparison: Comparison, page: Page) -> Iterator[str]:
    yield from page.wrapped(sentence(comparison))
    yield ""
    sides = [(_("before"), comparison["old"]), (_("now"), comparison["new"])]
    margin = max(width(label) for label, _facts in sides) + 2
    names = [page.safe(facts["source"]) for _label, facts in sides]
    states = [page.safe(state_words(facts["state"], facts["soFar"])) for _label, facts in sides]
    margins = max(map(width, names)) + 2, max(map(width, states)) + 2
    for (label, facts), name, state in zip(sides, names, states, strict=True):
        lead = page.padded(label, margin)
        numbers = clauses(_counted(facts))
        told = page.padded(name, margins[0]) + page.padded(state, margins[1]) + numbers
        yield from [lead + told] if width(lead + told) <= page.width else page.wrapped(told, lead)
    for told in notes(comparison):
        yield from page.wrapped(told, "  !  ")


def _counted(facts: ReportFacts) -> list[str]:
    counts = facts["counts"]
    return [
        counted("blocks", counts["blocks"]),
        counted("loses", counts["loses"]),
        counted("not-checked", counts["notChecked"]),
    ]


def notes(comparison: Comparison) -> Iterator[str]:
    """Yield the conditions that differ, which make the two reports hard to compare."""
    old: dict[str, object] = {**comparison["old"]}
    new: dict[str, object] = {**comparison["new"]}
    for name in CONDITIONS:
        if old[name] != new[name]:
            told = _("{name} was {old}, is now {new}")
            yield told.format(name=_(name), old=old[name], new=new[name])


def _worse(comparison: Comparison, page: Page, room: int | None) -> Iterator[str]:
    """Yield the requirements that newly block or lose, each with its fix if there is room."""
    sections: list[tuple[Change, str, list[RequirementChange]]] = [
        ("blocks", _("NEWLY BLOCK"), _of(comparison, "blocks")),
        ("loses", _("NEWLY LOSE"), _of(comparison, "loses")),
    ]
    left, losing = room, sections[1][2]
    for change, title, found in sections:
        if not found:
            continue
        heads = [_line(one, page) for one in found]
        fixes = [page.wrapped(_fix(one), " " * 5) for one in found]
        yield ""
        yield page.painted(title, "bold") + page.safe(f"  {len(found)}")
        # Keep room for the heading of the losses, their first line, and the number of the others.
        later = 3 + len(_line(losing[0], page)) if change == "blocks" and losing else 0
        left = None if left is None else left - 2
        for number, head in enumerate(heads):
            rest = len(heads) - number - 1
            if left is not None and left - later < len(head) + (rest > 0):
                yield page.safe(" " * 3 + _("and {count} more: -v").format(count=rest + 1))
                left -= 1
                break
            yield from head
            left = None if left is None else left - len(head)
            # Show a fix only if there is room for all requirements after it.
            behind = later + sum(map(len, heads[number + 1 :]))
            if left is None or len(fixes[number]) <= left - behind:
                yield from fixes[number]
                left = None if left is None else left - len(fixes[number])


def _line(one: RequirementChange, page: Page) -> list[str]:
    result = one["new"][0]
    mark, look = _MARKS[one["change"]]
    nodes = sum(entry["subject"]["kind"] == "Node" for entry in one["new"])
    now = _found(one["new"])
    if nodes > 1:
        now = _n("{count} node: {title}", "{count} nodes: {title}", nodes, title=now)
    place = "" if nodes else spot(result.get("location"))

    def told(before: str) -> list[str]:
        text = _("{before} -> {after}").format(before=before, after=now)
        return page.edged(_INDENT, text, place) if place else page.wrapped(text, _INDENT)

    lines = told(_before(one["before"]))
    if one["before"] == "met" and one["earlier"]:
        # The earlier finding says more. Omit it if it needs another line.
        longer = told(one["earlier"])
        lines = longer if len(longer) <= len(lines) else lines
    lead = f" {page.painted(page.mark(mark), look)} {one['id']:<14} "
    return [lead + lines[0][len(_INDENT) :], *lines[1:]]


def _found(results: Sequence[Result]) -> str:
    """Return the most frequent finding, and the number of other findings."""
    found = Counter(result["observed"] for result in results).most_common()
    if len(found) == 1:
        return found[0][0]
    return _n(
        "{found}, and {count} more finding",
        "{found}, and {count} more findings",
        len(found) - 1,
        found=found[0][0],
    )


def _fix(one: RequirementChange) -> str:
    return _("Fix: {text}").format(text=one["new"][0]["remediation"])


def _before(effect: Effect | None) -> str:
    if effect is None:
        return _("was absent")
    return _(_EARLIER[effect])


def _others(comparison: Comparison, page: Page, verbose: bool) -> Iterator[str]:
    for change, title in (("worse", _("NEWLY OPEN")), ("better", _("BETTER"))):
        found = [one for one in comparison["requirements"] if one["change"] == change]
        if not found:
            continue
        yield ""
        yield page.painted(title, "bold") + page.safe(f"  {len(found)}")
        mark, look = _MARKS["worse" if change == "worse" else "better"]
        groups: dict[tuple[Effect | None, Effect | None], list[str]] = {}
        for one in found:
            groups.setdefault((one["before"], one["after"]), []).append(one["id"])
        for (before, after), ids in groups.items():
            now = _(_WORDS[after]) if after else _("absent")
            told = _("{before} -> {after}").format(before=_before(before), after=now)
            lead = f" {page.painted(page.mark(mark), look) if look else page.mark(mark)} "
            shown = ids if verbose else ids[:12]
            more = [_("and {count} more").format(count=len(ids) - 12)] if shown != ids else []
            yield from page.wrapped(labelled(told, " ".join([*shown, *more])), lead, 5)
    yield ""
    yield from page.wrapped(_same(comparison, verbose))


def _same(comparison: Comparison, verbose: bool) -> str:
    same = _of(comparison, "same")
    groups: dict[Effect | None, list[str]] = {}
    for one in same:
        groups.setdefault(one["after"], []).append(one["id"])
    parts = []
    for effect in ("blocks", "loses", "met", "not-checked", "note", "accepted"):
        ids = groups.get(effect, [])
        if ids:
            told = counted(effect, len(ids))
            named = (effect in ("blocks", "loses") and (verbose or len(ids) <= 3)) or verbose
            parts.append(f"{told} ({' '.join(ids)})" if named else told)
    return _("SAME  {same} of {count}: {parts}.").format(
        same=len(same), count=len(comparison["requirements"]), parts=clauses(parts)
    )


def _of(comparison: Comparison, change: str) -> list[RequirementChange]:
    return [one for one in comparison["requirements"] if one["change"] == change]
