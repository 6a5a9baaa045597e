"""What was not checked, by who can answer it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dfpolicy.i18n.messages import message
from dfpolicy.model import INFORMANTS, Informant, NotChecked, Questions, Result
from dfpolicy.report.effects import Requirement

_OF_CLUSTER = ("kubectl ", "dfpolicy collect cluster ")


def not_checked(found: Mapping[str, Requirement]) -> NotChecked:
    """Return the requirements whose effect is that they were not checked."""
    asked = [(one, entry) for one, entry in found.items() if entry.effect == "not-checked"]
    by: dict[Informant, dict[str, list[str]]] = {name: {} for name in INFORMANTS}
    for identifier, entry in asked:
        # One result is enough: those of other nodes miss the same fact. What nodes answer comes
        # first, because a requirement about agents and nodes has results of both.
        of_nodes = (one for one in entry.results if informant(one) == "nodes")
        result = next(of_nodes, entry.results[0])
        by[informant(result)][identifier] = _facts(result)
    return {
        "requirements": len(asked),
        "required": sum(entry.unanswered for _, entry in asked),
        "nodes": _questions(by["nodes"]),
        "cluster": _questions(by["cluster"]),
        "server": _questions(by["server"]),
    }


def informant(result: Result) -> Informant:
    """Return who can answer an unknown: the one that its command queries."""
    command = result.get("collect", "")
    if of_deepflow_ctl(command):
        return "server"
    if not command.startswith(_OF_CLUSTER):
        return "nodes"
    return "server" if "deepflow-server" in command else "cluster"


def commands(found: Mapping[str, Requirement]) -> list[str]:
    """Return the commands that answer what was not checked, each once."""
    asked = [entry for entry in found.values() if entry.effect == "not-checked"]
    return [*dict.fromkeys(one.get("collect", "") for entry in asked for one in entry.results)]


def of_deepflow_ctl(command: str) -> bool:
    """Whether it is a command of deepflow-ctl, which no collection of facts runs."""
    return command.startswith("deepflow-ctl ")


def fact(result: Result) -> str:
    """Return the fact that an unknown misses, in the language in force."""
    held: Any = result.get("messages", {}).get("observed", {})
    value = held.get("values", {}).get("fact") if isinstance(held, dict) else None
    return message(value) if value is not None else result["observed"]


def _facts(result: Result) -> list[str]:
    return [fact(result)]


def _questions(by_id: Mapping[str, list[str]]) -> Questions:
    facts = dict.fromkeys(text for texts in by_id.values() for text in texts)
    return {"ids": [*by_id], "facts": [*facts]}
