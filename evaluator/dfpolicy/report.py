"""Builds the report of an evaluation (schema `report`)."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import metadata
from typing import Any

from dfpolicy import verdict
from dfpolicy.engines.base import Decision
from dfpolicy.errors import InputError
from dfpolicy.input import EvaluationInput
from dfpolicy.locations import Locator

Report = dict[str, Any]


def version() -> str:
    """The version of the installed package."""
    try:
        return metadata.version("dfpolicy")
    except metadata.PackageNotFoundError:
        return "0+unknown"


def build_report(
    built: EvaluationInput,
    decision: Decision,
    mode: dict[str, Any],
    engine: str,
    fail_on: str = "required",
    strict: bool = False,
) -> Report:
    """The report on a decision.

    `mode` is {name, source, reason, candidates}. Raises InputError when nothing could be
    judged: no agent, or no requirement that applies.
    """
    results: list[dict[str, Any]] = decision["results"]
    _check_judged(built, decision)
    if strict and built.ignored:
        raise _ignored(built.ignored)
    locator = Locator(built.items)
    code = verdict.exit_code(results, fail_on, strict)
    return {
        "apiVersion": "dfpolicy.dev/v1",
        "kind": "Report",
        "dfpolicy": {"version": version(), "engine": engine},
        "mode": mode,
        "profile": built.data["profile"],
        "verdict": verdict.verdict(results),
        "exitCode": int(code),
        "summary": verdict.summary(results, len(built.ignored)),
        "agents": decision["agents"],
        "results": [_located(result, locator) for result in results],
        "features": decision["features"],
        "ignored": [
            {"file": document.source, "document": document.index, "line": document.line}
            for document in built.ignored
        ],
        "waivers": {"unused": [], "expired": []},
    }


def _located(result: dict[str, Any], locator: Locator) -> dict[str, Any]:
    location = locator.locate(result["subject"])
    return {**result, "location": location} if location else dict(result)


def _check_judged(built: EvaluationInput, decision: Decision) -> None:
    if not decision["agents"]:
        count = len(built.items)
        what = f"{count} object{'' if count == 1 else 's'}" if count else "no Kubernetes object"
        raise InputError(
            f"no DeepFlow agent found ({what} read)",
            hint="give the rendered manifests of the agent; it is known by its labels"
            " or by an image named deepflow-agent",
        )
    if not decision["results"]:
        raise InputError("no requirement applied to this input", hint="check --mode")


def _ignored(documents: Sequence[Any]) -> InputError:
    first = documents[0]
    return InputError(
        f"{len(documents)} document(s) without apiVersion and kind (--strict)",
        f"{first.source}:{first.line}",
        "leave them out of the input",
    )


