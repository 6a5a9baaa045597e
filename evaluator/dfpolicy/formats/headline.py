"""The verdict in words: the headline, its meaning, and the counts of requirements."""

from __future__ import annotations

from dfpolicy.formats.losses import accepted_losses, losses
from dfpolicy.i18n.language import _, _n, clauses
from dfpolicy.model import Effect, Problem, State, Verdict
from dfpolicy.report.impacts import FEATURES, implied
from dfpolicy.report.problems import on_some_nodes
from dfpolicy.report.verdict import partly_blocked_nodes


def headline(verdict: Verdict) -> str:
    """Return whether you can deploy."""
    if verdict["state"] == "blocked-on-some-nodes":
        return _blocked(verdict)
    return state_words(verdict["state"], verdict["soFar"])


def state_words(state: State, so_far: bool) -> str:
    """Return the words for a state without the numbers of a verdict."""
    if state == "do-not-deploy":
        return _("DO NOT DEPLOY")
    if state == "cannot-tell":
        return _("CANNOT TELL")
    if state == "blocked-on-some-nodes":
        return _("BLOCKED ON SOME NODES")
    if state == "deployable":
        return _("DEPLOYABLE, SO FAR") if so_far else _("DEPLOYABLE")
    return _("DEPLOYABLE WITH LOSSES, SO FAR") if so_far else _("DEPLOYABLE WITH LOSSES")


def meaning(verdict: Verdict) -> str:
    """Return the reason, in one or two sentences."""
    counts, state = verdict["counts"], verdict["state"]
    required = verdict["notChecked"]["required"]
    if counts["blocks"]:
        loss = _loss(verdict)
        return both(_blocking(verdict), loss) if loss else _blocking(verdict)
    if state == "cannot-tell":
        return _n(
            "nothing blocks, but {count} required fact is not checked, and --strict asks for it.",
            "nothing blocks, but {count} required facts are not checked, and --strict asks for"
            " them.",
            required,
        )
    if counts["met"] == counts["requirements"]:
        return _n(
            "the {count} requirement is met.", "all {count} requirements are met.", counts["met"]
        )
    count = len(verdict["problems"])
    accepted = accepted_losses(verdict)
    nothing = _("nothing else is lost") if accepted else _("nothing is lost")
    parts = [
        _("nothing blocks"),
        _n("{count} loss", "{count} losses", count) if count else nothing,
    ]
    if accepted:
        parts.append(accepted)
    if required:
        parts.append(
            _n(
                "{count} required fact is not checked yet",
                "{count} required facts are not checked yet",
                required,
            )
        )
    return _("; ").join(parts) + _(".")


def sentence(verdict: Verdict) -> str:
    """Return headline and meaning."""
    return _("{headline} - {meaning}").format(headline=headline(verdict), meaning=meaning(verdict))


def totals(verdict: Verdict) -> str:
    """Return how many requirements have each effect, and the exit code."""
    counts = verdict["counts"]
    parts = [
        counted("blocks", counts["blocks"]),
        counted("loses", counts["loses"]),
        counted("note", counts["notes"]),
        counted("not-checked", counts["notChecked"]),
    ]
    if counts["accepted"]:
        parts.append(counted("accepted", counts["accepted"]))
    parts.append(counted("met", counts["met"]))
    return _n(
        "{count} requirement: {parts}.",
        "{count} requirements: {parts}.",
        counts["requirements"],
        parts=clauses(parts),
    )


def counted(effect: Effect, count: int) -> str:
    """Return how many requirements have an effect."""
    if effect == "blocks":
        return _n("{count} blocks", "{count} block", count)
    if effect == "loses":
        return _n("{count} loses", "{count} lose", count)
    if effect == "note":
        return _n("{count} note", "{count} notes", count)
    if effect == "not-checked":
        return _("{count} not checked").format(count=count)
    if effect == "accepted":
        return _("{count} accepted").format(count=count)
    return _("{count} met").format(count=count)


def exits(verdict: Verdict) -> str:
    """Return the exit code, and the one with --strict if it differs."""
    strict = verdict["exitCode"] == 0 and verdict["notChecked"]["required"] > 0
    told = _("Exit {code} (with --strict: 1).") if strict else _("Exit {code}.")
    return told.format(code=verdict["exitCode"])


def both(first: str, second: str) -> str:
    """Return two sentences, separated as in the language in force."""
    return _("{first} {second}").format(first=first, second=second)


def _blocked(verdict: Verdict) -> str:
    counted = {"count": partly_blocked_nodes(verdict), "of": verdict["nodes"]["judged"]}
    lost = _features(verdict)
    if lost == ["AutoProfiling"]:
        return _("{count} OF {of} NODES CANNOT PROFILE").format(**counted)
    tracing = implied(["AutoTracing"])
    if _all_lose_tracing(verdict) and not {*lost} - tracing - {"AutoProfiling"}:
        return _("{count} OF {of} NODES CANNOT TRACE").format(**counted)
    return _("{count} OF {of} NODES ARE BLOCKED").format(**counted)


def _all_lose_tracing(verdict: Verdict) -> bool:
    """Whether each blocked node loses AutoTracing; without a part of it, there are still traces."""
    lost = {one["number"]: "AutoTracing" in one["features"] for one in _leading(verdict)}
    found = (lost.keys() & kind["problems"] for kind in verdict["nodes"]["kinds"])
    return all(any(lost[number] for number in numbers) for numbers in found if numbers)


def _blocking(verdict: Verdict) -> str:
    problems = sum(problem["effect"] == "blocks" for problem in verdict["problems"])
    counts = verdict["counts"]
    return _n(
        "{count} problem blocks ({blocks} of {all} requirements).",
        "{count} problems block ({blocks} of {all} requirements).",
        problems,
        blocks=counts["blocks"],
        all=counts["requirements"],
    )


def _loss(verdict: Verdict) -> str:
    """Return what does not work at all, or else all that is lost."""
    lost = _features(verdict)
    if verdict["state"] == "blocked-on-some-nodes":
        return _("On the others nothing blocks.")
    if "Agent start" in lost:
        return _("The agent would not start.")
    if "Server connection" in lost:
        return _("No data would reach the server.")
    if "All features" in lost:
        return _("Nothing would be captured.")
    told = losses([*filter(_is_told, verdict["problems"])])
    return _("You lose {features}.").format(features=told) if told else ""


def _is_told(problem: Problem) -> bool:
    """Whether the headline names what is lost: all that blocks, and features that observe."""
    return problem["effect"] == "blocks" or not implied(problem["features"]).isdisjoint(FEATURES)


def _features(verdict: Verdict) -> list[str]:
    return [*dict.fromkeys(name for one in _leading(verdict) for name in one["features"])]


def _leading(verdict: Verdict) -> list[Problem]:
    """Return the problems that block everywhere, or else all problems that block."""
    blocking = [problem for problem in verdict["problems"] if problem["effect"] == "blocks"]
    return [problem for problem in blocking if not on_some_nodes(problem)] or blocking
