"""Builds the report of an evaluation (schema `report`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dfpolicy.engines.base import Engine
from dfpolicy.errors import InputError, NoAgentError
from dfpolicy.input.build import EvaluationInput
from dfpolicy.report import verdict
from dfpolicy.report.locations import Locator
from dfpolicy.version import VERSION

if TYPE_CHECKING:
    from datetime import date

    from dfpolicy.model import Configured, Decision, IdleWaivers, Report, Result, Running
    from dfpolicy.reading.documents import Document
    from dfpolicy.report.waivers import Waiver

_HOST_MODES = ("legacy-host", "cloud-host")
_AGENT_IN_CLUSTER = (
    "give the rendered manifests of the agent, which is known by its labels or by an"
    " image named deepflow-agent"
)
_AGENT_ON_HOST = "give the Compose file or the .service file that runs deepflow-agent"


def build_report(
    built: EvaluationInput,
    decision: Decision,
    engine: Engine,
    fail_on: str = "required",
    strict: bool = False,
    waivers: Sequence[Waiver] = (),
    configuration: str | None = None,
    day: date | None = None,
) -> Report:
    """Return the report on a decision.

    A waiver counts until its last day; `day` is today by default. `configuration` is the path of
    the file that they come from. Raises InputError when nothing could be judged: no agent, or no
    requirement that applies.
    """
    _check_judged(built, decision)
    results, idle = _waived(decision["results"], waivers, day)
    if strict and built.ignored:
        raise _ignored(built.ignored)
    locator = Locator(built.items)
    code = verdict.exit_code(results, fail_on, strict)
    configured: Configured = {"configuration": configuration} if configuration else {}
    running: Running = {"running": decision["running"]} if "running" in decision else {}
    return {
        "apiVersion": "dfpolicy.dev/v1",
        "kind": "Report",
        "dfpolicy": {"version": VERSION, "bundle": engine.bundle, "engine": engine.name},
        "mode": decision["mode"],
        "profile": built.data["profile"],
        "language": "en",
        **configured,
        "verdict": verdict.verdict(results, fail_on),
        "exitCode": int(code),
        "summary": verdict.summary(results, len(built.ignored)),
        "agents": decision["agents"],
        **running,
        "results": [_located(result, locator) for result in results],
        "features": decision["features"],
        "ignored": [
            {"file": document.source, "document": document.index, "line": document.line}
            for document in built.ignored
        ],
        "waivers": idle,
    }


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


def _located(result: Result, locator: Locator) -> Result:
    location = locator.locate(result["subject"])
    return {**result, "location": location} if location else {**result}


def _check_judged(built: EvaluationInput, decision: Decision) -> None:
    if not decision["agents"]:
        sources = built.sources | {document.source for document in built.ignored}
        raise NoAgentError(
            f"no DeepFlow agent found ({_amount(built.objects, 'object')} read"
            f"{_passed_over(built)})",
            min(sources) if len(sources) == 1 else "",
            _AGENT_ON_HOST if decision["mode"]["name"] in _HOST_MODES else _AGENT_IN_CLUSTER,
        )
    release = built.data.get("from")
    if release and not decision["running"] and "version" not in release:
        raise InputError(
            "no DeepFlow agent or server in the running release"
            f" ({_amount(len(release['resources']), 'object')} read)",
            hint="give --from its rendered manifests, what `dfpolicy collect cluster` printed, or"
            " its version",
        )
    if not decision["results"]:
        raise InputError("no requirement applied to this input", hint="check --mode")


def _passed_over(built: EvaluationInput) -> str:
    if not built.ignored:
        return ""
    return f", {_amount(len(built.ignored), 'document')} without apiVersion and kind ignored"


def _amount(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _ignored(documents: Sequence[Document]) -> InputError:
    first = documents[0]
    return InputError(
        f"{_amount(len(documents), 'document')} without apiVersion and kind (--strict)",
        f"{first.source}:{first.line}",
        "leave them out of the input",
    )
