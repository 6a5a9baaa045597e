"""What every format of a report on many clusters says: the verdict, states, features, questions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from shlex import quote

from dfpolicy.formats.content import expired_on
from dfpolicy.formats.headline import state_words
from dfpolicy.formats.losses import accepted_losses, lost_of
from dfpolicy.formats.node_matrix import COLUMNS
from dfpolicy.formats.wording import kernel_name, names, system_name
from dfpolicy.i18n.language import _, _n, clauses, labelled, marked
from dfpolicy.model import INFORMANTS, Informant, Support
from dfpolicy.reading.sources import SUFFIXES
from dfpolicy.report.fleet import STATES, blocked_nodes
from dfpolicy.report.fleet_shapes import (
    ClusterFeature,
    ClusterReport,
    ClusterState,
    Drift,
    FleetKind,
    FleetProblem,
    FleetReport,
    SharedIdentity,
)
from dfpolicy.report.impacts import is_partial

# The names of the columns of features, in the order of a cluster's features.
FEATURES = tuple(COLUMNS)
_BLOCKED: tuple[ClusterState, ...] = ("do-not-deploy", "blocked-on-some-nodes", "cannot-tell")
_INFORMANTS: dict[Informant, str] = {
    "nodes": marked("facts about nodes"),
    "cluster": marked("facts about the cluster"),
    "server": marked("facts about the server"),
}


def headline(report: FleetReport) -> str:
    """Return whether all clusters can be deployed."""
    states, count = report["summary"]["states"], report["summary"]["clusters"]
    if states["do-not-deploy"] == count:
        return _n("{count} CLUSTER, BLOCKED", "ALL {count} CLUSTERS BLOCKED", count)
    if blocked(report):
        told = _("{blocked} OF {count} BLOCKED")
        return told.format(blocked=blocked(report), count=count)
    if states["error"]:
        told = _("{failed} OF {count} NOT CHECKED")
        return told.format(failed=states["error"], count=count)
    if states["deployable-with-losses"]:
        return state_words("deployable-with-losses", False)
    return state_words("deployable", any(map(_so_far, report["clusters"])))


def blocked(report: FleetReport) -> int:
    """Return the number of clusters in which a violation counts, or that --strict refuses."""
    return sum(report["summary"]["states"][state] for state in _BLOCKED)


def meaning(report: FleetReport) -> str:
    """Return how many clusters have each state, in one sentence; empty if the headline says it."""
    states = report["summary"]["states"]
    count = report["summary"]["clusters"]
    if states["do-not-deploy"] == count:
        return ""
    told = clauses(
        _("{count} {state}").format(count=states[state], state=state_of(state))
        for state in STATES
        if states[state]
    )
    return _n("{count} cluster: {parts}.", "{count} clusters: {parts}.", count, parts=told)


def nodes(report: FleetReport) -> str:
    """Return how many nodes get an agent, and how many of them are blocked."""
    summary = report["summary"]
    if not summary["nodes"]:
        return _("No facts about nodes are known.")
    return _n(
        "{count} node gets an agent; {blocked} blocked.",
        "{count} nodes get an agent; {blocked} blocked.",
        summary["nodes"],
        blocked=summary["blockedNodes"],
    )


def exits(report: FleetReport) -> str:
    """Return the exit code and what it comes from."""
    return _("Exit {code}, the highest of all clusters.").format(code=report["exitCode"])


def state_of(state: ClusterState) -> str:
    """Return a state in a few words, in lower case."""
    words = {
        "error": _("cannot be checked"),
        "do-not-deploy": _("blocked"),
        "blocked-on-some-nodes": _("blocked on some nodes"),
        "cannot-tell": _("cannot tell"),
        "deployable-with-losses": _("deployable with losses"),
        "deployable": _("deployable"),
    }
    return words[state]


def state_of_cluster(cluster: ClusterReport) -> str:
    """Return the state of a cluster, with the number of blocked nodes if they are some."""
    if cluster["state"] != "blocked-on-some-nodes":
        told = state_of(cluster["state"])
        return _("{state}, so far").format(state=told) if _so_far(cluster) else told
    return _("{count} of {of} nodes blocked").format(
        count=blocked_nodes(cluster["verdict"]), of=cluster["verdict"]["nodes"]["judged"]
    )


def _so_far(cluster: ClusterReport) -> bool:
    return "verdict" in cluster and cluster["verdict"]["soFar"]


def cell(feature: ClusterFeature, judged: int) -> str:
    """Return the word for what becomes of a feature; `judged` is the number of nodes."""
    if feature["state"] == "some":
        return _("no: {count} of {of}").format(count=feature["nodes"], of=judged)
    if feature["state"] == "partly" and feature["nodes"] < judged:
        return _("part: {count} of {of}").format(count=feature["nodes"], of=judged)
    words = {"lost": _("no"), "partly": _("part"), "unknown": "?", "kept": _("yes")}
    return words[feature["state"]]


def cells(cluster: ClusterReport) -> list[str]:
    """Return the word for each feature; empty texts for a cluster that could not be checked."""
    if "verdict" not in cluster:
        return [""] * len(FEATURES)
    judged = cluster["verdict"]["nodes"]["judged"]
    return [cell(feature, judged) for feature in cluster["features"]]


def error(cluster: ClusterReport) -> str:
    """Return the error of a cluster as one line: where, what, how to fix it."""
    told = cluster["error"]
    text = told["message"]
    if told["hint"]:
        text = _("{message}; {hint}").format(message=text, hint=told["hint"])
    return labelled(told["where"], text) if told["where"] else text


def alike(clusters: Iterable[ClusterReport]) -> list[list[ClusterReport]]:
    """Return the clusters in their order, those about which the same is said together."""
    found: dict[tuple[object, ...], list[ClusterReport]] = {}
    for cluster in clusters:
        if "verdict" in cluster:
            said: tuple[object, ...] = (state_of_cluster(cluster), first_problem(cluster))
        else:
            said = (cluster["error"]["message"], cluster["error"]["hint"])
        key = (cluster["state"], *cells(cluster), *said)
        found.setdefault(key, []).append(cluster)
    return [*found.values()]


def first_problem(cluster: ClusterReport) -> str:
    """Return the first problem and how many more there are, or else what accepted ones cost."""
    problems = cluster["verdict"]["problems"]
    if not problems:
        return accepted_losses(cluster["verdict"])
    told = _("{title} ({id})").format(title=problems[0]["title"], id=problems[0]["ids"][0])
    more = len(problems) - 1
    if not more:
        return told
    return _("{first}, {second}").format(
        first=told, second=_n("and {count} more problem", "and {count} more problems", more)
    )


def places(problem: FleetProblem, count: int = 4) -> str:
    """Return the number of clusters with a problem, and the first names."""
    told = _n("{count} cluster", "{count} clusters", len(problem["clusters"]))
    if problem["nodes"]:
        some = _n("{count} node", "{count} nodes", problem["nodes"])
        told = _("{first}, {second}").format(first=told, second=some)
    return labelled(told, names(problem["clusters"], count))


def lost(problem: FleetProblem) -> str:
    """Return the features that are lost."""
    return lost_of(
        problem["features"],
        [*map(_, problem["features"])],
        is_partial(problem["level"]),
    )


def system(kind: FleetKind) -> str:
    """Return system, architecture and kernel of nodes in a few words."""
    parts = (system_name(kind["os"], kind["architecture"]), kernel_name(kind["kernelRelease"]))
    return clauses(part for part in parts if part) or "?"


def supports(kind: FleetKind) -> list[str]:
    """Return what the kernel supports: tracing, Go and TLS, profiling."""
    words: dict[Support, str] = {
        "yes": _("yes"),
        "no": _("no"),
        "host-only": _("host"),
        "unknown": "?",
    }
    return [words[kind["tracing"]], words[kind["uprobes"]], words[kind["profiling"]]]


def open_questions(report: FleetReport) -> list[tuple[str, int, list[str]]]:
    """Return what is missing, for how many requirements, and in which clusters."""
    found = []
    for informant in INFORMANTS:
        entries = [one for one in report["notChecked"] if one["informant"] == informant]
        clusters = [*dict.fromkeys(name for one in entries for name in one["clusters"])]
        if entries:
            found.append((_(_INFORMANTS[informant]), len(entries), clusters))
    return found


def not_checked(count: int) -> str:
    """Return the number of requirements that are not checked."""
    return _n("{count} requirement", "{count} requirements", count)


def clusters_of(all_names: Sequence[str]) -> str:
    """Return the number of clusters and the first names."""
    told = _n("{count} cluster", "{count} clusters", len(all_names))
    return labelled(told, names(all_names))


def setting(one: Drift) -> str:
    """Return the object and the setting that differs."""
    return labelled(one["object"], one["setting"])


def values(one: Drift) -> list[tuple[str, str]]:
    """Return each value and the clusters that have it; of the most frequent only the number."""
    most, *others = one["values"]
    told = _n("{count} cluster", "{count} clusters", len(most["clusters"]))
    if len(most["clusters"]) == 1:
        told = names(most["clusters"])
    found = [(_value(most["value"]), told)]
    return found + [(_value(other["value"]), clusters_of(other["clusters"])) for other in others]


def _value(value: str | None) -> str:
    return _("(not set)") if value is None else value or '""'


def shared(entries: Iterable[SharedIdentity]) -> list[str]:
    """Return a sentence for each identity that several clusters have."""
    return [
        _("{clusters} have the same {setting}: {value}").format(
            clusters=names(one["clusters"]), setting=one["setting"], value=one["value"]
        )
        for one in entries
    ]


def to_check(report: FleetReport) -> str:
    """Return the command that collects what is missing for a cluster of manifests, or "".

    Facts are a file in the directory of their cluster. A cluster of one file gets a directory.
    """
    open_ = {name for one in report["notChecked"] for name in one["clusters"]}
    sources = [
        one["source"]
        for one in report["clusters"]
        if one["name"] in open_ and one["command"].startswith("dfpolicy eval ")
    ]
    if not sources:
        return ""
    source = min(sources, key=lambda name: name.endswith(SUFFIXES))
    folder, made = source.rstrip("/"), ""
    if source.endswith(SUFFIXES):
        folder = source.rpartition(".")[0]
        made = f"mkdir {quote(folder)} && cp {quote(source)} {quote(folder)} && "
    place = quote(f"{folder}/facts.yaml")
    return f"{made}dfpolicy collect cluster --deep --context CONTEXT -o yaml={place}"


def idle_waivers(report: FleetReport) -> list[str]:
    """Return the waivers to review, of the fleet and of each cluster, as one line each."""
    found = []
    for name, idle in (
        ("", report["waivers"]),
        *((one["name"], one["waivers"]) for one in report["clusters"] if "waivers" in one),
    ):
        told = [(waiver, expired_on(waiver)) for waiver in idle["expired"]]
        told += [(waiver, _("needs no waiver")) for waiver in idle["unused"]]
        for waiver, meaning_ in told:
            place = f"{waiver['file']}:{waiver['line']}"
            where = _("{text} ({place})").format(text=waiver["id"], place=place)
            text = labelled(where, meaning_)
            found.append(labelled(name, text) if name else text)
    return found
