"""Puts the clusters of a fleet together: the worst first, and what they have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast, get_type_hints

from dfpolicy.i18n.language import _
from dfpolicy.model import (
    EFFECTS,
    INFORMANTS,
    LEVELS,
    ConfiguredSetting,
    IdleWaivers,
    Language,
    NodeKind,
    Problem,
    Verdict,
    WaiverEntry,
)
from dfpolicy.policy.catalogue import load_catalogue
from dfpolicy.policy.requirement_words import translated_catalogue
from dfpolicy.report.drift import drift, shared
from dfpolicy.report.fleet_shapes import (
    ClusterReport,
    ClusterState,
    FleetKind,
    FleetProblem,
    FleetQuestion,
    FleetReport,
    FleetSummary,
    JudgedCluster,
)
from dfpolicy.report.problems import natural

# Worst first.
STATES: tuple[ClusterState, ...] = (
    *("error", "do-not-deploy", "blocked-on-some-nodes", "cannot-tell"),
    *("deployable-with-losses", "deployable"),
)
_FIELDS = tuple(get_type_hints(ClusterReport))


def fleet_report(
    judged: Iterable[JudgedCluster],
    language: Language,
    configuration: str | None = None,
    settings: Sequence[ConfiguredSetting] = (),
) -> FleetReport:
    """Return the report on the clusters, in the language in force, which `language` names.

    The exit code is the highest one of the clusters. `configuration` and `settings` are those of
    the file for the whole fleet.
    """
    clusters = sorted(judged, key=_rank)
    checked = [one for one in clusters if "verdict" in one]
    report: FleetReport = {
        "apiVersion": "dfpolicy.dev/v1",
        "kind": "FleetReport",
        "exitCode": max((one["exitCode"] for one in clusters), default=0),
        "summary": _summary(clusters),
        "clusters": [_without_comparison(one, configuration) for one in clusters],
        "problems": _problems(checked),
        "kinds": _kinds(checked),
        "notChecked": _not_checked(checked),
        "drift": drift(checked),
        "shared": shared(checked),
        "waivers": _idle_everywhere(checked, configuration),
        "language": language,
    }
    if checked:
        report["dfpolicy"] = checked[0]["dfpolicy"]
    if configuration:
        report["configuration"] = configuration
    if settings:
        report["settings"] = [*settings]
    return report


def blocked_nodes(verdict: Verdict) -> int:
    """Return on how many judged nodes something blocks."""
    return sum(blocked for _kind, blocked in _blocked_kinds(verdict))


def _rank(cluster: JudgedCluster) -> tuple[Any, ...]:
    lost = Counter(one["state"] for one in cluster.get("features", ()))
    counts: Mapping[str, Any] = cluster["verdict"]["counts"] if "verdict" in cluster else {}
    return (
        STATES.index(cluster["state"]),
        -cluster["exitCode"],
        *(-lost[state] for state in ("lost", "some", "partly", "unknown")),
        -counts.get("blocks", 0),
        -counts.get("loses", 0),
        natural(cluster["name"]),
    )


def _summary(clusters: Sequence[JudgedCluster]) -> FleetSummary:
    states = Counter(one["state"] for one in clusters)
    checked = [one for one in clusters if "verdict" in one]
    return {
        "clusters": len(clusters),
        "states": {state: states[state] for state in STATES},
        "nodes": sum(one["verdict"]["nodes"]["judged"] for one in checked),
        "blockedNodes": sum(blocked_nodes(one["verdict"]) for one in checked),
    }


def _without_comparison(cluster: JudgedCluster, configuration: str | None) -> ClusterReport:
    found = {key: cluster[key] for key in _FIELDS if key in cluster}  # type: ignore[literal-required]
    kept = cast(ClusterReport, found)
    if "waivers" in kept:
        # Those of the fleet's file are idle only if no cluster uses them.
        idle = kept["waivers"]
        kept["waivers"] = {
            "unused": [one for one in idle["unused"] if one["file"] != configuration],
            "expired": [one for one in idle["expired"] if one["file"] != configuration],
        }
    return kept


def _problems(clusters: Iterable[JudgedCluster]) -> list[FleetProblem]:
    """Return the problems by cause: those of most clusters first, of these what blocks."""
    having: dict[str, list[tuple[str, Problem]]] = {}
    for cluster in clusters:
        for problem in cluster["verdict"]["problems"]:
            having.setdefault(problem["cause"], []).append((cluster["name"], problem))
    titles = {entry["id"]: entry["title"] for entry in _catalogue()}
    made = [_problem(cause, found, titles) for cause, found in having.items()]
    return sorted(
        made,
        key=lambda one: (EFFECTS.index(one["effect"]), -len(one["clusters"]), one["cause"]),
    )


def _problem(
    cause: str, found: Sequence[tuple[str, Problem]], titles: Mapping[str, str]
) -> FleetProblem:
    problems = [problem for _name, problem in found]
    told = {problem["title"] for problem in problems}
    ids = _union(problem["ids"] for problem in problems)
    title = told.pop()
    if told:
        title = _("not met: {title}").format(title=titles.get(ids[0], ids[0]))
    return {
        "cause": cause,
        "effect": min((problem["effect"] for problem in problems), key=EFFECTS.index),
        "level": min((problem["level"] for problem in problems), key=LEVELS.index),
        "title": title,
        "ids": ids,
        "features": _union(problem["features"] for problem in problems),
        "clusters": [name for name, _problem in found],
        "nodes": sum(problem["nodes"]["count"] for problem in problems if "nodes" in problem),
    }


def _kinds(clusters: Iterable[JudgedCluster]) -> list[FleetKind]:
    """Return the kinds of nodes: those with blocked nodes first, then the largest."""
    made: dict[tuple[str, ...], FleetKind] = {}
    for cluster in clusters:
        for kind, blocked in _blocked_kinds(cluster["verdict"]):
            key = (
                *(kind["architecture"], kind["kernelRelease"], kind["os"]),
                *(kind["tracing"], kind["uprobes"], kind["profiling"]),
            )
            empty: FleetKind = {
                "architecture": kind["architecture"],
                "kernelRelease": kind["kernelRelease"],
                "os": kind["os"],
                "tracing": kind["tracing"],
                "uprobes": kind["uprobes"],
                "profiling": kind["profiling"],
                "nodes": 0,
                "blocked": 0,
                "clusters": [],
            }
            held = made.setdefault(key, empty)
            held["nodes"] += len(kind["names"])
            held["blocked"] += blocked
            if cluster["name"] not in held["clusters"][-1:]:
                held["clusters"].append(cluster["name"])
    return sorted(
        made.values(), key=lambda kind: (-kind["blocked"], -kind["nodes"], kind["kernelRelease"])
    )


def _blocked_kinds(verdict: Verdict) -> Iterable[tuple[NodeKind, int]]:
    blocking = [one for one in verdict["problems"] if one["effect"] == "blocks"]
    everywhere = any("nodes" not in one for one in blocking)
    numbers = {one["number"] for one in blocking}
    for kind in verdict["nodes"]["kinds"]:
        hit = everywhere or not numbers.isdisjoint(kind["problems"])
        yield kind, len(kind["names"]) if hit else 0


def _not_checked(clusters: Iterable[JudgedCluster]) -> list[FleetQuestion]:
    known = {entry["id"]: entry for entry in _catalogue()}
    found: dict[tuple[str, str], list[str]] = {}
    for cluster in clusters:
        for informant in INFORMANTS:
            for identifier in cluster["verdict"]["notChecked"][informant]["ids"]:
                found.setdefault((informant, identifier), []).append(cluster["name"])
    questions: list[FleetQuestion] = [
        {
            "id": identifier,
            "title": known.get(identifier, {}).get("title", identifier),
            "required": known.get(identifier, {}).get("level") == "required",
            "informant": informant,
            "clusters": names,
        }
        for (informant, identifier), names in found.items()
    ]
    return sorted(
        questions,
        key=lambda one: (
            [*INFORMANTS].index(cast(Any, one["informant"])),
            -len(one["clusters"]),
            one["id"],
        ),
    )


def _idle_everywhere(clusters: Sequence[JudgedCluster], configuration: str | None) -> IdleWaivers:
    """Return the waivers of the fleet's file that no cluster uses, and those that are expired."""

    def place(waiver: WaiverEntry) -> tuple[str, int]:
        return waiver["file"], waiver["line"]

    def common(idle: Callable[[JudgedCluster], list[WaiverEntry]], least: int) -> list[WaiverEntry]:
        entries = [one for cluster in clusters for one in idle(cluster)]
        entries = [one for one in entries if one["file"] == configuration]
        counted = Counter(map(place, entries))
        return [
            one
            for one in {place(one): one for one in entries}.values()
            if counted[place(one)] >= least
        ]

    return {
        "unused": common(lambda cluster: cluster["waivers"]["unused"], len(clusters)),
        "expired": common(lambda cluster: cluster["waivers"]["expired"], 1),
    }


def _catalogue() -> Sequence[Mapping[str, Any]]:
    return translated_catalogue(load_catalogue()).requirements


def _union(lists: Iterable[Iterable[str]]) -> list[str]:
    return [*dict.fromkeys(name for names in lists for name in names)]
