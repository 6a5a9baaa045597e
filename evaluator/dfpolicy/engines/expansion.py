"""Copies the results of the node that represents a kind to the other nodes of the kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from dfpolicy.engines.base import Engine
from dfpolicy.input.build import EvaluationInput
from dfpolicy.input.node_kinds import Kinds
from dfpolicy.model import Decision, FeatureRow, Result


def evaluate(engine: Engine, built: EvaluationInput) -> Decision:
    """Return the engine's decision on an input, with every node. Raises EngineError."""
    return expanded(engine.evaluate(built.data), built.kinds)


def features(engine: Engine, built: EvaluationInput) -> list[FeatureRow]:
    """Return the engine's feature rows for an input, with every node. Raises EngineError."""
    return _rows(engine.features(built.data), built.kinds)


def expanded(decision: Decision, kinds: Kinds) -> Decision:
    """Return the decision with the results and feature rows of every node of the kinds."""
    if not kinds:
        return decision
    results: list[Result] = []
    for (_id, of_nodes), run in groupby(decision["results"], _of_nodes):
        neighbours = list(run)
        results.extend(_copied(neighbours, kinds) if of_nodes else neighbours)
    return {**decision, "results": results, "features": _rows(decision["features"], kinds)}


def _of_nodes(result: Result) -> tuple[str, bool]:
    return result["id"], result["subject"]["kind"] == "Node"


def _copied(results: list[Result], kinds: Kinds) -> Iterator[Result]:
    """The results of a requirement on nodes, in the order of names; `*` is the last one."""
    copies = (
        (name, result)
        for result in results
        for name in kinds.get(result["subject"]["name"], (result["subject"]["name"],))
    )
    for name, result in sorted(copies, key=lambda copy: (copy[0] == "*", copy[0])):
        yield {**result, "subject": {**result["subject"], "name": name}}


def _rows(rows: Iterable[FeatureRow], kinds: Kinds) -> list[FeatureRow]:
    copies = [(name, row) for row in rows for name in kinds.get(row["node"], (row["node"],))]
    if not kinds:
        return [row for _name, row in copies]
    return [{**row, "node": name} for name, row in sorted(copies, key=lambda copy: copy[0])]
