"""The report on many clusters as one HTML page, in the look of the report on one deployment.

It is complete without network and scripts; the script only filters. All texts are cleaned here, and
the templates escape every value.
"""

from __future__ import annotations

from dataclasses import dataclass

from dfpolicy.formats.base import Style
from dfpolicy.formats.configured import value
from dfpolicy.formats.fleet import words
from dfpolicy.formats.headline import both
from dfpolicy.formats.html.environment import asset, environment, frame
from dfpolicy.formats.html.words import words as page_words
from dfpolicy.formats.node_matrix import COLUMNS
from dfpolicy.formats.wording import names
from dfpolicy.i18n.escaping import cleaned
from dfpolicy.i18n.language import _, _n, clauses, labelled, listed, marked
from dfpolicy.report.fleet import STATES, blocked_nodes
from dfpolicy.report.fleet_shapes import ClusterReport, ClusterState, FleetReport

_WORDS = {
    "heading": marked("DeepFlow on all clusters"),
    "skip": marked("Skip to the clusters"),
    "clusters_heading": marked("Clusters"),
    "clusters_caption": marked("Clusters, the worst first, and what becomes of each feature"),
    "kinds_heading": marked("Kinds of nodes"),
    "fleet_kinds_caption": marked(
        "Nodes of equal system, of all clusters: what the kernels support, whatever else blocks"
    ),
    "fleet_kinds_legend": marked(
        "Blocked: something on the node or in its cluster blocks. * off by default."
    ),
    "unknowns_caption": marked("What is missing, for how many requirements, in which clusters"),
    "collect": marked("To collect it for one of the clusters:"),
    "drift_heading": marked("Drift"),
    "drift_caption": marked("Settings of the agents that differ between clusters of one chart"),
    "lost_heading": marked("What is lost"),
    "setting": marked("Setting"),
    "values": marked("Values"),
    "cluster": marked("Cluster"),
    "state": marked("State"),
    "blocked": marked("Blocked"),
    "requirements": marked("Requirements"),
    "missing": marked("Missing"),
    "whole": marked("everything about this cluster"),
    "no_cluster": marked("No cluster matches the filters."),
    "waivers_heading": marked("Waivers to review"),
    "all_kept": marked("No feature is lost."),
}
_SIGNS: dict[ClusterState, str] = {
    "error": "?",
    "do-not-deploy": "\N{BALLOT X}",
    "blocked-on-some-nodes": "\N{BALLOT X}",
    "cannot-tell": "?",
    "deployable-with-losses": "!",
    "deployable": "✓",
}
# The look of a word for a feature, by what becomes of the feature.
_LOOKS = {
    "lost": "taken blocks",
    "some": "taken blocks",
    "partly": "taken loses",
    "unknown": "taken open",
    "kept": "works",
}
_TOP = 5


@dataclass(frozen=True)
class Row:
    """A cluster: its state in words, a word and a look for each feature, and its problems."""

    cluster: ClusterReport
    told: str
    cells: list[tuple[str, str]]
    first: str
    numbers: str


def render(report: FleetReport, style: Style) -> str:
    """Return the report as one HTML document."""
    template = environment().get_template("fleet.html")
    shown = template.render(_content(cleaned(report)))
    return shown if style.unicode else shown.encode("ascii", "xmlcharrefreplace").decode()


