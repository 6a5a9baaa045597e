"""The problems: all violations of one cause are one numbered problem."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dfpolicy.model import (
    LEVELS,
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
from dfpolicy.report.effects import effect_of, weight

# The maximum number of different findings in a problem; it counts the subjects of all.
_FINDINGS = 20
_DIGITS = re.compile(r"(\d+)")
_SUPPORT: tuple[Support, ...] = ("no", "host-only", "unknown", "yes")


@dataclass
class _Folded:
    """The violations of one cause, and the nodes that have them."""

    cause: str
    results: list[Result] = field(default_factory=list)
    nodes: set[str] = field(default_factory=set)
    everywhere: bool = False

    @property
    def own(self) -> list[Result]:
        """The violations of the requirement that the others follow from, or else all of them."""
        return [one for one in self.results if one["id"] == self.stating] or self.results

    @property
    def stating(self) -> str:
        """The requirement that the cause names."""
        # After the ID, a cause may name a part of the requirement, for example one of several
        # kernels.
        return self.cause.partition(".")[0]


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
) -> tuple[list[Problem], JudgedNodes, list[ProblemChange]]:
    """Return the numbered problems, what blocks first; the nodes in kinds; and what to change.

    Of problems with the same effect, those that are everywhere come first, then those on more
    nodes. What to change are the remediations of violations, each once, without those that a
    proposal for the requirements `fixed` fixes.
    """
    causes = roots(results)
    judged: set[str] = set()
    blocking: dict[str, _Folded] = {}
    losing: dict[str, _Folded] = {}
    for result in results:
        nodes = _nodes(result)
        judged.update(nodes)
        effect = effect_of(result, failing)
        if effect not in ("blocks", "loses"):
            continue
        cause = cause_of(result, causes)
        place = blocking if effect == "blocks" else losing
        folded = place.setdefault(cause, _Folded(cause))
        folded.results.append(result)
        folded.everywhere = folded.everywhere or not nodes
        folded.nodes.update(nodes)
    # A loss with the same cause as a blocking problem belongs to that, unless it is on other nodes
    # too.
    for cause in [*losing]:
        if cause in blocking and _covers(blocking[cause], losing[cause]):
            blocking[cause].results += losing.pop(cause).results
    ordered = [*_ordered(blocking.values(), judged), *_ordered(losing.values(), judged)]
    numbered = {id(folded): number for number, folded in enumerate(ordered, 1)}
    kinds = _kinds(judged, features, [(numbered[id(one)], one.nodes) for one in ordered])
    found = [
        _problem(number, folded, "blocks" if number <= len(blocking) else "loses")
        for number, folded in enumerate(ordered, 1)
    ]
    for problem, folded in zip(found, ordered, strict=True):
        if not folded.everywhere:
            problem["nodes"] = {
                "count": len(folded.nodes),
                "of": len(judged),
                "kinds": [
                    position
                    for position, kind in enumerate(kinds)
                    if problem["number"] in kind["problems"]
                ],
            }
    read = judged | {row["node"] for row in features}
    return (
        found,
        {"read": len(read), "judged": len(judged), "kinds": kinds},
        _changes(ordered, fixed),
    )


def _nodes(result: Result) -> Sequence[str]:
    """The nodes that the result is on; none if it is on an object, or on every node."""
    subject = result["subject"]
    if subject["kind"] != "Node" or subject["name"] == "*":
        return ()
    return result.get("nodes", (subject["name"],))


def on_some_nodes(problem: Problem) -> bool:
    """Whether some of the judged nodes do not have the problem."""
    nodes = problem.get("nodes")
    return nodes is not None and nodes["count"] < nodes["of"]


def _covers(one: _Folded, other: _Folded) -> bool:
    return one.everywhere or (not other.everywhere and other.nodes <= one.nodes)


def _cause(result: Result) -> str:
    return result.get("cause", result["id"])


def cause_of(result: Result, roots: Mapping[str, str]) -> str:
    """Return the cause of the problem that a violation belongs to."""
    return roots.get(_cause(result), _cause(result))


def roots(results: Iterable[Result]) -> dict[str, str]:
    """Return the root of each cause; a cause can be a requirement that itself has a cause."""
    above: dict[str, str] = {}
    for result in results:
        if "cause" in result and result["outcome"] == "violation":
            above.setdefault(result["id"], result["cause"])
    found = {}
    for start in above:
        root, seen = start, {start}
        while root in above and above[root] not in seen:
            root = above[root]
            seen.add(root)
        found[start] = root
    return found


def _ordered(found: Iterable[_Folded], judged: set[str]) -> list[_Folded]:
    def rank(folded: _Folded) -> int:
        return -len(judged) - 1 if folded.everywhere else -len(folded.nodes)

    return sorted(found, key=rank)


def _problem(number: int, folded: _Folded, effect: str) -> Problem:
    lead = folded.own[0]
    ids = dict.fromkeys(result["id"] for result in (lead, *folded.results))
    worst = min((result["level"] for result in folded.results), key=LEVELS.index)
    # The title is the most frequent finding.
    findings, different = _findings(lead["id"], folded.results)
    said: Counter[str] = Counter()
    for one in folded.results:
        if one["id"] == lead["id"]:
            said[one["observed"]] += weight(one)
    return {
        "number": number,
        "effect": "blocks" if effect == "blocks" else "loses",
        "cause": folded.cause,
        "title": said.most_common(1)[0][0],
        "level": worst,
        "ids": [*ids],
        "impact": [*dict.fromkeys(name for one in folded.results for name in one["impact"])],
        "features": [
            *dict.fromkeys(name for one in folded.results for name in stated_features(one))
        ],
        "findings": findings,
        "differentFindings": different,
        # A requirement that follows from another is met once that one is.
        "changes": [*dict.fromkeys(one["remediation"] for one in folded.own)],
    }


def _changes(ordered: Iterable[_Folded], fixed: Collection[str]) -> list[ProblemChange]:
    found: dict[str, list[int]] = {}
    for number, folded in enumerate(ordered, 1):
        left = (one["remediation"] for one in folded.own if not _is_fixed(one, fixed))
        for text in dict.fromkeys(left):
            found.setdefault(text, []).append(number)
    return [{"problems": numbers, "text": text} for text, numbers in found.items()]


def _is_fixed(result: Result, fixed: Collection[str]) -> bool:
    """Whether the violation has a change, or follows from one that has."""
    return (result["id"] in fixed and "change" in result) or result.get("cause") in fixed


def stated_features(result: Result) -> list[str]:
    """Return what is lost, in English; a translated result has it under `messages`."""
    held: Any = result.get("messages", {}).get("impact", {})
    items = held.get("items") if isinstance(held, dict) else None
    if not isinstance(items, list):
        return result["impact"]
    return [str(item.get("template")) for item in items if isinstance(item, dict)]


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
) -> list[NodeKind]:
    """Return the judged nodes in kinds: those with problems first, then the largest."""
    numbers: dict[str, list[int]] = {}
    for number, nodes in problems:
        for node in nodes:
            numbers.setdefault(node, []).append(number)
    rows: Mapping[str, FeatureRow] = {row["node"]: row for row in features}
    kinds: dict[tuple[object, ...], NodeKind] = {}
    for name in judged:
        kind = _kind(rows.get(name, {"node": name}), numbers.get(name, []))
        system = (kind["architecture"], kind["kernelRelease"], kind["os"])
        supports = (kind["tracing"], kind["uprobes"], kind["profiling"])
        key = (*system, *supports, *kind["problems"])
        kinds.setdefault(key, kind)["names"].append(name)
    for kind in kinds.values():
        kind["names"].sort(key=natural)
    return sorted(
        kinds.values(),
        key=lambda kind: (not kind["problems"], -len(kind["names"]), natural(kind["names"][0])),
    )


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
