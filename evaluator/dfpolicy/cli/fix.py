"""`dfpolicy fix`: what to change, proven by judging again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from dfpolicy.cli.changes import prepared
from dfpolicy.cli.evaluation import fix_options, in_force
from dfpolicy.cli.helm import (
    HELM_OPTIONS,
    chart_files,
    check_helm,
    given_chart,
    helm_options,
    rendering,
)
from dfpolicy.cli.help import Command
from dfpolicy.cli.inputs import (
    check_upgrade,
    facts_option,
    from_option,
    invocation,
    load,
    load_running,
    sources_argument,
)
from dfpolicy.cli.options import one_of
from dfpolicy.errors import UsageError
from dfpolicy.i18n.language import _, listed, marked
from dfpolicy.model import LEVELS, Level, Risk
from dfpolicy.settings.resolution import repeating
from dfpolicy.system.streams import say

if TYPE_CHECKING:
    from dfpolicy.changes.selection import Wishes
    from dfpolicy.fix.deployment import Deployment
    from dfpolicy.fix.outputs import Target
    from dfpolicy.fix.plan_text import BesideValues
    from dfpolicy.fix.rounds import Plan

_OUTPUTS = (
    *("values", "patch", "objects", "kustomize", "diff", "patched", "script", "gatekeeper"),
    "plan",
)
_ANSWER = re.compile(r"([a-z0-9][a-z0-9-]*)=(.+)", re.DOTALL)


_EXIT_CODES = marked(
    "Exit codes: 0 all violations are fixed by what is written, 1 something remains, 2 usage or"
    " input, 3 engine."
)


@click.command("fix", cls=Command, epilog=_EXIT_CODES)
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
@fix_options
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
        dfpolicy fix agent.yaml nodes.yaml -o script=nodes.sh -o kustomize=overlay
    """
    from dfpolicy.fix import plan_text
    from dfpolicy.fix.applying import applying
    from dfpolicy.fix.headline import exit_code, headline
    from dfpolicy.fix.outputs import check_unread, parse, write_all
    from dfpolicy.fix.rounds import planned
    from dfpolicy.formats.outputs import check_inputs, style_of, write
    from dfpolicy.report.waivers import current_id

    helm = {key: options.pop(key) for key in HELM_OPTIONS}
    check_helm(helm, (*sources, *facts, *running))
    has_chart = helm["chart"] is not None
    wanted = parse(outputs, has_chart)
    wishes = _wishes(level, answers, prefer, max_risk, want)
    settings = in_force(**options)
    ids = partial(current_id, folders=settings["policies"])
    wishes = replace(wishes, only=frozenset(map(ids, only)), skip=frozenset(map(ids, skip)))
    inputs = [*sources, *facts, *running, *chart_files(helm), *settings.files]
    check_inputs((one.path for one in wanted), inputs)
    check_unread(wanted, (*sources, *facts))
    check_upgrade(running, settings["mode"])
    release = load_running(running, (*sources, *facts))
    chart = rendering(helm, settings["namespace"])
    named = given_chart(helm)
    invoked = repeating(invocation("fix", sources, facts, running, named), options)
    documents = load(sources, facts, has_chart)
    deployment, judge = prepared(documents, chart, settings, invoked, wishes.want, release)
    found = planned(deployment, judge, wishes)
    _check_used(found, wishes)
    lacking = write_all(wanted, found, deployment, inputs)
    if not any(one.path is None for one in wanted):
        style = style_of(None, settings["color"], verbose=False, quiet=False)
        beside = _beside_values(found, deployment)
        apply = applying(_used(wanted, found), named)
        write(plan_text.render(found, style, beside, lacking, apply), None)
        for name in _other_minima(found):
            second = planned(deployment, judge, replace(wishes, prefer=(name,)))
            beside = _beside_values(second, deployment)
            write("\n" + plan_text.render(second, style, beside), None)
    else:
        say(headline(found, lacking), "info")
    return exit_code(found, lacking)


def _used(targets: Sequence[Target], plan: Plan) -> list[tuple[str, str]]:
    """The formats and paths of the outputs in which there is something to apply."""
    return [
        (one.name, one.path)
        for one in targets
        if one.path and (plan.commands or (plan.changes and one.name != "script"))
    ]


def _beside_values(plan: Plan, deployment: Deployment) -> BesideValues | None:
    """What the values of the chart do not express; None without a chart."""
    from dfpolicy.fix.outputs import objects_of, patch_of
    from dfpolicy.fix.plan_text import BesideValues

    if deployment.rendered is None:
        return None
    return BesideValues(patch_of(plan, deployment), objects_of(plan, deployment))


def _other_minima(found: Plan) -> list[str]:
    """The alternatives that give other least privileges than the plan."""
    if not found.wishes.want or found.wishes.prefer:
        return []
    return sorted({name for change in found.changes for name in change.others})


def _wishes(
    level: Level,
    answers: Sequence[str],
    prefer: Sequence[str],
    max_risk: Risk,
    want: Sequence[str],
) -> Wishes:
    from dfpolicy.changes.selection import Wishes

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
        answers=found,
        prefer=tuple(prefer),
        max_risk=max_risk,
        want=_features(want),
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


def _check_used(plan: Plan, wishes: Wishes) -> None:
    """Raise UsageError for an answer that no change asks for, and a way that none has."""
    reports = [*plan.before["results"], *plan.after["results"]]
    changes = [result["change"] for result in reports if "change" in result]
    asked = {one["key"] for change in changes for one in change.get("questions", ())}
    for key in wishes.answers:
        if key not in asked:
            hint = _("the questions are {names}").format(names=listed(sorted(asked)))
            raise UsageError(
                _("no change asks for {key!r}").format(key=key),
                hint=hint if asked else _("remove --answer"),
            )
    ways = {way["name"] for change in changes for way in change["alternatives"] if "name" in way}
    ways |= {name for one in plan.changes for name in (one.alternative, *one.others) if name}
    for name in wishes.prefer:
        if name not in ways:
            hint = _("the ways are {names}").format(names=listed(sorted(ways)))
            raise UsageError(
                _("--prefer: no change has a way called {name!r}").format(name=name),
                hint=hint if ways else _("remove --prefer"),
            )
