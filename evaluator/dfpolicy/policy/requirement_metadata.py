"""The METADATA of requirements, completed from that of their groups.

A group is a package `dfpolicy.requirements.<group>` with METADATA of scope `subpackages`; a
requirement is a package below it. What a requirement leaves out holds as its group states it, so
that nothing is repeated (`lib/result` completes results in the same way).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PREFIX = "data.dfpolicy.requirements."


def completed(group: Mapping[str, Any], requirement: Mapping[str, Any]) -> dict[str, Any]:
    """Return the annotations of a requirement's package, with the rest from its group's.

    Both are annotations as `opa inspect` prints them. Neither is changed.
    """
    custom = _union(group.get("custom", {}), requirement.get("custom", {}))
    links = {key: group[key] for key in ("related_resources",) if key in group}
    return {**links, **requirement, "custom": custom}


def _union(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Both together, objects key by key; elsewhere `above` wins, as in Rego's object.union."""
    both = {**below, **above}
    for key in below.keys() & above.keys():
        if isinstance(below[key], Mapping) and isinstance(above[key], Mapping):
            both[key] = _union(below[key], above[key])
    return both
