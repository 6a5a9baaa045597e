"""The effect of each requirement on a deployment: whether it blocks, loses, or is met."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from dfpolicy.model import EFFECTS, Counts, Effect, Level, Result

_RANK = {effect: rank for rank, effect in enumerate(EFFECTS)}


@dataclass
class Requirement:
    """A requirement with its worst effect, and the results that have it.

    `fails` says that this requirement alone causes exit code 1. `first` is its first result of any
    effect.
    """

    first: Result
    effect: Effect = "met"
    fails: bool = False
    unanswered: bool = False
    results: list[Result] = field(default_factory=list)


def weight(result: Result) -> int:
    """Return the number of results that this one stands for: the nodes of a kind, or one."""
    return len(result["nodes"]) if "nodes" in result else 1


def effect_of(result: Result, failing: Collection[Level]) -> Effect:
    """Return the effect of one result; `failing` are the levels whose violations count."""
    if result["outcome"] == "pass":
        return "met"
    return "accepted" if is_accepted(result) else effect_unless_accepted(result, failing)


def is_accepted(result: Result) -> bool:
    """Whether a waiver covers the result, or the baseline contains it."""
    return "waiver" in result or bool(result.get("known"))


def effect_unless_accepted(result: Result, failing: Collection[Level]) -> Effect:
    """Return the effect that a violation or an unknown has if nothing accepts it."""
    if result["outcome"] == "unknown":
        return "not-checked"
    level = result["level"]
    if level in failing:
        return "blocks"
    lossy = level == "required" or (level == "recommended" and result["impact"])
    return "loses" if lossy else "note"


def requirements(
    results: Iterable[Result], failing: Collection[Level], strict: bool = False
) -> dict[str, Requirement]:
    """Return the requirements by ID, in the order of their first results.

    With `strict`, a required requirement that was not checked fails too.
    """
    found: dict[str, Requirement] = {}
    for result in results:
        entry = found.get(result["id"])
        if entry is None:
            entry = found[result["id"]] = Requirement(result)
        effect = effect_of(result, failing)
        if effect == "not-checked" and result["level"] == "required":
            entry.unanswered = True
        if _RANK[effect] < _RANK[entry.effect]:
            entry.effect, entry.results = effect, [result]
        elif effect == entry.effect:
            entry.results.append(result)
    for entry in found.values():
        entry.fails = entry.effect == "blocks" or (strict and entry.unanswered)
    return found


def counts(found: Iterable[Requirement]) -> Counts:
    """Count the requirements by effect."""
    effects = [entry.effect for entry in found]
    return {
        "requirements": len(effects),
        "blocks": effects.count("blocks"),
        "loses": effects.count("loses"),
        "notes": effects.count("note"),
        "notChecked": effects.count("not-checked"),
        "accepted": effects.count("accepted"),
        "met": effects.count("met"),
    }
