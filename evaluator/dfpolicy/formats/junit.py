"""The report as JUnit XML: a test suite for each group, a test case for each requirement.

A case fails if, and only if, it causes exit code 1, because CI servers fail a build on failures and
errors. What was not checked, and what is waived, is skipped. A loss passes, and its text is under
`system-out`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Literal

from dfpolicy.formats.base import Style
from dfpolicy.formats.configured import configured
from dfpolicy.formats.content import group_titles, shown
from dfpolicy.formats.losses import lost_by
from dfpolicy.formats.requirement_text import accepted, account, summary, title
from dfpolicy.i18n.escaping import xml, xml_attribute
from dfpolicy.i18n.language import _, listed
from dfpolicy.model import Report
from dfpolicy.report.effects import Requirement
from dfpolicy.report.verdict import requirements_of

_Status = Literal["failure", "skipped", "passed"]


def render(report: Report, style: Style) -> str:
    """Return the report as one XML document."""
    text = "\n".join(_lines(shown(report))) + "\n"
    return text if style.unicode else text.encode("ascii", "xmlcharrefreplace").decode()


def _lines(report: Report) -> Iterator[str]:
    entries = [*requirements_of(report).values()]
    titles = group_titles()
    suites: dict[str, list[Requirement]] = {}
    for entry in entries:
        suites.setdefault(entry.first["group"], []).append(entry)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<testsuites name="dfpolicy" {_counts(entries, skipped=False)}>'
    for group, members in suites.items():
        yield from _suite(titles.get(group, group), members, report)
    yield "</testsuites>"


def _counts(entries: Iterable[Requirement], skipped: bool = True) -> str:
    found = Counter(map(_status, entries))
    counts = f'tests="{found.total()}" failures="{found["failure"]}" errors="0"'
    return f'{counts} skipped="{found["skipped"]}"' if skipped else counts


def _suite(name: str, entries: list[Requirement], report: Report) -> Iterator[str]:
    yield f'  <testsuite name={xml_attribute(name)} {_counts(entries)} time="0">'
    yield "    <properties>"
    for key, value in _properties(report).items():
        yield f"      <property name={xml_attribute(key)} value={xml_attribute(value)}/>"
    yield "    </properties>"
    for entry in entries:
        yield from _case(entry)
    yield "  </testsuite>"


def _properties(report: Report) -> dict[str, str]:
    settings = configured(report)
    return {
        "dfpolicy.version": report["dfpolicy"]["version"],
        "dfpolicy.bundle": report["dfpolicy"]["bundle"],
        "mode": report["mode"]["name"],
        "profile": report["profile"],
        "verdict": report["verdict"]["state"],
        **({"configuration": listed(settings)} if settings else {}),
    }


def _status(entry: Requirement) -> _Status:
    if entry.fails:
        return "failure"
    return "skipped" if entry.effect in ("not-checked", "accepted") else "passed"


def _case(entry: Requirement) -> Iterator[str]:
    start = (
        f"    <testcase classname={xml_attribute('dfpolicy.' + entry.first['group'])}"
        f' name={xml_attribute(title(entry))} time="0"'
    )
    status = _status(entry)
    if entry.effect == "met":
        yield f"{start}/>"
        return
    yield f"{start}>"
    if status == "failure":
        kind = entry.results[0]["level"] if entry.effect == "blocks" else "not-checked"
        yield (
            f"      <failure type={xml_attribute(kind)}"
            f" message={xml_attribute(summary(entry))}>{xml(account(entry))}</failure>"
        )
    elif status == "skipped":
        why = _("accepted {terms}").format(terms=accepted(entry))
        message = why if entry.effect == "accepted" else summary(entry)
        yield f"      <skipped message={xml_attribute(message)}/>"
        yield f"      <system-out>{xml(account(entry))}</system-out>"
    else:
        yield f"      <system-out>{xml(_passed(entry))}</system-out>"
    yield "    </testcase>"


def _passed(entry: Requirement) -> str:
    lost = lost_by(entry.results[0])
    loses = _("loses {features} (does not fail the build)").format(features=lost)
    head = loses if entry.effect == "loses" else _("note (does not fail the build)")
    return f"{head}\n{account(entry)}"
