from __future__ import annotations

import csv
import io
import json
from typing import Any, cast

import pytest
import yaml

from dfpolicy.errors import UsageError
from dfpolicy.formats.base import Style
from dfpolicy.formats.features import FORMATS, check_format, grouped, render
from dfpolicy.i18n.columns import width
from dfpolicy.i18n.language import speaking
from dfpolicy.model import FeatureRow, Language


def row(node: str, kernel: str = "5.15.0", *notes: str, **changes: Any) -> FeatureRow:
    base = {
        "node": node,
        "architecture": "amd64",
        "kernelRelease": kernel,
        "os": "Ubuntu 22.04",
        "kprobe": "yes",
        "golang_uprobe": "yes",
        "openssl_uprobe": "yes",
        "perf": "yes",
        "fentry": "unknown",
        "certainty": "listed",
        "notes": list(notes),
    }
    return cast(FeatureRow, base | changes)


ROWS = [row("a", "4.14.1", "two agents break each other"), *(row(f"n{i}") for i in range(5))]


def test_nodes_that_agree_share_a_line_and_the_largest_group_comes_first() -> None:
    groups = grouped(ROWS)
    assert [(len(group.nodes), group.nodes) for group in groups] == [
        (5, ["n0", "n1", "n2", "n3", "n4"]),
        (1, ["a"]),
    ]


def test_text_has_the_worst_kind_first_with_its_note_and_its_nodes() -> None:
    rows = [*ROWS, row("b", "4.9.0", "too old", kprobe="no", certainty="unlisted")]
    lines = render(rows, "text").splitlines()
    assert lines[0].startswith("6 of 7 nodes can trace and profile; 1 node cannot trace. 3 kinds")
    assert [line.split() for line in lines[2:6]] == [
        ["nodes", "system", "kernel", "Tracing", "Go", "TLS", "Profiling"],
        ["1", "Ubuntu", "22.04", "x86", "4.9.0", "no", "yes?", "yes?", "yes?", "[1]"],
        ["5", "Ubuntu", "22.04", "x86", "5.15.0", "yes", "yes", "yes", "yes"],
        ["1", "Ubuntu", "22.04", "x86", "4.14.1", "yes", "yes", "yes", "yes"],
    ]
    assert lines[7:9] == ["[1] Too old.", "    b"]


def test_text_marks_what_was_probed_and_doubts_the_rest() -> None:
    probed = row("a", "4.9.0", certainty="unlisted", probed=["kprobe", "perf"], perf="no")
    lines = render([probed], "text").splitlines()
    assert lines[3].split()[-4:] == ["yes*", "yes?", "yes?", "no*"]
    assert any(line.startswith("*  ") for line in lines)
    whole = render([row("a", certainty="probed", probed=["kprobe"])], "text").splitlines()
    assert whole[3].split()[-4:] == ["yes*", "yes", "yes", "yes"]
    assert not any(line.startswith("*  ") for line in render(ROWS, "text").splitlines())


def test_verbose_text_names_every_node() -> None:
    text = render(ROWS, "text", Style(verbose=True))
    assert "    n0, n1, n2, n3, n4\n" in text
    assert "fentry" in text.splitlines()[2]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kinds", [1, 7, 400])
def test_text_has_at_most_30_lines_of_100_columns(kinds: int, language: Language) -> None:
    notes = ["a long note of many words " * 4, "another"]
    rows = [row(f"n{i}", f"4.{i % kinds}.0", *notes, kprobe="no") for i in range(10_000)]
    with speaking(language):
        lines = render(rows, "text").splitlines()
    assert len(lines) <= 30
    assert max(map(width, lines)) <= 100


def test_a_name_cannot_control_the_terminal() -> None:
    assert "\x1b" not in render([row("a", "5.15.0\x1b[2J")], "text")


def test_machine_formats_keep_every_node() -> None:
    assert json.loads(render(ROWS, "json")) == ROWS
    assert yaml.safe_load(render(ROWS, "yaml")) == ROWS
    table = list(csv.DictReader(io.StringIO(render(ROWS, "csv"))))
    assert [line["node"] for line in table] == [entry["node"] for entry in ROWS]
    assert table[0]["notes"] == "two agents break each other"


def test_markdown() -> None:
    lines = render([row("a|b")], "markdown").splitlines()
    assert lines[1].startswith("| --- | --- |")
    assert lines[2].startswith("| 1 | a&#124;b | amd64 |")


def test_formats() -> None:
    for name in FORMATS:
        check_format(name)
    with pytest.raises(UsageError, match="use one of text"):
        check_format("nonsense")
