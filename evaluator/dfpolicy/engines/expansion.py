"""Results on kinds of nodes, and their copies for each node of a kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from dfpolicy.engines.base import Engine
from dfpolicy.input.build import EvaluationInput
from dfpolicy.input.node_kinds import Kinds
from dfpolicy.model import Decision, FeatureRow, Result


def evaluate(engine: Engine, built: EvaluationInput) -> Decision:
    """Return the engine's decision on an input. Raises EngineError.

    A result on a node that represents its kind has the names of all its `nodes`; `expanded` copies
    it. The feature rows are those of every node.
    """
    decision, kinds = engine.evaluate(built.data), built.kinds
    if not kinds:
        return decision
    results = [_of_kind(result, kinds) for result in decision["results"]]
    return {**decision, "results": results, "features": _rows(decision["features"], kinds)}


def features(engine: Engine, built: EvaluationInput) -> list[FeatureRow]:
    """Return the engine's feature rows for an input, with every node. Raises EngineError."""
    return _rows(engine.features(built.data), built.kinds)


def expanded(results: Sequence[Result]) -> list[Result]:
    """Return the results with one for each node, in the order of the policies."""
    found: list[Result] = []
    for (_id, of_nodes), run in groupby(results, _of_nodes):
        neighbours = list(run)
        if of_nodes and any("nodes" in one for one in neighbours):
            found.extend(_copied(neighbours))
        else:
            found.extend(neighbours)
    return found


def _of_kind(result: Result, kinds: Kinds) -> Result:
    subject = result["subject"]
    if subject["kind"] != "Node" or subject["name"] not in kinds:
        return result
    return {**result, "nodes": kinds[subject["name"]]}


def _of_nodes(result: Result) -> tuple[str, bool]:
    return result["id"], result["subject"]["kind"] == "Node"


def _copied(results: list[Result]) -> Iterator[Result]:
    """The results of a requirement on nodes, in the order of names; `*` is the last one."""
    copies = []
    for result in results:
        alone = result.copy()
        names = alone.pop("nodes", (result["subject"]["name"],))
        copies += [(name, alone) for name in names]
    for name, result in sorted(copies, key=lambda copy: (copy[0] == "*", copy[0])):
        yield {**result, "subject": {**result["subject"], "name": name}}


def _rows(rows: Iterable[FeatureRow], kinds: Kinds) -> list[FeatureRow]:
    copies = [(name, row) for row in rows for name in kinds.get(row["node"], (row["node"],))]
    if not kinds:
        return [row for _name, row in copies]
    return [{**row, "node": name} for name, row in sorted(copies, key=lambda copy: copy[0])]
