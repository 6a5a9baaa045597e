from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings

from dfpolicy.errors import UsageError
from dfpolicy.formats.base import Style
from dfpolicy.formats.comparison import FORMATS, renderer
from dfpolicy.i18n.language import speaking
from dfpolicy.model import LEVELS, Language, Report, Result
from dfpolicy.report.comparison import compare
from support import reports
from support.inputs import PROPERTY
from support.markdown import Page, harmless
from support.reports import node, report, result


def shown(name: str, old: Report, new: Report, **style: Any) -> str:
    return renderer(name)(compare(old, new), Style(**style))


def test_text() -> None:
    old = report(
        result("pass", observed="hostPID is true"),
        result("unknown", id="DF-X-001"),
        result("unknown", id="DF-X-002"),
        result("violation", "recommended", id="DF-X-003"),
        result("pass", id="DF-X-004"),
    )
    new = report(
        result(),
        result("pass", id="DF-X-001"),
        result("violation", "recommended", id="DF-X-002", observed="no BTF"),
        result("violation", "recommended", id="DF-X-003"),
        result("unknown", id="DF-X-004"),
    )
    comparison = compare(old, new, ("a.json", "b.json"))
    assert renderer("text")(comparison, Style()).splitlines() == [
        "WORSE - 1 requirement newly blocks. Exit 1.",
        "",
        "before  a.json  DEPLOYABLE WITH LOSSES, SO FAR  0 block, 1 loses, 2 not checked",
        "now     b.json  DO NOT DEPLOY                   1 blocks, 2 lose, 1 not checked",
        "",
        "NEWLY BLOCK  1",
        " ✗ DF-K8S-001     hostPID is true -> hostPID is false" + " " * 39 + "f.yaml:7",
        "     Fix: Set `hostPID: true`.",
        "",
        "NEWLY LOSE  1",
        " ! DF-X-002       was not checked -> no BTF" + " " * 49 + "f.yaml:7",
        "     Fix: Set `hostPID: true`.",
        "",
        "NEWLY OPEN  1",
        " - was met -> not checked: DF-X-004",
        "",
        "BETTER  1",
        " ✓ was not checked -> met: DF-X-001",
        "",
        "SAME  1 of 5: 1 loses (DF-X-003).",
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (result(), result(), "SAME - nothing newly blocks or is lost. Exit 0."),
        (
            result(),
            result("pass"),
            "BETTER - 1 requirement no longer blocks; 0 newly lose. Exit 0.",
        ),
        (
            result("unknown"),
            result("pass"),
            "BETTER - 1 requirement improved; nothing newly blocks or is lost. Exit 0.",
        ),
        (
            result("pass"),
            result("violation", "recommended"),
            "WORSE - 1 requirement newly loses. Exit 0.",
        ),
    ],
)
def test_the_headline(old: Result, new: Result, said: str) -> None:
    assert shown("text", report(old), report(new)).splitlines()[0] == said


def test_what_blocks_on_more_nodes_newly_blocks() -> None:
    few, more = (report(*(result(**node(f"n{i}")) for i in range(count))) for count in (1, 3))
    assert "DF-K8S-001     blocked before -> 2 nodes: hostPID is false" in shown("text", few, more)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_text_has_at_most_30_lines(language: Language) -> None:
    found = [
        result(
            ("violation", "unknown")[i % 3 == 2],
            LEVELS[i % 2],
            id=f"DF-X-{i:03}",
            observed="x " * 60,
        )
        for i in range(90)
    ]
    with speaking(language):
        text = shown("text", report(result("pass", id="DF-X-000")), report(*found))
        assert text.count("\n") <= 30
        assert len(shown("text", report(*found), report(result("pass"))).splitlines()) <= 30
        every = shown("text", report(result("pass")), report(*found), verbose=True)
    assert all(one["id"] in every for one in found)


def test_reports_of_different_modes_are_noted() -> None:
    other = report(result(), mode={**report()["mode"], "name": "upgrade"})
    for name in ("text", "markdown"):
        assert "mode was single-k8s, is now upgrade" in shown(name, report(result()), other)


def test_markdown() -> None:
    text = shown("markdown", report(result()), report(result("pass", observed="hostPID is true")))
    assert text.startswith("## BETTER - 1 requirement no longer blocks")
    assert "| required violation -&#62; pass |" in text
    assert "<code>hostPID is true</code>" in text


def test_a_long_table_ends_with_a_count() -> None:
    new = report(*(result(**node(f"n{number}")) for number in range(250)))
    text = shown("markdown", report(result("pass", id="DF-K8S-003")), new)
    assert "and 150 more" in text
    assert len(text.splitlines()) < 200
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
