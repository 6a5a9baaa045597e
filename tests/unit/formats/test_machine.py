"""JSON and YAML: the same report, for machines."""

from __future__ import annotations

import json
from typing import Any, cast

import yaml
from hypothesis import given
from hypothesis import strategies as st

from dfpolicy.formats import json as json_report
from dfpolicy.formats import yaml as yaml_report
from dfpolicy.formats.base import Style
from dfpolicy.model import Report

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]))
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=10,
)


def both(report: dict[str, Any], style: Style) -> tuple[str, str]:
    """Return the report, which may be any dictionary, as JSON and as YAML."""
    given_report = cast(Report, report)
    return json_report.render(given_report, style), yaml_report.render(given_report, style)


@given(st.dictionaries(TEXT, VALUES), st.booleans())
def test_both_have_the_same_content(report: dict[str, Any], unicode: bool) -> None:
    as_json, as_yaml = both(report, Style(unicode=unicode))
    assert json.loads(as_json) == report
    assert yaml.safe_load(as_yaml) == report
    assert unicode or (as_json.isascii() and as_yaml.isascii())


def test_the_order_of_fields_is_that_of_the_report() -> None:
    as_json, as_yaml = both({"b": 1, "a": {"d": 1, "c": 2}}, Style())
    assert as_json.index('"b"') == 4
    assert as_yaml == "b: 1\na:\n  d: 1\n  c: 2\n"


def test_yaml_has_no_aliases() -> None:
    shared = {"x": 1}
    assert both({"a": shared, "b": shared}, Style())[1] == "a:\n  x: 1\nb:\n  x: 1\n"
