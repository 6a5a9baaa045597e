"""The Markdown as GitHub shows it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from dfpolicy.formats.base import Style
from dfpolicy.formats.markdown import render
from dfpolicy.formats.markup import code, item, plain, prose, table
from dfpolicy.i18n.escaping import cleaned
from dfpolicy.model import Report
from support import reports
from support.inputs import PROPERTY
from support.markdown import Page, harmless


def page(report: Report) -> Page:
    return Page(render(report, Style()))


@pytest.mark.parametrize("case", sorted(reports.CASES))
def test_no_text_becomes_markup(case: str) -> None:
    harmless(page(reports.CASES[case]()))


@settings(PROPERTY, max_examples=60)
@given(reports.reports())
def test_no_text_ever_becomes_markup(report: Report) -> None:
    harmless(page(report))


@pytest.mark.parametrize("text", reports.HOSTILE)
def test_a_text_shows_as_it_is(text: str) -> None:
    wanted = " ".join(cleaned(text).split())
    clean = cleaned(text)
    for lines in (
        table(["a", "b"], [[code(clean, 9000), plain(clean, 9000)]]),
        ["", item(clean, 9000)],
    ):
        found = Page("\n".join(lines))
        harmless(found)
        shown = found.cells[2:] if found.cells else [found.text]
        assert [" ".join(cell.split()) for cell in shown] == [wanted] * len(shown)


def test_backticks_of_prose_are_code() -> None:
    assert prose("Set `a|b: <c>` to `x`.") == (
        "Set <code>a&#124;b: &#60;c&#62;</code> to <code>x</code>."
    )
    assert prose("one ` alone") == "one &#96; alone"


def test_the_order_is_that_of_a_reader() -> None:
    text = render(
        reports.report(
            reports.result(),
            reports.result("violation", "recommended", id="DF-K8S-002"),
            reports.result("unknown", id="DF-EBPF-001", group="ebpf"),
            reports.result(id="DF-K8S-004", waiver=reports.WAIVER),
            reports.result("pass", id="DF-NET-001"),
        ),
        Style(),
    )
    order = [
        "## ✗ Do not deploy\n",
        "1 problem blocks (1 of 5 requirements). You lose AutoTagging, AutoTracing. <code>",
        "| ✗ **1** | hostPID is false | AutoTagging, AutoTracing | <code>f.yaml:7</code>",
        "| ! **2** | hostPID is false | part of AutoTagging, part of AutoTracing |",
        "### Accepted",
        "| hostPID is false | AutoTagging, AutoTracing | DF-K8S-004 | by platform until 2030-01-31",
        "### Change",
        "- **1, 2** Set <code>hostPID: true</code>.",
        "Not checked: 1 requirement, which is required. To check them: <code>",
        "| nodes | DF-EBPF-001 |",
        "<sub>5 requirements: 1 blocks, 1 loses, 0 notes, 1 not checked, 1 accepted, 1 met. Exit 1",
    ]
    positions = [text.find(part) for part in order]
    assert -1 not in positions, order[positions.index(-1)]
    assert positions == sorted(positions)


def test_a_report_without_findings_has_no_empty_section() -> None:
    text = render(reports.report(reports.result("pass")), Style())
    assert "###" not in text
    assert "<details>" not in text
    assert text.startswith("## ✓ Deployable\n\nThe 1 requirement is met. ")


def test_servers_and_what_is_not_judged_are_named() -> None:
    unjudged = [reports.INSTALLER, *[{**reports.INSTALLER, "command": ""}] * 20]
    text = render(reports.report(servers=[reports.server()], unjudged=unjudged), Style())
    assert ", <code>compose.yaml</code> v7.1, mode" in text
    section = text.partition("### Not judged\n\n")[2].splitlines()
    assert section[0] == (
        "- <code>HelmRelease flux/deepflow</code>. To judge what it installs: "
        "<code>helm template deepflow deepflow/deepflow &#124; dfpolicy eval -</code>"
    )
    assert section[1] == "- <code>HelmRelease flux/deepflow</code>"
    assert section[20] == "- and 1 more"


def test_nodes_are_three_names_and_a_count() -> None:
    nodes = [reports.result(**reports.node(f"n{number}")) for number in range(1000)]
    text = render(reports.report(*nodes, reports.result("pass", **reports.node("m"))), Style())
    assert "<code>n0, n1, n2 +997 more</code>" in text
    assert text.count("DF-K8S-001") == 2
    assert "dfpolicy waive DF-K8S-001" in text


def test_10000_results_fit_a_job_summary() -> None:
    results = [
        reports.result(
            ("violation", "unknown")[number % 2],
            observed=f"{number} " + "<" * 1000,
            id=f"DF-XX-{number % 60:03}",
            location=None,
            subject={"kind": "Node", "name": f"{number}" + "|" * 1000},
        )
        for number in range(10_000)
    ]
    text = render(reports.report(*results), Style())
    assert len(text.encode()) < 1 << 20
    assert "and 10 more problems" in text
    harmless(Page(text))


def test_waivers_that_cover_nothing_are_named() -> None:
    waiver = reports.idle_waiver("DaemonSet a/*")
    text = render(
        reports.report(reports.result("pass"), waivers={"unused": [waiver], "expired": []}),
        Style(),
    )
    assert (
        "| **DF-K8S-001** | <code>DaemonSet a/&#42;</code> | <code>dfpolicy.yaml:4</code> |"
        " by platform until 2030-01-31: replaced in June |"
        " needs no waiver: it is met |"
    ) in text
