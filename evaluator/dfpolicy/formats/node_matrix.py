"""The features that DeepFlow has on each kind of node, and the problems that remove them.

Text, Markdown and HTML show it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dfpolicy.formats.wording import short_system, system
from dfpolicy.i18n.language import _, _n, listed, marked
from dfpolicy.model import AcceptedProblem, NodeKind, Problem, Support, Verdict
from dfpolicy.report.impacts import implied, is_partial

# The columns, and the features whose loss they show.
COLUMNS: dict[str, tuple[str, ...]] = {
    marked("Metrics"): ("AutoMetrics",),
    marked("Tagging"): ("AutoTagging",),
    marked("Tracing"): ("AutoTracing of system calls",),
    marked("Go/TLS*"): ("AutoTracing of Go and OpenSSL",),
    marked("Profiling"): ("AutoProfiling",),
}
_SHOWN, _NUMBERS = 6, 4
# Names an accepted problem, which has no number.
_ACCEPTED = "~"


@dataclass(frozen=True)
class Row:
    """A line of the matrix: its label, the number of nodes, and a word for each column."""

    label: str
    nodes: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Matrix:
    """The rows: `now` if no node has any feature, then the kinds of nodes.

    With `now`, the kinds are as they are once the problems that block everywhere are fixed.
    """

    now: Row | None
    then: tuple[Row, ...]
    accepted: bool


@dataclass(frozen=True)
class _Taking:
    """A problem that removes features, and what names it in a cell."""

    problem: Problem | AcceptedProblem
    name: str


def matrix(verdict: Verdict) -> Matrix | None:
    """Return the matrix; None if no node is known, or if all nodes are equal."""
    if not verdict["nodes"]["judged"]:
        return None
    rows = tuple(_rows(verdict))
    if len(rows) < 2:
        return None
    accepted = any(cell.endswith(f" {_ACCEPTED}") for row in rows for cell in row.cells)
    return Matrix(as_it_is(verdict), rows, accepted)


def _rows(verdict: Verdict) -> Iterable[Row]:
    worse: list[tuple[NodeKind, tuple[str, ...]]] = []
    rest: list[tuple[NodeKind, tuple[str, ...]]] = []
    fixed = _blocking_all(verdict)
    plain = _cells(_any_kind(), _taking(verdict, _any_kind(), fixed))
    for kind in verdict["nodes"]["kinds"]:
        cells = _cells(kind, _taking(verdict, kind, fixed))
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


def _taking(verdict: Verdict, kind: NodeKind, fixed: Sequence[Problem]) -> list[_Taking]:
    """Return what removes features of a kind of nodes, the worst first.

    What is `fixed` is left out: what blocks everywhere, if no node has any feature because of it.
    """
    problems = [
        _Taking(one, str(one["number"]))
        for one in verdict["problems"]
        if (one["number"] in kind["problems"] or "nodes" not in one) and one not in fixed
    ]
    accepted = [
        _Taking(one, _ACCEPTED)
        for position, one in enumerate(verdict.get("accepted", ()))
        if position in kind.get("accepted", ()) or "nodes" not in one
    ]
    return problems + accepted


def _lost(problem: Problem | AcceptedProblem, features: Iterable[str]) -> bool:
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


def _cells(kind: NodeKind, taking: Sequence[_Taking]) -> tuple[str, ...]:
    return tuple(word for word, _one in _found(kind, taking))


def _found(kind: NodeKind, taking: Sequence[_Taking]) -> list[tuple[str, _Taking | None]]:
    """Return the word of each column, and what removes the feature."""
    supports: tuple[Support, ...] = (
        *("yes", "yes"),
        *(kind["tracing"], kind["uprobes"], kind["profiling"]),
    )
    return [
        _cell(support, features, taking)
        for support, features in zip(supports, COLUMNS.values(), strict=True)
    ]


def as_it_is(verdict: Verdict) -> Row | None:
    """Return what every node gets now; None if a node has a feature."""
    blocking = _blocking_all(verdict)
    if not blocking:
        return None
    taking = [_Taking(one, str(one["number"])) for one in blocking]
    return Row(_("as it is now"), verdict["nodes"]["judged"], _cells(_any_kind(), taking))


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
    """Return what blocks everywhere, if no node has any feature because of it."""
    blocking = [
        one for one in verdict["problems"] if "nodes" not in one and one["effect"] == "blocks"
    ]
    lost = implied([name for one in blocking for name in one["features"]])
    if any(lost.isdisjoint(features) for features in COLUMNS.values()):
        return []
    return [one for one in blocking if any(_lost(one, names) for names in COLUMNS.values())]


def kind_cells(verdict: Verdict) -> list[list[tuple[str, str, str]]]:
    """Return the cells of each kind of nodes: for each column the word, anchor and effect.

    The anchor is that of what removes the feature.
    """
    fixed = _blocking_all(verdict)
    return [
        [
            (word, *(_anchored(one) if one else ("", "")))
            for word, one in _found(kind, _taking(verdict, kind, fixed))
        ]
        for kind in verdict["nodes"]["kinds"]
    ]


def _anchored(one: _Taking) -> tuple[str, str]:
    if one.name == _ACCEPTED:
        return "accepted", "loses"
    return f"problem-{one.name}", one.problem["effect"]


def _cell(
    support: Support, features: tuple[str, ...], taking: Sequence[_Taking]
) -> tuple[str, _Taking | None]:
    """Return the word, and the worst problem that removes the feature."""
    for one in taking:
        if _lost(one.problem, features):
            partial = is_partial(one.problem["level"]) and support == "yes"
            word = _("part {number}") if partial else _("no {number}")
            return word.format(number=one.name), one
    words = {"yes": _("yes"), "no": _("no"), "host-only": _("host"), "unknown": "?"}
    return words[support], None
