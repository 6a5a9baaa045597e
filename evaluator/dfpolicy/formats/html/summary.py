"""The first screen of the HTML report: the verdict, the problems, what to change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dfpolicy.formats import proposed
from dfpolicy.formats.content import acceptance
from dfpolicy.formats.headline import both, exits, headline, meaning, totals
from dfpolicy.formats.html.results import Block
from dfpolicy.formats.losses import loss
from dfpolicy.formats.node_matrix import kind_cells
from dfpolicy.formats.proposed import Line
from dfpolicy.formats.wording import kernel_name, names, spot, system, system_name, titled
from dfpolicy.i18n.escaping import cleaned
from dfpolicy.i18n.language import _, _n, labelled, listed
from dfpolicy.model import INFORMANTS, NodeKind, Problem, ProposedCommand, Report, Verdict
from dfpolicy.report.problems import on_some_nodes

_FOUND, _KINDS, _SHORT, _NUMBERS = 4, 6, 4, 6


@dataclass(frozen=True)
class Card:
    """A problem: what was found and where, what is lost, what to change, its requirements."""

    number: int
    effect: str
    title: str
    found: list[tuple[str, str]]
    expected: str
    nodes: list[str]
    lost: str
    changes: list[str]
    ids: list[tuple[str, str]]

    @property
    def told(self) -> bool:
        """Whether a finding differs from the title, so that more than its place is shown."""
        return any(text for _place, text in self.found)


@dataclass(frozen=True)
class Steps:
    """What to change: files to copy, and what else is to be done.

    `files` have a title and a text, `commands` a place, what is told, and the texts to copy.
    """

    files: list[tuple[str, str]]
    objects: list[tuple[str, list[tuple[str, Sequence[int]]]]]
    commands: list[tuple[str, list[tuple[list[int], str, list[str]]]]]
    questions: list[tuple[list[int], str, str]]


@dataclass(frozen=True)
class Kind:
    """Equal nodes; for each column the word, and the anchor and effect of the problem."""

    system: str
    kernel: str
    nodes: list[str]
    some: str
    cells: list[tuple[str, str, str]]


def head(verdict: Verdict) -> dict[str, str]:
    """Return headline, meaning and counts in sentence case."""
    return {
        "headline": headline(verdict).capitalize(),
        "meaning": _capital(meaning(verdict)),
        "totals": both(totals(verdict), exits(verdict)),
    }


def cards(verdict: Verdict, blocks: Sequence[Block]) -> list[Card]:
    """Return the problems in their order."""
    anchors = _anchors(blocks)
    return [_card(problem, verdict, anchors) for problem in verdict["problems"]]


def accepted(
    verdict: Verdict, blocks: Sequence[Block]
) -> list[tuple[str, str, str, list[tuple[str, str]]]]:
    """Return what is accepted: what is wrong, what it costs, why, and its requirements."""
    anchors = _anchors(blocks)
    return [
        (
            titled(one),
            loss(one, verdict),
            acceptance(one),
            [(name, anchors[name]) for name in one["ids"] if name in anchors],
        )
        for one in verdict.get("accepted", ())
    ]


def _anchors(blocks: Sequence[Block]) -> dict[str, str]:
    anchors: dict[str, str] = {}
    for block in blocks:
        anchors.setdefault(block.id, block.anchor)
    return anchors


def kinds(verdict: Verdict) -> list[Kind]:
    """Return the kinds of nodes, those with problems first."""
    return [*map(_kind, verdict["nodes"]["kinds"], kind_cells(verdict))]


def to_do(report: Report) -> list[tuple[str, str, str]]:
    """Return the changes as (anchor, text, reason)."""
    verdict = report["verdict"]
    steps = proposed.summaries(verdict["proposal"]) if "proposal" in verdict else []
    steps += [Line(entry["text"], entry["problems"]) for entry in verdict["changes"]]
    found = [("change", step.text, _fixes(step.problems)) for step in steps[:_SHORT]]
    more = len(steps) - len(found)
    if more:
        told = _n("{count} more change", "{count} more changes", more)
        rest = {number for step in steps[_SHORT:] for number in step.problems}
        found.append(("change", told, _fixes(sorted(rest))))
    if verdict["next"].get("accept"):
        found.append(("change", _("Or accept what blocks on some nodes"), _("with a waiver")))
    open_ = verdict["notChecked"]
    if open_["requirements"]:
        told = _n(
            "Check {count} open requirement",
            "Check {count} open requirements",
            open_["requirements"],
        )
        required = open_["required"]
        why = _("{count} of them required").format(count=required) if required else ""
        found.append(("unknowns", told, why))
    return found


def steps(verdict: Verdict) -> Steps:
    """Return the proposal. Strings of several lines are whole: the verdict is not cleaned yet."""
    if "proposal" not in verdict:
        return Steps([], [], [], [])
    proposal = verdict["proposal"]
    values = proposed.values(proposal)
    files = [(cleaned(values.title), proposed.values_text(proposal))] if values else []
    if proposal["patch"]:
        files.append((_("The patch as YAML"), proposed.patch_text(proposal)))
    return Steps(
        files,
        [
            (one.title, [(line.text, line.problems) for line in one.lines])
            for one in proposed.operations(proposal)
        ],
        [(place, [_command(one) for one in some]) for place, some in proposed.commands(proposal)],
        [
            (one["problems"], proposed.asked(one), proposed.answer(one["question"]))
            for one in proposal["questions"]
        ],
    )


def _command(one: ProposedCommand) -> tuple[list[int], str, list[str]]:
    return one["problems"], proposed.described_command(one), proposed.lines_of(one["command"])


def _fixes(numbers: Sequence[int]) -> str:
    more = ["..."] if len(numbers) > _NUMBERS else []
    return _n(
        "for problem {numbers}",
        "for problems {numbers}",
        len(numbers),
        numbers=listed([*map(str, numbers[:_NUMBERS]), *more]),
    )


def informants(verdict: Verdict) -> list[tuple[str, int, str]]:
    """Return who knows what was not checked, the number of requirements, and the facts."""
    asked = verdict["notChecked"]
    words = {"nodes": _("nodes"), "cluster": _("cluster"), "server": _("server")}
    return [
        (words[name], len(asked[name]["ids"]), _("; ").join(asked[name]["facts"]))
        for name in INFORMANTS
        if asked[name]["ids"]
    ]


def commands(verdict: Verdict) -> dict[str, list[str]]:
    """Return the commands that check, accept or change; empty if there are none."""
    found = verdict["next"]
    return {
        "check": found.get("check", []),
        "server": found.get("server", []),
        "elsewhere": found.get("elsewhere", []),
        "accept": found.get("accept", []),
        "change": found.get("change", []),
    }


def _card(problem: Problem, verdict: Verdict, anchors: Mapping[str, str]) -> Card:
    lead = problem["findings"][0]
    found = [
        ("" if one["subject"]["kind"] == "Node" else spot(one.get("location")), one["observed"])
        for one in problem["findings"][:_FOUND]
    ]
    # The title says what was found first; only its place is left to say.
    found = [(place, "" if text == problem["title"] else text) for place, text in found]
    found = [*dict.fromkeys(one for one in found if any(one))]
    more = problem["differentFindings"] - len(problem["findings"][:_FOUND])
    if more > 0:
        found.append(("", _n("and {count} more finding", "and {count} more findings", more)))
    return Card(
        problem["number"],
        problem["effect"],
        titled(problem),
        found,
        lead["expected"],
        _nodes(problem, verdict),
        loss(problem, verdict),
        problem["changes"],
        [(name, anchors[name]) for name in problem["ids"] if name in anchors],
    )


def _nodes(problem: Problem, verdict: Verdict) -> list[str]:
    if not on_some_nodes(problem):
        return []
    found = [verdict["nodes"]["kinds"][position] for position in problem["nodes"]["kinds"]]
    told = [labelled(system(kind) or "?", names(kind["names"])) for kind in found[:_KINDS]]
    more = len(found) - _KINDS
    if more > 0:
        told.append(_n("and {count} more kind of nodes", "and {count} more kinds of nodes", more))
    return told


def _kind(kind: NodeKind, cells: list[tuple[str, str, str]]) -> Kind:
    return Kind(
        system_name(kind["os"], kind["architecture"]) or "?",
        kernel_name(kind["kernelRelease"]),
        kind["names"],
        names(kind["names"]),
        cells,
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
