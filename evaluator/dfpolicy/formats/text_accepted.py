"""What waivers and the baseline accept, as a section of the text report."""

from __future__ import annotations

from collections.abc import Iterator

from dfpolicy.formats.content import abridged, acceptance
from dfpolicy.formats.losses import loss
from dfpolicy.formats.text_page import Page
from dfpolicy.formats.wording import titled
from dfpolicy.i18n.language import _, _n
from dfpolicy.model import AcceptedProblem, Verdict

# What costs nothing, and further problems, are only in a verbose report.
_PROBLEMS, _REASON = 5, 90


def accepted(verdict: Verdict, page: Page, verbose: bool) -> Iterator[str]:
    """Yield a line for each problem: its requirement, what is wrong, until when and why."""
    found = verdict.get("accepted", [])
    shown = found if verbose else [one for one in found if one["effect"] != "note"]
    if not shown:
        return
    yield ""
    # A baseline has no reason and no end, so all of it has the same line.
    baseline = not any("waiver" in one for one in shown)
    title = page.painted(_("ACCEPTED"), "bold")
    yield f"{title}  {page.safe(acceptance(shown[0]))}" if baseline else title
    for one in shown if verbose else shown[:_PROBLEMS]:
        yield from page.wrapped(_told(one, verdict, verbose, baseline), f"  {page.mark('~')} ")
    more = len(shown) - _PROBLEMS
    if more > 0 and not verbose:
        told = _n("and {count} more problem: -v", "and {count} more problems: -v", more)
        yield from page.wrapped(told, "    ")


def _told(one: AcceptedProblem, verdict: Verdict, verbose: bool, baseline: bool) -> str:
    parts = [f"{one['ids'][0]} {titled(one)}"]
    if verbose:
        lost = loss(one, verdict)
        parts += [_("lost: {features}").format(features=lost)] if lost else []
    if not baseline:
        parts.append(acceptance(one) if verbose else _until(one))
    return _("; ").join(parts)


def _until(one: AcceptedProblem) -> str:
    if "waiver" not in one:
        return acceptance(one)
    terms = one["waiver"]
    return _("until {date}: {reason}").format(
        date=terms["expires"], reason=abridged(terms["reason"], _REASON)
    )
