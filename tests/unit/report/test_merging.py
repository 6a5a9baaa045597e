from __future__ import annotations

from typing import Any

import pytest

from dfpolicy.report.merging import ANSWER, SAID, merged
from support.reports import WAIVER, node, result

DIFFERENT: dict[str, Any] = {
    "id": "DF-K8S-002",
    "level": "recommended",
    "observed": "hostPID is missing",
    "expected": "hostPID is set",
    "impact": ["AutoTagging"],
    "remediation": "Set it.",
    "collect": "true",
    "url": "https://example.com",
    "waiver": WAIVER,
}


def test_results_that_differ_in_subject_and_location_are_one_group() -> None:
    nodes = [result(**node(f"n{number}", number)) for number in range(3)]
    other = result("pass")
    assert merged([nodes[0], other, *nodes[1:]]) == [nodes, [other]]
    assert len(merged(nodes, (*SAID, "location"))) == 3


@pytest.mark.parametrize("field", DIFFERENT)
def test_results_that_say_something_else_are_two_groups(field: str) -> None:
    changes: dict[str, Any] = {field: DIFFERENT[field]}
    both = [result(), result(**changes)]
    assert len(merged(both)) == 2
    assert len(merged(both, ANSWER)) == (1 if field == "observed" else 2)
