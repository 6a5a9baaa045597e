"""From a decision to a summary, a verdict and an exit code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from dfpolicy.exit_codes import ExitCode

LEVELS = ("required", "recommended", "informational")
FAIL_ON = {
    "required": frozenset({"required"}),
    "recommended": frozenset({"required", "recommended"}),
    "none": frozenset[str](),
}

Result = dict[str, Any]


def summary(results: Iterable[Result], ignored: int) -> dict[str, Any]:
    """How many results of each outcome, violations by level."""
    counted = Counter((result["outcome"], result["level"]) for result in results)
    return {
        "pass": sum(counted["pass", level] for level in LEVELS),
        "violation": {level: counted["violation", level] for level in LEVELS},
        "unknown": sum(counted["unknown", level] for level in LEVELS),
        "waived": 0,
        "ignored": ignored,
    }


def exit_code(
    results: Iterable[Result], fail_on: str = "required", strict: bool = False
) -> ExitCode:
    """Return the exit code for a decision that has results.

    `fail_on` names the lowest level whose violations count; `strict` makes an unknown of a
    required requirement count too.
    """
    counting = {"violation", "unknown"} if strict else {"violation"}
    return ExitCode.VIOLATION if verdict(results, fail_on) in counting else ExitCode.OK


def verdict(results: Iterable[Result], fail_on: str = "required") -> str:
    """Return `violation` when one counts, else `unknown`, else `pass`.

    `fail_on` is as in `exit_code`; an unknown is one of a required requirement.
    """
    counting = FAIL_ON[fail_on]
    unknown = False
    for result in results:
        if result["outcome"] == "violation" and result["level"] in counting:
            return "violation"
        unknown = unknown or (result["outcome"] == "unknown" and result["level"] == "required")
    return "unknown" if unknown else "pass"
