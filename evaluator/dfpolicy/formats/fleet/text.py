"""The report on many clusters for a terminal: what blocks where, the worst clusters first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from dfpolicy.formats.base import Style
from dfpolicy.formats.configured import value
from dfpolicy.formats.fleet import words
from dfpolicy.formats.text_page import Page
from dfpolicy.formats.wording import names
from dfpolicy.i18n.columns import width
from dfpolicy.i18n.escaping import cleaned
from dfpolicy.i18n.language import _, _n, labelled, listed
from dfpolicy.report.fleet_shapes import (
    ClusterReport,
    Drift,
    FleetKind,
    FleetProblem,
    FleetReport,
)

# How much is shown without -v.
_CLUSTERS, _PROBLEMS, _KINDS, _DRIFT, _VALUES, _WAIVERS = 20, 10, 8, 8, 3, 5
_NAME = 30
_MARKS = {
    "error": ("✗", "red"),
    "do-not-deploy": ("✗", "red"),
    "blocked-on-some-nodes": ("✗", "red"),
    "cannot-tell": ("?", "red"),
    "deployable-with-losses": ("!", "yellow"),
    "deployable": ("✓", "green"),
}
_INDENT = "     "
_Entry = TypeVar("_Entry")


def render(report: FleetReport, style: Style) -> str:
    """Return the report in lines of 72 to 100 columns.

    `verbose` shows everything, `quiet` only the verdict and the clusters that do not exit with 0.
    """
    return "\n".join(_lines(cleaned(report), Page(style), style)) + "\n"


def _lines(report: FleetReport, page: Page, style: Style) -> Iterator[str]:
    told, meaning = words.headline(report), words.meaning(report)
    if meaning:
        told = _("{headline} - {meaning}").format(headline=told, meaning=meaning)
    look = "bold red" if report["exitCode"] else "bold green"
    lead, *rest = page.wrapped(told)
    yield page.painted(lead, look)
    yield from rest
    if style.quiet:
        yield from _clusters([one for one in report["clusters"] if one["exitCode"]], page, True)
        return
    yield from page.wrapped(words.nodes(report))
    for one in report.get("settings", ()):
        told = _("{text} ({place})").format(text=value(one), place=one["place"])
        yield from page.wrapped(labelled(one["key"], told))
    yield from _clusters(report["clusters"], page, style.verbose)
    yield from _problems(report, page, style.verbose)
    yield from _kinds(report, page, style.verbose)
    yield from _not_checked(report, page)
    yield from _drift(report, page, style.verbose)
    yield from _waivers(report, page, style.verbose)
    yield ""
    example = next((one["command"] for one in report["clusters"] if "command" in one), "")
    if example:
        yield from page.with_command(_("To see all of a cluster:"), example, "")
    yield from page.wrapped(words.exits(report))


def _clusters(clusters: Sequence[ClusterReport], page: Page, verbose: bool) -> Iterator[str]:
    """Yield the clusters as a table; without `verbose`, those that are alike on one line."""
    groups = [[one] for one in clusters] if verbose else words.alike(clusters)
    shown = groups if verbose else groups[:_CLUSTERS]
    if not shown:
        return
    labels = [names([one["name"] for one in group], 1) for group in shown]
    name = min(max(width(_("CLUSTERS")), *map(width, labels)), _NAME) + 4
    titles = [_(title) for title in words.FEATURES]
    columns = [
        max(width(title), *(width(words.cells(group[0])[place]) for group in shown)) + 2
        for place, title in enumerate(titles)
    ]
    yield ""
    head = page.columns(titles, columns)
    yield page.painted(_("CLUSTERS"), "bold") + " " * (name - width(_("CLUSTERS"))) + head
    for label, (cluster, *_others) in zip(labels, shown, strict=True):
        mark, look = _MARKS[cluster["state"]]
        lead = f" {page.painted(page.mark(mark), look)} {page.padded(label, name - 3)}"
        if "error" in cluster:
            yield lead + page.safe(words.state_of("error"))
            yield from page.wrapped(words.error(cluster), _INDENT)
            continue
        yield (lead + page.columns(words.cells(cluster), columns)).rstrip()
        yield from page.wrapped(_told(cluster), _INDENT)
    more = sum(map(len, groups[len(shown) :]))
    if more:
        told = _n("and {count} more cluster: -v", "and {count} more clusters: -v", more)
        yield from page.wrapped(told, "   ")


def _told(cluster: ClusterReport) -> str:
    problem = words.first_problem(cluster)
    state = words.state_of_cluster(cluster)
    return labelled(state, problem) if problem else state


def _problems(report: FleetReport, page: Page, verbose: bool) -> Iterator[str]:
    problems = report["problems"]
    if not problems:
        return

    def lines_of(problem: FleetProblem) -> Iterator[str]:
        mark, look = ("✗", "red") if problem["effect"] == "blocks" else ("!", "yellow")
        lines = page.edged(_INDENT, problem["title"], listed(problem["ids"][:2]))
        yield f"   {page.painted(page.mark(mark), look)} {lines[0][len(_INDENT) :]}"
        yield from lines[1:]
        yield from page.wrapped(words.places(problem, 20 if verbose else 4), _INDENT)

    def more(count: int) -> str:
        return _n("and {count} more problem: -v", "and {count} more problems: -v", count)

    yield from _heading(_("PROBLEMS"), page)
    yield from _first(problems, None if verbose else _PROBLEMS, lines_of, more, page, _INDENT)


def _kinds(report: FleetReport, page: Page, verbose: bool) -> Iterator[str]:
    kinds = report["kinds"]
    if not kinds:
        return
    titles = [_("nodes"), _("blocked"), _("Tracing"), _("Go/TLS*"), _("Profiling")]
    widths = [width(title) + 2 for title in titles]

    def lines_of(kind: FleetKind) -> Iterator[str]:
        cells = [str(kind["nodes"]), str(kind["blocked"]), *words.supports(kind)]
        lead = "   " + "".join(
            page.padded(cell, size) for cell, size in zip(cells, widths, strict=True)
        )
        yield from page.wrapped(labelled(words.system(kind), names(kind["clusters"])), lead)

    def more(count: int) -> str:
        return _n("and {count} more kind: -v", "and {count} more kinds: -v", count)

    yield ""
    about = _("what the kernels support, whatever else blocks")
    yield page.painted(_("KINDS OF NODES"), "bold") + page.safe(f"  {about}")
    yield "   " + page.columns([*titles, _("system")], [*widths, 1])
    yield from _first(kinds, None if verbose else _KINDS, lines_of, more, page)


def _not_checked(report: FleetReport, page: Page) -> Iterator[str]:
    questions = words.open_questions(report)
    if not questions:
        return
    yield from _heading(_("NOT CHECKED"), page)
    for what, count, clusters in questions:
        told = labelled(
            what,
            _("{requirements} in {clusters}").format(
                requirements=words.not_checked(count), clusters=words.clusters_of(clusters)
            ),
        )
        yield from page.wrapped(told, "   ")
    command = words.to_check(report)
    if command:
        yield from page.with_command(_("To collect them:"), command, "   ")


def _drift(report: FleetReport, page: Page, verbose: bool) -> Iterator[str]:
    entries = report["drift"]
    shared = words.shared(report["shared"])
    if not entries and not shared:
        return
    yield from _heading(_("DRIFT"), page)
    for told in shared:
        yield from page.wrapped(told, f"   {page.mark('✗')} ")

    def lines_of(one: Drift) -> Iterator[str]:
        yield from page.wrapped(words.setting(one), "   ")
        yield from _first(
            words.values(one),
            None if verbose else _VALUES,
            lambda pair: page.wrapped(_value_of(one, *pair), _INDENT),
            lambda count: _n("and {count} more value: -v", "and {count} more values: -v", count),
            page,
            _INDENT,
        )

    def more(count: int) -> str:
        return _n("and {count} more setting: -v", "and {count} more settings: -v", count)

    yield from _first(entries, None if verbose else _DRIFT, lines_of, more, page)


def _value_of(one: Drift, value: str, clusters: str) -> str:
    # Elsewhere a comma can be part of the value.
    if one["setting"].endswith((".add", ".drop")):
        value = listed(value.split(", "))
    return _("{text}  ({place})").format(text=value, place=clusters)


def _waivers(report: FleetReport, page: Page, verbose: bool) -> Iterator[str]:
    entries = words.idle_waivers(report)
    if not entries:
        return
    yield from _heading(_("WAIVERS TO REVIEW"), page)
    yield from _first(
        entries,
        None if verbose else _WAIVERS,
        lambda told: page.wrapped(told, "   "),
        lambda count: _("and {count} more").format(count=count),
        page,
    )


def _first(
    entries: Sequence[_Entry],
    most: int | None,
    lines_of: Callable[[_Entry], Iterable[str]],
    more: Callable[[int], str],
    page: Page,
    lead: str = "   ",
) -> Iterator[str]:
    """Yield the lines of the first entries, all without `most`, then how many more there are."""
    shown = entries[:most]
    for one in shown:
        yield from lines_of(one)
    if len(entries) > len(shown):
        yield from page.wrapped(more(len(entries) - len(shown)), lead)


def _heading(text: str, page: Page) -> Iterable[str]:
    return ("", page.painted(text, "bold"))
