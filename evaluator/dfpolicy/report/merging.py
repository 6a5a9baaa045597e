"""Merges results that say the same about several subjects, for all formats."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Literal, get_args

from dfpolicy.model import Result

# fmt: off
Field = Literal[
    "id", "outcome", "level", "observed", "expected", "impact", "remediation", "collect", "url",
    "waiver", "location",
]
# fmt: on

# What a result says besides what was found.
ANSWER = tuple(name for name in get_args(Field) if name not in ("observed", "location"))
SAID = (*ANSWER, "observed")


def merged(results: Iterable[Result], fields: Iterable[Field] = SAID) -> list[list[Result]]:
    """Return groups of results with equal fields, each with at least one result.

    The groups have the order of their first results. By default, the results of a group differ only
    in their subjects and locations.
    """
    names = tuple(fields)
    groups: dict[tuple[str | None, ...], list[Result]] = {}
    for result in results:
        groups.setdefault(tuple(_key(result.get(name)) for name in names), []).append(result)
    return list(groups.values())


def _key(value: object) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value, sort_keys=True)
