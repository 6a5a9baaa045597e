"""What becomes of each feature in one cluster, from the cluster's report."""

from __future__ import annotations

from collections.abc import Iterable

from dfpolicy.model import NodeKind, Problem, Report, Support
from dfpolicy.report import impacts
from dfpolicy.report.fleet_shapes import ClusterFeature
from dfpolicy.report.folding import stated_features

# The features that observe applications, by their English names; tracing only as its two parts.
FEATURES = tuple(name for name in impacts.FEATURES if name != "AutoTracing")


def cluster_features(report: Report) -> list[ClusterFeature]:
    """Return the features in a fixed order.

    A feature is lost, or lost on some nodes, or works only partly; else it is unknown if a fact
    that it needs is missing.
    """
    unanswered: set[str] = set()
    for result in report["results"]:
        open_ = result["outcome"] == "unknown" and result["level"] == "required"
        if open_ and "waiver" not in result and not result.get("known"):
            unanswered |= impacts.implied(stated_features(result))
    return [_feature(name, report, name in unanswered) for name in FEATURES]


def _feature(name: str, report: Report, unanswered: bool) -> ClusterFeature:
    verdict = report["verdict"]
    taking = [one for one in verdict["problems"] if name in impacts.implied(one["features"])]
    everywhere = [one for one in taking if "nodes" not in one]
    kinds = verdict["nodes"]["kinds"]
    lost = sum(len(kind["names"]) for kind in kinds if _is_lost(kind, name, taking))
    supports = {_support(kind, name) for kind in kinds}
    if not all(map(_is_partial, everywhere)) or (lost and lost == verdict["nodes"]["judged"]):
        return {"feature": name, "state": "lost", "nodes": verdict["nodes"]["judged"]}
    if lost:
        return {"feature": name, "state": "some", "nodes": lost}
    if any("nodes" not in one for one in taking):
        return {"feature": name, "state": "partly", "nodes": verdict["nodes"]["judged"]}
    partly = sum(len(kind["names"]) for kind in kinds if _is_partly_lost(kind, name, taking))
    if partly:
        return {"feature": name, "state": "partly", "nodes": partly}
    if unanswered or "unknown" in supports:
        return {"feature": name, "state": "unknown", "nodes": 0}
    return {"feature": name, "state": "kept", "nodes": 0}


def _is_lost(kind: NodeKind, name: str, taking: Iterable[Problem]) -> bool:
    """Whether the nodes of a kind lose the feature for their own reasons."""
    own = (one for one in taking if one["number"] in kind["problems"])
    return _support(kind, name) == "no" or not all(map(_is_partial, own))


def _is_partly_lost(kind: NodeKind, name: str, taking: Iterable[Problem]) -> bool:
    own = any(one["number"] in kind["problems"] for one in taking)
    return own or _support(kind, name) == "host-only"


def _is_partial(problem: Problem) -> bool:
    return impacts.is_partial(problem["level"])


def _support(kind: NodeKind, name: str) -> Support:
    supports: dict[str, Support] = {
        "AutoTracing of system calls": kind["tracing"],
        "AutoTracing of Go and OpenSSL": kind["uprobes"],
        "AutoProfiling": kind["profiling"],
    }
    return supports.get(name, "yes")
