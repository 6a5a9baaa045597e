"""What becomes of each feature in one cluster, from the cluster's report."""

from __future__ import annotations

from dfpolicy.model import AcceptedProblem, NodeKind, Problem, Report, Support
from dfpolicy.report import impacts
from dfpolicy.report.effects import is_accepted
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
        if open_ and not is_accepted(result):
            unanswered |= impacts.implied(stated_features(result))
    return [_feature(name, report, name in unanswered) for name in FEATURES]


def _feature(name: str, report: Report, unanswered: bool) -> ClusterFeature:
    verdict = report["verdict"]
    # What is accepted does not count, but the feature is lost all the same.
    found = (*verdict["problems"], *verdict.get("accepted", ()))
    taking = [one for one in found if name in impacts.implied(one["features"])]
    everywhere = [one for one in taking if "nodes" not in one]
    kinds = verdict["nodes"]["kinds"]
    own = [[one for one in taking if _is_on(one, position)] for position in range(len(kinds))]
    lost = sum(
        len(kind["names"])
        for kind, some in zip(kinds, own, strict=True)
        if _support(kind, name) == "no" or not all(map(_is_partial, some))
    )
    supports = {_support(kind, name) for kind in kinds}
    if not all(map(_is_partial, everywhere)) or (lost and lost == verdict["nodes"]["judged"]):
        return {"feature": name, "state": "lost", "nodes": verdict["nodes"]["judged"]}
    if lost:
        return {"feature": name, "state": "some", "nodes": lost}
    if any("nodes" not in one for one in taking):
        return {"feature": name, "state": "partly", "nodes": verdict["nodes"]["judged"]}
    partly = sum(
        len(kind["names"])
        for kind, some in zip(kinds, own, strict=True)
        if some or _support(kind, name) == "host-only"
    )
    if partly:
        return {"feature": name, "state": "partly", "nodes": partly}
    if unanswered or "unknown" in supports:
        return {"feature": name, "state": "unknown", "nodes": 0}
    return {"feature": name, "state": "kept", "nodes": 0}


def _is_on(problem: Problem | AcceptedProblem, kind: int) -> bool:
    """Whether the nodes of the kind at this position have a problem that is not everywhere."""
    return "nodes" in problem and kind in problem["nodes"]["kinds"]


def _is_partial(problem: Problem | AcceptedProblem) -> bool:
    return impacts.is_partial(problem["level"])


def _support(kind: NodeKind, name: str) -> Support:
    supports: dict[str, Support] = {
        "AutoTracing of system calls": kind["tracing"],
        "AutoTracing of Go and OpenSSL": kind["uprobes"],
        "AutoProfiling": kind["profiling"],
    }
    return supports.get(name, "yes")
