"""Properties of every format, whatever the texts: it parses back, and is safe on a terminal."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from dfpolicy.formats.base import FORMATS, Style, renderer
from dfpolicy.formats.content import page
from dfpolicy.input import schemas
from dfpolicy.model import Outcome, Report
from support import reports
from support.inputs import PROPERTY

READERS: dict[str, Callable[[str], Any]] = {
    "text": str.splitlines,
    "html": str.splitlines,
    "json": json.loads,
    "yaml": yaml.safe_load,
    "sarif": json.loads,
    "gitlab": json.loads,
    "junit": ElementTree.fromstring,
    "policyreport": json.loads,
    "openreports": json.loads,
    "github": str.splitlines,
    "markdown": str.splitlines,
    "tap": str.splitlines,
}

each_format = pytest.mark.parametrize("name", FORMATS)


def shown(name: str, report: Report, **style: Any) -> str:
    return renderer(name)(report, Style(**style))


@pytest.mark.parametrize("case", sorted(reports.CASES))
def test_the_reports_of_these_tests_fit_the_schema(case: str) -> None:
    assert schemas.first_error(reports.CASES[case](), "report") is None


@each_format
@settings(PROPERTY, max_examples=60)
@given(reports.reports(), st.booleans())
def test_any_report_renders_and_parses_back(name: str, report: Report, verbose: bool) -> None:
    assert schemas.first_error(report, "report") is None
    text = shown(name, report, verbose=verbose)
    READERS[name](text)
    assert text.endswith("\n")
    assert all(char.isprintable() or char == "\n" for char in text)
    text.encode()
    plain = shown(name, report, verbose=verbose, unicode=False)
    READERS[name](plain)
    assert plain.isascii()


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"text", "html"}))
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
def test_what_the_configuration_sets_is_named_with_its_place(name: str) -> None:
    settings: list[dict[str, Any]] = [
        {"key": "mode", "value": "single-k8s", "place": "ci/dfpolicy.yaml:2"},
        {"key": "profile", "value": "strict", "place": "ci/dfpolicy.yaml:3"},
        {"key": "failOn", "value": "none", "place": "ci/dfpolicy.yaml:4"},
        {"key": "waivers", "value": ["DF-NET-002"], "place": "ci/dfpolicy.yaml:7"},
    ]
    made = reports.report(reports.result(), configuration="ci/dfpolicy.yaml", settings=settings)
    assert schemas.first_error(made, "report") is None
    told = " ".join(shown(name, made, verbose=True).split())
    for one in settings:
        for part in (one["key"], one["place"]):
            # GitHub's properties escape colons.
            assert part in told.replace("%3A", ":"), part
    assert "none" in told
    assert "DF-NET-002" in told


@pytest.mark.parametrize(
    "url",
    [
        *("http://example.com/", "javascript:alert(1)", "https://example.com/>x", "https://", ""),
        *("https://example.com/ x", "https://example.com/\nx", "https://example.com/`x`|", 7, None),
    ],
)
def test_only_web_addresses_are_pages(url: object) -> None:
    assert page(reports.result(url=url)) == ""


@pytest.mark.parametrize("outcome", ["violation", "unknown"])
@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"text", "github", "gitlab"}))
def test_a_result_links_to_its_page(name: str, outcome: Outcome) -> None:
    url = "https://docs.example.com/DF-X-001"
    told = renderer(name)(reports.report(reports.result(outcome, url=url)), Style())
    assert url in told
