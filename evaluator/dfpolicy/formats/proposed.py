"""The parts of a proposal as lines: values and patches as YAML, operations, commands, questions.

A line comes with the numbers of the problems that it fixes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dfpolicy.changes.operations import VALUES
from dfpolicy.changes.yaml_rendering import Layout, block_lines, entry_lines, flow, inline
from dfpolicy.formats.content import abridged
from dfpolicy.formats.wording import names
from dfpolicy.i18n.columns import width
from dfpolicy.i18n.escaping import needs_quotes
from dfpolicy.i18n.language import _, _n, clauses, marked, translate
from dfpolicy.model import (
    ChartRelease,
    Command,
    JsonObject,
    Operation,
    Proposal,
    ProposedCommand,
    ProposedOperation,
    ProposedQuestion,
    Resolving,
    Risk,
    Subject,
    Target,
)
from dfpolicy.reading.host_documents import API_VERSION
from dfpolicy.reading.yaml_writer import write_yaml
from dfpolicy.report.subjects import described

RISKS: dict[Risk, str] = {
    "none": marked("restarts nothing"),
    "restart": marked("restarts pods or services"),
    "reboot": marked("reboots the node"),
}
# The width of YAML without its indent in a report.
YAML_WIDTH = 84
_LONGEST_VALUE = 200
_NUMBERS = 4
_UNIT = "SystemdUnit"
_SIGNS = {"set": "", "add": "+ ", "create": "+ ", "remove": "- ", "discard": "- "}
_PLACES = {"node": marked("nodes"), "cluster": marked("cluster"), "server": marked("server")}


@dataclass(frozen=True, slots=True)
class Line:
    """A line, and the numbers of the problems that it fixes."""

    text: str
    problems: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """Lines below a title."""

    title: str
    lines: list[Line] = field(default_factory=list)


def numbers(problems: Sequence[int]) -> str:
    """Return the numbers of problems, at most the first few."""
    more = ["..."] if len(problems) > _NUMBERS else []
    return ", ".join([*map(str, problems[:_NUMBERS]), *more])


def values(proposal: Proposal, columns: int = YAML_WIDTH) -> Block | None:
    """Return the overlay for the chart; None if there is none."""
    if "values" not in proposal:
        return None
    held = proposal["values"]
    title = _values_title(held["chart"])
    origins = {tuple(one["path"]): one["problems"] for one in held["origins"]}
    return Block(title, list(_compact(held["content"], origins, columns)))


def values_text(proposal: Proposal) -> str:
    """Return the overlay as a file, with the problems as comments; empty without an overlay."""
    block = values(proposal)
    return _file(block.lines, proposal["values"]["content"]) if block else ""


def patch_text(proposal: Proposal) -> str:
    """Return the patch as a file; empty if there is none."""
    return "---\n".join(_file(_compact(one, {}, YAML_WIDTH), one) for one in proposal["patch"])


def summaries(proposal: Proposal) -> list[Line]:
    """Return what to do, in one line for each part."""
    found = []
    if "values" in proposal:
        told = _("Add to {title}").format(title=_values_title(proposal["values"]["chart"]))
        found.append(Line(told, _problems(proposal["values"]["origins"])))
    made, run, open_ = proposal["operations"], proposal["commands"], proposal["questions"]
    if made:
        told = _n("Make {count} change", "Make {count} changes", len(made))
        found.append(Line(told, _problems(made)))
    if run:
        told = _n("Run {count} command", "Run {count} commands", len(run))
        found.append(Line(told, _problems(run)))
    if open_:
        told = _n("Answer {count} question", "Answer {count} questions", len(open_))
        found.append(Line(told, _problems(open_)))
    return found


def operations(proposal: Proposal) -> list[Block]:
    """Return what the values do not express, by objects."""
    blocks: dict[str, Block] = {}
    created = _("objects to create")
    for target, entries in _grouped(proposal["operations"]):
        for problems, members in entries:
            new = members[0]["op"] == "create"
            title = created if new else _title(target, "values" in proposal)
            block = blocks.setdefault(title, Block(title))
            text = named(target) if new else _operation(members)
            block.lines.append(Line(text, problems))
    return list(blocks.values())


def commands(proposal: Proposal) -> list[tuple[str, list[ProposedCommand]]]:
    """Return the commands, by the place where they run."""
    found: dict[str, list[ProposedCommand]] = {}
    for one in proposal["commands"]:
        place = _PLACES[one["command"]["where"]]
        found.setdefault(_(place), []).append(one)
    return list(found.items())


def described_command(entry: ProposedCommand) -> str:
    """Return where the command runs, and what it costs."""
    nodes = entry["nodes"]
    where = ""
    if nodes:
        count = _n("{count} node", "{count} nodes", len(nodes))
        where = _("{text} ({place})").format(text=count, place=names(nodes))
    elif entry["command"]["where"] == "node":
        where = _("every node")
    cost = RISKS[entry["risk"]]
    return clauses(part for part in (where, _(cost)) if part)


def lines_of(command: Command) -> list[str]:
    """Return what is run now, and what makes it survive a reboot."""
    return [text for text in (command["run"], command.get("persist", "")) if text]


def asked(entry: ProposedQuestion) -> str:
    """Return what only the operator knows."""
    return translate(entry["question"]["text"])


def answer(question: Mapping[str, Any]) -> str:
    """Return the option that answers a question."""
    return f"--answer {question['key']}=..."


def shown_path(path: Sequence[str | Mapping[str, str]]) -> str:
    """Return a path as `spec.template.spec.containers[deepflow-agent].securityContext`."""
    text = ""
    for step in path:
        if isinstance(step, str):
            text += f".{step}" if text else step
        else:
            text += f"[{', '.join(step.values())}]"
    return text


def named(target: Target) -> str:
    """Return the name of the object that an operation changes."""
    if target["kind"] == VALUES:
        return _("values of chart {name}").format(name=target["name"])
    subject: Subject = {"kind": target["kind"], "name": target["name"]}
    if "namespace" in target:
        subject["namespace"] = target["namespace"]
    return described(subject)


def _values_title(chart: ChartRelease) -> str:
    return _("values.yaml of chart {name} {version}").format_map(chart)


def _problems(members: Iterable[Resolving]) -> list[int]:
    return sorted({number for one in members for number in one["problems"]})


def _title(target: Target, with_values: bool) -> str:
    if target.get("apiVersion") == API_VERSION:
        return named(target)
    if with_values:
        return _("patch of {name} (not in the values)").format(name=named(target))
    return _("patch of {name}").format(name=named(target))


def _grouped(
    entries: Iterable[ProposedOperation],
) -> list[tuple[Target, list[tuple[Sequence[int], list[Operation]]]]]:
    """The operations by target; those that only differ in their values are together."""
    found: dict[str, tuple[Target, dict[str, tuple[Sequence[int], list[Operation]]]]] = {}
    for entry in entries:
        operation = entry["operation"]
        target = operation["target"]
        _target, groups = found.setdefault(json.dumps(target, sort_keys=True), (target, {}))
        path = [operation["op"], operation["path"], operation.get("inside"), entry["problems"]]
        # The value of a field is one value; a list can get several members.
        alone = len(groups) if operation["op"] not in ("add", "discard") else None
        _problems, members = groups.setdefault(json.dumps([path, alone]), (entry["problems"], []))
        if operation not in members:
            members.append(operation)
    return [(target, list(groups.values())) for target, groups in found.values()]


def _operation(operations: Sequence[Operation]) -> str:
    first = operations[0]
    sign = _SIGNS[first["op"]]
    if first["target"].get("apiVersion") == API_VERSION:
        return on_host(operations, sign)
    path = shown_path([*first["path"], *first.get("inside", ())])
    held = [flow(one["value"]) for one in operations if "value" in one]
    if not held:
        return sign + path
    # In every language as in YAML.
    return f"{sign}{path}: {abridged(', '.join(held), _LONGEST_VALUE)}"


def on_host(operations: Sequence[Operation], sign: str = "") -> str:
    """Return operations of one kind and path in the form of the host's file, without `spec`."""
    first = operations[0]
    path = [*first["path"], *first.get("inside", ())][1:]
    held = [one["value"] for one in operations if "value" in one]
    if first["target"]["kind"] == _UNIT and len(path) == 2:
        section, key = map(str, path)
        lists = (one if isinstance(one, list) else [one] for one in held)
        settings = [f"{key}={text}" for values_ in lists for text in values_]
        told = ", ".join(settings or [f"{key}="])
        return f"{sign}[{section}] {abridged(told, _LONGEST_VALUE)}"
    if not held:
        return sign + shown_path(path)
    return f"{shown_path(path)}: {sign}{abridged(', '.join(map(flow, held)), _LONGEST_VALUE)}"


