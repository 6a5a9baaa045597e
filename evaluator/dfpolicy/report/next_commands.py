"""The commands to run next, with the names of the user's own files."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from shlex import quote

from dfpolicy.model import (
    HOST_MODES,
    Invocation,
    Next,
    OtherSources,
    Proposal,
    UnjudgedReport,
)
from dfpolicy.reading.host_documents import API_VERSION
from dfpolicy.report.questions import of_deepflow_ctl

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
_JUDGING = frozenset({"--from", "--namespace", "--profile", "--assume", "--policy"})
_RELEASE = "--release"
# Helm's own flags for the options whose values are not repeated.
_OF_HELM = {"--helm-set": "--set ...", "--helm-arg": "..."}
_VERSION = re.compile(r"[vV]?[0-9.]+")
_NO_OTHERS: OtherSources = {"sources": [], "facts": [], "mixed": False, "collected": False}
_NO_INVOCATION: Invocation = {"command": "", "sources": [], "facts": []}


def next_commands(
    report: UnjudgedReport,
    questions: Sequence[str],
    acceptable: Sequence[str],
    proposal: Proposal | None = None,
) -> Next:
    """Return the commands that answer what was not checked, accept what blocks, and fix.

    `questions` are the commands of the unknowns, one by one. `acceptable` are the IDs of the
    requirements that block only some nodes.
    """
    of_server = sorted(filter(of_deepflow_ctl, questions))
    found = _answers(report) if len(questions) > len(of_server) else Next()
    if of_server:
        found["server"] = of_server
    accept = _accept(report, acceptable)
    if accept:
        found["accept"] = accept
    change = _change(report, proposal) if proposal else ""
    if change:
        found["change"] = [change]
    return found


def same_again(report: UnjudgedReport) -> str:
    """Return the command that makes the report again; empty if it is not known."""
    given = report.get("invocation", _NO_INVOCATION)
    command, facts = given["command"], _facts(given["facts"])
    if not command:
        return ""
    words = [command, _chart(given) or _named(given["sources"])]
    return f"dfpolicy {' '.join(filter(None, words))}{facts}{_options(report, command)}"


def _answers(report: UnjudgedReport) -> Next:
    given = report.get("invocation", _NO_INVOCATION)
    named = _named(given["sources"])
    chart = _chart(given)
    # Without a source, `check` checks what runs in the cluster.
    rendered = chart or (not named and not given["command"].startswith("check"))
    sources = f"- {named}".rstrip() if rendered else named
    pipe = f"{_rendering(given)} | " if rendered or "-" in given["sources"] else ""
    facts = _facts(given["facts"])
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
    with_chart = "values" in proposal or _needs_values(report, proposal)
    if with_chart:
        outputs.append("values=fix.yaml")
    versions = {one["operation"]["target"].get("apiVersion") for one in proposal["operations"]}
    changed = versions - {API_VERSION} or (proposal["questions"] and not outputs and not versions)
    # The next run would read other files there.
    beside = not outputs and _reads_here(given)
    if changed and not beside:
        # A patch contains no objects to create.
        creates = any(one["operation"]["op"] == "create" for one in proposal["operations"])
        outputs.append("kustomize=fix" if creates else "patch=fix-patch.yaml")
    if API_VERSION in versions or (changed and beside):
        # A patch is for objects of Kubernetes.
        outputs.append("diff=fix.diff")
    if proposal["commands"]:
        outputs.append("script=fix.sh")
    if not outputs:
        return ""
    written = "".join(f" -o {output}" for output in outputs)
    facts, others = _facts(given["facts"]), given.get("others", _NO_OTHERS)
    rest = f"{_options(report, 'fix')}{written}"
    # Which file has the facts of a cluster, or which would have those of a rendered file, is open.
    collected = " --facts FACTS" if others["collected"] else ""
    chart = _chart(given)
    if chart:
        return f"dfpolicy fix {chart}{facts}{collected}{rest}"
    if with_chart:
        # A rendered file does not say which chart and values made it.
        named = _named(others["sources"])
        facts += _facts(others["facts"])
        facts += " --facts FACTS" if others["mixed"] else collected
        return f"dfpolicy fix --helm CHART -f VALUES{named and ' ' + named}{facts}{rest}"
    named = _named(given["sources"])
    if not named:
        return ""
    pipe = f"{_rendering(given)} | " if "-" in given["sources"] else ""
    return f"{pipe}dfpolicy fix {named}{facts}{collected}{rest}"


def _needs_values(report: UnjudgedReport, proposal: Proposal) -> bool:
    """Whether nothing but values of an unknown chart fixes anything."""
    if proposal["operations"] or proposal["commands"] or proposal["questions"]:
        return False
    from dfpolicy.changes.operations import VALUES

    return any(
        operation["target"]["kind"] == VALUES
        for one in report["results"]
        if "change" in one
        for operation in one["change"]["alternatives"][0].get("operations", ())
    )


def _reads_here(given: Invocation) -> bool:
    """Whether a directory of the input contains the working directory, and files written there."""
    try:
        here = Path.cwd()
    except OSError:
        return False
    named = {os.path.normpath(here / name) for name in given["sources"]}
    return not named.isdisjoint(map(str, (here, *here.parents)))


def _chart(given: Invocation) -> str:
    """Return the options that render the chart, and other sources; empty without a chart."""
    chart = given.get("chart")
    if chart is None:
        return ""
    words = [f"--helm {quote(chart['reference'])}"]
    words += [f"-f {quote(name)}" for name in chart["values"]]
    for flag in chart["flags"]:
        known = flag == _RELEASE and "release" in chart
        words.append(f"{flag} {quote(chart['release']) if known else '...'}")
    words += [_named(given["sources"])] if given["sources"] else []
    return " ".join(words)


def _rendering(given: Invocation) -> str:
    """Return the command that renders the manifests: of a pipe, it is not known."""
    chart = given.get("chart")
    if chart is None:
        return "helm template ..."
    options = given.get("options", [])
    words = ["helm template", quote(chart.get("release", "NAME")), quote(chart["reference"])]
    for flag, value in zip(options[::2], options[1::2], strict=False):
        words += [f"-n {quote(value)}"] if flag == "--namespace" else []
    words += [f"-f {quote(name)}" for name in chart["values"]]
    words += [_OF_HELM[flag] for flag in chart["flags"] if flag in _OF_HELM]
    return " ".join(words)


def _facts(names: Sequence[str]) -> str:
    words = [f" --facts {quote(name)}" for name in names[:_NAMED]]
    return "".join([*words, " ..."] if len(names) > _NAMED else words)


def _accept(report: UnjudgedReport, ids: Sequence[str]) -> list[str]:
    """Return a command for each of these requirements; none if one of them cannot be waived."""
    if not ids:
        return []
    from dfpolicy.policy.catalogue import load_catalogue

    given = report.get("invocation", _NO_INVOCATION)
    names = [*given["sources"], *given["facts"]]
    # With files, `waive` checks that they have the violation. What was rendered, piped or read from
    # a cluster has no file, and `waive` has no options that say how to judge.
    nameless = "chart" in given or "-" in given["sources"] or len(names) > _NAMED
    differs = _mode(report) or not _JUDGING.isdisjoint(given.get("options", ()))
    read = given["command"].startswith("check")
    files = "" if nameless or differs or read else _named(names)
    catalogue = load_catalogue()
    for name in ids:
        if not (catalogue.requirement(name) or {}).get("waivable", True):
            return []
    behind = f"{_words(given, 'waive')}{files and ' ' + files}"
    return [f'dfpolicy waive {name} --reason "..." --owner "..."{behind}' for name in ids]


def _named(names: Sequence[str]) -> str:
    # A name such as `-b.yaml` would be an option.
    shown = [quote(f"./{name}" if name[:1] == "-" != name else name) for name in names[:_NAMED]]
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
