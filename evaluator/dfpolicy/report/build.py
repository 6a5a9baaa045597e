"""Builds the report of an evaluation (schema `report`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dfpolicy.engines.base import Engine
from dfpolicy.engines.expansion import expanded
from dfpolicy.errors import InputError, NoAgentError
from dfpolicy.i18n.language import _, _n, listed, marked
from dfpolicy.input.build import EvaluationInput
from dfpolicy.model import HOST_MODES
from dfpolicy.reading.unrendered import rendering
from dfpolicy.report import verdict
from dfpolicy.report.locations import Locator
from dfpolicy.report.subjects import described
from dfpolicy.version import VERSION

if TYPE_CHECKING:
    from datetime import date

    from dfpolicy.model import (
        Additions,
        Configured,
        ConfiguredSetting,
        Decision,
        FailOn,
        IdleWaivers,
        Invocation,
        Invoked,
        Proposal,
        Report,
        Result,
        Running,
        UnjudgedObject,
        UnjudgedReport,
    )
    from dfpolicy.reading.documents import Document
    from dfpolicy.report.baseline import Baseline
    from dfpolicy.report.waivers import Waiver

_AGENT_IN_CLUSTER = marked(
    "give the agent's rendered manifests: a workload labelled app=deepflow,"
    " component=deepflow-agent, or with an image named deepflow-agent"
)
_AGENT_ON_HOST = marked("give the Compose file or the .service file that runs deepflow-agent")


def build_report(
    built: EvaluationInput,
    decision: Decision,
    engine: Engine,
    fail_on: FailOn = "required",
    strict: bool = False,
    waivers: Sequence[Waiver] = (),
    configuration: str | None = None,
    day: date | None = None,
    settings: Sequence[ConfiguredSetting] = (),
    invocation: Invocation | None = None,
    docs_url: str = "",
    known: Baseline | None = None,
    locator: Locator | None = None,
) -> Report:
    """Return the report on a decision.

    A waiver counts until its last day; `day` is today by default. `configuration` is the path of
    the file with the waivers, `settings` what it sets. `docs_url` is a directory with a page for
    each requirement. What `known` contains does not count. `locator` is that of the input's items,
    if there is one. A result can stand for a kind of nodes, until `with_each_node` copies it.
    Raises InputError if nothing could be checked: no agent, or no requirement that applies.
    """
    _check_judged(built, decision)
    results = decision["results"]
    if waivers or known is not None:
        # They can be about one node of a kind.
        results = expanded(results)
    results, idle = _waived(results, waivers, day)
    locator = locator or Locator(built.items)
    if strict:
        _check_complete(built, decision, locator)
    if known is not None:
        results = known.marked(results)
    configured: Configured = {"configuration": configuration} if configuration else {}
    running: Running = {"running": decision["running"]} if "running" in decision else {}
    additions: Additions = {}
    if "servers" in decision:
        additions["servers"] = decision["servers"]
    if "unjudged" in decision:
        additions["unjudged"] = decision["unjudged"]
    if "reductions" in decision:
        additions["reductions"] = decision["reductions"]
    proposal = _proposal(built, results, fail_on, invocation)
    invoked: Invoked = _invoked(built, invocation, proposal) if invocation else {}
    unjudged: UnjudgedReport = {
        "apiVersion": "dfpolicy.dev/v1",
        "kind": "Report",
        "dfpolicy": {"version": VERSION, "bundle": engine.bundle, "engine": engine.name},
        "mode": decision["mode"],
        "profile": built.data["profile"],
        "language": "en",
        **configured,
        **invoked,
        "summary": verdict.summary(results, len(built.ignored)),
        "agents": decision["agents"],
        **running,
        **additions,
        "results": [_located(result, locator, docs_url) for result in results],
        "features": decision["features"],
        "ignored": [
            {"file": document.source, "document": document.index, "line": document.line}
            for document in built.ignored
        ],
        "waivers": idle,
    }
    if settings:
        unjudged["settings"] = [*settings]
    return verdict.judged(unjudged, fail_on, strict, proposal)


def with_each_node(report: Report, locator: Locator) -> Report:
    """Return the report with a result for each node of a kind, with its place."""
    results = report["results"]
    if not any("nodes" in one for one in results):
        return report
    return {**report, "results": [_placed(one, locator) for one in expanded(results)]}


def _proposal(
    built: EvaluationInput,
    results: Sequence[Result],
    fail_on: FailOn,
    invocation: Invocation | None,
) -> Proposal | None:
    """What fixes the problems. `fix` makes its own, and judges many times."""
    if invocation is not None and invocation["command"] == "fix":
        return None
    if not any(one["outcome"] == "violation" and "change" in one for one in results):
        return None
    from dfpolicy.report.proposal import proposal

    namespace = built.data["release"].get("namespace")
    # A command names the node that it is for.
    violations = expanded([one for one in results if one["outcome"] == "violation"])
    return proposal(violations, built.items, namespace, verdict.FAIL_ON[fail_on])


def _invoked(built: EvaluationInput, invocation: Invocation, proposal: Proposal | None) -> Invoked:
    """The invocation, for a proposal with the sources that a chart does not replace."""
    if proposal is None:
        return {"invocation": invocation}
    from dfpolicy.report.other_sources import other_sources

    others = other_sources(built.items, invocation, labelled="values" in proposal)
    return {"invocation": {**invocation, "others": others}}


def _waived(
    results: list[Result], waivers: Sequence[Waiver], day: date | None
) -> tuple[list[Result], IdleWaivers]:
    if not waivers:
        return results, {"unused": [], "expired": []}
    from dfpolicy.report.waivers import apply, today

    applied = apply(results, waivers, day or today())
    return applied.results, {
        "unused": [waiver.entry() for waiver in applied.unused],
        "expired": [waiver.entry() for waiver in applied.expired],
    }


def _located(result: Result, locator: Locator, docs_url: str) -> Result:
    located = _placed(result, locator)
    if docs_url:
        located["url"] = f"{docs_url.rstrip('/')}/{result['id']}"
    return located


def _placed(result: Result, locator: Locator) -> Result:
    placed: Result = {**result}
    location = locator.locate(result["subject"])
    if location:
        placed["location"] = location
    else:
        placed.pop("location", None)
    return placed


def _check_judged(built: EvaluationInput, decision: Decision) -> None:
    if not decision["agents"] and not decision.get("servers"):
        _name_installer(built, decision)
        on_host = decision["mode"]["name"] in HOST_MODES
        hint = _AGENT_ON_HOST if on_host else _AGENT_IN_CLUSTER
        sources = built.sources | {document.source for document in built.ignored}
        raise NoAgentError(
            _("no DeepFlow agent in the input ({contents})").format(contents=_contents(built)),
            min(sources) if len(sources) == 1 else "",
            _(hint),
        )
    release = built.data.get("from")
    if release and not decision["running"] and "version" not in release:
        raise InputError(
            _("no DeepFlow agent or server in the running release ({contents})").format(
                contents=_objects(len(release["resources"]))
            ),
            hint=_(
                "give --from its rendered manifests, the output of `dfpolicy collect cluster`,"
                " or its version"
            ),
        )
    if not decision["results"]:
        raise InputError(_("no requirement applies to this input"), hint=_("check --mode"))


def _name_installer(built: EvaluationInput, decision: Decision) -> None:
    """Raise NoAgentError that names what would install the agent, if that is in the input."""
    hint = _("render it: {command}")
    for entry in decision.get("unjudged", ()):
        message = _("no DeepFlow agent, but the {kind} {name} installs DeepFlow")
        raise NoAgentError(
            message.format(kind=entry["subject"]["kind"], name=entry["subject"]["name"]),
            _place(entry, Locator(built.items)),
            hint.format(command=entry["command"]),
        )
    for document in built.ignored:
        found = rendering(document.value, document.source)
        if found:
            message = _("no DeepFlow agent, but {thing}, without apiVersion and kind")
            raise NoAgentError(
                message.format(thing=found[0]),
                f"{document.source}:{document.line}",
                hint.format(command=found[1]),
            )


def _place(entry: UnjudgedObject, locator: Locator) -> str:
    location = locator.locate(entry["subject"])
    return f"{location['file']}:{location['line']}" if location else ""


def _check_complete(built: EvaluationInput, decision: Decision, locator: Locator) -> None:
    """Raise InputError if a part of the input is not checked."""
    if built.ignored:
        raise _ignored(built.ignored)
    for entry in decision.get("unjudged", ()):
        message = _("{name} is not judged (--strict)").format(name=described(entry["subject"]))
        hint = _("remove it from the input")
        if entry["command"]:
            hint = _("render it: {command}").format(command=entry["command"])
        raise InputError(message, _place(entry, locator), hint)


def _contents(built: EvaluationInput) -> str:
    """Return what was read, as text."""
    parts = [_objects(built.objects)]
    if built.ignored:
        parts.append(_untyped(len(built.ignored)))
    return listed(parts)


def _objects(count: int) -> str:
    return _n("{count} object", "{count} objects", count)


def _untyped(count: int) -> str:
    return _n(
        "{count} document without apiVersion and kind",
        "{count} documents without apiVersion and kind",
        count,
    )


def _ignored(documents: Sequence[Document]) -> InputError:
    first = documents[0]
    return InputError(
        _("{contents} (--strict)").format(contents=_untyped(len(documents))),
        f"{first.source}:{first.line}",
        _("remove them from the input"),
    )
