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

PACKAGE = "data.dfpolicy.requirements."

# Chinese characters and the marks between them, and those marks alone.
_WIDE = r"[\u2014\u2018-\u201d\u2026\u3000-\u303f\u3400-\u9fff\uff00-\uffef]"
_MARK = r"[\u3000-\u303f\uff01-\uff20]"
_FOLD = re.compile(rf"(?<={_WIDE}) (?={_WIDE})|(?<={_MARK}) | (?={_MARK})")


def below_requirements(annotations: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The entries of the groups' packages and of their rules."""
    return [entry for entry in annotations if entry["path"].startswith(PACKAGE)]


def faults(annotations: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Where METADATA breaks its contract, one line each."""
    schema = json.loads((SCHEMAS / "requirement.schema.json").read_text("utf-8"))
    validator = Draft202012Validator(schema)
    for entry in below_requirements(annotations):
        block = entry["annotations"]
        place = f"{entry['location']['file']}:{entry['location']['row']}"
        name = block.get("custom", {}).get("id") or entry["path"]
        for error in validator.iter_errors(block):
            yield f"{place}: {name}: {error.json_path}: {error.message}"


def catalogue(
    annotations: Iterable[dict[str, Any]], remedies: Iterable[dict[str, str]] = ()
) -> dict[str, list[dict[str, Any]]]:
    """The groups by order, the requirements by order of their group and id, the remedies."""
    entries = below_requirements(annotations)
    told = list(faults(entries))
    if told:
        raise DevError("\n".join(told))
    groups = {
        entry["path"].removeprefix(PACKAGE): _group(entry["annotations"])
        for entry in entries
        if entry["annotations"]["scope"] == "package"
    }
    requirements = []
    for entry in entries:
        if entry["annotations"]["scope"] == "rule":
            group = entry["path"].removeprefix(PACKAGE).partition(".")[0]
            if group not in groups:
                raise DevError(f"{entry['location']['file']}: its package has no METADATA")
            requirements.append((groups[group], _requirement(entry["annotations"], groups[group])))
    requirements.sort(key=lambda pair: (pair[0]["order"], pair[1]["id"]))
    pages = _pages([requirement["id"] for _, requirement in requirements])
    return {
        "groups": sorted(groups.values(), key=lambda group: (group["order"], group["group"])),
        "requirements": [entry | {"url": pages[entry["id"]]} for _, entry in requirements],
        "remedies": list(remedies),
    }


def _pages(ids: list[str]) -> dict[str, str]:
    """The address of each requirement's page, as results have it too."""
    query = "{id: data.dfpolicy.lib.result.page(id) | some id in input}"
    pages: dict[str, str] = opa.evaluated(query, ids)
    return pages


def _group(block: dict[str, Any]) -> dict[str, Any]:
    custom = block["custom"]
    made = {
        "group": custom["group"],
        "title": block["title"],
        "description": block["description"],
        "order": custom["order"],
        "modes": custom["modes"],
    }
    return made | _chinese(custom)


def _requirement(block: dict[str, Any], group: dict[str, Any]) -> dict[str, Any]:
    custom = block["custom"]
    made = {
        "id": custom["id"],
        "title": block["title"],
        "description": block["description"],
        "group": group["group"],
        "level": custom["level"],
        "reads": custom["reads"],
        "impact": custom["impact"],
        "remediation": custom["remediation"],
        "source": custom["source"],
        "since": custom["since"],
        "modes": custom.get("modes", group["modes"]),
        "related_resources": block["related_resources"],
    }
    optional = ("aliases", "covers", "deprecated", "waivable")
    return made | {key: custom[key] for key in optional if key in custom} | _chinese(custom)


def _chinese(custom: dict[str, Any]) -> dict[str, Any]:
    return {"zh": {key: _unfolded(text) for key, text in custom.get("zh", {}).items()}}


def _unfolded(text: Any) -> Any:
    """The text without the blanks that YAML's folding puts between Chinese characters."""
    if isinstance(text, list):
        return [_unfolded(item) for item in text]
    return _FOLD.sub("", text)
