"""Folds results of the same cause into one, for problems and for what is accepted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dfpolicy.model import LEVELS, Level, NodesOfProblem, Result
from dfpolicy.report.effects import weight


@dataclass
class Folded:
    """The violations or unknowns of one cause, and the nodes that have them."""

    cause: str
    results: list[Result] = field(default_factory=list)
    nodes: set[str] = field(default_factory=set)
    everywhere: bool = False

    @property
    def own(self) -> list[Result]:
        """The violations of the requirement that the others follow from, or else all of them."""
        stating = self.stating
        return [one for one in self.results if one["id"] == stating] or self.results

    @property
    def stating(self) -> str:
        """The requirement that the cause names."""
        # After the ID, a cause may name a part of the requirement, for example one of several
        # kernels.
        return self.cause.partition(".")[0]

    @property
    def lead(self) -> Result:
        """The result that says what is wrong."""
        return self.own[0]

    @property
    def title(self) -> str:
        """The most frequent finding of the leading requirement."""
        said: Counter[str] = Counter()
        leading = self.lead["id"]
        for one in self.results:
            if one["id"] == leading:
                said[one["observed"]] += weight(one)
        return said.most_common(1)[0][0]

    @property
    def level(self) -> Level:
        """The highest level of the results."""
        return min((one["level"] for one in self.results), key=LEVELS.index)

    @property
    def ids(self) -> list[str]:
        """The requirements, the leading one first."""
        return [*dict.fromkeys(result["id"] for result in (self.lead, *self.results))]

    @property
    def impact(self) -> list[str]:
        """What is lost, in the language of the report."""
        return [*dict.fromkeys(name for one in self.results for name in one["impact"])]

    @property
    def features(self) -> list[str]:
        """What is lost, in English."""
        return [*dict.fromkeys(name for one in self.results for name in stated_features(one))]

    def add(self, result: Result, nodes: Sequence[str]) -> None:
        """Add a result of the cause, and the nodes that it is on."""
        self.results.append(result)
        self.everywhere = self.everywhere or not nodes
        self.nodes.update(nodes)

    def covers(self, other: Folded) -> bool:
        """Whether this is wherever the other one is."""
        return self.everywhere or (not other.everywhere and other.nodes <= self.nodes)

    def places(self, judged: int, positions: Iterable[int]) -> NodesOfProblem:
        """The number of nodes, of how many, and the positions of their kinds."""
        return {"count": len(self.nodes), "of": judged, "kinds": [*positions]}


def nodes_of(result: Result) -> Sequence[str]:
    """The nodes that the result is on; none if it is on an object, or on every node."""
    subject = result["subject"]
    if subject["kind"] != "Node" or subject["name"] == "*":
        return ()
    return result.get("nodes", (subject["name"],))


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


def ordered(found: Iterable[Folded], judged: set[str]) -> list[Folded]:
    """Return those that are everywhere first, then those on more nodes."""

    def rank(folded: Folded) -> int:
        return -len(judged) - 1 if folded.everywhere else -len(folded.nodes)

    return sorted(found, key=rank)


def stated_features(result: Result) -> list[str]:
    """Return what is lost, in English; a translated result has it under `messages`."""
    held: Any = result.get("messages", {}).get("impact", {})
    items = held.get("items") if isinstance(held, dict) else None
    if not isinstance(items, list):
        return result["impact"]
    return [str(item.get("template")) for item in items if isinstance(item, dict)]
