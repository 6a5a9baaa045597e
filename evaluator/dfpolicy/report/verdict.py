"""From a decision to a summary, a verdict and an exit code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from dfpolicy.exit_codes import ExitCode
from dfpolicy.model import LEVELS, Outcome, Result, Summary

FAIL_ON = {
    "required": frozenset({"required"}),
    "recommended": frozenset({"required", "recommended"}),
    "none": frozenset[str](),
}


def counting(results: Iterable[Result]) -> list[Result]:
    """Return the results that are not waived."""
    return [result for result in results if "waiver" not in result]


def summary(results: Iterable[Result], ignored: int) -> Summary:
    """How many results of each outcome, violations by level; those waived apart."""
    judged = list(results)
    holding = counting(judged)
    counted = Counter((result["outcome"], result["level"]) for result in holding)
    return {
        "pass": sum(counted["pass", level] for level in LEVELS),
        "violation": {
            "required": counted["violation", "required"],
            "recommended": counted["violation", "recommended"],
            "informational": counted["violation", "informational"],
        },
        "unknown": sum(counted["unknown", level] for level in LEVELS),
        "waived": len(judged) - len(holding),
        "ignored": ignored,
    }


def exit_code(
    results: Iterable[Result], fail_on: str = "required", strict: bool = False
) -> ExitCode:
    """Return the exit code for a decision that has results.

    `fail_on` names the lowest level whose violations count; `strict` makes an unknown of a
    required requirement count too.
    """
    failing = {"violation", "unknown"} if strict else {"violation"}
    return ExitCode.VIOLATION if verdict(results, fail_on) in failing else ExitCode.OK


def verdict(results: Iterable[Result], fail_on: str = "required") -> Outcome:
    """Return `violation` when one counts, else `unknown`, else `pass`.

    `fail_on` is as in `exit_code`; an unknown is one of a required requirement. What is
    waived does not count.
    """
    levels = FAIL_ON[fail_on]
    unknown = False
    for result in counting(results):
        if result["outcome"] == "violation" and result["level"] in levels:
            return "violation"
        unknown = unknown or (result["outcome"] == "unknown" and result["level"] == "required")
    return "unknown" if unknown else "pass"
