"""What formats for machines say about a requirement: its worst results, equal ones merged."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from dfpolicy.formats.content import STDIN, acceptance, page, place
from dfpolicy.formats.losses import lost_by
from dfpolicy.formats.wording import names
from dfpolicy.i18n.language import _, _n, clauses, labelled, marked
from dfpolicy.model import Location, Report, Result
from dfpolicy.report.effects import Requirement, is_accepted
from dfpolicy.report.merging import merged
from dfpolicy.report.problems import natural
from dfpolicy.report.questions import fact
from dfpolicy.report.subjects import described

_FOUND = 3


def title(entry: Requirement) -> str:
    """Return id and title."""
    return f"{entry.first['id']} {entry.first['title']}"


def told(entry: Requirement) -> list[tuple[str, str]]:
    """Return what a person needs to know, as (label, text); labels are English.

    Only the first three different results are described; the others are counted.
    """
    groups = merged(entry.results, ("observed", "expected", "waiver"))
    lines = []
    for results in groups[:_FOUND]:
        lines += _finding(results)
    if len(groups) > _FOUND:
        more = len(groups) - _FOUND
        lines.append(
            (marked("found"), _n("and {count} more finding", "and {count} more findings", more))
        )
    first = entry.results[0]
    if entry.effect == "not-checked":
        lines.append((marked("run"), first["collect"]))
    elif first["outcome"] == "violation":
        if first["impact"]:
            lines.append((marked("lost"), lost_by(first)))
        lines.append((marked("fix"), first["remediation"]))
    link = page(first)
    lines.append((marked("more"), link or f"dfpolicy explain {first['id']}"))
    return lines


def account(entry: Requirement) -> str:
    """Return what a person needs to know, as lines `label: text`."""
    return "\n".join(labelled(_(label), text) for label, text in told(entry))


def summary(entry: Requirement) -> str:
    """Return what was found, or what was not checked, in one line."""
    first = entry.results[0]
    if first["outcome"] == "unknown":
        return _("not checked: {fact}").format(fact=fact(first))
    different = len({result["observed"] for result in entry.results})
    if different == 1:
        return first["observed"]
    return _n(
        "{found}, and {count} more finding",
        "{found}, and {count} more findings",
        different - 1,
        found=first["observed"],
    )


def accepted(entry: Requirement) -> str:
    """Return why it does not count."""
    return acceptance(entry.results[0])


def locations(results: Sequence[Result], limit: int) -> list[Result]:
    """Return one result for each place in the input, at most `limit`; those without one last."""
    found: dict[object, Result] = {}
    for result in results:
        where = result.get("location")
        key = (where["file"], where["line"]) if where else None
        found.setdefault(key, result)
    nowhere = [found.pop(None)] if None in found else []
    return [*found.values(), *([] if found else nowhere)][:limit]


def fingerprint(entry: Requirement) -> str:
    """Return a digest of the requirement and its objects, without lines, texts and nodes.

    Nodes come and go: a finding on one more node is still the same finding.
    """
    objects = sorted({_object(result) for result in entry.results})
    return sha256("\n".join([entry.first["id"], *objects]).encode()).hexdigest()


def not_checked_place(report: Report) -> Location:
    """Return the place to show for what was not checked: that of the first agent."""
    for result in report["results"]:
        if "location" in result and result["location"]["file"] != STDIN:
            return result["location"]
    return {"file": STDIN, "document": 1, "line": 1}


def _object(result: Result) -> str:
    subject = result["subject"]
    if subject["kind"] == "Node":
        return "Node"
    parts = ("apiVersion", "kind", "namespace", "name", "container")
    return "\0".join(str(subject.get(part, "")) for part in parts)


def _finding(results: Sequence[Result]) -> list[tuple[str, str]]:
    first = results[0]
    lines = [(marked("where"), _where(results))]
    if is_accepted(first):
        lines.append((marked("accepted"), acceptance(first)))
    lines.append((marked("found"), first["observed"]))
    if first["outcome"] == "violation":
        lines.append((marked("must be"), first["expected"]))
    return lines


def _where(results: Sequence[Result]) -> str:
    nodes = [one["subject"]["name"] for one in results if one["subject"]["kind"] == "Node"]
    if len(nodes) == len(results) > 1:
        few = names(sorted(nodes, key=natural))
        return _n("{count} node: {names}", "{count} nodes: {names}", len(nodes), names=few)
    shown = [_spot(result) for result in results[:3]]
    more = len(results) - len(shown)
    if more:
        shown.append(_("and {count} more").format(count=more))
    return _("; ").join(shown)


def _spot(result: Result) -> str:
    where = place(result)
    named = described(result["subject"])
    return clauses(filter(None, (named, where)))
