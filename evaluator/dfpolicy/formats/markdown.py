"""The report as Markdown: a job summary or a comment, for GitHub and GitLab.

Results that say the same share a row, and of one requirement only the first rows are shown.
A job summary may have 1 MiB; what would exceed it is left out, and the last line says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from dfpolicy.formats import features
from dfpolicy.formats.base import Style
from dfpolicy.formats.content import (
    abridged,
    cleaned,
    group_titles,
    idle_waivers,
    page,
    place,
    standing,
    terms,
)
from dfpolicy.formats.markup import code, folded, item, plain, prose, table
from dfpolicy.i18n.language import _, clauses, listed, marked, translate
from dfpolicy.model import LEVELS, FeatureRow, Report, Result, WaiverEntry
from dfpolicy.report.merging import merged
from dfpolicy.report.subjects import described

_HEADINGS = {
    "violation": marked("DeepFlow's requirements are violated"),
    "unknown": marked("It is unknown whether DeepFlow's requirements are met"),
    "pass": marked("DeepFlow's requirements are met"),
}
_NAMES_SHOWN = 3
_ROWS_SHOWN = 10
_GROUPS_SHOWN = 50
_MAX_BYTES = 900_000

# The header and the rows of a table.
Table = tuple[list[str], list[list[str]]]


def render(report: Report, style: Style) -> str:
    """Return the report as Markdown of GitHub's kind."""
    text = "\n".join(_shortened(_lines(cleaned(report)))) + "\n"
    return text if style.unicode else text.encode("ascii", "xmlcharrefreplace").decode()


def _lines(report: Report) -> Iterator[str]:
    yield from _head(report)
    by_standing: dict[str, list[Result]] = {}
    for result in report["results"]:
        by_standing.setdefault(standing(result), []).append(result)
    yield from _section(_("Violations"), by_standing.get("violation", []), _violation)
    yield from _section(_("Unknown"), by_standing.get("unknown", []), _unknown)
    yield from _section(_("Waived"), by_standing.get("waived", []), _waived)
    yield from _idle_waivers(report)
    yield from _remediations(by_standing.get("violation", []))
    yield from _features(report["features"])


def _shortened(lines: Iterable[str]) -> Iterator[str]:
    """The lines, from `_MAX_BYTES` on without rows and items, each of which is one line."""
    size = left_out = 0
    for line in lines:
        size += len(line.encode()) + 1
        if size > _MAX_BYTES and line.startswith(("| ", "- ")):
            left_out += 1
        else:
            yield line
    if left_out:
        told = _(
            "{count} lines are omitted; `dfpolicy convert` writes all lines of a stored report."
        )
        yield told.format(count=left_out)


def _head(report: Report) -> Iterator[str]:
    summary = report["summary"]
    mode = report["mode"]
    yield f"## {_(_HEADINGS[report['verdict']])}"
    yield ""
    why = ""
    if mode["reason"]:
        why = _(" ({source}: {reason})").format(
            source=translate(mode["source"]), reason=plain(mode["reason"])
        )
    told = _("Mode **{mode}**{why}, profile **{profile}**.")
    yield told.format(mode=mode["name"], why=why, profile=report["profile"])
    lost = dict.fromkeys(
        feature
        for result in report["results"]
        if standing(result) == "violation" and result["level"] == "required"
        for feature in result["impact"]
    )
    if lost:
        yield ""
        yield _("**Lost:** {features}.").format(features=listed(map(plain, lost)))
    yield ""
    violations = _("violations, {level}")
    counts = {
        violations.format(level=_(level)): summary["violation"][level] for level in LEVELS
    } | {_(name): summary[name] for name in ("unknown", "pass", "waived", "ignored")}
    yield from table(counts, [map(str, counts.values())])
    yield ""


def _section(
    title: str, results: list[Result], section: Callable[[list[list[Result]]], Table]
) -> Iterator[str]:
    if not results:
        return
    yield f"### {title}"
    yield ""
    titles = group_titles()
    for group, members in groupby(_in_groups(results), key=lambda result: result["group"]):
        rows = list(_limited(merged(members)))
        yield f"#### {plain(titles.get(group, group))}"
        yield ""
        header, cells = section(rows)
        yield from table(header, cells)
        yield ""


def _in_groups(results: list[Result]) -> list[Result]:
    order = {
        group: position
        for position, group in enumerate(dict.fromkeys(result["group"] for result in results))
    }
    return sorted(results, key=lambda result: order[result["group"]])


