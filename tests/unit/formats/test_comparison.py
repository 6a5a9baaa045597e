from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings

from dfpolicy.errors import UsageError
from dfpolicy.formats.base import Style
from dfpolicy.formats.comparison import FORMATS, renderer
from dfpolicy.model import Report
from dfpolicy.report.comparison import compare
from support import reports
from support.inputs import PROPERTY
from support.markdown import Page, harmless
from support.reports import report, result


def shown(name: str, old: Report, new: Report, **style: Any) -> str:
    return renderer(name)(compare(old, new), Style(**style))


def test_text() -> None:
    text = shown("text", report(result("pass", observed="hostPID is true")), report(result()))
    assert text.splitlines() == [
        "new",
        "  DF-K8S-001 The agent shares the host's process namespace: pass -> required violation",
        "      DaemonSet deepflow/deepflow-agent, container agent  c/templates/d.yaml (f.yaml:7)",
        "      before    hostPID is true",
        "      found     hostPID is false",
        "      expected  hostPID is true",
        "",
        "1 new, 0 fixed, 0 changed, 0 unchanged; 1 new required violation, exit 1",
    ]


def test_reports_of_different_modes_are_noted() -> None:
    other = report(result(), mode={**report()["mode"], "name": "upgrade"})
    assert shown("text", report(result()), other).startswith(
        "note: mode was single-k8s, is now upgrade\n"
    )
    assert "mode was single-k8s, is now upgrade" in shown("markdown", report(result()), other)


def test_markdown() -> None:
    text = shown("markdown", report(result()), report(result("pass", observed="hostPID is true")))
    assert text.startswith("## Nothing is worse than before\n")
    assert "| required violation -&#62; pass |" in text
    assert "<code>hostPID is true</code>" in text


def test_a_long_list_ends_with_a_count() -> None:
    subjects = ({"kind": "Node", "name": f"n{number}"} for number in range(250))
    new = report(*(result(subject=subject) for subject in subjects))
    for name in ("text", "markdown"):
        text = shown(name, report(result("pass", id="DF-K8S-003")), new)
        assert "and 150 more" in text
        assert len(text.splitlines()) < 600
    found = json.loads(shown("json", report(result("pass", id="DF-K8S-003")), new))
    assert len(found["findings"]["new"]) == 250


@settings(PROPERTY, max_examples=40)
@given(reports.reports(), reports.reports())
def test_no_text_breaks_out(old: Report, new: Report) -> None:
    harmless(Page(shown("markdown", old, new)))
    text = shown("text", old, new)
    assert all(char.isprintable() or char == "\n" for char in text)
    assert json.loads(shown("json", old, new)) == compare(old, new)
    for name in FORMATS:
        assert shown(name, old, new, unicode=False).isascii()


def test_an_unknown_format() -> None:
    with pytest.raises(UsageError, match="use one of text, json, markdown"):
        renderer("sarif")
