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
from typing import Any

from dfpolicy.catalogue import load_catalogue
from dfpolicy.language import _, _n, marked, spoken
from dfpolicy.report import Report
from dfpolicy.reports.base import Style
from dfpolicy.reports.content import standing
from dfpolicy.reports.text_entries import Entry, entries
from dfpolicy.reports.text_page import Page

_MARKS = {
    ("violation", "required"): ("\N{MULTIPLICATION SIGN}", "x", "red"),
    ("violation", "recommended"): ("!", "!", "yellow"),
    ("violation", "informational"): ("i", "i", "blue"),
    "unknown": ("?", "?", "cyan"),
    "pass": ("✓", "+", "green"),
    "waived": ("~", "~", "magenta"),
}
# Words of the report that are shown through `_`.
_LEVELS = (marked("required"), marked("recommended"), marked("informational"))
_ROLES = (marked("collector"), marked("sidecar"), marked("watcher"), marked("server"))
_SOURCES = (marked("given"), marked("detected"))
_EXIT_MEANINGS = {0: marked("no violation that counts"), 1: marked("violations that count")}
_IDLE = {
    marked("expired"): marked("is over, and covers nothing"),
    marked("unused"): marked("covers no violation and no unknown"),
}
_SHOWN = 5
_INDENT = " " * 6

_NODE_HINT = marked(
    "Answers about nodes go into NodeFacts documents in the same input; "
    "`dfpolicy schema node-facts` tells their fields."
)

Result = dict[str, Any]


def render(report: Report, style: Style) -> str:
    """Return the report as lines of at most `style.width` columns, in the language in force.

    The first line and the last are one sentence each, and longer words stay whole.
    """
    page = Page(style)
    limit = None if style.verbose else _SHOWN
    lines = [*_head(report, page, limit), ""]
    groups = load_catalogue().in_language(spoken()).groups
    titles = {group["group"]: group["title"] for group in groups}
    for group, results in groupby(report["results"], key=lambda result: result["group"]):
        block = list(_group(titles.get(group, group), list(results), page, style))
        if block:
            lines += [*block, ""]
    if not style.quiet and any(_asks_nodes(result) for result in report["results"]):
        lines += [*page.wrapped(_(_NODE_HINT)), ""]
    if not style.quiet:
        lines += _idle_waivers(report["waivers"], page)
    lines.append(_foot(report, page))
    return "\n".join(lines) + "\n"


def _head(report: Report, page: Page, limit: int | None) -> Iterator[str]:
    parts = [_mode(report["mode"]), _("profile {name}").format(name=report["profile"])]
    if "configuration" in report:
        parts.append(_("configuration {name}").format(name=report["configuration"]))
    yield page.safe(_(", ").join(parts))
    yield from _workloads(report.get("running", ()), page, limit, _("running {role}"))
    yield from _workloads(report["agents"], page, limit, "{role}")


def _mode(mode: dict[str, Any]) -> str:
    given = mode["source"]
    source = _(given)
    if not mode["reason"]:
        return _("mode {name}").format(name=mode["name"])
    if not mode["candidates"]:
        return _("mode {name} ({source}: {reason})").format(
            name=mode["name"], source=source, reason=mode["reason"]
        )
    return _("mode {name} ({source}: {reason}; {others} would fit too)").format(
        name=mode["name"],
        source=source,
        reason=mode["reason"],
        others=_(", ").join(mode["candidates"]),
    )


