"""The changes between two reports.

Two results are the same one if ID and subject are equal. Everything but a pass is a finding: a
violation, an unknown, or one of them waived.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Literal

from dfpolicy.exit_codes import ExitCode
from dfpolicy.model import (
    EFFECTS,
    Change,
    Comparison,
    Effect,
    Finding,
    Findings,
    Level,
    Report,
    ReportFacts,
    RequirementChange,
    Result,
)
from dfpolicy.report.effects import Requirement, requirements
from dfpolicy.report.subjects import key

# Only required requirements block, because `diff` has no --fail-on.
_REQUIRED: frozenset[Level] = frozenset({"required"})
_Kind = Literal["new", "fixed", "changed", "unchanged"]


def compare(old: Report, new: Report, sources: tuple[str, str] = ("old", "new")) -> Comparison:
    """Return the changes as {language, old, new, requirements, findings, regressions}.

    `sources` are the names of the two reports. `requirements` has the change of each requirement;
    it newly blocks if a new required violation is among its findings.

    The language is that of the new report; findings are {new, fixed, changed, unchanged}. Each
    finding is {before, after}, each of them a result or None:

    - new: worse than before. Either there was no finding, or it is now a violation and was an
      unknown, waived or not required;
    - fixed: a finding before, now a pass or gone;
    - changed: a finding before and after that differs, and is not worse;
    - unchanged: the others.

    `regressions` counts the new required violations; waived ones do not count.
    """
    findings: Findings = {"new": [], "fixed": [], "changed": [], "unchanged": []}
    for before, after in _pairs(old["results"], new["results"]):
        kind = _kind(before, after)
        if kind is not None:
            findings[kind].append({"before": before, "after": after})
    return {
        "language": new.get("language", "en"),
        "old": _facts(old, sources[0]),
        "new": _facts(new, sources[1]),
        "requirements": _requirements(old, new, findings["new"]),
        "findings": findings,
        "regressions": sum(rank(pair["after"]) == _WORST for pair in findings["new"]),
    }


def exit_code(comparison: Comparison) -> ExitCode:
    """Return 1 if there is a new required violation."""
    return ExitCode.VIOLATION if comparison["regressions"] else ExitCode.OK


def _pairs(
    old: Iterable[Result], new: Iterable[Result]
) -> Iterator[tuple[Result | None, Result | None]]:
    """Results of the same key in the order of `new`, then those that only `old` has."""
    before, after = _by_key(old), _by_key(new)
    for name in (*after, *(name for name in before if name not in after)):
        # If several results have one key, the worst are compared first.
        pair = (sorted(found.get(name, []), key=rank, reverse=True) for found in (before, after))
        yield from zip_longest(*pair)


def _by_key(results: Iterable[Result]) -> dict[str, list[Result]]:
    found: dict[str, list[Result]] = {}
    for result in results:
        found.setdefault(key(result), []).append(result)
    return found


_WORST = 4


def rank(result: Result | None) -> int:
    """Return how bad a result is: 0 for none or a pass, `_WORST` for a required violation."""
    if result is None or result["outcome"] == "pass":
        return 0
    if "waiver" in result:
        return 1
    if result["outcome"] == "unknown":
        return 2
    return _WORST if result["level"] == "required" else 3


def _kind(before: Result | None, after: Result | None) -> _Kind | None:
    was, now = rank(before), rank(after)
    if not was and not now:
        return None
    if not now:
        return "fixed"
    if not was or (now > was and now > 2):
        return "new"
    return "unchanged" if _distinguishing(before) == _distinguishing(after) else "changed"


def _distinguishing(result: Result | None) -> tuple[object, ...]:
    """Return what distinguishes findings; changes of lines and wording do not count."""
    assert result is not None
    return result["outcome"], result["level"], result["observed"], "waiver" in result


def _requirements(old: Report, new: Report, worse: Iterable[Finding]) -> list[RequirementChange]:
    before, after = (requirements(one["results"], _REQUIRED) for one in (old, new))
    found: dict[str, list[Result]] = {}
    for pair in worse:
        if pair["after"]:
            found.setdefault(pair["after"]["id"], []).append(pair["after"])
    changes: list[RequirementChange] = []
    for name in (*after, *(name for name in before if name not in after)):
        was, now = before.get(name), after.get(name)
        # The results with the effect of the requirement, which is the worst.
        own = now.results if now else []
        added = [one for one in found.get(name, []) if any(one is held for held in own)]
        changes.append(
            {
                "id": name,
                "change": _change(was, now, bool(added)),
                "before": was.effect if was else None,
                "after": now.effect if now else None,
                "earlier": _earlier(was),
                "new": added,
            }
        )
    return changes


def _change(was: Requirement | None, now: Requirement | None, added: bool) -> Change:
    if added and now:
        if now.effect == "blocks":
            return "blocks"
        if now.effect == "loses":
            return "loses"
    # What blocked and is not checked now is not known to be better.
    if was and was.effect in ("blocks", "loses") and now and now.effect == "not-checked":
        return "worse"
    before, after = (_badness(one.effect if one else None) for one in (was, now))
    if before == after:
        return "same"
    return "worse" if after > before else "better"


def _badness(effect: Effect | None) -> int:
    return len(EFFECTS) - EFFECTS.index(effect or "met")


def _earlier(was: Requirement | None) -> str:
    observed = {one["observed"] for one in was.results} if was else set()
    return observed.pop() if len(observed) == 1 else ""


def _facts(report: Report, source: str) -> ReportFacts:
    verdict = report["verdict"]
    return {
        "source": source,
        "state": verdict["state"],
        "soFar": verdict["soFar"],
        "counts": verdict["counts"],
        "mode": report["mode"]["name"],
        "bundle": report["dfpolicy"]["bundle"],
        "verdict": report["verdict"]["outcome"],
        "exitCode": report["exitCode"],
        "summary": report["summary"],
        "profile": report["profile"],
    }
