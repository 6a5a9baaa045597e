"""The oracle of the kernel lab, without kernels."""

from __future__ import annotations

import pytest

from kernels import oracle
from kernels.cases import ALL, DEFAULT, Case
from kernels.deployments import Judged

CASE = Case("trixie-amd64", "default", DEFAULT)
EPERM = {"rlimit.memlock": "EPERM"}


def agreement(outcomes: dict[str, str], answers: dict[str, str], claim: str) -> str:
    (found,) = (
        one.agreement
        for one in oracle.compare(CASE, Judged(outcomes=outcomes), answers)
        if one.claim == claim
    )
    return found


@pytest.mark.parametrize(
    ("outcomes", "answers", "expected"),
    [
        ({"DF-EBPF-003": "pass"}, {"rlimit.memlock": "ok"}, "agrees"),
        ({"DF-EBPF-003": "violation"}, EPERM, "agrees"),
        ({"DF-EBPF-003": "violation"}, {"rlimit.memlock": "ok"}, "false alarm"),
        ({"DF-EBPF-003": "pass"}, EPERM, "gap"),
        ({"DF-EBPF-003": "unknown"}, EPERM, "open"),
        # A violation that is about all that was refused.
        (
            {"DF-EBPF-003": "pass", "DF-EBPF-002": "violation"},
            {"map.large": "EPERM"},
            "other cause",
        ),
        (
            {"DF-EBPF-003": "pass", "DF-EBPF-002": "violation"},
            {"map.large": "EPERM"} | EPERM,
            "gap",
        ),
    ],
)
def test_agreement(outcomes: dict[str, str], answers: dict[str, str], expected: str) -> None:
    assert agreement(outcomes, answers, "DF-EBPF-003") == expected


def test_a_row_of_features_has_no_other_cause() -> None:
    judged = Judged(outcomes={"DF-EBPF-002": "violation"}, features={"fentry": "yes"})
    case = Case("trixie-amd64", "default", ALL)
    found = {one.claim: one for one in oracle.compare(case, judged, {"fentry.attach": "EPERM"})}
    assert found["fentry"].agreement == "gap"
    assert found["kprobe"].agreement == "open"


def test_the_reviewed_table_explains_only_what_it_names_and_has_no_spare_pattern() -> None:
    disagreement = oracle.Comparison(CASE, "DF-EBPF-003", tuple(EPERM.items()), "pass")
    kernels, cases = ("trixie-*", "sid-*"), ("default/*", "jit-0/*")
    row = oracle.Review("DF-EBPF-003", "gap", kernels, cases, "because")
    assert oracle.unexplained([disagreement], [row]) == []
    assert oracle.stale([disagreement], [row]) == [
        "DF-EBPF-003, gap: sid-*",
        "DF-EBPF-003, gap: jit-0/*",
    ]
    for other in (
        oracle.Review("DF-EBPF-002", "gap", kernels, cases, ""),
        oracle.Review("DF-EBPF-003", "false alarm", kernels, cases, ""),
        oracle.Review("DF-EBPF-003", "gap", ("sid-*",), cases, ""),
        oracle.Review("DF-EBPF-003", "gap", kernels, ("jit-0/*",), ""),
    ):
        assert oracle.unexplained([disagreement], [other]) == [disagreement]
