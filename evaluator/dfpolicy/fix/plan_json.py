"""The plan for a program (schema `plan`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dfpolicy.changes.selection import Change
from dfpolicy.fix.rounds import Plan
from dfpolicy.fix.side_effects import SideEffect
from dfpolicy.i18n.escaping import json_text
from dfpolicy.model import JsonObject, Report, Result


def render(plan: Plan, code: int) -> str:
    """Return the plan as JSON. `code` is the exit code, which what is written decides."""
    return json_text(document(plan, code))


def document(plan: Plan, code: int) -> JsonObject:
    """Return the plan as the schema `plan` describes it."""
    proof = plan.proof
    return {
        "apiVersion": "dfpolicy.dev/v1",
        "kind": "Plan",
        "proven": plan.proven,
        "rounds": plan.rounds,
        "exitCode": code,
        "before": _state(plan.before),
        "after": _state(plan.after),
        "changes": [_change(change, plan) for change in plan.changes],
        "commands": [{**_about(change), "commands": _commands(change)} for change in plan.commands],
        "questions": questions(plan.waiting),
        "refused": [{**_about(change), "reason": reason} for change, reason in plan.refused],
        "values": plan.changed.values,
        "patched": plan.changed.patched,
        "sideEffects": [_effect(one) for one in plan.beside],
        "files": [text.source for text in plan.changed.texts],
        "fixed": _findings(proof.fixed),
        "remaining": _findings(proof.remaining),
        "worse": _findings(proof.worse),
        "revealed": _findings(proof.revealed),
        "unanswered": _findings(proof.unanswered),
    }


def _effect(effect: SideEffect) -> JsonObject:
    found: JsonObject = {"effect": effect.effect, "target": dict(effect.target)}
    if effect.paths:
        found["paths"] = [list(path) for path in effect.paths]
    return found


def _state(report: Report) -> JsonObject:
    verdict = report["verdict"]
    return {
        "state": verdict["state"],
        "soFar": verdict["soFar"],
        "mode": report["mode"]["name"],
        "violations": dict(report["summary"]["violation"]),
        "unknown": report["summary"]["unknown"],
    }


def _about(change: Change) -> JsonObject:
    return {"cause": change.cause, "ids": change.ids, "risk": change.risk}


def _change(change: Change, plan: Plan) -> JsonObject:
    found: dict[str, Any] = {
        **_about(change),
        "operations": list(change.operations),
        "proven": plan.proof.proves(change),
    }
    if change.alternative:
        found["alternative"] = change.alternative
    if change.others:
        found["otherAlternatives"] = list(change.others)
    return found


def _commands(change: Change) -> list[JsonObject]:
    return [{**one.command, **({"node": one.node} if one.node else {})} for one in change.commands]


def questions(changes: Iterable[Change]) -> list[JsonObject]:
    """Return the open questions of the changes, each with the requirements that wait for it."""
    found: dict[str, JsonObject] = {}
    for change in changes:
        for question in change.questions:
            entry = found.setdefault(question["key"], {**question, "ids": []})
            entry["ids"] += [one for one in change.ids if one not in entry["ids"]]
    return list(found.values())


def _findings(results: Iterable[Result]) -> list[JsonObject]:
    return [
        {
            "id": one["id"],
            "level": one["level"],
            "subject": dict(one["subject"]),
            "observed": one["observed"],
        }
        for one in results
    ]
