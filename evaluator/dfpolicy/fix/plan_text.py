"""The plan for a person: what to change, what proves it, and what remains."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dfpolicy.changes.operations import VALUES
from dfpolicy.changes.selection import Change
from dfpolicy.changes.yaml_rendering import flow
from dfpolicy.fix.coverage import Missing
from dfpolicy.fix.headline import headline
from dfpolicy.fix.plan_json import questions
from dfpolicy.fix.rounds import Plan
from dfpolicy.fix.side_effects import SideEffect
from dfpolicy.formats.base import Style
from dfpolicy.formats.content import abridged
from dfpolicy.formats.headline import state_words
from dfpolicy.formats.proposed import RISKS, answer, named, on_host, shown_path
from dfpolicy.formats.text_page import Page
from dfpolicy.formats.wording import names
from dfpolicy.i18n.language import _, listed, translate
from dfpolicy.model import Operation, Result
from dfpolicy.policy.catalogue import load_catalogue
from dfpolicy.reading.host_documents import API_VERSION
from dfpolicy.reading.yaml_writer import write_yaml
from dfpolicy.report.subjects import described

_SIGNS = {"set": "~", "add": "+", "create": "+", "remove": "-", "discard": "-"}
# Longer ones come from documents that are not deployments.
_LONGEST = 2000
_IDS = 3
_SUBJECTS = 3
_INDENT = " " * 4


@dataclass(frozen=True, slots=True)
class BesideValues:
    """What the values of the chart do not express, as YAML: a patch, and objects to create."""

    patch: str = ""
    objects: str = ""


def render(
    plan: Plan,
    style: Style,
    beside: BesideValues | None = None,
    lacking: Missing | None = None,
    apply: Sequence[str] = (),
) -> str:
    """Return the plan as lines of 72 to 100 columns, in the language in force.

    `lacking` is what the outputs do not contain, and `apply` are the commands that apply them.
    """
    page = Page(style)
    lines = [
        *page.wrapped(headline(plan, lacking)),
        *_body(plan, page, beside or BesideValues()),
    ]
    if apply:
        lines += ["", page.painted(_("APPLY"), "bold"), *_text("\n".join(apply), page)]
    return "\n".join(lines) + "\n"


def _body(plan: Plan, page: Page, beside: BesideValues) -> Iterator[str]:
    if plan.changes:
        yield from ("", page.painted(_("CHANGE"), "bold"))
        for number, change in enumerate(plan.changes, 1):
            yield from _change(number, change, plan, page)
    values = write_yaml(plan.changed.values) if plan.changed.values else ""
    for heading, text in (
        (_("VALUES"), values),
        (_("PATCH"), beside.patch),
        (_("OBJECTS TO CREATE"), beside.objects),
    ):
        if text:
            yield from ("", page.painted(heading, "bold"))
            yield from _text(text, page)
    if plan.commands:
        yield from ("", page.painted(_("RUN"), "bold"))
        for change in plan.commands:
            yield from _commands(change, page)
    if plan.waiting:
        yield from ("", page.painted(_("ANSWER"), "bold"))
        yield from _questions(plan.waiting, page)
    yield from _remaining(plan, page)
    proof = [*_proof(plan, page)]
    if proof and (plan.changes or plan.proof.remaining):
        yield from ("", page.painted(_("PROOF"), "bold"))
        yield from proof


def _change(number: int, change: Change, plan: Plan, page: Page) -> Iterator[str]:
    more = len(change.ids) - _IDS
    ids = " ".join([*change.ids[:_IDS], *([f"+{more}"] if more > 0 else [])])
    title = (
        change.findings[0]["observed"]
        if change.findings
        else _("privileges that these features do not need")
    )
    yield from page.edged(f"{number:2}  ", abridged(title, _LONGEST), ids)
    kinds: dict[str, list[Operation]] = {}
    for operation in change.operations:
        kinds.setdefault(named(operation["target"]), []).append(operation)
    for target, operations in kinds.items():
        yield from page.wrapped(target, _INDENT)
        for operation in operations:
            yield from page.wrapped(_shown(operation), f"{_INDENT}  {_SIGNS[operation['op']]} ")
    told = [_(RISKS[change.risk])]
    if change.others:
        told.append(_("other way: --prefer {names}").format(names=listed(change.others)))
    if not plan.proof.proves(change):
        told.append(_needed(change, plan))
    yield from page.wrapped(_("; ").join(told), _INDENT)


def _needed(change: Change, plan: Plan) -> str:
    """What proves the change: the facts that its requirements read, if these are unknown now."""
    unknown = {one["id"] for one in plan.proof.unanswered} & {*change.ids}
    reads = {
        part
        for one in map(load_catalogue().requirement, unknown)
        if one
        for part in one["reads"]
        if part != "manifests"
    }
    if not unknown:
        return _("not proven")
    if reads == {"nodes"}:
        return _("needs node facts to prove")
    return _("needs cluster facts to prove") if reads == {"cluster"} else _("needs facts to prove")


def _beside(effects: Sequence[SideEffect]) -> Iterator[str]:
    """What the values change beside the operations; charts with another name render all anew."""
    for effect, told in (
        ("add", _("the values also add {objects}")),
        ("remove", _("the values also remove {objects}")),
    ):
        objects = [named(one.target) for one in effects if one.effect == effect]
        if objects:
            yield told.format(objects=names(objects))
    changed: dict[str, list[str]] = {}
    for one in effects:
        if one.effect == "change":
            paths = names([shown_path(path) for path in one.paths])
            changed.setdefault(paths, []).append(named(one.target))
    for paths, objects in changed.items():
        yield _("the values also change {objects}: {paths}").format(
            objects=names(objects), paths=paths
        )


def _shown(operation: Operation) -> str:
    if operation["target"].get("apiVersion") == API_VERSION:
        return on_host([operation])
    path = shown_path([*operation["path"], *operation.get("inside", ())])
    if operation["op"] == "create":
        return _("the object itself")
    if "value" not in operation:
        return path
    # In every language as in YAML.
    return f"{path}: {abridged(flow(operation['value']), _LONGEST)}"


def _text(text: str, page: Page) -> Iterator[str]:
    for line in text.splitlines():
        yield (_INDENT + page.safe(line)).rstrip()


def _commands(change: Change, page: Page) -> Iterator[str]:
    nodes = list(dict.fromkeys(one.node for one in change.commands if one.node))
    where = names(nodes) if nodes else _("every node")
    yield from page.edged(_INDENT, where, " ".join(change.ids[:_IDS]))
    for command in {one.command["run"]: one.command for one in change.commands}.values():
        yield f"{_INDENT}  {page.safe(command['run'])}"
        if "persist" in command:
            yield f"{_INDENT}  {page.safe(command['persist'])}"
    yield from page.wrapped(_(RISKS[change.risk]), _INDENT)


def _questions(changes: Iterable[Change], page: Page) -> Iterator[str]:
    for question in questions(changes):
        yield from page.edged(_INDENT, translate(question["text"]), " ".join(question["ids"]))
        yield f"{_INDENT}  {answer(question)}"


def _remaining(plan: Plan, page: Page) -> Iterator[str]:
    refused = {one: (change, reason) for change, reason in plan.refused for one in change.ids}
    pending = {one for change in [*plan.waiting, *plan.commands] for one in change.ids}
    left = [
        one
        for one in plan.proof.remaining
        if one["id"] not in pending and one.get("cause") not in pending
    ]
    if left:
        yield from ("", page.painted(_("REMAINS"), "bold"))
    for group in _grouped(left):
        first = group[0]
        yield from page.edged(_INDENT, first["observed"], first["id"])
        more = len(group) - _SUBJECTS
        subjects = _("; ").join(described(one["subject"]) for one in group[:_SUBJECTS])
        if more > 0:
            subjects = _("{names} +{count} more").format(names=subjects, count=more)
        yield from page.wrapped(subjects, f"{_INDENT}  ")
        if first["id"] not in refused:
            yield from page.wrapped(first["remediation"], f"{_INDENT}  ")
            continue
        change, reason = refused[first["id"]]
        told = _("not changed: {reason}").format(reason=reason)
        yield from page.wrapped(told, f"{_INDENT}  ")
        for one in change.operations:
            if one["target"]["kind"] == VALUES:
                yield from page.wrapped(_shown(one), f"{_INDENT}    {_SIGNS[one['op']]} ")


def _grouped(results: Sequence[Result]) -> list[list[Result]]:
    groups: dict[tuple[str, str], list[Result]] = {}
    for one in results:
        groups.setdefault((one["id"], one["observed"]), []).append(one)
    return list(groups.values())


def _proof(plan: Plan, page: Page) -> Iterator[str]:
    # Features that are not wanted may be lost.
    reports = () if plan.wishes.want else ((_("before"), plan.before), (_("after"), plan.after))
    for label, report in reports:
        verdict = report["verdict"]
        words = state_words(verdict["state"], verdict["soFar"])
        counts = verdict["counts"]
        told = _("{state}: {blocks} block, {loses} lose").format(
            state=words, blocks=counts["blocks"], loses=counts["loses"]
        )
        yield from page.wrapped(told, f"{_INDENT}{page.padded(label, 8)}")
    if plan.proof.mode:
        yield from page.wrapped(_("the mode is now {mode}").format(mode=plan.proof.mode), _INDENT)
    for told in _beside(plan.beside):
        yield from page.wrapped(told, _INDENT)
    revealed = list(dict.fromkeys(one["id"] for one in plan.proof.revealed))
    if revealed:
        told = _("new on nodes that now get an agent: {ids}").format(ids=names(revealed))
        yield from page.wrapped(told, _INDENT)
    unanswered = list(dict.fromkeys(one["id"] for one in plan.proof.unanswered))
    if unanswered:
        told = _("to check now, with facts of the nodes or the cluster: {ids}")
        yield from page.wrapped(told.format(ids=names(unanswered)), _INDENT)
    later = plan.after["verdict"]["next"].get("check", [])
    if later and (unanswered or plan.commands):
        if not unanswered:
            yield from page.wrapped(_("after you run the commands, check again:"), _INDENT)
        for command in later:
            yield f"{_INDENT}  {page.safe(command)}"
