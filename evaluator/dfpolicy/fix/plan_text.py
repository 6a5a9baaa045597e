"""The plan for a person: what to change, what proves it, and what remains."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from dfpolicy.changes.selection import Change
from dfpolicy.fix.plan_json import questions
from dfpolicy.fix.rounds import Plan
from dfpolicy.fix.side_effects import SideEffect
from dfpolicy.formats.base import Style
from dfpolicy.formats.headline import both, state_words
from dfpolicy.formats.proposed import RISKS, answer, named, shown_path
from dfpolicy.formats.text_page import Page
from dfpolicy.formats.wording import names
from dfpolicy.i18n.language import _, _n, labelled, listed, translate
from dfpolicy.model import Operation, Result
from dfpolicy.reading.yaml_writer import write_yaml
from dfpolicy.report.subjects import described

_SIGNS = {"set": "~", "add": "+", "create": "+", "remove": "-", "discard": "-"}
_LONGEST_VALUE, _LONGEST_TITLE = 60, 180
_IDS = 3
_SUBJECTS = 3
_INDENT = " " * 4


def render(plan: Plan, style: Style, patch: str = "") -> str:
    """Return the plan as lines of 72 to 100 columns, in the language in force.

    `patch` is the text of the patch for what the values of the chart do not express.
    """
    page = Page(style)
    return "\n".join([*page.wrapped(headline(plan)), *_body(plan, page, patch)]) + "\n"


def headline(plan: Plan) -> str:
    """Return what the changes achieve, in one sentence."""
    proof = plan.proof
    if not proof.fixed and not proof.remaining and not plan.changes:
        return _("NOTHING TO CHANGE - no violation that can be fixed.")
    open_ = len(proof.unanswered) - len(proof.lost)
    if plan.wishes.want:
        return _least(plan)
    fixed = _n("{count} violation", "{count} violations", len(proof.fixed) + open_)
    left = _n("{count} remains", "{count} remain", len(proof.remaining))
    changes = _n("{count} change", "{count} changes", len(plan.changes))
    rounds = _n("{count} round", "{count} rounds", plan.rounds)
    if plan.proven:
        told = _("PROVEN - {changes} in {rounds}; checked again, none of {fixed} is left.").format(
            changes=changes, rounds=rounds, fixed=fixed
        )
        facts = _n(
            "{count} of them needs facts to be sure.",
            "{count} of them need facts to be sure.",
            open_,
        )
        return both(told, facts) if open_ else told
    if not plan.changes:
        return _("NOT FIXED - no change could be applied to the input; {left}.").format(left=left)
    return _("PARTLY FIXED - {changes} in {rounds}; checked again, {fixed} fixed, {left}.").format(
        changes=changes, rounds=rounds, fixed=fixed, left=left
    )


def _least(plan: Plan) -> str:
    wanted = listed(plan.wishes.want)
    if plan.wishes.prefer:
        wanted = _("{names} ({way})").format(names=wanted, way=listed(plan.wishes.prefer))
    changes = _n("{count} change", "{count} changes", len(plan.changes))
    if plan.proven:
        return _(
            "LEAST PRIVILEGES for {names} - {changes}; checked again, nothing that they need is"
            " missing."
        ).format(names=wanted, changes=changes)
    left = _n("{count} violation remains", "{count} violations remain", len(plan.proof.remaining))
    return _("NOT PROVEN for {names} - {changes}; checked again, {left}.").format(
        names=wanted, changes=changes, left=left
    )


def _body(plan: Plan, page: Page, patch: str) -> Iterator[str]:
    if plan.changes:
        yield from ("", page.painted(_("CHANGE"), "bold"))
        for number, change in enumerate(plan.changes, 1):
            yield from _change(number, change, plan, page)
    if plan.changed.values:
        yield from ("", page.painted(_("VALUES"), "bold"))
        yield from _text(write_yaml(plan.changed.values), page)
    if patch and plan.changed.patched:
        yield from ("", page.painted(_("PATCH"), "bold"))
        yield from _text(patch, page)
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
    yield from page.edged(f"{number:2}  ", _clipped(title), ids)
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
        told.append(_("the input cannot prove it"))
    yield from page.wrapped(listed(told), _INDENT)


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
    path = shown_path([*operation["path"], *operation.get("inside", ())])
    if operation["op"] == "create":
        return _("the object itself")
    return labelled(path, _value(operation["value"])) if "value" in operation else path


def _value(value: object) -> str:
    return _clipped(json.dumps(value, ensure_ascii=False), _LONGEST_VALUE)


def _clipped(text: str, most: int = _LONGEST_TITLE) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


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
    reasons = {one: reason for change, reason in plan.refused for one in change.ids}
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
        subjects = listed(described(one["subject"]) for one in group[:_SUBJECTS])
        if more > 0:
            subjects = _("{names} +{count} more").format(names=subjects, count=more)
        yield from page.wrapped(subjects, f"{_INDENT}  ")
        reason = reasons.get(first["id"])
        told = _("not changed: {reason}").format(reason=reason) if reason else first["remediation"]
        yield from page.wrapped(told, f"{_INDENT}  ")


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
        for command in later:
            yield f"{_INDENT}  {page.safe(command)}"
