"""The report on many clusters in each format."""

from __future__ import annotations

import csv
import io
from html.parser import HTMLParser

import pytest

from dfpolicy.formats.base import Style
from dfpolicy.formats.base import renderer as renderer_of_one
from dfpolicy.formats.fleet.words import to_check
from dfpolicy.formats.fleets import FORMATS, renderer
from dfpolicy.i18n.language import speaking
from dfpolicy.model import Language
from dfpolicy.report.fleet import fleet_report
from dfpolicy.report.fleet_shapes import FleetReport
from support.fleets import broken, cluster, hostile
from support.reports import feature_row, report, result

FINE = report(result("pass"))
BLOCKED = report(result())
VOID = {"meta", "link", "input", "br"}


def fleet(language: Language = "en") -> FleetReport:
    nodes = [{"kind": "Node", "name": f"node-{number}"} for number in range(3)]
    some = report(
        *(result("violation" if at else "pass", subject=one) for at, one in enumerate(nodes)),
        features=[feature_row(one["name"]) for one in nodes],
    )
    settings = [{"object": "DaemonSet a", "path": "hostNetwork", "value": "true"}]
    other = [{**settings[0], "value": "false"}]
    with speaking(language):
        return fleet_report(
            [
                *(cluster(f"fine-{at}", FINE, agentSettings=settings) for at in range(30)),
                cluster("porto", BLOCKED, agentSettings=other),
                cluster("faro", some),
                broken("lisbon"),
            ],
            language,
        )


def shown(name: str, **style: bool) -> str:
    return renderer(name)(fleet(), Style(**style))


def test_text_is_bounded_and_folds_what_is_alike() -> None:
    text = shown("text")
    assert text.startswith("2 OF 33 BLOCKED - 33 clusters: 1 cannot be checked, 1 blocked, 1")
    assert "fine-0 +29 more" in text
    assert len(text.splitlines()) < 60
    assert "clusters/lisbon/a.yaml:3: not valid YAML" in text
    assert "2 of 3 nodes blocked: hostPID is false (DF-K8S-001)" in text
    assert text.endswith("Exit 2, the highest of all clusters.\n")
    assert "fine-29" in shown("text", verbose=True)


def test_facts_of_a_cluster_of_one_file_get_a_directory() -> None:
    def command(*sources: str) -> str:
        open_ = report(result("unknown"))
        found = [
            cluster(name, open_, source=name, command=f"dfpolicy eval {name}") for name in sources
        ]
        return to_check(fleet_report(found, "en"))

    collect = "dfpolicy collect cluster --deep --context CONTEXT -o yaml="
    assert command("a b.yaml") == f"mkdir 'a b' && cp 'a b.yaml' 'a b' && {collect}'a b/facts.yaml'"
    assert command("a.yaml", "c/") == f"{collect}c/facts.yaml"


def test_quiet_text_names_only_clusters_that_do_not_exit_with_zero() -> None:
    text = shown("text", quiet=True)
    assert all(name in text for name in ("lisbon", "porto", "faro"))
    assert "fine" not in text
    assert "DRIFT" not in text


def test_csv_has_a_line_for_each_cluster() -> None:
    rows = [*csv.DictReader(io.StringIO(shown("csv")))]
    assert [row["cluster"] for row in rows[:4]] == ["lisbon", "porto", "faro", "fine-0"]
    assert [row["exit code"] for row in rows[:4]] == ["2", "1", "1", "0"]
    assert [row["Tagging"] for row in rows[:4]] == ["", "no", "no: 2 of 3", "yes"]
    assert rows[0]["first problem or error"] == "clusters/lisbon/a.yaml:3: not valid YAML"


def test_what_takes_everything_has_the_same_word_as_in_the_report_on_one_cluster() -> None:
    lost = report(result(impact=["Server connection", "AutoTracing"]))
    made = fleet_report([cluster("porto", lost)], "en")
    page = renderer("html")(made, Style())
    assert "<dd>everything</dd>" in page
    assert "Server connection" not in page
    assert "Lost: everything." in renderer_of_one("text")(lost, Style())


class _Page(HTMLParser):
    """Checks that each element is closed, and collects IDs and links."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        self.ids += [held["id"] or ""] if "id" in held else []
        self.links += [(held["href"] or "")[1:]] if tag == "a" else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("made", [fleet(), hostile(), fleet_report([broken("a")], "en")])
def test_every_element_of_the_page_is_closed_and_every_link_leads_somewhere(
    made: FleetReport,
) -> None:
    page = _Page(renderer("html")(made, Style()))
    assert page.open == []
    assert len({*page.ids}) == len(page.ids)
    assert {*page.links} <= {*page.ids}


@pytest.mark.parametrize("name", [*FORMATS])
def test_each_format_shows_chinese_and_names_each_broken_cluster(name: str) -> None:
    with speaking("zh"):
        text = renderer(name)(fleet("zh"), Style())
    assert "lisbon" in text
    assert "hostPID" in text
    if name != "json":
        assert "无法检查" in text
        assert "cannot be checked" not in text
