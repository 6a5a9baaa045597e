from __future__ import annotations

import re

from hypothesis import given, settings

from dfpolicy.formats.base import Style
from dfpolicy.formats.github import render
from dfpolicy.model import Report, Result
from support import reports
from support.inputs import PROPERTY

COMMAND = re.compile(r"::(?P<name>[a-z]+) (?P<properties>[^:]*)::(?P<data>.*)")


def lines(*results: Result) -> list[str]:
    return render(reports.report(*results), Style()).splitlines()


def unescaped(text: str) -> str:
    for code, char in (("%0A", "\n"), ("%0D", "\r"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, char)
    return text


def read(line: str) -> tuple[str, dict[str, str], str]:
    """Read a command as the runner does."""
    match = COMMAND.fullmatch(line)
    assert match, line
    pairs = (pair.split("=", 1) for pair in match["properties"].split(","))
    properties = {name: unescaped(value) for name, value in pairs}
    return match["name"], properties, unescaped(match["data"])


def test_a_violation() -> None:
    line, totals = lines(reports.result())
    assert read(line) == (
        "error",
        {
            "file": "f.yaml",
            "line": "7",
            "title": "DF-K8S-001 The agent shares the host's process namespace",
        },
        "where: DaemonSet deepflow/deepflow-agent · container agent, c/templates/d.yaml (f.yaml:7)"
        "\nfound: hostPID is false\nexpected: hostPID is true\nlost: AutoTagging, AutoTracing"
        "\nfix: Set `hostPID: true`.",
    )
    assert totals.startswith("dfpolicy: 1 required violation, 0 recommended")


def test_what_matters_most_comes_first_and_passes_not_at_all() -> None:
    found = lines(
        reports.result("unknown", "informational"),
        reports.result("pass"),
        reports.result("unknown"),
        reports.result("violation", "informational"),
        reports.result("violation", "recommended"),
        reports.result("violation", waiver=reports.WAIVER),
        reports.result("violation"),
    )
    commands = [read(line) for line in found[:-1]]
    assert [(name, properties["title"].split()[1]) for name, properties, _ in commands] == [
        ("error", "The"),
        ("warning", "unknown:"),
        ("warning", "The"),
        ("notice", "unknown:"),
        ("notice", "The"),
        ("notice", "waived:"),
    ]


def test_standard_input_is_no_file_of_the_repository() -> None:
    location = {"file": "stdin", "document": 1, "line": 5, "template": "c/d.yaml"}
    _, properties, data = read(lines(reports.result(location=location))[0])
    assert set(properties) == {"title"}
    assert "c/d.yaml (stdin:5)" in data


def test_nodes_that_say_the_same_share_a_command() -> None:
    nodes = [
        reports.result("unknown", location=None, subject={"kind": "Node", "name": f"n{number}"})
        for number in range(1000)
    ]
    line, _ = lines(*nodes)
    assert "\nalso: Node n1, Node n2, Node n3, Node n4, Node n5 and 994 more\n" in read(line)[2]


@settings(PROPERTY, max_examples=50)
@given(reports.reports())
def test_no_text_becomes_a_command(report: Report) -> None:
    *commands, totals = render(report, Style()).splitlines()
    assert totals.startswith("dfpolicy: ")
    for line in commands:
        assert "##[" not in line
        _, properties, _ = read(line)
        assert set(properties) <= {"file", "line", "title"}