def _file(lines: Iterable[Line], content: JsonObject) -> str:
    text = "".join(
        f"{line.text}  # {numbers(line.problems)}\n" if line.problems else f"{line.text}\n"
        for line in lines
    )
    # What a log must not contain is escaped, without comments.
    return write_yaml(content) if needs_quotes(text) else text


def _compact(
    value: JsonObject,
    origins: Mapping[tuple[str, ...], Sequence[int]],
    columns: int,
    path: tuple[str, ...] = (),
) -> Iterator[Line]:
    """Yield a mapping in few lines: what fits on one is written between brackets."""
    indent = "  " * len(path)
    for key, item in value.items():
        here = (*path, key)
        problems = origins.get(here, ())
        if isinstance(item, dict) and item:
            yield Line(f"{indent}{inline(key)}:", problems)
            yield from _compact(item, origins, columns, here)
            continue
        first, *others = _entry(key, item, columns - len(indent))
        yield Line(indent + first, problems)
        yield from (Line(indent + line if line else line) for line in others)


def _entry(key: str, value: Any, room: int) -> list[str]:
    if not isinstance(value, list) or not value:
        return entry_lines(key, value, Layout())
    simple = not any(isinstance(member, (dict, list)) for member in value)
    short = f"{inline(key)}: {flow(value)}"
    if simple and width(short) <= room:
        return [short]
    lines = [f"{inline(key)}:"]
    for member in value:
        short = f"- {flow(member)}"
        fits = width(short) <= room and not _has_lines(member)
        lines += [short] if fits else block_lines([member], Layout())
    return lines


def _has_lines(value: Any) -> bool:
    """Whether a string of the value has several lines."""
    if isinstance(value, dict):
        return any(map(_has_lines, value.values()))
    if isinstance(value, list):
        return any(map(_has_lines, value))
    return isinstance(value, str) and "\n" in value
