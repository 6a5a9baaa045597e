"""Chooses, of the changes of violations, those that the operator wants."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from dfpolicy.model import (
    RISKS,
    Alternative,
    Command,
    Level,
    Operation,
    Proof,
    Question,
    Report,
    Result,
    ResultChange,
    Risk,
    Subject,
)

# The cause of a change that takes away privileges that no wanted feature needs.
EXCESS = "excess"

# What identifies a finding: the requirement and the subject.
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class HostCommand:
    """A command of a change with this cause; `node` is where it runs, if that is a node."""

    command: Command
    cause: str
    node: str = ""

    @property
    def identity(self) -> tuple[str, ...]:
        """What tells it from other commands."""
        return self.cause, self.node, *map(str, self.command.values())


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the operator wants to be changed.

    `levels` are those of the violations to fix. `only`, if not empty, and `skip` are ids. `answers`
    are by key of the question. `prefer` are names of alternatives. `max_risk` is the most that a
    change may cost. With `want`, features or "all", only what costs one of them is fixed, and
    privileges that none of them needs are taken away.
    """

    levels: tuple[Level, ...] = ("required", "recommended")
    only: frozenset[str] = frozenset()
    skip: frozenset[str] = frozenset()
    answers: Mapping[str, str] = field(default_factory=dict)
    prefer: tuple[str, ...] = ()
    max_risk: Risk = "reboot"
    want: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What fixes violations of one cause, in one of its ways.

    `operations` have their values, except those that wait for the answers to `questions`.
    `alternative` is the name of the chosen way, and `others` are those of the other ways. `subject`
    is the agent whose excess privileges it takes away, if it is for no finding.
    """

    cause: str
    findings: tuple[Result, ...]
    risk: Risk
    operations: tuple[Operation, ...] = ()
    commands: tuple[HostCommand, ...] = ()
    questions: tuple[Question, ...] = ()
    proof: Proof = "manifests"
    alternative: str = ""
    others: tuple[str, ...] = ()
    subject: Subject | None = None

    @property
    def ids(self) -> list[str]:
        """The requirements whose violations it fixes, each once."""
        return list(dict.fromkeys(result["id"] for result in self.findings))

    @property
    def identity(self) -> str:
        """What tells it from other changes."""
        commands = [[one.cause, one.command["run"]] for one in self.commands]
        waiting = [question["key"] for question in self.questions]
        return json.dumps([self.cause, self.operations, commands, waiting], sort_keys=True)


def key_of(result: Result) -> Key:
    """Return what identifies a finding in two reports."""
    return result["id"], json.dumps(result["subject"], sort_keys=True)


def is_violation(result: Result) -> bool:
    """Whether it is a violation that loses something and is not accepted."""
    return result["outcome"] == "violation" and "waiver" not in result and result["impact"] != []


def is_wanted(result: Result) -> bool:
    """Whether it is about a wanted feature, or no features are asked for."""
    return result.get("wanted", True)


def is_targeted(result: Result, wishes: Wishes) -> bool:
    """Whether the result is a violation that the operator wants to be fixed.

    An accepted violation, one that other means make harmless, and one that loses no wanted feature
    are not.
    """
    return is_violation(result) and _is_selected(result, wishes)


def is_waived(result: Result, wishes: Wishes) -> bool:
    """Whether the result is a violation that would be fixed if it were not accepted."""
    return (
        result["outcome"] == "violation"
        and "waiver" in result
        and result["impact"] != []
        and _is_selected(result, wishes)
    )


def _is_selected(result: Result, wishes: Wishes) -> bool:
    return (
        is_wanted(result)
        and result["level"] in wishes.levels
        and (not wishes.only or result["id"] in wishes.only)
        and result["id"] not in wishes.skip
    )


def changes_of(results: Iterable[Result], wishes: Wishes) -> list[Change]:
    """Return the changes for the targeted violations; equal ones are one change.

    A violation that follows from another one with a change waits for it: when that one is fixed,
    it may be too.
    """
    targeted = [one for one in results if is_targeted(one, wishes)]
    fixable = {one["id"] for one in targeted if _ways(one, wishes)}
    equal: dict[str, list[Change]] = {}
    for result in targeted:
        cause = result.get("cause")
        if cause in fixable and cause != result["id"]:
            continue
        ways = _ways(result, wishes)
        if not ways or "change" not in result:
            continue
        change = _change(result, result["change"], ways, wishes)
        equal.setdefault(change.identity, []).append(change)
    # Those of one cause in the same way are one change, for several subjects.
    same: dict[tuple[str, str], list[Change]] = {}
    for found in equal.values():
        change = _joined(found)
        same.setdefault((change.cause, change.alternative), []).append(change)
    return [_joined(found) for found in same.values()]


def reductions_of(report: Report) -> list[Change]:
    """Return what takes the privileges of each agent away, if the report was asked for it."""
    return [
        Change(EXCESS, (), "restart", tuple(entry["operations"]), subject=entry["subject"])
        for entry in report.get("reductions", ())
    ]


def _ways(result: Result, wishes: Wishes) -> list[Alternative]:
    """The ways to fix a violation that cost no more than is allowed, the preferred one first."""
    if "change" not in result:
        return []
    most = RISKS.index(wishes.max_risk)
    ways = [one for one in result["change"]["alternatives"] if RISKS.index(one["risk"]) <= most]
    return sorted(ways, key=lambda one: one.get("name") not in wishes.prefer)


def _change(
    result: Result, change: ResultChange, ways: Sequence[Alternative], wishes: Wishes
) -> Change:
    chosen = ways[0]
    open_questions = [
        question
        for question in change.get("questions", ())
        if question["key"] not in wishes.answers
    ]
    operations = [_answered(one, change, wishes) for one in chosen.get("operations", ())]
    return Change(
        change["cause"],
        (result,),
        chosen["risk"],
        tuple(operations),
        tuple(
            HostCommand(command, change["cause"], _node(result["subject"]))
            for command in chosen.get("commands", ())
        ),
        tuple(open_questions),
        change["proof"],
        chosen.get("name", ""),
        tuple(one["name"] for one in ways[1:] if "name" in one),
    )


def _answered(operation: Operation, change: ResultChange, wishes: Wishes) -> Operation:
    """The operation with the answer as its value, if there is one."""
    key = operation.get("answer")
    if key is None or key not in wishes.answers:
        return operation
    kinds = {question["key"]: question["type"] for question in change.get("questions", ())}
    value: Any = wishes.answers[key]
    if kinds[key] == "addresses":
        value = [part.strip() for part in value.split(",") if part.strip()]
    answered: Operation = {**operation, "value": value}
    del answered["answer"]
    return answered


def _node(subject: Subject) -> str:
    """The node of a command, or "" if it is for all of them or for another place."""
    name = subject["name"] if subject["kind"] == "Node" else subject.get("node", "")
    return "" if name == "*" else name


def _joined(changes: Sequence[Change]) -> Change:
    """One change that does what all of them do. There can be one for each of thousands of nodes."""
    if len(changes) == 1:
        return changes[0]
    return replace(
        changes[0],
        findings=tuple(one for change in changes for one in change.findings),
        operations=tuple(_distinct(one for change in changes for one in change.operations)),
        commands=tuple(
            {one.identity: one for change in changes for one in change.commands}.values()
        ),
        questions=tuple(_distinct(one for change in changes for one in change.questions)),
    )


_Entry = TypeVar("_Entry")


def _distinct(entries: Iterable[_Entry]) -> Iterable[_Entry]:
    return {json.dumps(one, sort_keys=True): one for one in entries}.values()
