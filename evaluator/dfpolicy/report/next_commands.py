"""The commands to run next, with the names of the user's own files."""

from __future__ import annotations

from collections.abc import Sequence
from shlex import quote

from dfpolicy.model import Invocation, Next, Proposal, UnjudgedReport
from dfpolicy.reading.host_documents import API_VERSION

_HOST_MODES = ("legacy-host", "cloud-host")
# With more names, a command is no longer readable.
_NAMED = 3
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
    facts = "".join(f" --facts {quote(name)}" for name in given["facts"][:_NAMED])
    options = _options(report)
    if report["mode"]["name"] in _HOST_MODES or "servers" in report:
        return {
            "check": [
                "dfpolicy collect node -o yaml=facts.yaml",
                f"{pipe}dfpolicy eval {sources}{facts} --facts facts.yaml{options}",
            ]
        }
    if given["command"] == "check --deep":
        return {}
    return {
        "check": [f"{pipe}dfpolicy check --deep {sources}{options}"],
        "elsewhere": [
            "dfpolicy collect cluster --deep -o yaml=facts.yaml",
            f"{pipe}dfpolicy eval {sources}{facts} --facts facts.yaml{options}",
        ],
    }


def _change(report: UnjudgedReport, proposal: Proposal) -> str:
    """Return the command that proves the changes and writes them as files; empty without files."""
    given = report.get("invocation", _NO_INVOCATION)
    outputs = []
    if "values" in proposal:
        outputs.append("values=fix.yaml")
    versions = {one["operation"]["target"].get("apiVersion") for one in proposal["operations"]}
    if versions - {API_VERSION} or (proposal["questions"] and not outputs and not versions):
        outputs.append("patch=fix-patch.yaml")
    if API_VERSION in versions:
        # A patch is for objects of Kubernetes.
        outputs.append("diff=fix.diff")
    if proposal["commands"]:
        outputs.append("script=fix.sh")
    facts = "".join(f" --facts {quote(name)}" for name in given["facts"][:_NAMED])
    written = "".join(f" -o {output}" for output in outputs)
    chart = given.get("chart")
    if chart:
        files = "".join(f" -f {quote(name)}" for name in chart["values"])
        files += "".join(f" {flag} ..." for flag in chart["flags"])
        named = f"--helm {quote(chart['reference'])}{files}"
        return f"dfpolicy fix {named}{facts}{_options(report)}{written}"
    if "values" in proposal:
        # A rendered file does not say which chart and values made it.
        return f"dfpolicy fix --helm CHART -f VALUES{facts}{_options(report)}{written}"
    named = _named(given["sources"])
    if not named:
        return ""
    pipe = "helm template ... | " if named == "-" else ""
    return f"{pipe}dfpolicy fix {named}{facts}{_options(report)}{written}"


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
    return [f'dfpolicy waive {name} --reason "..." --owner "..."{behind}' for name in ids]


def _named(names: Sequence[str]) -> str:
    shown = [quote(name) for name in names[:_NAMED]]
    return " ".join([*shown, "..."] if len(names) > _NAMED else shown)


def _options(report: UnjudgedReport) -> str:
    """Return the options that say how to check, as they were given."""
    given = report.get("invocation", _NO_INVOCATION)
    return _mode(report) + "".join(f" {quote(word)}" for word in given.get("options", ()))


def _mode(report: UnjudgedReport) -> str:
    mode = report["mode"]
    set_in_file = any(entry["key"] == "mode" for entry in report.get("settings", ()))
    if mode["source"] != "given" or set_in_file:
        return ""
    return f" --mode {mode['name']}"
