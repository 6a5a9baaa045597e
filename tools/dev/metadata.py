"""The requirements and groups, read from the METADATA and checked against its schema."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from jsonschema import Draft202012Validator
from tools.dev.errors import DevError
from tools.dev.paths import SCHEMAS

from dfpolicy.policy.requirement_metadata import PREFIX, completed

Entry = dict[str, Any]


def groups_and_requirements(annotations: Iterable[Entry]) -> tuple[list[Entry], list[Entry]]:
    """The entries of the groups' packages, and those of the requirements, completed.

    Raises DevError for METADATA that belongs to neither.
    """
    groups, requirements = [], []
    for entry in annotations:
        name = entry["path"].removeprefix(PREFIX)
        if name == entry["path"]:
            continue
        scope, depth = entry["annotations"]["scope"], name.count(".")
        if scope == "subpackages" and depth == 0:
            groups.append(entry)
        elif scope == "package" and depth == 1:
            requirements.append(entry)
        else:
            place = f"{entry['location']['file']}:{entry['location']['row']}"
            raise DevError(f"{place}: neither a group (scope: subpackages) nor a requirement")
    known = {entry["path"]: entry["annotations"] for entry in groups}
    for entry in requirements:
        if entry["path"].rpartition(".")[0] not in known:
            raise DevError(f"{entry['location']['file']}: its group has no METADATA")
    return groups, [
        {**entry, "annotations": completed(known[group], entry["annotations"])}
        for entry in requirements
        for group in [entry["path"].rpartition(".")[0]]
    ]


def faults(annotations: Iterable[Entry]) -> Iterator[str]:
    """Each violation of the METADATA schema, one line each."""
    schema = json.loads((SCHEMAS / "requirement.schema.json").read_text("utf-8"))
    validator = Draft202012Validator(schema)
    groups, requirements = groups_and_requirements(annotations)
    for entry in (*groups, *requirements):
        block = entry["annotations"]
        place = f"{entry['location']['file']}:{entry['location']['row']}"
        name = block.get("custom", {}).get("id") or entry["path"]
        for error in validator.iter_errors(block):
            yield f"{place}: {name}: {error.json_path}: {error.message}"


def catalogue(annotations: Iterable[Entry]) -> dict[str, list[Entry]]:
    """The groups in order, and the requirements in the order of their group and id."""
    annotations = list(annotations)
    told = list(faults(annotations))
    if told:
        raise DevError("\n".join(told))
    found, entries = groups_and_requirements(annotations)
    groups = [_group(entry["annotations"]) for entry in found]
    blocks = sorted(
        (entry["annotations"] for entry in entries),
        key=lambda block: (block["custom"]["order"], block["custom"]["id"]),
    )
    return {
        "groups": sorted(groups, key=lambda group: (group["order"], group["group"])),
        "requirements": [_requirement(block) for block in blocks],
    }


def _group(block: Entry) -> Entry:
    custom = block["custom"]
    made = {
        "group": custom["group"],
        "title": block["title"],
        "description": block["description"],
        "order": custom["order"],
        "modes": custom["modes"],
    }
    return made | {key: custom[key] for key in ("admission",) if key in custom}


def _requirement(block: Entry) -> Entry:
    custom = block["custom"]
    made = {
        "id": custom["id"],
        "title": block["title"],
        "description": block["description"],
        "group": custom["group"],
        "level": custom["level"],
        "reads": custom["reads"],
        "impact": custom["impact"],
        "remediation": custom["remediation"],
        "since": custom["since"],
        "modes": custom["modes"],
        "related_resources": block["related_resources"],
    }
    optional = (
        "aliases",
        "asks",
        "conditional",
        "covers",
        "deprecated",
        "met",
        "related",
        "waivable",
        "words",
    )
    return made | {key: custom[key] for key in optional if key in custom}
