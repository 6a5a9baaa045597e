"""The commands to run next, with the names of the user's own files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from shlex import quote

from dfpolicy.model import HOST_MODES, Invocation, Next, Proposal, UnjudgedReport
from dfpolicy.reading.host_documents import API_VERSION

# With more names, a command is no longer readable.
_NAMED = 3
# The commands that accept an option; all of them but `waive` and `collect` accept the others.
_CONNECTION = ("check", "collect")
_ACCEPTED_BY = {
    "--from": ("eval", "fix"),
    "--baseline": ("eval", "check"),
    "--fail-on": ("eval", "check"),
    "--config": ("eval", "check", "fix", "waive"),
    "--kubeconfig": _CONNECTION,
    "--context": _CONNECTION,
    "--as": _CONNECTION,
    "--as-group": _CONNECTION,
}
_ACCEPTED = ("eval", "check", "fix")
_VERSION = re.compile(r"[vV]?[0-9.]+")
_NO_INVOCATION: Invocation = {"command": "", "sources": [], "facts": []}


def next_commands(
    report: UnjudgedReport,
    unanswered: bool,
    acceptable: Sequence[str],
    proposal: Proposal | None = None,
) -> Next:
    """Return the commands that answer what was not checked, accept what blocks, and fix.

    `acceptable` are the IDs of the requirements that block only some nodes.
    """
    found = _answers(report) if unanswered else Next()
    accept = _accept(report, acceptable)
    if accept:
        found["accept"] = accept
    change = _change(report, proposal) if proposal else ""
    if change:
        found["change"] = [change]
    return found


def _answers(report: UnjudgedReport) -> Next:
    given = report.get("invocation", _NO_INVOCATION)
    named = _named(given["sources"])
    # Without a source, `check` checks what runs in the cluster.
    piped = named == "-" or (not named and not given["command"].startswith("check"))
    pipe, sources = ("helm template ... | ", "-") if piped else ("", named)
    facts = _facts(given)
    chart = _chart(given)
    evaluated = f"dfpolicy eval {chart}" if chart else f"{pipe}dfpolicy eval {sources}"
    if report["mode"]["name"] in HOST_MODES or "servers" in report:
        return {
            "check": [
                "dfpolicy collect node -o yaml=facts.yaml",
                f"{evaluated}{facts} --facts facts.yaml{_options(report, 'eval')}",
            ]
        }
    if given["command"] == "check --deep":
        return {}
    # What is collected replaces what runs now: the same objects in both would be a contradiction.
    upgrade = _upgrade(report)
    collected, options = "--facts facts.yaml", _options(report, "eval")
    if upgrade:
        collected, options = "--from facts.yaml", _options(report, "eval", versions=True)
    # A cluster says itself what runs there; but that it is an upgrade must be said.
    stated = " --mode upgrade" if upgrade and not _mode(report) else ""
    return {
        "check": [f"{pipe}dfpolicy check --deep {sources}{stated}{_options(report, 'check')}"],
        "elsewhere": [
            f"dfpolicy collect cluster --deep -o yaml=facts.yaml{_words(given, 'collect')}",
            f"{evaluated}{facts} {collected}{options}",
        ],
    }


def _upgrade(report: UnjudgedReport) -> bool:
    """Whether what runs now is not among the sources."""
    given = report.get("invocation", _NO_INVOCATION)
    checked = given["command"].startswith("check") and report["mode"]["name"] == "upgrade"
    return checked or "--from" in given.get("options", ())


def _change(report: UnjudgedReport, proposal: Proposal) -> str:
    """Return the command that proves the changes and writes them as files; empty without files."""
    given = report.get("invocation", _NO_INVOCATION)
    outputs = []
    if "values" in proposal:
        outputs.append("values=fix.yaml")
    versions = {one["operation"]["target"].get("apiVersion") for one in proposal["operations"]}
    if versions - {API_VERSION} or (proposal["questions"] and not outputs and not versions):
        # A patch contains no objects to create.
        creates = any(one["operation"]["op"] == "create" for one in proposal["operations"])
        outputs.append("kustomize=fix" if creates else "patch=fix-patch.yaml")
    if API_VERSION in versions:
        # A patch is for objects of Kubernetes.
        outputs.append("diff=fix.diff")
    if proposal["commands"]:
        outputs.append("script=fix.sh")
    written = "".join(f" -o {output}" for output in outputs)
    rest = f"{_facts(given)}{_options(report, 'fix')}{written}"
    chart = _chart(given)
    if chart:
        return f"dfpolicy fix {chart}{rest}"
    if "values" in proposal:
        # A rendered file does not say which chart and values made it.
        return f"dfpolicy fix --helm CHART -f VALUES{rest}"
    named = _named(given["sources"])
    if not named:
        return ""
    pipe = "helm template ... | " if named == "-" else ""
    return f"{pipe}dfpolicy fix {named}{rest}"


def _chart(given: Invocation) -> str:
    """Return the options that render the chart; empty without a chart."""
    chart = given.get("chart")
    if chart is None:
        return ""
    files = "".join(f" -f {quote(name)}" for name in chart["values"])
    files += "".join(f" {flag} ..." for flag in chart["flags"])
    return f"--helm {quote(chart['reference'])}{files}"


def _facts(given: Invocation) -> str:
    return "".join(f" --facts {quote(name)}" for name in given["facts"][:_NAMED])


def _accept(report: UnjudgedReport, ids: Sequence[str]) -> list[str]:
    """Return a command for each of these requirements; none if one of them cannot be waived."""
    if not ids:
        return []
    from dfpolicy.policy.catalogue import load_catalogue

    given = report.get("invocation", _NO_INVOCATION)
    files = _named([*given["sources"], *given["facts"]])
    catalogue = load_catalogue()
    for name in ids:
        if not (catalogue.requirement(name) or {}).get("waivable", True):
            return []
    behind = f" {files}" if files and files != "-" else ""
    behind = f"{_words(given, 'waive')}{behind}"
    return [f'dfpolicy waive {name} --reason "..." --owner "..."{behind}' for name in ids]


def _named(names: Sequence[str]) -> str:
    shown = [quote(name) for name in names[:_NAMED]]
    return " ".join([*shown, "..."] if len(names) > _NAMED else shown)


def _options(report: UnjudgedReport, command: str, versions: bool = False) -> str:
    """Return the options that say how to check, as they were given, if the command accepts them.

    With `versions`, of what runs now only a version is repeated.
    """
    given = report.get("invocation", _NO_INVOCATION)
    return _mode(report) + _words(given, command, versions)


def _words(given: Invocation, command: str, versions: bool = False) -> str:
    words = given.get("options", [])
    return "".join(
        f" {flag} {quote(value)}"
        for flag, value in zip(words[::2], words[1::2], strict=False)
        if command in _ACCEPTED_BY.get(flag, _ACCEPTED)
        if not (versions and flag == "--from" and not _VERSION.fullmatch(value))
    )


def _mode(report: UnjudgedReport) -> str:
    mode = report["mode"]
    set_in_file = any(entry["key"] == "mode" for entry in report.get("settings", ()))
    if mode["source"] != "given" or set_in_file:
        return ""
    return f" --mode {mode['name']}"
