"""Compares what dfpolicy says, from facts without the probe, with what a kernel answered.

Two things are wrong: a requirement is violated although the kernel allows all that the requirement
is about (a false alarm), or the kernel refuses something although each requirement that is about it
is met (a gap).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

from kernels.cases import ALL, BY_PAIR, DEEPFLOW, Case
from kernels.deployments import Judged

REVIEWED = Path(__file__).with_name("reviewed.yaml")

_READING = ("helper.probeRead", "helper.probeReadKernel", "helper.probeReadUser")
_LOADING = ("load.kprobe", "load.tracepoint", "load.perfEvent")
_ATTACHING = ("kprobe.attach", "kretprobe.attach")
_UPROBES = ("uprobe.attach", "uretprobe.attach")
_PERF = ("perf.cpuClock", "perf.ring")
_PROGRAMS = (
    *(
        "map.small",
        "map.large",
        "load.tracing",
        "fentry.attach",
        "helper.perfEventOutput",
        "helper.getStackid",
    ),
    *(*_LOADING, *_READING, *_ATTACHING, *_UPROBES, *_PERF, "tracepoint.debugfs"),
)
# Programs of the agent read kernel memory.
_FENTRY = (*_READING, "load.tracing", "fentry.attach")
_CAPTURE = ("socket.packet", "socket.filter", "socket.ring")

# What each requirement is about: it is needed because a kernel refuses these attempts otherwise.
CLAIMS: dict[str, tuple[str, ...]] = {
    "DF-EBPF-001": _PROGRAMS,
    "DF-EBPF-002": _PROGRAMS,
    "DF-EBPF-003": ("rlimit.memlock", "map.large"),
    "DF-EBPF-004": ("kallsyms",),
    "DF-EBPF-005": ("tracepoint.debugfs",),
    "DF-EBPF-006": _PROGRAMS,
    "DF-EBPF-007": ("kallsyms",),
    "DF-EBPF-008": ("sysctl.jit",),
    "DF-EBPF-010": _PROGRAMS,
    "DF-EBPF-014": (*_READING, *_ATTACHING, *_UPROBES, "tracepoint.debugfs"),
    "DF-NET-002": _CAPTURE,
    "DF-NET-003": _CAPTURE,
    "DF-NET-004": ("memory.lock", "perf.ring"),
    "DF-K8S-002": ("namespace.enter",),
    "DF-K8S-003": ("namespace.open", "process.executable", "process.root"),
    "DF-KERNEL-002": _UPROBES,
    "DF-KERNEL-004": _FENTRY,
}
# What each column of `dfpolicy features` is about. They are rows of nodes: agents that lack
# something else are not compared.
FEATURES: dict[str, tuple[str, ...]] = {
    "kprobe": (*_READING, *_ATTACHING),
    "golang_uprobe": (*_READING, *_UPROBES),
    "openssl_uprobe": (*_READING, *_UPROBES),
    "perf": (*_READING, "load.perfEvent", "helper.getStackid", "perf.cpuClock"),
    "fentry": _FENTRY,
}
_FEATURED = {ALL, DEEPFLOW, BY_PAIR}


@dataclass(frozen=True)
class Comparison:
    """A claim in a case: a requirement or a column of features."""

    case: Case
    claim: str
    refused: tuple[tuple[str, str], ...]
    """The attempts that the kernel refused, with its answers."""
    verdict: str
    """pass, violation or unknown."""
    others: tuple[str, ...] = ()
    """The violated requirements that are about what was refused, too."""

    @property
    def answer(self) -> str:
        """What the kernel refused, in few words."""
        by_answer: dict[str, list[str]] = {}
        for attempt, said in self.refused:
            by_answer.setdefault(said, []).append(attempt)
        words = [
            f"{said}: {', '.join(attempts[:2])}"
            + (f" and {len(attempts) - 2} more" if len(attempts) > 2 else "")
            for said, attempts in by_answer.items()
        ]
        return "; ".join(words) or "ok"

    @property
    def agreement(self) -> str:
        """The word of the table."""
        if self.verdict == "unknown":
            return "open"
        if not self.refused:
            return "agrees" if self.verdict == "pass" else "false alarm"
        if self.verdict == "violation":
            return "agrees"
        return "other cause" if self.others else "gap"


def compare(case: Case, judged: Judged, answers: dict[str, str]) -> Iterator[Comparison]:
    """Yield a comparison for each claim about the case."""
    violated = {claim for claim in CLAIMS if judged.outcomes.get(claim) == "violation"}
    for claim, attempts in CLAIMS.items():
        if claim in judged.outcomes:
            yield _compared(case, claim, attempts, judged.outcomes[claim], answers, violated)
    if case.agent in _FEATURED:
        for column, attempts in FEATURES.items():
            value = judged.features.get(column, "unknown")
            verdict = {"yes": "pass", "no": "violation"}.get(value, "unknown")
            yield _compared(case, column, attempts, verdict, answers, set())


def _compared(
    case: Case,
    claim: str,
    attempts: tuple[str, ...],
    verdict: str,
    answers: dict[str, str],
    violated: set[str],
) -> Comparison:
    refused = [
        (attempt, answers[attempt]) for attempt in attempts if answers.get(attempt, "ok") != "ok"
    ]
    others = [
        {other for other in violated - {claim} if attempt in CLAIMS[other]}
        for attempt, _said in refused
    ]
    causes = set[str]().union(*others) if all(others) else set[str]()
    return Comparison(case, claim, tuple(refused), verdict, tuple(sorted(causes)))


# --- The reviewed table


@dataclass(frozen=True)
class Review:
    """A disagreement that is right as it is. The patterns are those of file names."""

    claim: str
    agreement: str
    kernels: tuple[str, ...]
    cases: tuple[str, ...]
    reason: str

    def covers(self, one: Comparison, kernel: str, case: str) -> bool:
        return (
            self.claim == one.claim
            and self.agreement == one.agreement
            and fnmatchcase(one.case.kernel, kernel)
            and fnmatchcase(one.case.name, case)
        )


def reviews() -> list[Review]:
    """Return the reviewed table."""
    rows: list[dict[str, Any]] = yaml.safe_load(REVIEWED.read_text("utf-8")) or []
    return [
        Review(
            row["claim"],
            row["agreement"],
            tuple(row["kernels"]),
            tuple(row["cases"]),
            row["reason"],
        )
        for row in rows
    ]


def unexplained(found: Iterable[Comparison], reviewed: list[Review]) -> list[Comparison]:
    """Return the disagreements that no row of the table explains."""
    return [
        one
        for one in found
        if one.agreement in {"false alarm", "gap"} and not explanation(one, reviewed)
    ]


def explanation(one: Comparison, reviewed: list[Review]) -> str:
    """Return the reason why a disagreement is right, or an empty string."""
    for row in reviewed:
        if any(row.covers(one, kernel, case) for kernel in row.kernels for case in row.cases):
            return row.reason
    return ""


def stale(found: Iterable[Comparison], reviewed: list[Review]) -> list[str]:
    """Return the patterns of the table that no disagreement needs."""
    all_found = list(found)
    return [
        f"{row.claim}, {row.agreement}: {pattern}"
        for row in reviewed
        for pattern, needed in (
            *(
                (
                    kernel,
                    any(row.covers(one, kernel, case) for one in all_found for case in row.cases),
                )
                for kernel in row.kernels
            ),
            *(
                (
                    case,
                    any(
                        row.covers(one, kernel, case) for one in all_found for kernel in row.kernels
                    ),
                )
                for case in row.cases
            ),
        )
        if not needed
    ]
