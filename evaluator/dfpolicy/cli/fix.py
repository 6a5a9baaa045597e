"""`dfpolicy fix`: what to change, proven by judging again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from dfpolicy.cli.changes import prepared
from dfpolicy.cli.evaluation import in_force, settings_options
from dfpolicy.cli.helm import HELM_OPTIONS, check_helm, given_chart, helm_options, rendering
from dfpolicy.cli.help import Command
from dfpolicy.cli.inputs import (
    check_upgrade,
    facts_option,
    from_option,
    load,
    load_running,
    sources_argument,
)
from dfpolicy.cli.options import one_of
from dfpolicy.errors import UsageError
from dfpolicy.i18n.language import _, listed
from dfpolicy.model import LEVELS, Level, Risk
from dfpolicy.system.streams import say

if TYPE_CHECKING:
    from dfpolicy.changes.selection import Wishes
    from dfpolicy.fix.rounds import Plan
    from dfpolicy.model import Invocation

_OUTPUTS = ("values", "patch", "kustomize", "diff", "patched", "script", "gatekeeper", "plan")
_ANSWER = re.compile(r"([a-z0-9][a-z0-9-]*)=(.+)", re.DOTALL)


@click.command("fix", cls=Command)
@sources_argument
@facts_option
@from_option
@helm_options
@click.option(
    "--level",
    type=click.Choice(LEVELS[:2]),
    default="recommended",
    show_default=True,
    help="Fix required violations only, or recommended ones too.",
)
@click.option("--only", multiple=True, metavar="ID", help="Fix only this requirement; repeatable.")
@click.option(
    "--skip", multiple=True, metavar="ID", help="Do not fix this requirement; repeatable."
)
@click.option(
    "--answer",
    "answers",
    multiple=True,
    metavar="KEY=VALUE",
    help="Answer a question of the plan, for example controller-ips=10.0.3.7; repeatable.",
)
@click.option(
    "--prefer",
    multiple=True,
    metavar="NAME",
    help="Prefer this way where there are several, for example sys-admin; repeatable.",
)
@click.option(
    "--max-risk",
    type=click.Choice(("restart", "reboot")),
    default="reboot",
    show_default=True,
    help="Highest cost of a change.",
)
@click.option(
    "--want",
    multiple=True,
    metavar="FEATURE",
    help="Find the least privileges for AutoMetrics, AutoTagging, AutoTracing, AutoProfiling or"
    " all; repeatable, or separated by commas.",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    type=one_of(_OUTPUTS),
    metavar="FORMAT[=PATH]",
    help=f"Output: {', '.join(_OUTPUTS)}; repeatable.  [default: the plan as text]",
)
@settings_options
def command(
    sources: tuple[str, ...],
    facts: tuple[str, ...],
    running: tuple[str, ...],
    level: Level,
    only: tuple[str, ...],
    skip: tuple[str, ...],
    answers: tuple[str, ...],
    prefer: tuple[str, ...],
    max_risk: Risk,
    want: tuple[str, ...],
    outputs: tuple[str, ...],
    **options: Any,
) -> int:
    """Plan the changes that fix the violations, and check again to prove them.

    The plan is printed; with -o it is written as values for the chart, a patch, a diff and so on.
    No input file is changed, and no command is run on a host. Examples:

        dfpolicy fix --helm charts/deepflow-agent -f values.yaml -o values=overlay.yaml
        dfpolicy fix agent.yaml -o diff | git apply
        dfpolicy fix agent.yaml nodes.yaml -o script=nodes.sh -o patch=patch.yaml

    Exit codes: 0 all violations are fixed, and checking again proves it; 1 something remains.
    """
    from dfpolicy.fix import plan_text
    from dfpolicy.fix.outputs import parse, patch_of, write_all
    from dfpolicy.fix.rounds import planned
    from dfpolicy.formats.outputs import style_of, write

    helm = {key: options.pop(key) for key in HELM_OPTIONS}
    check_helm(helm, (*sources, *facts, *running))
    has_chart = helm["chart"] is not None
    wanted = parse(outputs, has_chart)
    wishes = _wishes(level, only, skip, answers, prefer, max_risk, want)
    settings = in_force(**options)
    check_upgrade(running, settings["mode"])
    release = load_running(running, (*sources, *facts))
    chart = rendering(helm, settings["namespace"])
    invoked: Invocation = {
        "command": "fix",
        "sources": list(sources or (() if has_chart else ("-",))),
        "facts": list(facts),
    }
    if has_chart:
        invoked["chart"] = given_chart(helm)
    documents = load(sources, facts, has_chart)
    deployment, judge = prepared(documents, chart, settings, invoked, wishes.want, release)
    found = planned(deployment, judge, wishes)
    _check_answers(found, wishes.answers)
    write_all(wanted, found, deployment, (*sources, *facts, *running, *helm["values"]))
    if not any(one.path is None for one in wanted):
        patch = patch_of(found, deployment) if has_chart else ""
        style = style_of(None, settings["color"], verbose=False, quiet=False)
        write(plan_text.render(found, style, patch), None)
        for name in _other_minima(found):
            second = planned(deployment, judge, replace(wishes, prefer=(name,)))
            patch = patch_of(second, deployment) if has_chart else ""
            write("\n" + plan_text.render(second, style, patch), None)
    else:
        say(plan_text.headline(found), "info")
    return 0 if found.proven else 1


def _other_minima(found: Plan) -> list[str]:
    """The alternatives that give other least privileges than the plan."""
    if not found.wishes.want or found.wishes.prefer:
        return []
    return sorted({name for change in found.changes for name in change.others})


def _wishes(
    level: Level,
    only: Sequence[str],
    skip: Sequence[str],
    answers: Sequence[str],
    prefer: Sequence[str],
    max_risk: Risk,
    want: Sequence[str],
) -> Wishes:
    from dfpolicy.changes.selection import Wishes
    from dfpolicy.report.waivers import requirement

    found: dict[str, str] = {}
    for text in answers:
        match = _ANSWER.fullmatch(text)
        if match is None:
            raise UsageError(
                _("--answer {text!r} is not KEY=VALUE").format(text=text),
                hint=_("for example --answer controller-ips=10.0.3.7"),
            )
        found[match[1]] = match[2]
    return Wishes(
        LEVELS[: LEVELS.index(level) + 1],
        frozenset(map(requirement, only)),
        frozenset(map(requirement, skip)),
        found,
        tuple(prefer),
        max_risk,
        _features(want),
    )


def _features(given: Sequence[str]) -> tuple[str, ...]:
    """The wanted features. Raises UsageError for an unknown one."""
    from dfpolicy.report.impacts import FEATURES

    known = {name.lower(): name for name in ("all", *FEATURES)}
    found = []
    for text in (part.strip() for one in given for part in one.split(",")):
        if text.lower() not in known:
            raise UsageError(
                _("unknown feature {name!r}").format(name=text),
                hint=_("use {names} or all").format(names=listed(FEATURES)),
            )
        found.append(known[text.lower()])
    return tuple(found)


def _check_answers(plan: Plan, answers: Mapping[str, str]) -> None:
    """Raise UsageError for an answer that no change of the plan asks for."""
    asked = {
        question["key"]
        for report in (plan.before, plan.after)
        for result in report["results"]
        for question in result.get("change", {}).get("questions", ())
    }
    for key in answers:
        if key not in asked:
            hint = _("the questions are {names}").format(names=listed(sorted(asked)))
            raise UsageError(
                _("no change asks for {key!r}").format(key=key),
                hint=hint if asked else _("remove --answer"),
            )
