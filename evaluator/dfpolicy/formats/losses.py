"""What problems cost, in words: everything, a feature, or a part of it, and on which nodes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from dfpolicy.i18n.language import _, _n, listed
from dfpolicy.model import AcceptedProblem, Problem, Result, Verdict
from dfpolicy.report.folding import stated_features
from dfpolicy.report.impacts import EVERYTHING, FEATURES, distinct, implied, is_partial
from dfpolicy.report.problems import on_some_nodes

_Costly = Problem | AcceptedProblem


def lost(problem: Problem, verdict: Verdict) -> str:
    """Return what is lost and where, as a sentence; empty if nothing is."""
    told = loss(problem, verdict)
    return _("Lost: {features}.").format(features=told) if told else ""


def loss(problem: _Costly, verdict: Verdict) -> str:
    """Return what is lost and where; empty if nothing is."""
    features = lost_features(problem)
    if not features:
        return ""
    if on_some_nodes(problem):
        return _("{features}, on these nodes").format(features=features)
    if _lacking(problem):
        return _("{features}, on the nodes concerned").format(features=features)
    judged = verdict["nodes"]["judged"]
    if judged < 2:
        return features
    if judged == 2:
        return _("{features}, on both nodes").format(features=features)
    return _("{features}, on all {count} nodes").format(features=features, count=judged)


def lost_features(*problems: _Costly) -> str:
    """Return what these problems cost together, in the language in force; empty if nothing.

    Without some features nothing works: they are everything. A recommended requirement takes only
    a part of a feature that observes applications.
    """
    return _told(_parts(problems))


def _parts(problems: Iterable[_Costly]) -> dict[str, str]:
    parts: dict[str, str] = {}
    for problem in problems:
        words = _worded(problem["features"], problem["impact"], is_partial(problem["level"]))
        # What is lost wholly is not lost in part.
        parts |= {**words, **parts} if is_partial(problem["level"]) else words
    return parts


def _told(parts: Mapping[str, str]) -> str:
    if any(name in EVERYTHING for name in parts):
        return _("everything")
    return listed(distinct([*parts], [*parts.values()]))


def lost_by(result: Result) -> str:
    """Return each feature that a violation costs, or that an unknown may cost."""
    names = stated_features(result)
    parts = _worded(names, result["impact"], is_partial(result["level"]))
    return listed(distinct([*parts], [*parts.values()]))


def lost_of(names: Sequence[str], words: Sequence[str], partial: bool) -> str:
    """Return features that are lost, wholly or in part; `names` are the English words."""
    return _told(_worded(names, words, partial))


def _worded(names: Sequence[str], words: Sequence[str], partial: bool) -> dict[str, str]:
    """Return the words of lost features by their English names, `names`."""
    found = dict(zip(names if len(names) == len(words) else words, words, strict=True))
    # Without everything there is no part of a feature.
    if not partial or any(name in EVERYTHING for name in found):
        return found
    part = {name: _("part of {feature}").format(feature=word) for name, word in found.items()}
    return {name: part[name] if name in FEATURES else word for name, word in found.items()}


def losses(problems: Sequence[_Costly]) -> str:
    """Return what problems cost everywhere, and what they cost more on some nodes."""
    whole = [one for one in problems if not (on_some_nodes(one) or _lacking(one))]
    everywhere, parts = _parts(whole), _parts(problems)
    wholly = (one["features"] for one in whole if not is_partial(one["level"]))
    lost = implied([name for names in wholly for name in names])
    others = {
        name: word
        for name, word in parts.items()
        if name not in lost and everywhere.get(name) != word
    }
    if not everywhere:
        return _("{features} on some nodes").format(features=_told(parts)) if parts else ""
    if not others:
        return _told(parts)
    return _("{features}, and {others} on some nodes").format(
        features=_told(everywhere), others=_told(others)
    )


def accepted_losses(verdict: Verdict) -> str:
    """Return how many accepted problems cost something, and what; empty if none does."""
    costly = [one for one in verdict.get("accepted", ()) if one["features"]]
    if not costly:
        return ""
    return _n(
        "{count} accepted problem costs {features}",
        "{count} accepted problems cost {features}",
        len(costly),
        features=losses(costly),
    )


def _lacking(problem: _Costly) -> bool:
    """Whether nothing works in a part of the deployment.

    If the whole lacked the feature, the requirement would be required.
    """
    whole = any(name in EVERYTHING for name in problem["features"])
    return whole and problem["level"] != "required"
