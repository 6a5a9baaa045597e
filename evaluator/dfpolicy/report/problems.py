"""The problems: all violations of one cause are one numbered problem."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from dfpolicy.model import (
    AcceptedProblem,
    FeatureRow,
    JudgedNodes,
    Level,
    NodeKind,
    Problem,
    ProblemChange,
    ProblemFinding,
    Result,
    Support,
)
from dfpolicy.report.accepted import Accepting, accepted_problems, costly_nodes
from dfpolicy.report.effects import effect_of, weight
from dfpolicy.report.folding import Folded, cause_of, nodes_of, ordered, roots

# The maximum number of different findings in a problem; it counts the subjects of all.
_FINDINGS = 20
_DIGITS = re.compile(r"(\d+)")
_SUPPORT: tuple[Support, ...] = ("no", "host-only", "unknown", "yes")


def natural(name: str) -> list[tuple[int, str]]:
    """Return a key that sorts numbers in names by their value: `node-2` before `node-10`."""
    return [
        (int(part), "") if odd % 2 else (-1, part) for odd, part in enumerate(_DIGITS.split(name))
    ]


def problems(
    results: Sequence[Result],
    features: Sequence[FeatureRow],
    failing: Collection[Level],
    fixed: Collection[str] = (),
) -> tuple[list[Problem], JudgedNodes, list[ProblemChange], list[AcceptedProblem]]:
    """Return numbered problems, what blocks first; kinds of nodes; changes; what is accepted.

    Of problems with the same effect, those that are everywhere come first, then those on more
    nodes. What to change are the remediations of violations, each once, without those that a
    proposal for the requirements `fixed` fixes.
    """
    causes = roots(results)
    judged: set[str] = set()
    blocking: dict[str, Folded] = {}
    losing: dict[str, Folded] = {}
    accepting = Accepting(failing)
    for result in results:
        nodes = nodes_of(result)
        judged.update(nodes)
        effect = effect_of(result, failing)
        if effect == "accepted":
            accepting.add(result, cause_of(result, causes), nodes)
        if effect not in ("blocks", "loses"):
            continue
        cause = cause_of(result, causes)
        place = blocking if effect == "blocks" else losing
        place.setdefault(cause, Folded(cause)).add(result, nodes)
    # A loss with the same cause as a blocking problem belongs to that, unless it is on other nodes
    # too.
    for cause in [*losing]:
        if cause in blocking and blocking[cause].covers(losing[cause]):
            blocking[cause].results += losing.pop(cause).results
    folds = [*ordered(blocking.values(), judged), *ordered(losing.values(), judged)]
    accepted = accepting.ordered(judged)
    numbered = {id(folded): number for number, folded in enumerate(folds, 1)}
    kinds = _kinds(
        judged,
        features,
        [(numbered[id(one)], one.nodes) for one in folds],
        costly_nodes(accepted),
    )
    found = [
        _problem(number, folded, "blocks" if number <= len(blocking) else "loses")
        for number, folded in enumerate(folds, 1)
    ]
    for problem, folded in zip(found, folds, strict=True):
        if not folded.everywhere:
            having = (
                position
                for position, kind in enumerate(kinds)
                if problem["number"] in kind["problems"]
            )
            problem["nodes"] = folded.places(len(judged), having)
    read = judged | {row["node"] for row in features}
    return (
        found,
        {"read": len(read), "judged": len(judged), "kinds": kinds},
        _changes(folds, fixed),
        accepted_problems(accepted, len(judged), kinds),
    )


def on_some_nodes(problem: Problem | AcceptedProblem) -> bool:
    """Whether some of the judged nodes do not have the problem."""
    nodes = problem.get("nodes")
    return nodes is not None and nodes["count"] < nodes["of"]


def _problem(number: int, folded: Folded, effect: str) -> Problem:
    findings, different = _findings(folded.lead["id"], folded.results)
    return {
        "number": number,
        "effect": "blocks" if effect == "blocks" else "loses",
        "cause": folded.cause,
        "title": folded.title,
        "level": folded.level,
        "ids": folded.ids,
        "impact": folded.impact,
        "features": folded.features,
        "findings": findings,
        "differentFindings": different,
        # A requirement that follows from another is met once that one is.
        "changes": [*dict.fromkeys(one["remediation"] for one in folded.own)],
    }


def _changes(folds: Iterable[Folded], fixed: Collection[str]) -> list[ProblemChange]:
    found: dict[str, list[int]] = {}
    for number, folded in enumerate(folds, 1):
        left = (one["remediation"] for one in folded.own if not _is_fixed(one, fixed))
        for text in dict.fromkeys(left):
            found.setdefault(text, []).append(number)
    return [{"problems": numbers, "text": text} for text, numbers in found.items()]


def _is_fixed(result: Result, fixed: Collection[str]) -> bool:
    """Whether the violation has a change, or follows from one that has."""
    return (result["id"] in fixed and "change" in result) or result.get("cause") in fixed


def _findings(lead: str, results: Iterable[Result]) -> tuple[list[ProblemFinding], int]:
    """Return the first different findings, those of the lead first, and how many there are."""
    found: dict[tuple[str, str, str], ProblemFinding] = {}
    seen: set[tuple[str, str, str]] = set()
    for result in sorted(results, key=lambda result: result["id"] != lead):
        key = (result["id"], result["observed"], result["expected"])
        seen.add(key)
        if key in found:
            found[key]["count"] += weight(result)
        elif len(found) < _FINDINGS:
            found[key] = {
                "id": result["id"],
                "observed": result["observed"],
                "expected": result["expected"],
                "subject": result["subject"],
                "count": weight(result),
            }
            if "location" in result:
                found[key]["location"] = result["location"]
    return [*found.values()], len(seen)


def _kinds(
    judged: set[str],
    features: Iterable[FeatureRow],
    problems: Iterable[tuple[int, Collection[str]]],
    accepted: Iterable[tuple[int, Collection[str]]],
) -> list[NodeKind]:
    """Return the judged nodes in kinds: those with problems first, then the largest."""
    numbers, positions = _by_node(problems), _by_node(accepted)
    rows: Mapping[str, FeatureRow] = {row["node"]: row for row in features}
    kinds: dict[tuple[object, ...], NodeKind] = {}
    for name in judged:
        kind = _kind(rows.get(name, {"node": name}), numbers.get(name, []))
        if name in positions:
            kind["accepted"] = positions[name]
        system = (kind["architecture"], kind["kernelRelease"], kind["os"])
        supports = (kind["tracing"], kind["uprobes"], kind["profiling"])
        key = (*system, *supports, *kind["problems"], "", *positions.get(name, ()))
        kinds.setdefault(key, kind)["names"].append(name)
    for kind in kinds.values():
        kind["names"].sort(key=natural)
    return sorted(
        kinds.values(),
        key=lambda kind: (not kind["problems"], -len(kind["names"]), natural(kind["names"][0])),
    )


def _by_node(numbered: Iterable[tuple[int, Collection[str]]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number, nodes in numbered:
        for node in nodes:
            found.setdefault(node, []).append(number)
    return found


def _kind(row: FeatureRow, problems: list[int]) -> NodeKind:
    uprobes = (row.get("golang_uprobe", "unknown"), row.get("openssl_uprobe", "unknown"))
    return {
        "architecture": row.get("architecture", "unknown"),
        "kernelRelease": row.get("kernelRelease", "unknown"),
        "os": row.get("os", "unknown"),
        "names": [],
        "problems": problems,
        "tracing": row.get("kprobe", "unknown"),
        "uprobes": min(uprobes, key=_SUPPORT.index),
        "profiling": row.get("perf", "unknown"),
    }
