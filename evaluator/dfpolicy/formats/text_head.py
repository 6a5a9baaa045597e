"""The head of the text report: the agents, the mode, and the number of nodes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dfpolicy.formats.configured import configuration
from dfpolicy.formats.text_page import Page
from dfpolicy.formats.wording import names
from dfpolicy.i18n.columns import width
from dfpolicy.i18n.language import _, _n, clauses, listed, marked, translate
from dfpolicy.model import Report, Workload
from dfpolicy.report.subjects import full_name

_LABELS = (
    marked("agent"),
    marked("server"),
    marked("running"),
    marked("mode"),
    marked("nodes"),
    marked("settings"),
)
_AGENTS = 3


def head(report: Report, page: Page, verbose: bool) -> Iterator[str]:
    """Yield what was checked, as lines with labels."""
    settings = _settings(report)
    labels = ["agent", "mode", "nodes"]
    labels += ["server"] if "servers" in report else []
    labels += ["running"] if "running" in report else []
    labels += ["settings"] if settings else []
    margin = max(8, *(width(_(label)) + 2 for label in labels))

    def told(label: str, text: str) -> list[str]:
        return page.wrapped(text, page.padded(_(label), margin))

    chart = _chart(report)
    for line in _workloads(report["agents"], None if verbose else _AGENTS):
        yield from told("agent", line + chart)
        chart = ""
    for line in _workloads(report.get("servers", ()), None if verbose else _AGENTS):
        yield from told("server", line)
    for line in _workloads(report.get("running", ()), None if verbose else _AGENTS):
        yield from told("running", line)
    yield from told("mode", _mode(report))
    for line in _assumed(report["agents"]):
        yield from page.wrapped(line, page.padded("  !", margin))
    nodes = report["verdict"]["nodes"]
    if nodes["read"]:
        yield from told(
            "nodes",
            _n(
                "{read} read; {count} gets an agent",
                "{read} read; {count} get an agent",
                nodes["judged"],
                read=nodes["read"],
            ),
        )
    if settings:
        yield from told("settings", settings)


def _workloads(workloads: Iterable[Workload], limit: int | None) -> Iterator[str]:
    alike: dict[tuple[str, str, str], list[Workload]] = {}
    for entry in workloads:
        key = (entry["role"], entry["subject"]["kind"], _image(entry))
        alike.setdefault(key, []).append(entry)
    groups = [*alike.items()]
    for (role, kind, image), members in groups[:limit]:
        known = [full_name(member["subject"]) for member in members]
        shown = names(known) if limit is not None else listed(known)
        parts = [f"{kind} {shown}", image]
        if role != "collector":
            parts.append(_(role))
        yield clauses(filter(None, parts))
    left = groups[limit:] if limit is not None else []
    if left:
        yield _("and {count} more").format(count=sum(len(members) for _kind, members in left))


def _image(entry: Workload) -> str:
    name, _colon, tag = entry["image"].rpartition("/")[2].partition("@")[0].partition(":")
    if tag:
        return _("image {tag}").format(tag=tag)
    if entry["version"]:
        return _("version {version}").format(version=entry["version"])
    return _("image {tag}").format(tag=name) if name else ""


def _chart(report: Report) -> str:
    """Return the chart of the first agent, from its label or its template."""
    labelled_ = report["agents"][0].get("chart") if report["agents"] else None
    if labelled_:
        return _(", chart {name}").format(name=labelled_)
    subject = report["agents"][0]["subject"] if report["agents"] else None
    for result in report["results"]:
        if result["subject"] == subject and "location" in result:
            template = result["location"].get("template", "")
            if "/templates/" not in template:
                return ""
            name = template.partition("/templates/")[0].rpartition("/")[2]
            return _(", chart {name}").format(name=name)
    return ""


def _mode(report: Report) -> str:
    mode = report["mode"]
    if not mode["reason"]:
        return mode["name"]
    told = _("{mode} ({source}: {reason})").format(
        mode=mode["name"], source=translate(mode["source"]), reason=mode["reason"]
    )
    if not mode["candidates"]:
        return told
    return _n(
        "{mode}; if that is wrong, add --mode {others}",
        "{mode}; if that is wrong, add --mode and one of {others}",
        len(mode["candidates"]),
        mode=told,
        others=listed(mode["candidates"]),
    )


def _assumed(agents: Iterable[Workload]) -> Iterator[str]:
    """Yield a note if a namespace is assumed although Roles of the input are in another one."""
    for agent in agents:
        others = agent.get("assumedNamespace")
        if not others:
            continue
        subject = agent["subject"]
        yield _(
            "The namespace `{namespace}` is assumed: the {kind} names none, but a Role of the input"
            " is in {others}. If you install there, add --namespace {first}."
        ).format(
            namespace=subject.get("namespace", ""),
            kind=subject["kind"],
            others=listed(f"`{name}`" for name in others),
            first=others[0],
        )
        return


def _settings(report: Report) -> str:
    parts = []
    stated = {one["key"] for one in report.get("settings", ())}
    if report["profile"] != "default" and "profile" not in stated:
        parts.append(_("profile {name}").format(name=report["profile"]))
    return listed([*parts, *configuration(report)])
