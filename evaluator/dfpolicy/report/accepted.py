"""What waivers and a baseline accept: it does not count, but what it costs is still said."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Literal, get_args

from dfpolicy.model import AcceptedProblem, Level, NodeKind, Result
from dfpolicy.report.effects import effect_unless_accepted
from dfpolicy.report.folding import Folded, ordered

_Effect = Literal["blocks", "loses", "not-checked", "note"]
_EFFECTS: tuple[_Effect, ...] = get_args(_Effect)
# What is accepted for one reason, and the effect that it would have.
Accepted = tuple[_Effect, Folded]


class Accepting:
    """The accepted results of a report: those of one cause and one waiver are one problem.

    `failing` are the levels whose violations count.
    """

    def __init__(self, failing: Collection[Level]) -> None:
        self._failing = failing
        self._folds: dict[tuple[str, ...], Folded] = {}

    def add(self, result: Result, cause: str, nodes: Sequence[str]) -> None:
        """Add a result that is accepted."""
        waiver = result.get("waiver")
        terms = (waiver["expires"], waiver["owner"], waiver["reason"]) if waiver else ()
        folded = self._folds.setdefault((cause, result["outcome"], *terms), Folded(cause))
        folded.add(result, nodes)

    def ordered(self, judged: set[str]) -> list[Accepted]:
        """Return what would block first, then what is lost, is not checked, and is only a note."""
        found = [(self._effect(one), one) for one in ordered(self._folds.values(), judged)]
        return sorted(found, key=lambda pair: _EFFECTS.index(pair[0]))

    def _effect(self, folded: Folded) -> _Effect:
        effects = {effect_unless_accepted(one, self._failing) for one in folded.results}
        return next(effect for effect in _EFFECTS if effect in effects)


def costly_nodes(accepted: Iterable[Accepted]) -> Iterator[tuple[int, Collection[str]]]:
    """Yield the position of each problem that costs something on some nodes, and the nodes."""
    for position, (effect, folded) in enumerate(accepted):
        if _costs(effect) and not folded.everywhere:
            yield position, folded.nodes


def accepted_problems(
    accepted: Iterable[Accepted], judged: int, kinds: Sequence[NodeKind]
) -> list[AcceptedProblem]:
    """Return the problems in this order, with the positions of the kinds of nodes."""
    found = []
    for position, (effect, folded) in enumerate(accepted):
        one = _problem(effect, folded)
        if not folded.everywhere:
            having = (at for at, kind in enumerate(kinds) if position in kind.get("accepted", ()))
            one["nodes"] = folded.places(judged, having)
        found.append(one)
    return found


def _problem(effect: _Effect, folded: Folded) -> AcceptedProblem:
    lead = folded.lead
    found: AcceptedProblem = {
        "effect": effect,
        "cause": folded.cause,
        "title": folded.title,
        "level": folded.level,
        "ids": folded.ids,
        "impact": folded.impact if _costs(effect) else [],
        "features": folded.features if _costs(effect) else [],
    }
    if "waiver" in lead:
        found["waiver"] = lead["waiver"]
    return found


def _costs(effect: _Effect) -> bool:
    return effect in ("blocks", "loses")