def _limited(rows: Iterable[list[Result]]) -> Iterator[list[Result]]:
    """The first rows of each requirement; the last of them stands for those left out."""
    by_id: dict[str, list[list[Result]]] = {}
    for row in rows:
        by_id.setdefault(row[0]["id"], []).append(row)
    for entries in by_id.values():
        yield from entries[:_ROWS_SHOWN]
        left = [result for row in entries[_ROWS_SHOWN:] for result in row]
        if left:
            yield [{**left[0], "observed": "", "expected": ""}, *left[1:]]


def _violation(rows: list[list[Result]]) -> Table:
    header = [_("requirement"), _("level"), _("where"), _("found"), _("expected")]
    cells = [
        [*_requirement(result), _where(same), code(result["observed"]), code(result["expected"])]
        for same in rows
        for result in same[:1]
    ]
    return header, cells


def _unknown(rows: list[list[Result]]) -> Table:
    header = [_("requirement"), _("level"), _("where"), _("missing"), _("command")]
    cells = [
        [*_requirement(result), _where(same), code(result["observed"]), code(result["collect"])]
        for same in rows
        for result in same[:1]
    ]
    return header, cells


def _waived(rows: list[list[Result]]) -> Table:
    header = [_("requirement"), _("level"), _("where"), _("found"), _("waiver")]
    cells = [
        [
            *_requirement(result),
            _where(same),
            code(result["observed"]),
            plain(terms(result["waiver"])),
        ]
        for same in rows
        for result in same[:1]
    ]
    return header, cells


def _idle_waivers(report: Report) -> Iterator[str]:
    waivers = idle_waivers(report)
    if not waivers:
        return
    yield "### " + _("Waivers to review")
    yield ""
    header = [_("requirement"), _("subject"), _("where"), _("waiver"), ""]
    yield from table(header, (_idle_waiver(*waiver) for waiver in waivers))
    yield ""


def _idle_waiver(waiver: WaiverEntry, _state: str, meaning: str) -> list[str]:
    place = code(f"{waiver['file']}:{waiver['line']}")
    name = f"**{waiver['id']}**"
    return [name, code(waiver["subject"]), place, plain(terms(waiver)), meaning]


def _requirement(result: Result) -> list[str]:
    name = f"**{result['id']}**"
    linked = f"[{name}](<{page(result)}>)" if page(result) else name
    return [f"{linked} {plain(result['title'])}", translate(result["level"])]


def _where(same: list[Result]) -> str:
    shown = [code(_spot(result)) for result in same[:_NAMES_SHOWN]]
    more = len(same) - _NAMES_SHOWN
    rest = [_("and {count} more").format(count=more)] if more > 0 else []
    return "<br>".join([*shown, *rest])


def _spot(result: Result) -> str:
    where = place(result)
    subject = abridged(described(result["subject"]), 150)
    return clauses([subject, abridged(where, 140)]) if where else subject


def _remediations(violations: list[Result]) -> Iterator[str]:
    remediations = {(result["id"], result["remediation"]): result for result in violations}
    if not remediations:
        return
    entries = (f"- **{name}** {prose(text, 1000)}" for name, text in remediations)
    yield from folded(_("What to change"), entries)
    yield ""


def _features(rows: list[FeatureRow]) -> Iterator[str]:
    if not rows:
        return
    groups = features.grouped(rows)
    cells = [
        [str(len(group.nodes)), _nodes(group.nodes), *map(_value, features.shared(group.row))]
        for group in groups[:_GROUPS_SHOWN]
    ]
    lines = table(features.header(), cells)
    if len(groups) > _GROUPS_SHOWN:
        told = _("and {count} more kinds of nodes").format(count=len(groups) - _GROUPS_SHOWN)
        lines += ["", told]
    notes = dict.fromkeys(note for group in groups[:_GROUPS_SHOWN] for note in group.row["notes"])
    lines += ["", *map(item, notes)] if notes else []
    yield from folded(_("What DeepFlow can see on each node"), lines)
    yield ""


def _nodes(names: list[str]) -> str:
    shown = listed(code(name) for name in names[:_NAMES_SHOWN])
    more = len(names) - _NAMES_SHOWN
    if more <= 0:
        return shown
    return _("{items} and {count} more").format(items=shown, count=more)


def _value(text: str) -> str:
    return code(features.value(text))
