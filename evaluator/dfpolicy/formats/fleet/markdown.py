"""The report on many clusters in Markdown, for the summary of a CI job or a ticket."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dfpolicy.formats.base import Style
from dfpolicy.formats.fleet import words
from dfpolicy.formats.headline import both
from dfpolicy.formats.markup import code, folded, item, plain, table
from dfpolicy.formats.wording import names
from dfpolicy.i18n.escaping import cleaned
from dfpolicy.i18n.language import _, listed
from dfpolicy.report.fleet_shapes import ClusterReport, FleetReport

# Longer tables are not read; the HTML page and JSON have everything.
_CLUSTERS, _PROBLEMS, _KINDS, _DRIFT = 50, 20, 20, 20


def render(report: FleetReport, style: Style) -> str:
    """Return the report as Markdown of bounded length."""
    text = "\n".join(_lines(cleaned(report))) + "\n"
    return text if style.unicode else text.encode("ascii", "xmlcharrefreplace").decode()


def _lines(report: FleetReport) -> Iterator[str]:
    yield f"## {plain(words.headline(report))}"
    yield ""
    meaning, nodes = words.meaning(report), words.nodes(report)
    yield plain(both(meaning, nodes) if meaning else nodes, 1000)
    yield ""
    header = [_("Cluster"), _("State"), *map(_, words.FEATURES), _("Found")]
    yield from table(header, map(_row, report["clusters"][:_CLUSTERS]))
    yield from _more(len(report["clusters"]) - _CLUSTERS)
    yield from _section(
        _("Problems"),
        [_("Problem"), _("Requirements"), _("Clusters")],
        [
            [plain(one["title"]), code(listed(one["ids"][:3])), plain(words.places(one))]
            for one in report["problems"]
        ],
        _PROBLEMS,
    )
    yield from _section(
        _("Kinds of nodes: what the kernels support, whatever else blocks"),
        [
            _("System"),
            _("Nodes"),
            _("Blocked"),
            _("Tracing"),
            _("Go/TLS*"),
            _("Profiling"),
            _("Clusters"),
        ],
        [
            [
                plain(words.system(one)),
                str(one["nodes"]),
                str(one["blocked"]),
                *words.supports(one),
                plain(names(one["clusters"])),
            ]
            for one in report["kinds"]
        ],
        _KINDS,
    )
    yield from _section(
        _("Not checked"),
        [_("Missing"), _("Requirements"), _("Clusters")],
        [
            [plain(what), str(count), plain(words.clusters_of(clusters))]
            for what, count, clusters in words.open_questions(report)
        ],
        _KINDS,
    )
    yield from _section(
        _("Drift"),
        [_("Setting"), _("Values")],
        [
            [
                code(words.setting(one)),
                "<br>".join(
                    f"{code(value)} {plain(where)}" for value, where in words.values(one)[:5]
                ),
            ]
            for one in report["drift"]
        ],
        _DRIFT,
    )
    for told in words.shared(report["shared"]):
        yield item(told)
    waivers = words.idle_waivers(report)
    if waivers:
        yield ""
        yield from folded(plain(_("Waivers to review")), map(item, waivers[:_DRIFT]))
    yield ""
    yield plain(words.exits(report))


def _row(cluster: ClusterReport) -> list[str]:
    failed = "error" in cluster
    told = words.error(cluster) if failed else words.first_problem(cluster)
    return [
        f"**{plain(cluster['name'])}**",
        plain(words.state_of("error") if failed else words.state_of_cluster(cluster)),
        *map(plain, words.cells(cluster)),
        plain(told, 500),
    ]


def _section(title: str, header: Iterable[str], rows: list[list[str]], most: int) -> Iterator[str]:
    if not rows:
        return
    yield ""
    yield f"### {plain(title)}"
    yield ""
    yield from table(header, rows[:most])
    yield from _more(len(rows) - most)
    yield ""


def _more(count: int) -> Iterator[str]:
    if count > 0:
        yield ""
        yield _("and {count} more").format(count=count)
