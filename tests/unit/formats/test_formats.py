"""What holds for every format that machines read: it parses back, whatever the texts."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings

from dfpolicy.formats.base import FORMATS, Style, renderer
from dfpolicy.formats.content import page
from dfpolicy.input import schemas
from dfpolicy.model import Outcome, Report
from support import reports
from support.inputs import PROPERTY

READERS: dict[str, Callable[[str], Any]] = {
    "sarif": json.loads,
    "gitlab": json.loads,
    "junit": ElementTree.fromstring,
    "policyreport": json.loads,
    "github": str.splitlines,
    "markdown": str.splitlines,
    "tap": str.splitlines,
}

each_format = pytest.mark.parametrize("name", sorted(READERS))


def shown(name: str, report: Report, **style: Any) -> str:
    return renderer(name)(report, Style(**style))


def test_every_format_is_tested() -> None:
    assert set(FORMATS) - set(READERS) <= {"text", "json", "yaml", "html"}


@pytest.mark.parametrize("case", sorted(reports.CASES))
def test_the_reports_of_these_tests_fit_the_schema(case: str) -> None:
    assert schemas.first_error(reports.CASES[case](), "report") is None


@each_format
@settings(PROPERTY, max_examples=60)
@given(reports.reports())
def test_any_report_renders_and_parses_back(name: str, report: Report) -> None:
    assert schemas.first_error(report, "report") is None
    text = shown(name, report)
    READERS[name](text)
    assert text.endswith("\n")
    assert all(char.isprintable() or char == "\n" for char in text)
    text.encode()


@each_format
@settings(PROPERTY, max_examples=40)
@given(reports.reports())
def test_ascii_where_the_stream_shows_no_more(name: str, report: Report) -> None:
    text = shown(name, report, unicode=False)
    assert text.isascii()
    READERS[name](text)


@each_format
def test_what_is_for_people_changes_nothing(name: str) -> None:
    report = reports.hostile()
    told = shown(name, report, verbose=True, quiet=False, color=True, width=20)
    assert told == shown(name, report)


@each_format
def test_the_report_is_left_as_it_was(name: str) -> None:
    report = reports.hostile()
    shown(name, report)
    assert report == reports.hostile()


@each_format
def test_10000_results_take_linear_time(name: str) -> None:
    def taken(report: Report) -> float:
        start = time.process_time()
        shown(name, report)
        return time.process_time() - start

    small, big = reports.large(2_000), reports.large(10_000)
    least = min(taken(small) for _ in range(3))
    # Five times as many; quadratic time would be 25 times as long.
    assert min(taken(big) for _ in range(2)) < 12 * max(least, 0.01)


@pytest.mark.parametrize(
    "url",
    [
        *("http://example.com/", "javascript:alert(1)", "https://example.com/>x", "https://", ""),
        *("https://example.com/ x", "https://example.com/\nx", "https://example.com/`x`|", 7, None),
    ],
)
def test_what_is_no_address_of_the_web_is_no_page(url: object) -> None:
    assert page(reports.result(url=url)) == ""


@pytest.mark.parametrize("outcome", ["violation", "unknown"])
@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"text", "gitlab"}))
def test_a_result_leads_to_its_page(name: str, outcome: Outcome) -> None:
    url = "https://dfpolicy.dev/requirements/DF-X-001"
    told = renderer(name)(reports.report(reports.result(outcome, url=url)), Style())
    assert url in told
