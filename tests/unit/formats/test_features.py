from __future__ import annotations

import csv
import io
import json
from typing import Any, cast

import pytest
import yaml

from dfpolicy.errors import UsageError
from dfpolicy.formats.features import FORMATS, check_format, grouped, render
from dfpolicy.model import FeatureRow


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


def test_text() -> None:
    lines = render(ROWS, "text").splitlines()
    assert lines[0].split()[:4] == ["count", "nodes", "architecture", "kernel"]
    assert lines[1].startswith("5      n0, n1, n2 and 2 more  amd64")
    assert lines[2].startswith("1      a ")
    assert "4.14.1: two agents break each other" in lines
    assert any(line.startswith("kprobe") and "AutoTracing" in line for line in lines)


def test_a_name_cannot_steer_the_terminal() -> None:
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
