"""What has changed from one report to another.

Results are the same one when id and subject agree. What is no pass is a finding: a violation,
an unknown, or either of them waived.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Any

from dfpolicy.exit_codes import ExitCode
from dfpolicy.model import Report
from dfpolicy.report.subjects import key

Result = dict[str, Any]
Comparison = dict[str, Any]

# What of a finding makes it another one than before. Lines move, and texts of requirements
# are reworded, without anything having changed.
_TELLING = ("outcome", "level", "observed")


def compare(old: Report, new: Report) -> Comparison:
    """Return the changes as {language, old, new, findings, regressions}.

    The language is that of the new report; findings are {new, fixed, changed, unchanged}. Each
    finding is {before, after}, a result or None where there was none:

    - new: one that is worse than before: no finding before; or a violation that was none, was
      waived, or was not required and now is;
    - fixed: before a finding, now a pass or gone;
    - changed: a finding before and after that differs, and is not worse;
    - unchanged: the others.

    `regressions` counts the new required violations; waived ones do not count.
    """
    findings: dict[str, list[Comparison]] = {
        name: [] for name in ("new", "fixed", "changed", "unchanged")
    }
    for before, after in _pairs(old["results"], new["results"]):
        kind = _kind(before, after)
        if kind is not None:
            findings[kind].append({"before": before, "after": after})
    return {
        "language": new.get("language", "en"),
        "old": _summary(old),
        "new": _summary(new),
        "findings": findings,
        "regressions": sum(_rank(pair["after"]) == _WORST for pair in findings["new"]),
    }


def exit_code(comparison: Comparison) -> ExitCode:
    """Return 1 when there is a new required violation."""
    return ExitCode.VIOLATION if comparison["regressions"] else ExitCode.OK


def _pairs(
    old: Iterable[Result], new: Iterable[Result]
) -> Iterator[tuple[Result | None, Result | None]]:
    """Results of the same key, those of `new` in their order, then what only `old` has."""
    before, after = _by_key(old), _by_key(new)
    for name in (*after, *(name for name in before if name not in after)):
        # Where several results have one key, the worst are compared first.
        pair = (sorted(found.get(name, []), key=_rank, reverse=True) for found in (before, after))
        yield from zip_longest(*pair)


def _by_key(results: Iterable[Result]) -> dict[str, list[Result]]:
    found: dict[str, list[Result]] = {}
    for result in results:
        found.setdefault(key(result), []).append(result)
    return found


_WORST = 4


def _rank(result: Result | None) -> int:
    """Return how bad a result is: 0 for none and a pass, `_WORST` for a required violation."""
    if result is None or result["outcome"] == "pass":
        return 0
    if "waiver" in result:
        return 1
    if result["outcome"] == "unknown":
        return 2
    return _WORST if result["level"] == "required" else 3


def _kind(before: Result | None, after: Result | None) -> str | None:
    was, now = _rank(before), _rank(after)
    if not was and not now:
        return None
    if not now:
        return "fixed"
    if not was or (now > was and now > 2):
        return "new"
    return "unchanged" if _telling(before) == _telling(after) else "changed"


def _telling(result: Result | None) -> list[Any]:
    assert result is not None
    return [*(result[name] for name in _TELLING), "waiver" in result]


def _summary(report: Report) -> dict[str, Any]:
    names = ("verdict", "exitCode", "summary", "profile")
    shared = {name: report[name] for name in names}
    return {"mode": report["mode"]["name"], "bundle": report["dfpolicy"]["bundle"], **shared}
