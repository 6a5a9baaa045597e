"""The problems of the text report, numbered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dfpolicy.formats.losses import loss, lost, lost_features
from dfpolicy.formats.text_page import Page
from dfpolicy.formats.wording import MOST_IDS, names, requirement_ids, spot, system, titled
from dfpolicy.i18n.language import _, _n, labelled
from dfpolicy.model import Problem, ProblemFinding, Verdict
from dfpolicy.report.problems import natural, on_some_nodes

MARKS = {"blocks": ("✗", "red"), "loses": ("!", "yellow")}
_INDENT = " " * 5
# A reader who needs more uses -v, or fixes the first ones first.
_FINDINGS = 3
_KINDS = 2


def section(
    problems: Sequence[Problem], verdict: Verdict, page: Page, room: int | None
) -> list[str]:
    """Return the problems on about `room` lines; None means no limit.

    If they do not fit in full, the last ones only say where and what is lost, or are counted.
    """
    heads = [headline(problem, page) for problem in problems]
    bodies = [[*_body(problem, verdict, page)] for problem in problems]
    if room is None:
        return [line for pair in zip(heads, bodies, strict=True) for part in pair for line in part]
    briefs = [page.wrapped(_brief(problem, verdict), _INDENT) for problem in problems]
    # What each problem costs comes before details, and these for the first problem first.
    shown = 0
    for head, brief in zip(heads, briefs, strict=True):
        needed = len(head) + len(brief)
        if shown and room < needed + 1:
            break
        room -= needed
        shown += 1
    full = 0
    for body, brief in zip(bodies[:shown], briefs, strict=False):
        # A line says where the details are.
        if room < len(body) - len(brief) + (full + 1 < len(problems)):
            break
        room -= len(body) - len(brief)
        full += 1
    told = [*bodies[:full], *briefs[full:shown]]
    lines = [line for pair in zip(heads, told, strict=False) for part in pair for line in part]
    if shown < len(problems):
        lines += page.wrapped(_more(len(problems) - shown), _INDENT)
    elif full < shown:
        lines += page.wrapped(_("details: -v"), _INDENT)
    return lines


def headline(problem: Problem, page: Page) -> list[str]:
    """Return number, mark and title, and the requirements at the right."""
    mark, look = MARKS[problem["effect"]]
    number = page.painted(f"{problem['number']:2}", "bold")
    lead = f"{number} {page.painted(page.mark(mark), look)} "
    lines = page.edged(_INDENT, titled(problem), requirement_ids(problem))
    return [lead + lines[0][len(_INDENT) :], *lines[1:]]


def _more(count: int) -> str:
    return _n("and {count} more problem: -v", "and {count} more problems: -v", count)


def _brief(problem: Problem, verdict: Verdict) -> str:
    """Return in one line where the problem is, and what is lost."""
    kinds = verdict["nodes"]["kinds"]
    if on_some_nodes(problem):
        having = [name for at in problem["nodes"]["kinds"] for name in kinds[at]["names"]]
        where, features = names(sorted(having, key=natural)), lost_features(problem)
    else:
        where, features = spot(problem["findings"][0].get("location")), loss(problem, verdict)
    told = _("Lost: {features}.").format(features=features) if features else ""
    if not (where and told):
        return where or told
    return _("{where}. {lost}").format(where=where, lost=told)


def _body(problem: Problem, verdict: Verdict, page: Page) -> Iterator[str]:
    # If many requirements follow from one, the finding of that one says what is wrong.
    many = len(problem["ids"]) > MOST_IDS
    lead = problem["ids"][0]
    first, *others = [one for one in problem["findings"] if not many or one["id"] == lead]
    yield from page.wrapped(_placed(labelled(_("Must be"), first["expected"]), first), _INDENT)
    for finding in others[: _FINDINGS - 1]:
        # A finding that the title states is not repeated for another requirement.
        if finding["observed"] == problem["title"]:
            continue
        yield from page.wrapped(_placed(finding["observed"], finding, first), _INDENT)
    more = 0 if many else problem["differentFindings"] - _FINDINGS
    if more > 0:
        told = _n("and {count} more finding", "and {count} more findings", more)
        yield from page.wrapped(told, _INDENT)
    yield from _nodes(problem, verdict, page)
    yield from page.wrapped(lost(problem, verdict), _INDENT)


def _placed(text: str, finding: ProblemFinding, above: ProblemFinding | None = None) -> str:
    """Return the text and the place to change, unless the finding above has the same one.

    Facts that were collected from a node are not a place to change.
    """
    place = "" if finding["subject"]["kind"] == "Node" else spot(finding.get("location"))
    if not place or (above and place == spot(above.get("location"))):
        return text
    return _("{text} ({place})").format(text=text, place=place)


def _nodes(problem: Problem, verdict: Verdict, page: Page) -> Iterator[str]:
    if not on_some_nodes(problem):
        return
    kinds = [verdict["nodes"]["kinds"][position] for position in problem["nodes"]["kinds"]]
    for kind in kinds[:_KINDS]:
        known = system(kind)
        shown = names(kind["names"])
        if known:
            shown = _("{system}: {names}").format(system=known, names=shown)
        yield from page.wrapped(shown, _INDENT)
    more = len(kinds) - _KINDS
    if more > 0:
        told = _n("and {count} more kind of nodes", "and {count} more kinds of nodes", more)
        yield from page.wrapped(told, _INDENT)
