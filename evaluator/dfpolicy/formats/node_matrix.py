"""The features that DeepFlow has on each kind of node, and the problems that remove them.

Text, Markdown and HTML show it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dfpolicy.formats.wording import short_system, system
from dfpolicy.i18n.language import _, _n, listed, marked
from dfpolicy.model import NodeKind, Problem, Support, Verdict
from dfpolicy.report.impacts import implied

# The columns, and the features whose loss they show.
COLUMNS: dict[str, tuple[str, ...]] = {
    marked("Metrics"): ("AutoMetrics",),
    marked("Tagging"): ("AutoTagging",),
    marked("Tracing"): ("AutoTracing of system calls",),
    marked("Go/TLS*"): ("AutoTracing of Go and OpenSSL",),
    marked("Profiling"): ("AutoProfiling",),
}
_SHOWN, _NUMBERS = 6, 4


@dataclass(frozen=True)
class Row:
    """A line of the matrix: its label, the number of nodes, and a word for each column."""

    label: str
    nodes: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Matrix:
    """The rows: `now` with everything that blocks all nodes, `then` after that is fixed."""

    now: Row | None
    fixed: tuple[int, ...]
    then: tuple[Row, ...]


def matrix(verdict: Verdict) -> Matrix | None:
    """Return the matrix; None if no node is known, or if all nodes are equal."""
    nodes = verdict["nodes"]
    if not nodes["judged"]:
        return None
    everywhere = [one for one in verdict["problems"] if "nodes" not in one]
    blocking = _blocking_all(verdict)
    now = as_it_is(verdict)
    lasting = [one for one in everywhere if one["effect"] == "loses"]
    rows = tuple(_rows(verdict, lasting))
    if len(rows) < 2:
        return None
    return Matrix(now, tuple(problem["number"] for problem in blocking), rows)


def _rows(verdict: Verdict, everywhere: list[Problem]) -> Iterable[Row]:
    by_number = {problem["number"]: problem for problem in verdict["problems"]}
    worse: list[tuple[NodeKind, tuple[str, ...]]] = []
    rest: list[tuple[NodeKind, tuple[str, ...]]] = []
    for kind in verdict["nodes"]["kinds"]:
        own = [by_number[number] for number in kind["problems"]]
        cells = _cells(kind, [*own, *everywhere])
        plain = _cells(_any_kind(), everywhere)
        (rest if cells == plain else worse).append((kind, cells))
    for kind, cells in worse[:_SHOWN]:
        label = short_system(kind) or ", ".join(kind["names"][:2])
        yield Row(label, len(kind["names"]), cells)
    more = worse[_SHOWN:]
    if more:
        told = _n("{count} more kind", "{count} more kinds", len(more))
        yield Row(told, sum(len(kind["names"]) for kind, _row in more), ())
    if rest:
        systems = len({system(kind) for kind, _row in rest})
        told = _n("{count} other system", "{count} other systems", systems)
        yield Row(told, sum(len(kind["names"]) for kind, _row in rest), rest[0][1])


def _takes(problem: Problem) -> bool:
    return any(_lost(problem, features) for features in COLUMNS.values())


def _lost(problem: Problem, features: Iterable[str]) -> bool:
    return not implied(problem["features"]).isdisjoint(features)


def _any_kind() -> NodeKind:
    return {
        "architecture": "unknown",
        "kernelRelease": "unknown",
        "os": "unknown",
        "names": [],
        "problems": [],
        "tracing": "yes",
        "uprobes": "yes",
        "profiling": "yes",
    }


def _cells(kind: NodeKind, problems: list[Problem]) -> tuple[str, ...]:
    supports: tuple[Support, ...] = (
        *("yes", "yes"),
        *(kind["tracing"], kind["uprobes"], kind["profiling"]),
    )
    return tuple(
        _cell(support, features, problems)
        for support, features in zip(supports, COLUMNS.values(), strict=True)
    )


def as_it_is(verdict: Verdict) -> Row | None:
    """Return what every node gets until what blocks everywhere is fixed; None if nothing does."""
    blocking = _blocking_all(verdict)
    if not blocking:
        return None
    return Row(_("as it is now"), verdict["nodes"]["judged"], _cells(_any_kind(), blocking))


def once_fixed(verdict: Verdict) -> str:
    """Return the problems to fix before kinds of nodes differ."""
    fixed = [problem["number"] for problem in _blocking_all(verdict)]
    if len(fixed) > 2 and fixed == [*range(fixed[0], fixed[-1] + 1)]:
        return _("with problems {first} to {last} fixed:").format(first=fixed[0], last=fixed[-1])
    more = ["..."] if len(fixed) > _NUMBERS else []
    return _n(
        "with problem {numbers} fixed:",
        "with problems {numbers} fixed:",
        len(fixed),
        numbers=listed([*map(str, fixed[:_NUMBERS]), *more]),
    )


def _blocking_all(verdict: Verdict) -> list[Problem]:
    return [
        one
        for one in verdict["problems"]
        if "nodes" not in one and one["effect"] == "blocks" and _takes(one)
    ]


def kind_cells(verdict: Verdict, kind: NodeKind) -> list[tuple[str, Problem | None]]:
    """Return the word of each column, and the problem that removes the feature.

    What blocks everywhere is left out, because with it no node has any feature.
    """
    own, blocking = {*kind["problems"]}, _blocking_all(verdict)
    problems = [
        one
        for one in verdict["problems"]
        if (one["number"] in own or "nodes" not in one) and one not in blocking
    ]
    words = _cells(kind, problems)
    taking = (
        next((one for one in problems if _lost(one, features)), None)
        for features in COLUMNS.values()
    )
    return [*zip(words, taking, strict=True)]


def _cell(support: Support, features: tuple[str, ...], problems: list[Problem]) -> str:
    """Return the word, with the number of the worst problem that removes the feature."""
    for problem in problems:
        if _lost(problem, features):
            partial = problem["level"] != "required" and support == "yes"
            word = _("part {number}") if partial else _("no {number}")
            return word.format(number=problem["number"])
    words = {"yes": _("yes"), "no": _("no"), "host-only": _("host"), "unknown": "?"}
    return words[support]
