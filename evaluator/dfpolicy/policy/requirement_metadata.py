"""The METADATA of requirements, with the keys that they inherit from their groups.

A group is a package `dfpolicy.requirements.<group>` with METADATA of scope `subpackages`; a
requirement is a package below it. A requirement inherits missing keys from its group (`lib/result`
does the same for results).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PREFIX = "data.dfpolicy.requirements."


def completed(group: Mapping[str, Any], requirement: Mapping[str, Any]) -> dict[str, Any]:
    """Return the annotations of a requirement's package, with missing keys from its group.

    Both are annotations as `opa inspect` prints them. Neither is changed.
    """
    custom = _union(group.get("custom", {}), requirement.get("custom", {}))
    links = {key: group[key] for key in ("related_resources",) if key in group}
    return {**links, **requirement, "custom": custom}


def _union(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Merge both, objects key by key; otherwise `above` wins, as in Rego's object.union."""
    both = {**below, **above}
    for key in below.keys() & above.keys():
        if isinstance(below[key], Mapping) and isinstance(above[key], Mapping):
            both[key] = _union(below[key], above[key])
    return both
