"""The verdict that every format shows, from the results: state, problems, next commands.

The verdict follows only from the results, `failOn` and `strict`. A translated report therefore gets
a new one, and no format counts anything itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from typing import Any, cast

from dfpolicy.model import (
    LEVELS,
    Counts,
    FailOn,
    JudgedNodes,
    Level,
    Outcome,
    Problem,
    Proposal,
    Report,
    Resolving,
    Result,
    State,
    Summary,
    UnjudgedReport,
    Verdict,
)
from dfpolicy.report.effects import Requirement, counts, is_accepted, requirements, weight

FAIL_ON: dict[FailOn, frozenset[Level]] = {
    "required": frozenset({"required"}),
    "recommended": frozenset({"required", "recommended"}),
    "none": frozenset(),
}


def counting(results: Iterable[Result]) -> list[Result]:
    """Return the results that are neither waived nor known from a baseline."""
    return [one for one in results if not is_accepted(one)]


def summary(results: Iterable[Result], ignored: int) -> Summary:
    """The number of results of each outcome, violations by level; waived ones are separate."""
    counted: Counter[tuple[str, str]] = Counter()
    waived = 0
    for result in results:
        if "waiver" in result:
            waived += weight(result)
        else:
            counted[result["outcome"], result["level"]] += weight(result)
    return {
        "pass": sum(counted["pass", level] for level in LEVELS),
        "violation": {
            "required": counted["violation", "required"],
            "recommended": counted["violation", "recommended"],
            "informational": counted["violation", "informational"],
        },
        "unknown": sum(counted["unknown", level] for level in LEVELS),
        "waived": waived,
        "ignored": ignored,
    }


def outcome(results: Iterable[Result], fail_on: FailOn = "required") -> Outcome:
    """Return `violation` if one counts, else `unknown`, else `pass`.

    `fail_on` is the lowest level whose violations count; only an unknown of a required requirement
    counts. What is waived or known from a baseline does not count.
    """
    levels = FAIL_ON[fail_on]
    unknown = False
    for result in counting(results):
        if result["outcome"] == "violation" and result["level"] in levels:
            return "violation"
        unknown = unknown or (result["outcome"] == "unknown" and result["level"] == "required")
    return "unknown" if unknown else "pass"


def judged(
    report: UnjudgedReport, fail_on: FailOn, strict: bool, proposal: Proposal | None = None
) -> Report:
    """Return the report with the verdict on its results, features and invocation.

    The texts of the verdict are in the report's language, because they are the report's texts.
    `proposal` is what fixes the problems, as far as it is known.
    """
    verdict = _verdict(report, fail_on, strict, proposal)
    # A person who opens the file reads the verdict first.
    return {
        "apiVersion": report["apiVersion"],
        "kind": report["kind"],
        "verdict": verdict,
        "exitCode": verdict["exitCode"],
        **_rest(report),
    }


def judged_again(report: Report) -> Report:
    """Return the report with a new verdict, in the report's present language."""
    held = report["verdict"]
    return judged(report, held["failOn"], held["strict"], held.get("proposal"))


def requirements_of(report: Report) -> dict[str, Requirement]:
    """Return the requirements of the report by ID, as the verdict counts them."""
    held = report["verdict"]
    return requirements(report["results"], FAIL_ON[held["failOn"]], held["strict"])


def _verdict(
    report: UnjudgedReport, fail_on: FailOn, strict: bool, proposal: Proposal | None
) -> Verdict:
    # Imported here, because --help needs only FAIL_ON of this module and must start fast.
    from dfpolicy.report.next_commands import next_commands
    from dfpolicy.report.problems import problems
    from dfpolicy.report.questions import commands, not_checked

    results = report["results"]
    found = requirements(results, FAIL_ON[fail_on], strict)
    counted = counts(found.values())
    fixed = _fixed(proposal) if proposal else ()
    numbered, nodes, changes, accepted = problems(
        results, report["features"], FAIL_ON[fail_on], fixed
    )
    worst = outcome(results, fail_on)
    unanswered = any(entry.unanswered for entry in found.values())
    state = _state(counted, numbered, nodes, strict and unanswered)
    missing = not_checked(found)
    some = state == "blocked-on-some-nodes"
    acceptable = [name for name, one in found.items() if some and one.effect == "blocks"]
    verdict: Verdict = {
        "state": state,
        "soFar": unanswered and state in ("deployable", "deployable-with-losses"),
        "outcome": worst,
        "exitCode": 0 if state.startswith("deployable") else 1,
        "failOn": fail_on,
        "strict": strict,
        "counts": counted,
        "problems": numbered,
        "nodes": nodes,
        "changes": changes,
        "notChecked": missing,
        "next": next_commands(report, commands(found), acceptable, proposal),
    }
    if accepted:
        verdict["accepted"] = accepted
    if proposal:
        verdict["proposal"] = _numbered(proposal, numbered)
    return verdict


def partly_blocked_nodes(verdict: Verdict) -> int:
    """Return the number of nodes on which something blocks that does not block everywhere."""
    return _blocked(verdict["problems"], verdict["nodes"])


def _blocked(problems: Sequence[Problem], nodes: JudgedNodes) -> int:
    numbers = {one["number"] for one in problems if one["effect"] == "blocks"}
    return sum(
        len(kind["names"]) for kind in nodes["kinds"] if not numbers.isdisjoint(kind["problems"])
    )


def _state(counted: Counts, problems: Sequence[Problem], nodes: JudgedNodes, cannot: bool) -> State:
    if counted["blocks"]:
        partial = all("nodes" in one for one in problems if one["effect"] == "blocks")
        some = partial and _blocked(problems, nodes) < nodes["judged"]
        return "blocked-on-some-nodes" if some else "do-not-deploy"
    if cannot:
        return "cannot-tell"
    return "deployable-with-losses" if counted["loses"] else "deployable"


def _fixed(proposal: Proposal) -> set[str]:
    """The requirements whose violations the proposal fixes."""
    return {name for part in _parts(proposal) for name in part["ids"]}


def _numbered(proposal: Proposal, problems: Iterable[Problem]) -> Proposal:
    """The proposal with the numbers that its problems have now."""
    numbers: dict[str, list[int]] = {}
    for problem in problems:
        numbers.setdefault(problem["cause"], []).append(problem["number"])
    found = deepcopy(proposal)
    for part in _parts(found):
        part["problems"] = sorted(
            {number for cause in part["causes"] for number in numbers.get(cause, ())}
        )
    return found


def _parts(proposal: Proposal) -> Iterator[Resolving]:
    if "values" in proposal:
        yield from proposal["values"]["origins"]
    yield from proposal["operations"]
    yield from proposal["commands"]
    yield from proposal["questions"]
    yield from proposal["edits"]


def _rest(report: UnjudgedReport) -> UnjudgedReport:
    rest: dict[str, Any] = {**report}
    # The old texts would replace the new ones.
    for key in ("verdict", "exitCode"):
        rest.pop(key, None)
    return cast("UnjudgedReport", rest)
