"""The report as JUnit XML: a test suite for each group, a test case for each result.

A violation of any level is a failure, its level the failure's type. An unknown is an error,
which is JUnit's word for a test that could not tell. A waived result is skipped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from dfpolicy.formats.base import Style
from dfpolicy.formats.content import account, cleaned, group_titles, standing, terms
from dfpolicy.i18n.language import _
from dfpolicy.model import Report, Result
from dfpolicy.report.subjects import described

_ELEMENTS = {"violation": "failure", "unknown": "error", "waived": "skipped"}


def render(report: Report, style: Style) -> str:
    """Return the report as one XML document."""
    text = "\n".join(_lines(cleaned(report))) + "\n"
    return text if style.unicode else text.encode("ascii", "xmlcharrefreplace").decode()


def _lines(report: Report) -> Iterator[str]:
    results = report["results"]
    titles = group_titles()
    counted = _counted(results)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield (
        f'<testsuites name="dfpolicy" tests="{len(results)}"'
        f' failures="{counted["violation"]}" errors="{counted["unknown"]}">'
    )
    for group, members in _grouped(results):
        yield from _suite(titles.get(group, group), members, report)
    yield "</testsuites>"


def _grouped(results: list[Result]) -> list[tuple[str, list[Result]]]:
    order = {name: position for position, name in enumerate(dict.fromkeys(map(_group, results)))}
    ordered = sorted(results, key=lambda result: order[result["group"]])
    return [(name, list(members)) for name, members in groupby(ordered, key=_group)]


def _group(result: Result) -> str:
    return result["group"]


def _counted(results: Iterable[Result]) -> Counter[str]:
    return Counter(map(standing, results))


def _suite(title: str, results: list[Result], report: Report) -> Iterator[str]:
    counted = _counted(results)
    yield (
        f'  <testsuite name={quoteattr(title)} tests="{len(results)}"'
        f' failures="{counted["violation"]}" errors="{counted["unknown"]}"'
        f' skipped="{counted["waived"]}" time="0">'
    )
    yield "    <properties>"
    for name, value in _properties(report).items():
        yield f"      <property name={quoteattr(name)} value={quoteattr(value)}/>"
    yield "    </properties>"
    for result in results:
        yield from _case(result)
    yield "  </testsuite>"


def _properties(report: Report) -> dict[str, str]:
    return {
        "dfpolicy.version": report["dfpolicy"]["version"],
        "dfpolicy.bundle": report["dfpolicy"]["bundle"],
        "mode": report["mode"]["name"],
        "profile": report["profile"],
        "verdict": report["verdict"],
    }


def _case(result: Result) -> Iterator[str]:
    name = f"{result['id']} {result['title']} ({described(result['subject'])})"
    start = (
        f"    <testcase classname={quoteattr('dfpolicy.' + result['group'])}"
        f' name={quoteattr(name)} time="0"'
    )
    element = _ELEMENTS.get(standing(result))
    if element is None:
        yield f"{start}/>"
        return
    yield f"{start}>"
    if element == "skipped":
        message = _("waived {terms}").format(terms=terms(result["waiver"]))
        yield f"      <skipped message={quoteattr(message)}/>"
        yield f"      <system-out>{_told(result)}</system-out>"
    else:
        kind = "unknown" if element == "error" else result["level"]
        yield (
            f"      <{element} type={quoteattr(kind)}"
            f" message={quoteattr(result['observed'])}>{_told(result)}</{element}>"
        )
    yield "    </testcase>"


def _told(result: Result) -> str:
    return escape("\n".join(account(result)))
