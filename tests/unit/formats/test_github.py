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
    line, verdict, totals = lines(reports.result())
    assert read(line) == (
        "error",
        {"file": "f.yaml", "line": "7", "title": "1 hostPID is false"},
        "Must be: hostPID is true\nLost: AutoTagging, AutoTracing.\nSet `hostPID: true`."
        "\nDF-K8S-001",
    )
    assert verdict.startswith("dfpolicy: DO NOT DEPLOY - ")
    assert totals.startswith("dfpolicy: 1 requirement: 1 blocks, ")


def test_there_are_at_most_ten_commands_and_errors_come_first() -> None:
    found = lines(
        *(reports.result("violation", "recommended", id=f"DF-A-{i:03}") for i in range(9)),
        reports.result("unknown", id="DF-C-001"),
        *(reports.result(id=f"DF-B-{i:03}") for i in range(3)),
    )
    commands = [read(line) for line in found[:-2]]
    names = [name for name, _, _ in commands]
    assert names == [*["error"] * 3, *["warning"] * 6, "notice"]
    assert commands[-2][1]["title"] == "4 more problems"
    assert commands[-1][1]["title"] == "Not checked: 1 requirement, which is required"
    assert commands[-1][2].startswith("To check them: helm template ... | dfpolicy check --deep -")


def test_standard_input_is_not_a_file_of_the_repository() -> None:
    location = {"file": "stdin", "document": 1, "line": 5, "template": "c/d.yaml"}
    _, properties, data = read(lines(reports.result(location=location))[0])
    assert set(properties) == {"title"}
    assert "DF-K8S-001" in data


def test_nodes_share_a_command() -> None:
    nodes = [reports.result(**reports.node(f"n{number}")) for number in range(1000)]
    line, *_ = lines(*nodes, reports.result("pass", **reports.node("m")))
    name, properties, data = read(line)
    assert (name, properties) == ("error", {"title": "1 1000 nodes: hostPID is false"})
    assert "\nn0, n1, n2 +997 more\n" in data


@settings(PROPERTY, max_examples=50)
@given(reports.reports())
def test_no_text_becomes_a_command(report: Report) -> None:
    *commands, verdict, totals = render(report, Style()).splitlines()
    assert verdict.startswith("dfpolicy: ")
    assert totals.startswith("dfpolicy: ")
    assert len(commands) <= 10
    for line in commands:
        assert "##[" not in line
        _, properties, _ = read(line)
        assert set(properties) <= {"file", "line", "title"}
