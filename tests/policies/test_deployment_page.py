"""A requirement covers each line of DeepFlow's deployment page, or the table says why not."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from tools.dev import deployment_page, metadata, opa

from support import decisions

PAGE: dict[str, Any] = {
    "sections": {"a": "A", "b": "B"},
    "lines": [
        {"id": "one", "section": "a", "text": "One"},
        {"id": "two", "section": "a", "text": "Two"},
        {"id": "three", "section": "b", "text": "Three"},
    ],
}
ENTRIES: list[dict[str, Any]] = [
    {"id": "DF-A-001", "covers": ["one", "two"]},
    {"id": "DF-A-002", "covers": ["two"]},
    {"id": "DF-A-003"},
    {"id": "DF-B-001", "covers": ["three"]},
]


@cache
def page() -> dict[str, Any]:
    decisions.need_opa()
    return deployment_page.read()


@cache
def requirements() -> list[dict[str, Any]]:
    decisions.need_opa()
    return metadata.catalogue(opa.blocks())["requirements"]


def test_the_requirements_match_the_deployment_page() -> None:
    assert list(deployment_page.faults(page(), requirements())) == []


def test_the_lines_without_a_requirement_are_known() -> None:
    # Whether a node is in production is not a fact; `features` has a note for such kernels.
    known = ["note-2-preview"]
    stated = deployment_page.stating(page(), requirements())
    assert [line for line, ids in stated.items() if not ids] == known
    assert [line["id"] for line in page()["lines"] if "unstated" in line] == known


def test_requirements_from_the_page_name_its_lines() -> None:
    silent = [
        entry["id"]
        for entry in requirements()
        if entry["related_resources"][0]["ref"] == deployment_page.OVERVIEW
        and "covers" not in entry
    ]
    assert silent == []


def test_every_resource_and_plug_in_of_the_tables_is_a_line() -> None:
    ids = {line["id"] for line in page()["lines"]}
    groups = opa.evaluated("data.dfpolicy.tables.rbac_resources.api_groups")
    assert {f"rbac-{resource}" for resource in groups} <= ids
    networks = opa.evaluated("data.dfpolicy.tables.cni_signatures.networks").values()
    lines = {line["text"].partition(",")[0] for line in page()["lines"] if line["section"] == "cni"}
    assert {network["name"] for network in networks if network["adapted"]} <= lines


def test_each_line_names_the_requirements_that_cover_it() -> None:
    assert deployment_page.stating(PAGE, ENTRIES) == {
        "one": ["DF-A-001"],
        "two": ["DF-A-001", "DF-A-002"],
        "three": ["DF-B-001"],
    }
    assert list(deployment_page.faults(PAGE, ENTRIES)) == []


def line(number: int, **change: Any) -> dict[str, Any]:
    lines: list[dict[str, Any]] = [dict(entry) for entry in PAGE["lines"]]
    lines[number] |= change
    return PAGE | {"lines": lines}


@pytest.mark.parametrize(
    ("changed", "entries", "told"),
    [
        (line(1, id="one"), [{"id": "X", "covers": ["one", "three"]}], "one is there 2 times"),
        (line(1, section="b"), ENTRIES, None),
        (line(0, section="b"), ENTRIES, "the lines of b are not together"),
        (line(2, section="c"), ENTRIES, "there is no section c"),
        (PAGE, [*ENTRIES, {"id": "DF-C-001", "covers": ["four"]}], "DF-C-001: `covers` has four"),
        (PAGE, [*ENTRIES, {"id": "DF-C-001", "covers": ["two", "one"]}], "another order"),
        (PAGE, ENTRIES[:-1], "no requirement covers three"),
        (line(2, unstated="why"), ENTRIES[:-1], None),
        (line(2, unstated="why"), ENTRIES, "DF-B-001 covers it"),
    ],
)
def test_each_mismatch_with_the_page_is_reported(
    changed: dict[str, Any], entries: list[dict[str, Any]], told: str | None
) -> None:
    faults = list(deployment_page.faults(changed, entries))
    if told is None:
        assert faults == []
    else:
        assert [told in fault for fault in faults] == [True]
