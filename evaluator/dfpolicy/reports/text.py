"""The report for a person: what is violated or unknown, in full, group by group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from textwrap import TextWrapper
from typing import Any

import click

from dfpolicy.catalogue import load_catalogue
from dfpolicy.errors import printable
from dfpolicy.report import Report
from dfpolicy.reports.base import Style

_MARKS = {
    ("violation", "required"): ("\N{MULTIPLICATION SIGN}", "x", "red"),
    ("violation", "recommended"): ("!", "!", "yellow"),
    ("violation", "informational"): ("i", "i", "blue"),
    "unknown": ("?", "?", "cyan"),
    "pass": ("✓", "+", "green"),
    "waived": ("~", "~", "magenta"),
}
_EXIT_MEANINGS = {0: "no violation that counts", 1: "violations that count"}
_IDLE = {
    "expired": "is over, and covers nothing",
    "unused": "covers no violation and no unknown",
}
_NAMES_SHOWN = 5
_ASCII = str.maketrans({"·": "-", "—": "-", "…": "..."})

_NODE_HINT = (
    "Answers about nodes go into NodeFacts documents in the same input; "
    "`dfpolicy schema node-facts` tells their fields."
)

Result = dict[str, Any]


def render(report: Report, style: Style) -> str:
    """Return the report as lines of at most `style.width` columns."""
    lines = [*_head(report, style), ""]
    titles = {group["group"]: group["title"] for group in load_catalogue().groups}
    for group, results in groupby(report["results"], key=lambda result: result["group"]):
        block = list(_group(titles.get(group, group), list(results), style))
        if block:
            lines += [*block, ""]
    if not style.quiet and any(_asks_nodes(result) for result in report["results"]):
        lines += [*_wrapped(_NODE_HINT, "", style), ""]
    if not style.quiet:
        lines += _idle_waivers(report["waivers"], style)
    lines += _foot(report, style)
    text = "\n".join(lines) + "\n"
    return text if style.unicode else text.translate(_ASCII).encode("ascii", "replace").decode()


def _head(report: Report, style: Style) -> Iterator[str]:
    mode = report["mode"]
    others = f"; {', '.join(mode['candidates'])} would fit too" if mode["candidates"] else ""
    why = f" ({mode['source']}: {mode['reason']}{others})" if mode["reason"] else ""
    line = f"mode {mode['name']}{why}, profile {report['profile']}"
    if "configuration" in report:
        line += f", configuration {report['configuration']}"
    yield printable(line)
    for entry in report.get("running", ()):
        yield from _wrapped(f"running {_workload(entry)}", "", style)
    for agent in report["agents"]:
        yield from _wrapped(_workload(agent), "", style)


def _workload(entry: dict[str, Any]) -> str:
    version = entry["version"] or "version unknown"
    image = f", {entry['image']}" if entry["image"] else ""
    return f"{entry['role']} {_subject(entry['subject'])}{image} ({version})"


def _group(title: str, results: list[Result], style: Style) -> Iterator[str]:
    shown = [result for result in results if _shows(result, style)]
    passes = sum(result["outcome"] == "pass" for result in results)
    if not shown and style.quiet:
        return
    count = "" if style.quiet or style.verbose else f"{passes} pass"
    yield _styled(title, style, bold=True) + (f"  {count}" if count else "")
    for _, entries in groupby(_merged(shown), key=_reason):
        yield from _entries(list(entries), style)


def _shows(result: Result, style: Style) -> bool:
    if "waiver" in result:
        return not style.quiet
    if result["outcome"] == "violation":
        return True
    return not style.quiet and (style.verbose or result["outcome"] == "unknown")


def _merged(results: Iterable[Result]) -> Iterator[tuple[Result, list[Result]]]:
    """Results that say the same of several subjects, as one entry with all of them."""
    entries: dict[tuple[str, ...], tuple[Result, list[Result]]] = {}
    for result in results:
        key = (result["id"], *_answer(result))
        entries.setdefault(key, (result, []))[1].append(result)
    yield from entries.values()


def _answer(result: Result) -> tuple[str, ...]:
    terms = (result.get("waiver") or {}).values()
    return (result["outcome"], result["level"], result["observed"], *terms)


def _reason(entry: tuple[Result, list[Result]]) -> tuple[str, ...]:
    """What neighbouring requirements must share for their one answer to be shown once."""
    result, same = entry
    if result["outcome"] != "unknown" or "waiver" in result:
        return (result["id"], *_answer(result))
    subjects = (repr(sorted(other["subject"].items())) for other in same)
    return (result["observed"], result["collect"], *subjects)


def _entries(entries: list[tuple[Result, list[Result]]], style: Style) -> Iterator[str]:
    for result, _ in entries:
        yield _headline(result, style)
    result, same = entries[0]
    outcome = result["outcome"]
    if outcome == "pass":
        yield from _field("found", result["observed"], style)
        return
    yield from _where(same, style)
    if "waiver" in result:
        yield from _field("found", result["observed"], style)
        yield from _field("waived", _terms(result["waiver"]), style)
        return
    if outcome == "unknown":
        yield from _wrapped(
            f"{result['observed']} · run `{result['collect']}`{_on(result)}", "      ", style
        )
        return
    yield from _field("found", result["observed"], style)
    yield from _field("expected", result["expected"], style)
    if result["impact"]:
        yield from _field("lost", ", ".join(result["impact"]), style)
    yield from _field("fix", result["remediation"], style)


def _headline(result: Result, style: Style) -> str:
    outcome = "waived" if "waiver" in result else result["outcome"]
    mark, ascii_mark, color = _MARKS[
        outcome if outcome != "violation" else (outcome, result["level"])
    ]
    head = f"{result['id']} {result['title']}"
    shown = _styled(mark if style.unicode else ascii_mark, style, fg=color)
    gap = max(style.width - 4 - len(head) - len(result["level"]), 2)
    return f"  {shown} {head}{' ' * gap}{result['level']}"


def _where(same: list[Result], style: Style) -> Iterator[str]:
    for result in same[:_NAMES_SHOWN]:
        if result["subject"] == {"kind": "Node", "name": "*"}:
            yield "      every node"
            continue
        place = _place(result.get("location"))
        yield from _wrapped(f"{_subject(result['subject'])}{place}", "      ", style)
    if len(same) > _NAMES_SHOWN:
        yield f"      and {len(same) - _NAMES_SHOWN} more"


def _asks_nodes(result: Result) -> bool:
    unknown = result["outcome"] == "unknown" and "waiver" not in result
    return bool(unknown and result["subject"]["kind"] == "Node")


def _terms(waiver: dict[str, Any]) -> str:
    return f"by {waiver['owner']} until {waiver['expires']}: {waiver['reason']}"


def _idle_waivers(waivers: dict[str, list[dict[str, Any]]], style: Style) -> Iterator[str]:
    """What has to be looked after: waivers that are over, or that cover nothing."""
    if not any(waivers.values()):
        return
    yield _styled("Waivers", style, bold=True)
    for name, meaning in _IDLE.items():
        for waiver in waivers[name]:
            head = f"{waiver['id']} {waiver['subject']}  {waiver['file']}:{waiver['line']}"
            yield from _wrapped(f"{head} {meaning}", f"  {name:<9}", style)
            yield from _wrapped(_terms(waiver), " " * 11, style)
    yield ""


def _on(result: Result) -> str:
    subject = result["subject"]
    if subject["kind"] != "Node":
        return ""
    return " on each node" if subject["name"] == "*" else f" on {subject['name']}"


def _subject(subject: dict[str, Any]) -> str:
    names = [name for name in (subject.get("namespace"), subject["name"]) if name]
    container = f" · container {subject['container']}" if "container" in subject else ""
    return f"{subject['kind']} {'/'.join(names)}{container}"


def _place(location: dict[str, Any] | None) -> str:
    if location is None:
        return "  (not in the input)"
    position = f"{location['file']}:{location['line']}"
    template = location.get("template")
    return f"  {template} ({position})" if template else f"  {position}"


def _field(name: str, content: str, style: Style) -> Iterator[str]:
    return _wrapped(content, f"      {name:<10}", style)


def _wrapped(content: str, lead: str, style: Style) -> Iterator[str]:
    wrapper = TextWrapper(
        width=max(style.width, 40),
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_long_words=False,
        break_on_hyphens=False,
    )
    # Text from manifests must not steer the terminal.
    yield from wrapper.wrap(printable(content))


def _foot(report: Report, style: Style) -> Iterator[str]:
    summary = report["summary"]
    violations = summary["violation"]
    total = f"{violations['required']} required violation{_s(violations['required'])}"
    parts = [total, f"{violations['recommended']} recommended"]
    if violations["informational"]:
        parts.append(f"{violations['informational']} informational")
    parts += [
        f"{summary['unknown']} unknown",
        f"{summary['pass']} pass",
        f"{summary['waived']} waived",
    ]
    if summary["ignored"]:
        parts.append(f"{summary['ignored']} ignored")
    code = report["exitCode"]
    color = "red" if code else "green"
    meaning = _EXIT_MEANINGS[code]
    yield f"{', '.join(parts)} — " + _styled(f"exit {code} ({meaning})", style, fg=color)


def _s(count: int) -> str:
    return "" if count == 1 else "s"


def _styled(text: str, style: Style, **how: Any) -> str:
    return click.style(text, **how) if style.color else text
