"""The clusters of a fleet as CSV, a line for each, for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator

from dfpolicy.formats.base import Style
from dfpolicy.formats.fleet import words
from dfpolicy.i18n.escaping import cleaned, csv_text
from dfpolicy.i18n.language import _, listed, marked
from dfpolicy.report.fleet import blocked_nodes
from dfpolicy.report.fleet_shapes import ClusterReport, FleetReport

_HEADER = (
    *(marked("cluster"), marked("state"), marked("exit code")),
    *words.FEATURES,
    *(marked("nodes"), marked("blocked nodes"), marked("blocks"), marked("loses")),
    *(marked("notes"), marked("not checked"), marked("accepted"), marked("met")),
    *(marked("agent version"), marked("mode"), marked("first problem or error"), marked("source")),
)


def render(report: FleetReport, style: Style) -> str:
    """Return a header and a line for each cluster, the worst one first."""
    text = csv_text([[_(name) for name in _HEADER], *_rows(cleaned(report))])
    return text if style.unicode else text.encode("ascii", "replace").decode()


def _rows(report: FleetReport) -> Iterator[list[str]]:
    for cluster in report["clusters"]:
        head = [
            cluster["name"],
            words.state_of(cluster["state"]),
            str(cluster["exitCode"]),
            *words.cells(cluster),
        ]
        if "verdict" in cluster:
            yield [*head, *_checked(cluster), cluster["source"]]
        else:
            yield [*head, *[""] * 10, words.error(cluster), cluster["source"]]


def _checked(cluster: ClusterReport) -> list[str]:
    verdict = cluster["verdict"]
    counts = verdict["counts"]
    versions = dict.fromkeys(
        agent["version"] for agent in cluster["agents"] if agent["version"] is not None
    )
    numbers = (
        *(verdict["nodes"]["judged"], blocked_nodes(verdict), counts["blocks"], counts["loses"]),
        *(counts["notes"], counts["notChecked"], counts["accepted"], counts["met"]),
    )
    return [
        *map(str, numbers),
        listed(versions),
        cluster["mode"]["name"],
        words.first_problem(cluster),
    ]