def _content(report: FleetReport) -> dict[str, object]:
    """Return the values for the template."""
    own = {key: _(text) for key, text in _WORDS.items()}
    states = [state for state in STATES if report["summary"]["states"][state]]
    # What blocks is worse to read of than what could not be checked.
    worst: ClusterState = next((state for state in states if state != "error"), "error")
    if not words.blocked(report) and "error" in states:
        worst = "error"
    return {
        **frame(asset("fleet.js"), asset("report.css") + asset("fleet.css")),
        "words": page_words() | own,
        "report": report,
        "worst": "cannot-tell" if worst == "error" else worst,
        "sign": _SIGNS[worst],
        "headline": words.headline(report).capitalize(),
        "meaning": words.meaning(report),
        "about": both(words.nodes(report), words.exits(report)),
        "configured": [
            labelled(one["key"], _("{text} ({place})").format(text=value(one), place=one["place"]))
            for one in report.get("settings", ())
        ],
        "rows": [_row(one) for one in report["clusters"]],
        "states": [(state, words.state_of(state)) for state in states],
        "columns": [_(name) for name in words.FEATURES],
        "support_columns": [_("Tracing"), _("Go/TLS*"), _("Profiling")],
        "blocking": [one for one in report["problems"] if one["effect"] == "blocks"],
        "lost": _lost(report),
        "to_do": _to_do(report),
        "problem_places": {one["cause"]: words.places(one, 3) for one in report["problems"]},
        "problem_losses": {one["cause"]: words.lost(one) for one in report["problems"]},
        "kinds": [
            (kind, words.system(kind), words.supports(kind), names(kind["clusters"]))
            for kind in report["kinds"]
        ],
        "questions": words.open_questions(report),
        "to_check": words.to_check(report),
        "drift": [(words.setting(one), words.values(one)) for one in report["drift"]],
        "shared": words.shared(report["shared"]),
        "idle": words.idle_waivers(report),
        "top": _TOP,
        "count": lambda many: _n("{count} cluster", "{count} clusters", many),
    }


def _row(cluster: ClusterReport) -> Row:
    if "verdict" not in cluster:
        return Row(cluster, words.state_of("error"), [], words.error(cluster), "")
    counts = cluster["verdict"]["counts"]
    judged = cluster["verdict"]["nodes"]["judged"]
    looks = [_LOOKS[feature["state"]] for feature in cluster["features"]]
    parts = []
    if judged:
        parts.append(_n("{count} node", "{count} nodes", judged))
    if blocked_nodes(cluster["verdict"]):
        parts.append(_("{count} blocked").format(count=blocked_nodes(cluster["verdict"])))
    if counts["notChecked"]:
        parts.append(_("{count} not checked").format(count=counts["notChecked"]))
    if counts["accepted"]:
        parts.append(_("{count} accepted").format(count=counts["accepted"]))
    return Row(
        cluster,
        words.state_of_cluster(cluster),
        [*zip(words.cells(cluster), looks, strict=True)],
        words.first_problem(cluster),
        clauses(parts),
    )


def _lost(report: FleetReport) -> list[tuple[str, str]]:
    """Return the features that clusters lose, and how many clusters and nodes lose them."""
    found = []
    for place, title in enumerate(COLUMNS):
        features = [one["features"][place] for one in report["clusters"] if "features" in one]
        whole = sum(one["state"] == "lost" for one in features)
        some = [one for one in features if one["state"] == "some"]
        parts = []
        if whole:
            parts.append(_n("in {count} cluster", "in {count} clusters", whole))
        if some:
            nodes = sum(one["nodes"] for one in some)
            parts.append(
                _("on {nodes} of {clusters}").format(
                    nodes=_n("{count} node", "{count} nodes", nodes),
                    clusters=_n("{count} cluster", "{count} clusters", len(some)),
                )
            )
        if parts:
            found.append((_(title), listed(parts)))
    return found


def _to_do(report: FleetReport) -> list[tuple[str, str, str]]:
    """Return what to do as (anchor, text, explanation)."""
    found = []
    failed = report["summary"]["states"]["error"]
    if failed:
        told = _n(
            "Repair {count} cluster that cannot be checked",
            "Repair {count} clusters that cannot be checked",
            failed,
        )
        found.append(("clusters", told, ""))
    if report["problems"]:
        first = report["problems"][0]
        places = _n(
            "it concerns {count} cluster", "it concerns {count} clusters", len(first["clusters"])
        )
        found.append(("problems", labelled(_("Begin with"), first["title"]), places))
    if report["notChecked"]:
        required = sum(one["required"] for one in report["notChecked"])
        told = _n(
            "Collect facts for {count} open requirement",
            "Collect facts for {count} open requirements",
            len(report["notChecked"]),
        )
        found.append(("unknowns", told, _("{count} of them required").format(count=required)))
    if report["drift"] or report["shared"]:
        count = len(report["drift"]) + len(report["shared"])
        told = _n("Review {count} difference", "Review {count} differences", count)
        found.append(("drift", told, _("settings of the agents")))
    return found
