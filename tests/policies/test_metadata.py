"""METADATA keeps its contract, and catalogue, policies and examples name the same ids."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tools.dev import metadata, opa
from tools.dev.paths import EXAMPLES, POLICIES, REQUIREMENTS, ROOT

from support import decisions

Entry = dict[str, Any]


@pytest.fixture(autouse=True)
def _opa() -> None:
    decisions.need_opa()


@cache
def every_block() -> list[Entry]:
    return opa.blocks()


@cache
def catalogue() -> dict[str, list[Entry]]:
    return metadata.catalogue(every_block())


def modules() -> list[Path]:
    return [path for path in sorted(POLICIES.rglob("*.rego")) if not path.stem.endswith("_test")]


def rule_names(module: Path) -> list[str]:
    """The name of each rule of a file, as often as it is defined."""
    parsed = json.loads(opa.run("parse", "--format", "json", str(module.relative_to(ROOT))))
    return [str(rule["head"]["ref"][0]["value"]) for rule in parsed.get("rules") or []]


def repeated(values: list[Any]) -> list[Any]:
    return [value for value, count in Counter(values).items() if count > 1]


def test_metadata_fits_its_schema() -> None:
    assert list(metadata.faults(every_block())) == []


def test_there_are_requirements() -> None:
    assert len(catalogue()["requirements"]) >= 30


def test_ids_are_unique() -> None:
    ids = [
        identifier
        for entry in catalogue()["requirements"]
        for identifier in (entry["id"], *entry.get("aliases", ()))
    ]
    assert repeated(ids) == []


def test_titles_are_unique() -> None:
    assert repeated([entry["title"] for entry in catalogue()["requirements"]]) == []


def test_descriptions_are_short() -> None:
    long = [
        entry["id"]
        for entry in catalogue()["requirements"]
        if len(re.findall(r"[.!?](?=\s+[A-Z`]|$)", entry["description"])) > 3
    ]
    assert long == []


def test_groups_have_an_order_of_their_own() -> None:
    groups = catalogue()["groups"]
    assert repeated([group["order"] for group in groups]) == []
    assert repeated([group["title"] for group in groups]) == []


def test_groups_are_named_after_their_directories() -> None:
    named = sorted(group["group"] for group in catalogue()["groups"])
    folders = [path.name for path in REQUIREMENTS.iterdir() if path.is_dir()]
    assert named == sorted(folder.replace("_", "-") for folder in folders)


def test_a_group_has_one_prefix_and_a_prefix_one_group() -> None:
    prefixes, groups = defaultdict(set), defaultdict(set)
    for entry in catalogue()["requirements"]:
        prefix = entry["id"].rpartition("-")[0]
        prefixes[entry["group"]].add(prefix)
        groups[prefix].add(entry["group"])
    assert {name: found for name, found in prefixes.items() if len(found) > 1} == {}
    assert {name: found for name, found in groups.items() if len(found) > 1} == {}


def test_a_requirement_narrows_the_modes_of_its_group() -> None:
    modes = {group["group"]: set(group["modes"]) for group in catalogue()["groups"]}
    wider = [
        entry["id"]
        for entry in catalogue()["requirements"]
        if not set(entry["modes"]) <= modes[entry["group"]]
    ]
    assert wider == []


@pytest.mark.parametrize("module", modules(), ids=lambda path: path.stem)
def test_packages_and_public_rules_have_metadata(module: Path) -> None:
    file = str(module.relative_to(ROOT))
    blocks = [entry for entry in every_block() if entry["location"]["file"] == file]
    scopes = {entry["annotations"]["scope"] for entry in blocks}
    assert scopes & {"package", "subpackages"}, "the package has no METADATA"
    described = {entry["path"].rpartition(".")[2] for entry in blocks}
    public = {name for name in rule_names(module) if not name.startswith("_")}
    assert sorted(public - described) == []
    untitled = [
        entry["path"]
        for entry in blocks
        if not entry["annotations"].get("title") or not entry["annotations"].get("description")
    ]
    assert untitled == []


@pytest.mark.parametrize("folder", sorted(REQUIREMENTS.iterdir()), ids=lambda path: path.name)
def test_every_wiring_line_is_a_requirement(folder: Path) -> None:
    """A rule without a block of its own would drop its results without a word."""
    module = folder / f"{folder.name}.rego"
    names = [name for name in rule_names(module) if not name.startswith("_")]
    assert set(names) == {"results"}
    group = folder.name.replace("_", "-")
    count = sum(entry["group"] == group for entry in catalogue()["requirements"])
    assert len(names) == count


def test_every_module_has_the_name_of_its_directory() -> None:
    odd = [path for path in modules() if path.stem != path.parent.name]
    assert odd == []


def test_every_requirement_has_examples() -> None:
    missing = [
        f"{entry['id']}/{stem}.yaml"
        for entry in catalogue()["requirements"]
        for stem in ("pass", "violation")
        if not (EXAMPLES / entry["id"] / f"{stem}.yaml").is_file()
    ]
    assert missing == []


def test_every_example_has_a_requirement() -> None:
    ids = {entry["id"] for entry in catalogue()["requirements"]}
    assert sorted({path.name for path in EXAMPLES.iterdir()} - ids) == []


def test_examples_are_named_after_outcomes() -> None:
    allowed = {"pass.yaml", "violation.yaml", "unknown.yaml"}
    odd = [path for path in EXAMPLES.glob("*/*") if path.name not in allowed]
    assert odd == []
