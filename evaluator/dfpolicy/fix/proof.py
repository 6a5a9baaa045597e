"""Compares the reports before and after changes: what is fixed, what is new, what remains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dfpolicy.changes.selection import Change, Key, Wishes, is_targeted, is_wanted, key_of
from dfpolicy.model import LEVELS, Mode, Outcome, Report, Result
from dfpolicy.policy.catalogue import load_catalogue


@dataclass(frozen=True, slots=True)
class Proof:
    """What judging again shows.

    `fixed` are the targeted violations that are met now, or whose subject is gone. `remaining` are
    the targeted violations after the changes, also new ones. `worse` are the violations that are
    new or of a higher level; `revealed` are those of nodes that get an agent only now, which no
    change of manifests can cause. `unanswered` is what is unknown only now: violations that are
    fixed if a fact is as it should be, and requirements that were met or not asked before (`lost`).
    `mode` is the mode after the changes if it is another.
    """

    fixed: list[Result]
    remaining: list[Result]
    worse: list[Result]
    revealed: list[Result]
    unanswered: list[Result]
    lost: list[Result]
    mode: Mode | None

    @property
    def holds(self) -> bool:
        """Whether the changes do what they are for, and nothing else got worse."""
        return not self.harm

    @property
    def harm(self) -> list[Result]:
        """What got worse: violations, and what manifests alone should answer but do not any more.

        A fact of a node or the cluster that is missing only now is named, because it can be given.
        """
        return [*self.worse, *(one for one in self.lost if _is_about_manifests(one))]

    def proves(self, change: Change) -> bool:
        """Whether each finding of the change is fixed, and known to be."""
        open_ = {key_of(one) for one in [*self.remaining, *self.unanswered]}
        return self.holds and not any(key_of(one) in open_ for one in change.findings)


def compared(before: Report, after: Report, wishes: Wishes) -> Proof:
    """Return what the report after the changes proves."""
    former = {key_of(one): one for one in before["results"]}
    now = {key_of(one): one for one in after["results"]}
    targeted = [one for one in before["results"] if is_targeted(one, wishes)]
    open_now = {key for key, one in now.items() if one["outcome"] != "pass"}
    remaining = [one for one in after["results"] if is_targeted(one, wishes)]
    unanswered = [
        one for one in after["results"] if _is_unanswered(one, former, before["results"], now)
    ]
    worse = [one for one in after["results"] if _is_worse(one, former, before, now)]
    return Proof(
        [one for one in targeted if key_of(one) not in open_now],
        remaining,
        [one for one in worse if not _is_revealed(one)],
        [one for one in worse if _is_revealed(one)],
        unanswered,
        [one for one in unanswered if not _was_violation(one, former)],
        after["mode"]["name"] if after["mode"]["name"] != before["mode"]["name"] else None,
    )


def _is_about_manifests(result: Result) -> bool:
    requirement = load_catalogue().requirement(result["id"])
    return (
        result["level"] == "required"
        and requirement is not None
        and requirement["reads"] == ["manifests"]
    )


def _is_revealed(result: Result) -> bool:
    return result["subject"]["kind"] == "Node" and result["level"] != "required"


def _is_worse(
    result: Result, former: dict[Key, Result], before: Report, now: dict[Key, Result]
) -> bool:
    if result["outcome"] != "violation" or "waiver" in result or not is_wanted(result):
        return False
    old = former.get(key_of(result)) or _renamed(result, before["results"], now, "violation")
    if old is None or old["outcome"] != "violation":
        return True
    return LEVELS.index(result["level"]) < LEVELS.index(old["level"])


def _renamed(
    result: Result, before: Sequence[Result], now: dict[Key, Result], outcome: Outcome
) -> Result | None:
    """The result with this outcome for a subject that is gone, perhaps renamed."""
    gone = (one for one in before if one["id"] == result["id"] and key_of(one) not in now)
    return next((one for one in gone if one["outcome"] == outcome), None)


def _is_unanswered(
    result: Result,
    former: dict[Key, Result],
    before: Sequence[Result],
    now: dict[Key, Result],
) -> bool:
    if result["outcome"] != "unknown" or not is_wanted(result):
        return False
    old = former.get(key_of(result)) or _renamed(result, before, now, "unknown")
    return old is None or old["outcome"] != "unknown"


def _was_violation(result: Result, former: dict[Key, Result]) -> bool:
    old = former.get(key_of(result))
    return old is not None and old["outcome"] == "violation"
