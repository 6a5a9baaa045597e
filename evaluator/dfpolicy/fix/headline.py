"""What a plan achieves, in one or two sentences, and the exit code that says the same."""

from __future__ import annotations

from dfpolicy.changes.selection import is_waived
from dfpolicy.fix.coverage import Missing
from dfpolicy.fix.rounds import Plan
from dfpolicy.formats.headline import both, sentence
from dfpolicy.i18n.language import _, _n, clauses, listed


def exit_code(plan: Plan, lacking: Missing | None = None) -> int:
    """Return 0 if all violations are fixed by what is written, and 1 if something remains.

    With --strict, a required fact that is not checked remains too.
    """
    return 0 if plan.proven and not lacking and not _cannot_tell(plan) else 1


def headline(plan: Plan, lacking: Missing | None = None) -> str:
    """Return what the changes achieve. `lacking` is what the outputs do not contain."""
    told = _achieved(plan, lacking)
    waived = _waived(plan)
    return both(told, waived) if waived else told


def told_missing(lacking: Missing, count: int) -> str:
    """Return which of `count` changes are not written, and what to add, without a full stop."""
    return _n(
        "{count} of {all} changes is not in {names}: add {options}",
        "{count} of {all} changes are not in {names}: add {options}",
        lacking.count,
        all=count,
        names=listed(lacking.outputs),
        options=" ".join(f"-o {one}" for one in lacking.add),
    )


def _achieved(plan: Plan, lacking: Missing | None) -> str:
    proof = plan.proof
    if not proof.fixed and not proof.remaining and not plan.changes:
        if _cannot_tell(plan):
            return sentence(plan.after["verdict"])
        return _("NOTHING TO CHANGE - no violation to fix.")
    told = _least(plan) if plan.wishes.want else _plain(plan)
    if lacking is not None:
        left = told_missing(lacking, len(plan.changes))
        if plan.proven:
            return _("NOT ALL WRITTEN - {left}.").format(left=left)
        return both(told, left + _("."))
    if plan.proven and _cannot_tell(plan):
        return sentence(plan.after["verdict"])
    return told


def _plain(plan: Plan) -> str:
    fixed = len(plan.proof.fixed)
    open_ = len(plan.proof.unanswered) - len(plan.proof.lost)
    left = _n("{count} violation remains", "{count} violations remain", len(plan.proof.remaining))
    changes = _n("{count} change", "{count} changes", len(plan.changes))
    if not plan.changes:
        by_commands = {name for change in plan.commands for name in change.ids}
        if by_commands.issuperset(one["id"] for one in plan.proof.remaining):
            return _n(
                "NOT FIXED YET - {count} violation remains until the commands run on the nodes.",
                "NOT FIXED YET - {count} violations remain until the commands run on the nodes.",
                len(plan.proof.remaining),
            )
        return _("NOT FIXED - no change could be applied to the input; {left}.").format(left=left)
    parts = [_n("{count} violation is fixed", "{count} violations are fixed", fixed)]
    if open_:
        needed = _("{count} can only be checked with facts of the nodes or the cluster")
        needed = needed.format(count=open_)
        parts = [*parts, needed] if fixed else [needed]
    if not plan.proven:
        return _("PARTLY FIXED - {changes}; checked again, {result}.").format(
            changes=changes, result=clauses([*parts, left])
        )
    unsure = sum(not plan.proof.proves(change) for change in plan.changes)
    if unsure:
        sure = len(plan.changes) - unsure
        heads = [_n("{count} NEEDS FACTS", "{count} NEED FACTS", unsure)]
        if sure:
            heads.insert(0, _n("{count} CHANGE PROVEN", "{count} CHANGES PROVEN", sure))
        return _("{head} - checked again, {result}.").format(
            head=clauses(heads), result=clauses(parts)
        )
    if not open_:
        parts = [_n("the violation is fixed", "all {count} violations are fixed", fixed)]
    return _("PROVEN - {changes}; checked again, {result}.").format(
        changes=changes, result=clauses(parts)
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


def _cannot_tell(plan: Plan) -> bool:
    """Whether --strict asks for facts that are missing after the changes."""
    return plan.after["verdict"]["state"] == "cannot-tell"


def _waived(plan: Plan) -> str:
    count = sum(is_waived(one, plan.wishes) for one in plan.before["results"])
    if not count:
        return ""
    return _n(
        "{count} violation is waived and not fixed; to fix it too, use --config ''.",
        "{count} violations are waived and not fixed; to fix them too, use --config ''.",
        count,
    )
