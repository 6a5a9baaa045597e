"""The requirements and groups, read out of the METADATA and checked against its schema."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from jsonschema import Draft202012Validator
from tools.dev import opa
from tools.dev.errors import DevError
from tools.dev.paths import SCHEMAS

from dfpolicy.policy.requirement_metadata import PREFIX, completed, filled

# Chinese characters and the marks between them, and those marks alone.
_WIDE = r"[\u2014\u2018-\u201d\u2026\u3000-\u303f\u3400-\u9fff\uff00-\uffef]"
_MARK = r"[\u3000-\u303f\uff01-\uff20]"
_FOLD = re.compile(rf"(?<={_WIDE}) (?={_WIDE})|(?<={_MARK}) | (?={_MARK})")

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
    """Where METADATA breaks its contract, one line each."""
    schema = json.loads((SCHEMAS / "requirement.schema.json").read_text("utf-8"))
    validator = Draft202012Validator(schema)
    groups, requirements = groups_and_requirements(annotations)
    for entry in (*groups, *requirements):
        block = entry["annotations"]
        place = f"{entry['location']['file']}:{entry['location']['row']}"
        name = block.get("custom", {}).get("id") or entry["path"]
        for error in validator.iter_errors(block):
            yield f"{place}: {name}: {error.json_path}: {error.message}"


def catalogue(
    annotations: Iterable[Entry], remedies: Iterable[dict[str, str]] = ()
) -> dict[str, list[Entry]]:
    """The groups by order, the requirements by order of their group and id, the remedies."""
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
    pages = _pages([block["custom"]["id"] for block in blocks])
    return {
        "groups": sorted(groups, key=lambda group: (group["order"], group["group"])),
        "requirements": [
            _requirement(block) | {"url": pages[block["custom"]["id"]]} for block in blocks
        ],
        "remedies": list(remedies),
    }


def _pages(ids: list[str]) -> dict[str, str]:
    """The address of each requirement's page, as results have it too."""
    query = "{id: data.dfpolicy.lib.result.page(id) | some id in input}"
    pages: dict[str, str] = opa.evaluated(query, ids)
    return pages


def _group(block: Entry) -> Entry:
    custom = block["custom"]
    made = {
        "group": custom["group"],
        "title": block["title"],
        "description": block["description"],
        "order": custom["order"],
        "modes": custom["modes"],
    }
    chinese = {key: custom.get("zh", {}).get(key) for key in ("description", "title")}
    return made | {"zh": {key: _unfolded(text) for key, text in chinese.items() if text}}


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
        "remediation": filled(custom),
        "source": custom["source"],
        "since": custom["since"],
        "modes": custom["modes"],
        "related_resources": block["related_resources"],
    }
    optional = ("aliases", "covers", "deprecated", "waivable")
    return made | {key: custom[key] for key in optional if key in custom} | _chinese(custom)


def _chinese(custom: Entry) -> Entry:
    texts = dict(custom.get("zh", {}))
    if "remediation" in texts:
        words = {**custom.get("words", {}), **texts.pop("words", {})}
        texts["remediation"] = filled({"remediation": texts["remediation"], "words": words})
    return {"zh": {key: _unfolded(text) for key, text in sorted(texts.items())}}


def _unfolded(text: Any) -> Any:
    """The text without the blanks that YAML's folding puts between Chinese characters."""
    if isinstance(text, list):
        return [_unfolded(item) for item in text]
    return _FOLD.sub("", text)
