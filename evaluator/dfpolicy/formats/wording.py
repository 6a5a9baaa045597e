"""Phrases that text, Markdown and annotations share: titles, places, names of nodes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dfpolicy.formats.content import abridged
from dfpolicy.i18n.language import _, _n, clauses, labelled, listed
from dfpolicy.model import AcceptedProblem, Location, NodeKind, Problem, Verdict
from dfpolicy.reading.sources import RENDERED
from dfpolicy.report.problems import on_some_nodes

# A problem with more requirements names only the first, from which the others follow.
MOST_IDS = 3
_NAMES = 3
# Longer ones come from documents that are not deployments.
_TITLE = 300
# The common words of system names, and the part of a kernel release that distinguishes builds.
_VAGUE = re.compile(r"\([^)]*\)|\b(?:GNU/Linux|Linux|LTS|Advanced Server|Enterprise|Server)\b")
_ARCHITECTURE = re.compile(r"\.(?:x86_64|aarch64)\Z")
_KERNEL = re.compile(r"\d+(?:\.\d+)*(?:-\d+(?:\.\d+)*)?")


def titled(problem: Problem | AcceptedProblem) -> str:
    """Return what is wrong, and the number of nodes if it is only on some."""
    title = abridged(problem["title"], _TITLE)
    if not on_some_nodes(problem):
        return title
    count = problem["nodes"]["count"]
    return _n("{count} node: {title}", "{count} nodes: {title}", count, title=title)


def names(all_names: Sequence[str], count: int = _NAMES) -> str:
    """Return the first names, and the number of the others."""
    shown = listed(all_names[:count])
    more = len(all_names) - count
    return _("{names} +{count} more").format(names=shown, count=more) if more > 0 else shown


def system(kind: NodeKind) -> str:
    """Return system, architecture and kernel of nodes; empty if none is known."""
    parts = (system_name(kind["os"], kind["architecture"]), kernel_name(kind["kernelRelease"]))
    return clauses(part for part in parts if part)


def short_system(kind: NodeKind) -> str:
    """Return system, kernel and architecture in a few words, to distinguish kinds."""
    kernel = _KERNEL.match(kind["kernelRelease"])
    architecture = kind["architecture"]
    parts = (
        system_name(kind["os"], "unknown"),
        kernel[0] if kernel else kernel_name(kind["kernelRelease"]),
        # Most nodes are x86.
        "" if architecture in ("unknown", "amd64") else architecture,
    )
    return " ".join(part for part in parts if part)


def system_name(system_: str, architecture: str) -> str:
    """Return a system in a few words, as in `Kylin V10 arm64`; empty if nothing is known."""
    name = " ".join(_VAGUE.sub(" ", system_).split())
    parts = (name, "x86" if architecture == "amd64" else architecture)
    return " ".join(part for part in parts if part and part != "unknown")


def kernel_name(release: str) -> str:
    """Return a kernel release without its architecture; empty if it is unknown."""
    return "" if release == "unknown" else _ARCHITECTURE.sub("", release)


def spot(location: Location | None) -> str:
    """Return `file:line`, or the template of what a chart rendered; empty without a place."""
    if not location:
        return ""
    if location["file"].startswith(RENDERED) and location.get("template"):
        return location["template"]
    return f"{location['file']}:{location['line']}"


def not_checked(verdict: Verdict) -> str:
    """Return how many requirements are not checked, and how many of them are required."""
    return labelled(_("Not checked"), open_requirements(verdict))


def open_requirements(verdict: Verdict) -> str:
    """Return the number of requirements that are not checked, without saying that they are not."""
    asked = verdict["notChecked"]
    count, required = asked["requirements"], asked["required"]
    if not required:
        return _n(
            "{count} requirement, which is not required",
            "{count} requirements, none of them required",
            count,
        )
    return _n(
        "{count} requirement, which is required",
        "{count} requirements, {required} of them required",
        count,
        required=required,
    )


def requirement_ids(problem: Problem) -> str:
    """Return the IDs, or the first one and how many follow from it."""
    ids = problem["ids"]
    if len(ids) <= MOST_IDS:
        return " ".join(ids)
    return _("{id}, {count} more follow from it").format(id=ids[0], count=len(ids) - 1)
