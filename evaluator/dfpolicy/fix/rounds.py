"""Judges, applies changes, and judges again, until no change is left; then proves the result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from dfpolicy.changes.operations import VALUES
from dfpolicy.changes.selection import (
    EXCESS,
    Change,
    Wishes,
    changes_of,
    is_violation,
    key_of,
    reductions_of,
)
from dfpolicy.changes.text_edit import holds
from dfpolicy.fix.deployment import Changed, Deployment
from dfpolicy.fix.proof import Proof, compared
from dfpolicy.fix.side_effects import SideEffect, side_effects
from dfpolicy.i18n.language import _, listed
from dfpolicy.model import LEVELS, Report
from dfpolicy.reading.documents import Document

# What one change reveals, the next round fixes; no chain of causes is longer.
MOST_ROUNDS = 6
# Beyond this number, it is not tried whether a change can be left out.
_MOST_TRIED = 40

Judge = Callable[[list[Document]], Report]


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes, and what they make of the deployment.

    `changes` are those that are applied, in their order. `waiting` are those that need an answer,
    `commands` those that only the operator can run, and `refused` those that cannot be made, with
    the reasons. `beside` is what the chart's values change beside the operations.
    """

    before: Report
    after: Report
    proof: Proof
    changed: Changed
    wishes: Wishes
    changes: list[Change] = field(default_factory=list)
    waiting: list[Change] = field(default_factory=list)
    commands: list[Change] = field(default_factory=list)
    refused: list[tuple[Change, str]] = field(default_factory=list)
    rounds: int = 0
    beside: list[SideEffect] = field(default_factory=list)

    @property
    def proven(self) -> bool:
        """Whether nothing that is targeted remains, and all of it is proven."""
        return self.proof.holds and not self.proof.remaining


def planned(deployment: Deployment, judge: Judge, wishes: Wishes) -> Plan:
    """Return the plan for the deployment.

    Each round applies the changes of the violations that are left. A change that makes something
    worse is taken back; a change that nothing needs is left out. If features are wanted, the first
    round takes all privileges away, and the others give back what these features need. Raises
    DfpolicyError.
    """
    before = report = judge(deployment.documents)
    changed: Changed | None = None
    rounds: list[list[Change]] = []
    known: set[str] = set()
    refused: list[tuple[Change, str]] = []
    by_patch: set[str] = set()
    excess = reductions_of(before)
    if excess:
        changed = deployment.after([excess])
        refused += changed.refused
        rounds = _without([excess], [one for one, _reason in changed.refused])
        report = judge(changed.documents)
    while len(rounds) < MOST_ROUNDS:
        new = [
            one
            for one in changes_of(report["results"], wishes)
            if _applies(one) and one.identity not in known
        ]
        if not new:
            break
        known |= {one.identity for one in new}
        rounds.append(new)
        changed = deployment.after(rounds, by_patch)
        refused += changed.refused
        rounds = _without(rounds, [one for one, _reason in changed.refused])
        report = judge(changed.documents)
        ignored = _without_effect(new, report) if changed.values else set()
        if ignored:
            by_patch |= ignored
            changed = deployment.after(rounds, by_patch)
            report = judge(changed.documents)
    trial = _Trial(deployment, judge, wishes, before, by_patch)
    rounds, worse = trial.harmless(rounds, report)
    rounds = trial.needed(rounds)
    if excess:
        rounds = trial.needed(trial.lasting(trial.reduced(rounds)))
    judged, changed = changed, deployment.after(rounds, by_patch)
    after = before
    if any(rounds):
        # Nothing was taken back: the last report is about the same documents.
        after = report if changed is judged else judge(changed.documents)
    left = [one for one in changes_of(after["results"], wishes) if not _applies(one)]
    return Plan(
        before,
        after,
        compared(before, after, wishes),
        changed,
        wishes,
        _all(rounds),
        [one for one in left if one.questions],
        [one for one in left if one.commands],
        [*refused, *worse],
        len([changes for changes in rounds if changes]),
        side_effects(deployment, _all(rounds), changed.values),
    )


def _applies(change: Change) -> bool:
    """Whether the change can be applied to the input: nothing is asked, and nothing is run."""
    return bool(change.operations) and not change.questions


def _all(rounds: Sequence[Sequence[Change]]) -> list[Change]:
    return [one for changes in rounds for one in changes]


def _without(rounds: Sequence[list[Change]], changes: Sequence[Change]) -> list[list[Change]]:
    away = {one.identity for one in changes}
    return [[one for one in entries if one.identity not in away] for entries in rounds]


