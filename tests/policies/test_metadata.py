"""METADATA keeps its contract, and catalogue, policies and examples name the same ids."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from tools.dev import metadata, opa
from tools.dev.paths import EXAMPLES, POLICIES, REQUIREMENTS, ROOT

from dfpolicy.policy.requirement_metadata import PREFIX
from support import decisions

Entry = dict[str, Any]

# Lines of a requirement.
LONGEST, MEDIAN = 110, 45


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


def test_related_requirements_exist_and_each_pair_is_named_once() -> None:
    entries = catalogue()["requirements"]
    pairs = [{entry["id"], other} for entry in entries for other in entry.get("related", ())]
    assert {name for pair in pairs for name in pair} <= {entry["id"] for entry in entries}
    assert [pair for pair in pairs if len(pair) != 2 or pairs.count(pair) != 1] == []


def test_titles_are_unique() -> None:
    assert repeated([entry["title"] for entry in catalogue()["requirements"]]) == []


def test_descriptions_are_short() -> None:
    long = [
        entry["id"]
        for entry in catalogue()["requirements"]
        if len(re.findall(r"[.!?](?=\s+[A-Z`]|$)", entry["description"])) > 3
    ]
    assert long == []


def test_no_two_groups_have_the_same_order() -> None:
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


def of_requirements() -> list[Path]:
    """The files of requirements: all files below a group, except the group's own."""
    return [path for path in modules() if REQUIREMENTS in path.parents and not is_group(path)]


def is_group(module: Path) -> bool:
    return module.parent.parent == REQUIREMENTS and module.stem == module.parent.name


def package_of(module: Path) -> str:
    """The package that a file should have, by its path."""
    name = module.relative_to(POLICIES).with_suffix("")
    parts = name.parts if module in of_requirements() else name.parent.parts
    return ".".join(parts)


@cache
def parsed() -> dict[Path, tuple[str, tuple[str, ...]]]:
    """The package of each module, and the name of each rule, repeated for each definition."""
    bundle = json.loads(opa.run("inspect", "--format", "json", "policies"))["namespaces"]
    packages = {
        Path(file): package.removeprefix("data.")
        for package, files in bundle.items()
        for file in files
    }
    return {
        module: (packages[module.relative_to(ROOT)], tuple(rule_names(module)))
        for module in modules()
    }


def rule_names(module: Path) -> list[str]:
    """The name of each rule of a file, repeated for each definition."""
    lines = module.read_text("utf-8").splitlines()
    names = (re.match(r"(?:default )?([a-z_]\w*)", line) for line in lines)
    return [name[1] for name in names if name and name[1] not in ("package", "import")]


def test_each_file_has_the_package_of_its_path() -> None:
    """A requirement is a file of its group's directory; other packages are directories."""
    assert {path: package for path, (package, _) in parsed().items()} == {
        path: package_of(path) for path in modules()
    }


def test_a_folder_and_its_module_have_one_name() -> None:
    requirements = of_requirements()
    others = [path for path in modules() if path not in requirements]
    assert [path for path in others if path.stem != path.parent.name] == []


def test_packages_and_public_rules_have_metadata() -> None:
    described = {entry["path"].removeprefix("data.") for entry in every_block()}
    missing = [package for package, _ in parsed().values() if package not in described]
    assert missing == []
    public = {
        f"{package}.{name}"
        for path, (package, names) in parsed().items()
        for name in names
        if not name.startswith("_") and path not in of_requirements()
    }
    assert sorted(public - described) == []
    untitled = [
        entry["path"]
        for entry in every_block()
        if not entry["annotations"].get("title") or not entry["annotations"].get("description")
    ]
    assert untitled == []


def test_a_requirement_has_one_public_rule_and_its_group_none() -> None:
    """A second rule `results` would be a second requirement under the same id."""
    public = {
        path: [name for name in found if not name.startswith("_")]
        for path, (_, found) in parsed().items()
    }
    assert [path for path in of_requirements() if public[path] != ["results"]] == []
    assert [path for path in modules() if is_group(path) and public[path]] == []


def test_every_requirement_has_a_test_beside_it() -> None:
    missing = [
        path for path in of_requirements() if not path.with_name(f"{path.stem}_test.rego").is_file()
    ]
    assert missing == []


def test_requirements_are_short() -> None:
    """Chinese aside, which moves to the translations."""
    lengths = {path: len(english_lines(path)) for path in of_requirements()}
    assert {path: length for path, length in lengths.items() if length > LONGEST} == {}
    assert median(lengths.values()) <= MEDIAN


def english_lines(module: Path) -> list[str]:
    text = module.read_text("utf-8")
    return re.sub(r"^#   zh:\n(?:#    .*\n)*", "", text, flags=re.MULTILINE).splitlines()


def test_a_requirement_repeats_nothing_of_its_group() -> None:
    blocks = {entry["path"]: entry["annotations"] for entry in every_block()}
    for path, block in blocks.items():
        group = blocks.get(path.rpartition(".")[0], {})
        if path.startswith(PREFIX) and group.get("scope") == "subpackages" and path != PREFIX:
            inherited = group["custom"]
            same = [key for key, value in block["custom"].items() if inherited.get(key) == value]
            assert same == [], path
            assert block.get("related_resources") != group["related_resources"], path


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
