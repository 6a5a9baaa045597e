"""The report for a person: can I deploy, what do I lose, what do I change.

Its length is limited, whatever the number of nodes and findings: equal nodes are one kind, all
results of one cause are one problem, and what does not fit is counted. `verbose` lists everything,
`quiet` only the verdict and what blocks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dfpolicy.formats import text_head, text_problems, text_verbose
from dfpolicy.formats.base import Style
from dfpolicy.formats.configured import configured
from dfpolicy.formats.content import idle_waivers, terms, waiver_name
from dfpolicy.formats.headline import both, exits, headline, meaning, totals
from dfpolicy.formats.node_matrix import COLUMNS, Matrix, Row, matrix, once_fixed
from dfpolicy.formats.text_accepted import accepted
from dfpolicy.formats.text_page import Page
from dfpolicy.formats.wording import open_requirements, requirement_ids, titled
from dfpolicy.i18n.columns import width
from dfpolicy.i18n.language import _, _n, labelled, listed, marked
from dfpolicy.model import INFORMANTS, Informant, Report, Verdict
from dfpolicy.report.subjects import described

_LOOKS = {
    "deployable": "bold",
    "deployable-with-losses": "bold yellow",
    "blocked-on-some-nodes": "bold red",
    "do-not-deploy": "bold red",
    "cannot-tell": "bold red",
}
_NAMES: dict[Informant, str] = {
    "nodes": marked("nodes"),
    "cluster": marked("cluster"),
    "server": marked("server"),
}
_LABEL, _COUNT, _CELL = 33, 5, 9
_WAIVERS = 5
_FACT_LINES = 2
_UNJUDGED = 3
# The length of the report, and the number of lines that problems always have.
_LINES, _LEAST, _LOSSES = 62, 22, 8
_VERBOSE_LINES = 158
# The lines of what to change.
_LEAST_CHANGES, _MOST_CHANGES, _VERBOSE_CHANGES = 13, 20, 36


def render(report: Report, style: Style) -> str:
    """Return the report as lines of 72 to 100 columns, in the language in force.

    Longer words, such as paths and commands, stay whole.
    """
    page = Page(style)
    verdict = report["verdict"]
    lines = _quiet(report, page) if style.quiet else _full(report, page, style.verbose)
    return "\n".join([*_verdict(verdict, page), *lines]) + "\n"


def _verdict(verdict: Verdict, page: Page) -> list[str]:
    said = headline(verdict)
    told = _("{headline} - {meaning}").format(headline=said, meaning=meaning(verdict))
    first, *others = page.wrapped(told, indent=0)
    if not first.startswith(page.safe(said)):
        return [first, *others]
    painted = page.painted(said, _LOOKS[verdict["state"]])
    return [painted + first[len(page.safe(said)) :], *others]


def _quiet(report: Report, page: Page) -> Iterator[str]:
    verdict = report["verdict"]
    # A file that nobody named can make the verdict milder.
    settings = listed(configured(report))
    if settings:
        yield from page.wrapped(labelled(_("settings"), settings))
    for problem in verdict["problems"]:
        if problem["effect"] == "blocks":
            told = page.safe(titled(problem))
            ids = requirement_ids(problem)
            lead = f"{problem['number']:2} {page.mark('✗')} "
            gap = max(page.width - width(lead) - width(told) - width(page.safe(ids)), 2)
            yield f"{lead}{told}{' ' * gap}{page.safe(ids)}"
    if verdict["state"] != "cannot-tell":
        return
    asked = verdict["notChecked"]
    parts = [
        f"{_(_NAMES[name])} {len(asked[name]['ids'])}" for name in INFORMANTS if asked[name]["ids"]
    ]
    commands = verdict["next"].get("check", [])
    told = f" ? {page.safe(listed(parts))}"
    if len(commands) == 1:
        of_server = verdict["next"].get("server", [])
        check = _("to check them: {command}").format(command=_("; ").join([*commands, *of_server]))
        told += f"    {page.safe(check)}"
    yield told


def _full(report: Report, page: Page, verbose: bool) -> list[str]:
    verdict = report["verdict"]
    above = ["", *text_head.head(report, page, verbose)]
    matrix_ = [*_matrix(verdict, page)]
    accepted_ = [*accepted(verdict, page, verbose)]
    after = [*_waivers(report, page, verbose), *_not_checked(verdict, page, verbose)]
    end = [
        "",
        *page.wrapped(both(totals(verdict), exits(verdict))),
        *_closing(report, page, verbose),
    ]
    free = _LINES - len(above) - len(accepted_) - len(matrix_) - len(after) - len(end)
    most = _VERBOSE_CHANGES if verbose else max(min(free - _LEAST, _MOST_CHANGES), _LEAST_CHANGES)
    changed = [*_changes(verdict, page, most)]
    room = max(free - len(changed), _LEAST)
    problems = [*_problems(verdict, page, None if verbose else room)]
    if not verbose:
        return [*above, *problems, *accepted_, *matrix_, *changed, *after, *end]
    used = len(above) + len(problems) + len(accepted_) + len(matrix_) + len(after) + len(end)
    more = text_verbose.sections(report, page, _VERBOSE_LINES - used - len(changed))
    excess = used + len(changed) + len(more) - _VERBOSE_LINES
    if excess > 0:
        changed = [*_changes(verdict, page, max(len(changed) - 2 - excess, _LEAST_CHANGES))]
    return [*above, *problems, *accepted_, *matrix_, *changed, *after, *more, *end]


def _problems(verdict: Verdict, page: Page, room: int | None) -> Iterator[str]:
    for effect, title, look in (
        ("blocks", _("BLOCKS"), "bold red"),
        ("loses", _("LOSES"), "bold yellow"),
    ):
        problems = [one for one in verdict["problems"] if one["effect"] == effect]
        if not problems:
            continue
        # Losses always have a few lines, however many problems block.
        others = len(problems) < len(verdict["problems"])
        kept = _LOSSES if effect == "blocks" and others else 0
        share = None if room is None else room - 2 - kept
        lines = text_problems.section(problems, verdict, page, share)
        yield ""
        yield page.painted(title, look)
        yield from lines
        room = None if room is None else room - 2 - len(lines)


def _matrix(verdict: Verdict, page: Page) -> Iterator[str]:
    found = matrix(verdict)
    if found is None:
        return
    titles = [_(name) for name in COLUMNS]
    longest = max(width(page.safe(row.label)) for row in found.then) + (5 if found.now else 3)
    # Long labels come closer to the columns, and these to each other.
    for gap in (2, 1):
        widths = _widths(titles, found, gap)
        most = page.width - _COUNT - 2 - sum(widths)
        if longest <= most:
            break
    label = min(max(_LABEL, longest), most)
    yield ""

    def line(name: str, count: str, cells: Sequence[str]) -> list[str]:
        """Return one line, or two if the columns leave too little room for the name."""
        shown = _count(count, page) + (page.columns(cells, widths) if cells else "")
        name = page.safe(name)
        if width(name) >= label:
            return [name, (" " * label + shown).rstrip()]
        return [(page.padded(name, label) + shown).rstrip()]

    def row_of(row: Row, indent: str) -> list[str]:
        return line(indent + row.label, str(row.nodes), row.cells)

    for head in line(_("WHAT EACH NODE GETS"), _("nodes"), titles):
        yield page.painted(head, "bold")

    if found.now:
        yield from row_of(found.now, "  ")
        yield page.safe("  " + once_fixed(verdict))
    for row in found.then:
        yield from row_of(row, "    " if found.now else "  ")
    yield from _legend(found, page)


def _legend(found: Matrix, page: Page) -> Iterator[str]:
    if found.accepted:
        yield page.safe("  " + _("~: lost by an accepted problem."))
    legend = _("yes: nothing found against it, see NOT CHECKED. * off by default. Per node:")
    yield from page.with_command(legend, "dfpolicy features", "  ")


def _widths(titles: Sequence[str], found: Matrix, gap: int) -> tuple[int, ...]:
    """Return the width of each column with a gap after it, the last one without."""
    rows = [*([found.now] if found.now else []), *found.then]
    cells = zip(*(row.cells for row in rows if row.cells), strict=True)
    widths = [
        max(width(title), *map(width, column)) for title, column in zip(titles, cells, strict=True)
    ]
    return (*(max(one + gap, _CELL) for one in widths[:-1]), widths[-1])


def _count(text: str, page: Page) -> str:
    shown = page.safe(text)
    return " " * max(_COUNT - width(shown), 0) + shown + "  "


def _changes(verdict: Verdict, page: Page, room: int) -> Iterator[str]:
    if not verdict["changes"] and "proposal" not in verdict:
        return
    # Most runs of a hook find nothing.
    from dfpolicy.formats import text_changes

    yield ""
    yield page.painted(_("CHANGE"), "bold")
    yield from text_changes.changes(verdict, page, room)
    accept = verdict["next"].get("accept", [])
    if accept:
        yield from page.wrapped(_("Or accept what blocks on these nodes only:"), "  ")
        for command in accept[:3]:
            yield page.safe(f"       {command}")


def _waivers(report: Report, page: Page, verbose: bool) -> Iterator[str]:
    """Waivers to review: expired ones, and those that are not needed."""
    idle = idle_waivers(report)
    if not idle:
        return
    yield ""
    yield page.painted(_("WAIVERS"), "bold")
    for waiver, _state, meaning_ in idle if verbose else idle[:_WAIVERS]:
        told = _("{text} ({place})").format(
            text=f"{waiver_name(waiver)} {meaning_}",
            place=f"{waiver['file']}:{waiver['line']}",
        )
        yield from page.wrapped(told, "  - ")
        if verbose:
            yield from page.wrapped(terms(waiver), "    ")
    if len(idle) > _WAIVERS and not verbose:
        yield page.safe("    " + _("and {count} more").format(count=len(idle) - _WAIVERS))


def _not_checked(verdict: Verdict, page: Page, verbose: bool) -> Iterator[str]:
    asked = verdict["notChecked"]
    if not asked["requirements"]:
        return
    title = _("NOT CHECKED")
    told = open_requirements(verdict)
    if not verdict["nodes"]["read"] and asked["nodes"]["ids"]:
        told = labelled(told, _("manifests alone cannot answer them"))
    yield ""
    first, *others = page.wrapped(told, f"{title}  ", 2)
    yield page.painted(title, "bold") + first[len(page.safe(title)) :]
    yield from others
    margin = max(width(_(name)) for name in _NAMES.values()) + 1
    for name in INFORMANTS:
        questions = asked[name]
        if not questions["ids"]:
            continue
        lead = f"  {page.padded(_(_NAMES[name]), margin)}{len(questions['ids']):3}   "
        # A fact may contain commas.
        facts = _("; ").join(questions["facts"])
        lines = page.wrapped(facts, lead)
        if len(lines) > _FACT_LINES and not verbose:
            lines = _some_facts(questions["facts"], lead, page)
        yield from lines
    yield from _commands(verdict, page)


def _some_facts(facts: list[str], lead: str, page: Page) -> list[str]:
    """Return the facts that fit on two lines, and the number of the others."""
    for count in range(len(facts) - 1, 0, -1):
        told = _n(
            "{items}; and {count} more fact",
            "{items}; and {count} more facts",
            len(facts) - count,
            items=_("; ").join(facts[:count]),
        )
        lines = page.wrapped(told, lead)
        if len(lines) <= _FACT_LINES:
            return lines
    return page.wrapped(facts[0], lead)


def _commands(verdict: Verdict, page: Page) -> Iterator[str]:
    check = verdict["next"].get("check", [])
    if len(check) == 1:
        yield from page.with_command(_("To check them against your cluster:"), check[0], "  ")
    elif check:
        told = _("To check them, run the first on the host, the second here:")
        yield from page.wrapped(told, "  ")
        yield from (page.safe(f"      {command}") for command in check)
    for command in verdict["next"].get("server", []):
        yield from page.with_command(_("To answer the rest:"), command, "  ")
    elsewhere = verdict["next"].get("elsewhere", [])
    if not elsewhere or verdict["counts"]["blocks"]:
        return
    told = _("No cluster access here? Run this where there is, and bring facts.yaml back:")
    yield from page.wrapped(told, "  ")
    yield from (page.safe(f"      {command}") for command in elsewhere)


def _closing(report: Report, page: Page, verbose: bool) -> Iterator[str]:
    ignored = report["summary"]["ignored"]
    if ignored:
        yield from page.wrapped(
            _n(
                "{count} document without apiVersion and kind was skipped.",
                "{count} documents without apiVersion and kind were skipped.",
                ignored,
            )
        )
    yield from _unjudged(report, page)
    problems = report["verdict"]["problems"]
    if problems and not report["exitCode"] and not verbose:
        told = _("Details of one: {command}.  All requirements: -v.")
        command = f"dfpolicy explain {problems[0]['ids'][0]}"
        yield from page.wrapped(told.format(command=command))


def _unjudged(report: Report, page: Page) -> Iterator[str]:
    unjudged = report.get("unjudged", [])
    for entry in unjudged[:_UNJUDGED]:
        told = _("Not judged: {name}.").format(name=described(entry["subject"]))
        if entry["command"]:
            told = _("Not judged: {name}. To judge what it installs:").format(
                name=described(entry["subject"])
            )
            yield from page.with_command(told, entry["command"], "")
        else:
            yield from page.wrapped(told)
    left = len(unjudged) - _UNJUDGED
    if left > 0:
        yield from page.wrapped(_("and {count} more").format(count=left))
