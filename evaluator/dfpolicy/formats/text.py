"""The report for a person: what is violated or unknown, in full, group by group.

It stays readable with very many results. Those of one requirement that say the same are one
entry, which names five subjects and counts the others. Where subjects differ so much that one
requirement has more than five entries of one outcome and level, the five with the most subjects
are shown, and a line counts the results of the others. Agents of one role, image and version
are counted from the sixth on. `verbose` names every subject of every entry, and every agent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby

from dfpolicy.formats.base import Style
from dfpolicy.formats.content import (
    group_titles,
    idle_waivers,
    standing,
    subject_line,
    terms,
    totals,
)
from dfpolicy.formats.text_entries import Entry, entries
from dfpolicy.formats.text_page import Page
from dfpolicy.i18n.language import _, _n, clauses, listed, marked, translate
from dfpolicy.model import DetectedMode, Report, Result, Workload
from dfpolicy.report.subjects import described

_MARKS = {
    ("violation", "required"): ("\N{MULTIPLICATION SIGN}", "x", "red"),
    ("violation", "recommended"): ("!", "!", "yellow"),
    ("violation", "informational"): ("i", "i", "blue"),
    "unknown": ("?", "?", "cyan"),
    "pass": ("✓", "+", "green"),
    "waived": ("~", "~", "magenta"),
}
_EXIT_MEANINGS = {0: marked("no violation that counts"), 1: marked("violations that count")}
_SHOWN = 5
_INDENT = " " * 6

_NODE_HINT = marked(
    "Put the answers for nodes into NodeFacts documents in the same input; "
    "see `dfpolicy schema node-facts`."
)


def render(report: Report, style: Style) -> str:
    """Return the report as lines of at most `style.width` columns, in the language in force.

    The first line and the last are one sentence each, and longer words stay whole.
    """
    page = Page(style)
    limit = None if style.verbose else _SHOWN
    lines = [*_head(report, page, limit), ""]
    titles = group_titles()
    for group, results in groupby(report["results"], key=lambda result: result["group"]):
        block = list(_group(titles.get(group, group), list(results), page, style))
        if block:
            lines += [*block, ""]
    if not style.quiet and any(_asks_nodes(result) for result in report["results"]):
        lines += [*page.wrapped(_(_NODE_HINT)), ""]
    if not style.quiet:
        lines += _idle_waivers(report, page)
    lines.append(_foot(report, page))
    return "\n".join(lines) + "\n"


def _head(report: Report, page: Page, limit: int | None) -> Iterator[str]:
    parts = [_mode(report["mode"]), _("profile {name}").format(name=report["profile"])]
    if "configuration" in report:
        parts.append(_("configuration {name}").format(name=report["configuration"]))
    yield page.safe(clauses(parts))
    yield from _workloads(report.get("running", ()), page, limit, _("running {role}"))
    yield from _workloads(report["agents"], page, limit, "{role}")


def _mode(mode: DetectedMode) -> str:
    source = translate(mode["source"])
    if not mode["reason"]:
        return _("mode {name}").format(name=mode["name"])
    if not mode["candidates"]:
        return _("mode {name} ({source}: {reason})").format(
            name=mode["name"], source=source, reason=mode["reason"]
        )
    return _("mode {name} ({source}: {reason}; also possible: {others})").format(
        name=mode["name"],
        source=source,
        reason=mode["reason"],
        others=listed(mode["candidates"]),
    )


def _workloads(
    workloads: Iterable[Workload], page: Page, limit: int | None, role: str
) -> Iterator[str]:
    alike: Counter[tuple[str, str, str | None]] = Counter()
    left_out = 0
    for entry in workloads:
        kind = entry["role"]
        key = (kind, entry["image"], entry["version"])
        alike[key] += 1
        if limit is not None and alike[key] > limit:
            left_out += 1
            continue
        version = entry["version"] or _("version unknown")
        named = f"{role.format(role=_(kind))} {described(entry['subject'])}"
        named = clauses(filter(None, (named, entry["image"])))
        yield from page.wrapped(_("{text} ({version})").format(text=named, version=version))
    if left_out:
        yield page.safe(_("and {count} more").format(count=left_out))


def _group(title: str, results: list[Result], page: Page, style: Style) -> Iterator[str]:
    shown = [result for result in results if _shows(result, style)]
    if not shown and style.quiet:
        return
    head = page.painted(title, "bold")
    if not style.quiet and not style.verbose:
        passes = sum(result["outcome"] == "pass" for result in results)
        head += page.safe("  " + _("{count} pass").format(count=passes))
    yield head
    limit = None if style.verbose else _SHOWN
    for shared in entries(shown, limit):
        yield from _entries(shared, page, style, limit)


def _shows(result: Result, style: Style) -> bool:
    if "waiver" in result:
        return not style.quiet
    if result["outcome"] == "violation":
        return True
    return not style.quiet and (style.verbose or result["outcome"] == "unknown")


def _entries(shared: list[Entry], page: Page, style: Style, limit: int | None) -> Iterator[str]:
    for entry in shared:
        yield from _headline(entry.results[0], page, style)
    entry = shared[0]
    result = entry.results[0]
    if standing(result) != "pass":
        yield from _where(entry.results, page, limit)
    yield from _answer(entry.results, page)
    if entry.left_out:
        yield from page.wrapped(
            _n(
                "and {count} more with another finding; -v or -o json shows all",
                "and {count} more with other findings; -v or -o json shows all",
                entry.left_out,
            ),
            "    ",
        )


def _headline(result: Result, page: Page, style: Style) -> list[str]:
    outcome, level = standing(result), result["level"]
    mark, ascii_mark, look = _MARKS[(outcome, level) if outcome == "violation" else outcome]
    return page.headline(
        mark if style.unicode else ascii_mark,
        look,
        f"{result['id']} {result['title']}",
        _(level),
    )


def _where(results: list[Result], page: Page, limit: int | None) -> Iterator[str]:
    for result in results[:limit]:
        yield from page.wrapped(subject_line(result), _INDENT)
    if limit is not None and len(results) > limit:
        told = _("and {count} more").format(count=len(results) - limit)
        yield from page.wrapped(told, _INDENT)


def _answer(results: list[Result], page: Page) -> Iterator[str]:
    result = results[0]
    outcome = standing(result)
    if outcome == "unknown":
        yield from page.wrapped(_question(result, len(results)), _INDENT)
        return
    yield from _field(_("found"), result["observed"], page)
    if outcome == "waived":
        yield from _field(_("waived"), terms(result["waiver"]), page)
    if outcome == "violation":
        yield from _field(_("expected"), result["expected"], page)
        yield from _field(_("lost"), listed(result["impact"]), page)
        yield from _field(_("fix"), result["remediation"], page)


def _question(result: Result, subjects: int) -> str:
    subject = result["subject"]
    if subject["kind"] != "Node":
        text = _("{found} · run `{command}`")
    elif subject["name"] == "*":
        text = _("{found} · run `{command}` on each node")
    elif subjects > 1:
        text = _("{found} · run `{command}` on each of these nodes")
    else:
        text = _("{found} · run `{command}` on {node}")
    return text.format(found=result["observed"], command=result["collect"], node=subject["name"])


def _field(name: str, content: str, page: Page) -> list[str]:
    return page.wrapped(content, _INDENT + page.padded(name, 10))


def _asks_nodes(result: Result) -> bool:
    return standing(result) == "unknown" and result["subject"]["kind"] == "Node"


def _idle_waivers(report: Report, page: Page) -> Iterator[str]:
    """Waivers to look after: those that are expired, and those that cover nothing."""
    idle = idle_waivers(report)
    if not idle:
        return
    yield page.painted(_("Waivers"), "bold")
    for waiver, name, meaning in idle:
        head = f"{waiver['id']} {waiver['subject']}  {waiver['file']}:{waiver['line']}"
        yield from page.wrapped(f"{head} {meaning}", "  " + page.padded(name, 9))
        yield from page.wrapped(terms(waiver), " " * 11)
    yield ""


def _foot(report: Report, page: Page) -> str:
    code = report["exitCode"]
    end = _("exit {code} ({meaning})").format(code=code, meaning=_(_EXIT_MEANINGS[code]))
    counts = totals(report, zeros=False)
    return page.safe(f"{counts} — ") + page.painted(end, "red" if code else "green")
