"""The METADATA of requirements, completed from that of their groups.

A group is a package `dfpolicy.requirements.<group>` with METADATA of scope `subpackages`; a
requirement is a package below it. What a requirement leaves out holds as its group states it, so
that nothing is repeated (`lib/result` completes results in the same way).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PREFIX = "data.dfpolicy.requirements."

# A group's own texts, which none of its requirements inherits.
_OWN = ("title", "description")


def completed(group: Mapping[str, Any], requirement: Mapping[str, Any]) -> dict[str, Any]:
    """Return the annotations of a requirement's package, with the rest from its group's.

    Both are annotations as `opa inspect` prints them. Neither is changed.
    """
    custom = _union(_inherited(group.get("custom", {})), requirement.get("custom", {}))
    links = {key: group[key] for key in ("related_resources",) if key in group}
    return {**links, **requirement, "custom": custom}


def filled(custom: Mapping[str, Any]) -> str:
    """Return the remediation of completed METADATA, its fields replaced by its `words`."""
    text: str = custom["remediation"]
    for name, word in custom.get("words", {}).items():
        text = text.replace(f"{{{name}}}", word)
    return text


def _inherited(custom: Mapping[str, Any]) -> dict[str, Any]:
    chinese = {key: text for key, text in custom.get("zh", {}).items() if key not in _OWN}
    rest = {key: content for key, content in custom.items() if key != "zh"}
    return {**rest, "zh": chinese} if chinese else rest


def _union(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Both together, objects key by key; elsewhere `above` wins, as in Rego's object.union."""
    both = {**below, **above}
    for key in below.keys() & above.keys():
        if isinstance(below[key], Mapping) and isinstance(above[key], Mapping):
            both[key] = _union(below[key], above[key])
    return both