def _without_effect(changes: Sequence[Change], report: Report) -> set[str]:
    """The changes whose values do not do what they are for: their findings are as before."""
    left = {key_of(one): one["observed"] for one in report["results"] if is_violation(one)}
    return {
        change.identity
        for change in changes
        if any(left.get(key_of(one)) == one["observed"] for one in change.findings)
    }


class _Trial:
    """Tries what a plan is without some of its changes."""

    def __init__(
        self,
        deployment: Deployment,
        judge: Judge,
        wishes: Wishes,
        before: Report,
        by_patch: set[str],
    ) -> None:
        self.deployment = deployment
        self.judge = judge
        self.wishes = wishes
        self.before = before
        self.by_patch = by_patch

    def harmless(
        self, rounds: list[list[Change]], report: Report
    ) -> tuple[list[list[Change]], list[tuple[Change, str]]]:
        """The rounds without the changes that make something worse, and these with the reasons."""
        away: list[tuple[Change, str]] = []
        proof = self._compared(report)
        while proof.harm:
            worst = self._culprit(rounds, proof)
            if worst is None:
                break
            ids = listed(list(dict.fromkeys(one["id"] for one in proof.harm)))
            away.append((worst, _("it would cause {ids}").format(ids=ids)))
            rounds = _without(rounds, [worst])
            proof = self._rendered(rounds)
        return rounds, away

    def needed(self, rounds: list[list[Change]]) -> list[list[Change]]:
        """The rounds without the changes that nothing needs, because others fix the same."""
        changes = [one for one in _all(rounds) if one.cause != EXCESS]
        if len(_all(rounds)) < 2 or len(changes) > _MOST_TRIED:
            return rounds
        full = self._left(rounds)
        for change in reversed(changes):
            fewer = _without(rounds, [change])
            if _no_more(self._left(fewer), full):
                rounds = fewer
        return rounds

    def reduced(self, rounds: list[list[Change]]) -> list[list[Change]]:
        """The rounds, and then each privilege taken away again that two changes added."""
        full = self._left(rounds)
        report = self.judge(self.deployment.after(rounds, self.by_patch).documents)
        for excess in reductions_of(report):
            for operation in excess.operations:
                more = [*rounds, [replace(excess, operations=(operation,))]]
                if _no_more(self._left(more), full):
                    rounds = more
        return rounds

    def lasting(self, rounds: list[list[Change]]) -> list[list[Change]]:
        """The rounds without the reductions that later changes undo, if no more is left then."""
        documents = self.deployment.after(rounds, self.by_patch).documents
        kept = [
            [change if change.cause != EXCESS else self._lasting(change, documents) for change in x]
            for x in rounds
        ]
        return kept if _no_more(self._left(kept), self._left(rounds)) else rounds

    def _lasting(self, change: Change, documents: list[Document]) -> Change:
        operations = [
            one for one in change.operations if holds(one, documents, self.deployment.namespace)
        ]
        return replace(change, operations=tuple(operations))

    def _left(self, rounds: list[list[Change]]) -> tuple[int, ...]:
        changes = _all(rounds)
        # Values can rename objects, and what is taken away is named as the chart renders it.
        renders = any(
            change.cause == EXCESS or one["target"]["kind"] == VALUES
            for change in changes
            for one in change.operations
        )
        real = renders and self.deployment.rendered is not None
        return _open((self._rendered if real else self._simulated)(rounds))

    def _culprit(self, rounds: list[list[Change]], proof: Proof) -> Change | None:
        """The last change without which less gets worse."""
        for change in reversed(_all(rounds)):
            if len(self._rendered(_without(rounds, [change])).harm) < len(proof.harm):
                return change
        return None

    def _rendered(self, rounds: list[list[Change]]) -> Proof:
        return self._compared(self.judge(self.deployment.after(rounds, self.by_patch).documents))

    def _simulated(self, rounds: list[list[Change]]) -> Proof:
        return self._compared(self.judge(self.deployment.simulated(_all(rounds))))

    def _compared(self, report: Report) -> Proof:
        return compared(self.before, report, self.wishes)


def _no_more(some: tuple[int, ...], others: tuple[int, ...]) -> bool:
    return all(one <= other for one, other in zip(some, others, strict=True))


def _open(proof: Proof) -> tuple[int, ...]:
    """How much is left, by level: a lost feature is better than a blocked agent."""
    levels = [one["level"] for one in proof.remaining]
    return *(levels.count(level) for level in LEVELS), len(proof.unanswered), len(proof.worse)