def _workloads(
    workloads: Iterable[dict[str, Any]], page: Page, limit: int | None, role: str
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
        image = f", {entry['image']}" if entry["image"] else ""
        version = entry["version"] or _("version unknown")
        name = role.format(role=_(kind))
        yield from page.wrapped(f"{name} {_subject(entry['subject'])}{image} ({version})")
    if left_out:
        yield page.safe(_n("and {count} more", "and {count} more", left_out))


def _group(title: str, results: list[Result], page: Page, style: Style) -> Iterator[str]:
    shown = [result for result in results if _shows(result, style)]
    if not shown and style.quiet:
        return
    head = page.painted(title, "bold")
    if not style.quiet and not style.verbose:
        passes = sum(result["outcome"] == "pass" for result in results)
        head += page.safe("  " + _n("{count} pass", "{count} pass", passes))
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
        if result["subject"] == {"kind": "Node", "name": "*"}:
            yield from page.wrapped(_("every node"), _INDENT)
            continue
        place = _place(result.get("location"))
        yield from page.wrapped(f"{_subject(result['subject'])}  {place}", _INDENT)
    if limit is not None and len(results) > limit:
        yield from page.wrapped(
            _n("and {count} more", "and {count} more", len(results) - limit), _INDENT
        )


def _answer(results: list[Result], page: Page) -> Iterator[str]:
    result = results[0]
    outcome = standing(result)
    if outcome == "unknown":
        yield from page.wrapped(_question(result, len(results)), _INDENT)
        return
    yield from _field(_("found"), result["observed"], page)
    if outcome == "waived":
        yield from _field(_("waived"), _terms(result["waiver"]), page)
    if outcome == "violation":
        yield from _field(_("expected"), result["expected"], page)
        yield from _field(_("lost"), _impact(result), page)
        yield from _field(_("fix"), result["remediation"], page)


def _impact(result: Result) -> str:
    # gettext would answer an empty text with its header.
    return _(", ").join(_(name) for name in result["impact"] if name)


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
    return standing(result) == "unknown" and bool(result["subject"]["kind"] == "Node")


def _terms(waiver: dict[str, Any]) -> str:
    return _("by {owner} until {day}: {reason}").format(
        owner=waiver["owner"], day=waiver["expires"], reason=waiver["reason"]
    )


def _idle_waivers(waivers: dict[str, list[dict[str, Any]]], page: Page) -> Iterator[str]:
    """What has to be looked after: waivers that are over, or that cover nothing."""
    if not any(waivers.values()):
        return
    yield page.painted(_("Waivers"), "bold")
    for name, meaning in _IDLE.items():
        for waiver in waivers[name]:
            head = f"{waiver['id']} {waiver['subject']}  {waiver['file']}:{waiver['line']}"
            yield from page.wrapped(f"{head} {_(meaning)}", "  " + page.padded(_(name), 9))
            yield from page.wrapped(_terms(waiver), " " * 11)
    yield ""


def _subject(subject: dict[str, Any]) -> str:
    names = "/".join(name for name in (subject.get("namespace"), subject["name"]) if name)
    name = f"{subject['kind']} {names}"
    if "container" not in subject:
        return name
    return _("{name} · container {container}").format(name=name, container=subject["container"])


def _place(location: dict[str, Any] | None) -> str:
    if location is None:
        return _("(not in the input)")
    position = f"{location['file']}:{location['line']}"
    template = location.get("template")
    return f"{template} ({position})" if template else position


def _foot(report: Report, page: Page) -> str:
    summary = report["summary"]
    violations = summary["violation"]
    parts = [
        _n("{count} required violation", "{count} required violations", violations["required"]),
        _n("{count} recommended", "{count} recommended", violations["recommended"]),
    ]
    if violations["informational"]:
        parts.append(
            _n("{count} informational", "{count} informational", violations["informational"])
        )
    parts += [
        _n("{count} unknown", "{count} unknown", summary["unknown"]),
        _n("{count} pass", "{count} pass", summary["pass"]),
        _n("{count} waived", "{count} waived", summary["waived"]),
    ]
    if summary["ignored"]:
        parts.append(_n("{count} ignored", "{count} ignored", summary["ignored"]))
    code = report["exitCode"]
    end = _("exit {code} ({meaning})").format(code=code, meaning=_(_EXIT_MEANINGS[code]))
    return page.safe(f"{_(', ').join(parts)} — ") + page.painted(end, "red" if code else "green")
