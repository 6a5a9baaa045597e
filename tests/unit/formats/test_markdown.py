"""The Markdown as a reader of GitHub's kind shows it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from dfpolicy.formats.base import Style
from dfpolicy.formats.content import cleaned
from dfpolicy.formats.markdown import render
from dfpolicy.formats.markup import code, item, plain, prose, table
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


def test_the_head_tells_the_verdict_the_loss_and_the_counts() -> None:
    lines = render(
        reports.report(reports.result(), reports.result("violation", "recommended", impact=["X"])),
        Style(),
    ).splitlines()
    assert lines[0] == "## DeepFlow's requirements are violated"
    assert "Mode **single-k8s**, profile **default**." in lines
    assert "**Lost:** AutoTagging, AutoTracing." in lines
    assert "| 1 | 1 | 0 | 0 | 0 | 0 | 0 |" in lines


def test_sections() -> None:
    text = render(
        reports.report(
            reports.result(),
            reports.result("unknown", group="ebpf"),
            reports.result(waiver=reports.WAIVER),
            reports.result("pass"),
            features=[reports.feature_row("a", "two agents break each other")],
        ),
        Style(),
    )
    order = [
        *("### Violations", "#### Kubernetes information", "### Unknown", "#### eBPF"),
        *("uname -r", "### Waived", "by platform until 2030-01-31", "What to change"),
        *("Set <code>hostPID: true</code>.", "What DeepFlow can see on each node"),
        "- two agents break each other",
    ]
    positions = [text.index(part) for part in order]
    assert positions == sorted(positions)


def test_a_report_without_findings_has_no_empty_section() -> None:
    text = render(reports.report(reports.result("pass")), Style())
    assert "###" not in text
    assert "<details>" not in text
    assert text.startswith("## DeepFlow's requirements are met\n")


def test_results_that_say_the_same_share_a_row() -> None:
    nodes = [
        reports.result("unknown", location=None, subject={"kind": "Node", "name": f"n{number}"})
        for number in range(1000)
    ]
    text = render(reports.report(*nodes), Style())
    assert (
        "<code>Node n0</code><br><code>Node n1</code><br><code>Node n2</code><br>and 997 more"
        in text
    )
    assert text.count("DF-K8S-001") == 1


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
    assert text.splitlines()[-1].split(" ", 1)[1].startswith("lines are omitted;")
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
        " covers no violation and no unknown |"
    ) in text
