from __future__ import annotations

import re
from typing import Any
from unicodedata import east_asian_width

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dfpolicy.formats.base import Style
from dfpolicy.formats.text import render
from dfpolicy.i18n.language import speaking
from dfpolicy.model import Report, Result
from dfpolicy.pipeline import spoken
from support.inputs import PROPERTY
from support.reports import WAIVER, agent, feature_row, idle_waiver, node, report, reports, result

# East Asian terminals draw ambiguous characters two columns wide; Chinese quotes are wide anyway.
AMBIGUOUS = "×·…—→"


def lines(*results: Result, **style: Any) -> list[str]:
    return render(report(*results, agents=[agent()]), Style(**style)).splitlines()


def columns(line: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in line)


def test_the_order_is_that_of_a_reader() -> None:
    invocation = {"command": "eval", "sources": ["a.yaml"], "facts": []}
    rows = [feature_row(name, kprobe="yes") for name in ("a", "b")]
    made = report(
        result(impact=["All features"]),
        result("violation", "recommended", id="DF-K8S-002", **node("a")),
        result("pass", id="DF-K8S-002", **node("b")),
        result("unknown", id="DF-K8S-003"),
        features=rows,
        invocation=invocation,
    )
    told = render(made, Style())
    order = [
        *("DO NOT DEPLOY - 1 problem blocks (1 of 3 requirements).", "\nagent   DaemonSet"),
        *("\nmode    single-k8s", "\nnodes   2 read; 2 get an agent", "\nBLOCKS\n 1 ✗ hostPID"),
        *("\n     Must be: hostPID is true (f.yaml:7)", "\nLOSES\n 2 ! 1 node: hostPID is false"),
        "Lost: part of AutoTagging, part of AutoTracing, on these nodes.",
        *(
            "\nWHAT EACH NODE GETS",
            "as it is now",
            "with problem 1 fixed:",
            "\nCHANGE\n 1, 2  Set `hostPID: true`.",
        ),
        *("\nNOT CHECKED  1 requirement, which is required", "dfpolicy check --deep a.yaml"),
        "\n3 requirements: 1 blocks, 1 loses, 0 notes, 1 not checked, 0 met. Exit 1.\n",
    ]
    places = [told.find(part) for part in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)
    assert told.endswith(order[-1])


def test_quiet_is_the_verdict_and_a_line_for_each_problem_that_blocks() -> None:
    found = [result(observed="x " * 200), result("violation", "recommended", id="DF-K8S-002")]
    head, line = lines(*found, quiet=True)
    assert head.startswith("DO NOT DEPLOY - 1 problem blocks")
    assert line.startswith(" 1 ✗ x x")
    assert line.endswith("  DF-K8S-001")
    (alone,) = lines(result("pass"), quiet=True)
    assert alone == "DEPLOYABLE - the 1 requirement is met."
    made = report(
        result("unknown"),
        strict=True,
        invocation={"command": "eval", "sources": ["a.yaml"], "facts": []},
    )
    first, second = render(made, Style(quiet=True)).splitlines()
    assert first.startswith(
        "CANNOT TELL - nothing blocks, but 1 required fact is not checked, and "
    )
    assert second == " ? nodes 1    to check them: dfpolicy check --deep a.yaml --mode single-k8s"


def test_only_verbose_lists_what_is_met() -> None:
    found = [result("pass"), result("violation", "informational", id="DF-K8S-002")]
    assert not any("DF-K8S" in line for line in lines(*found))
    told = "\n".join(lines(*found, verbose=True))
    assert "NOTE\n  - hostPID is false (f.yaml:7)" in told
    assert (
        "   ✓ DF-K8S-001 R The agent shares the host's process namespace: hostPID is false" in told
    )
    assert "Kubernetes information  1 of 2 met" in told


def test_what_is_accepted_does_not_count() -> None:
    found = [result(waiver=WAIVER), result(id="DF-K8S-002", known=True)]
    brief = " ".join(" ".join(lines(*found)).split())
    assert "2 accepted" in brief
    assert "nothing else is lost; 2 accepted problems cost AutoTagging, AutoTracing." in brief
    assert "~ DF-K8S-001 hostPID is false; until 2030-01-31: replaced in June" in brief
    told = " ".join(" ".join(lines(*found, verbose=True)).split())
    lost = "lost: AutoTagging, AutoTracing"
    assert f"hostPID is false; {lost}; by platform until 2030-01-31: replaced in June" in told
    assert f"~ DF-K8S-002 hostPID is false; {lost}; known from the baseline" in told


def test_unused_and_expired_waivers_are_listed() -> None:
    idle = {"unused": [idle_waiver("Pod/*")], "expired": []}
    told = " ".join(render(report(result("pass"), waivers=idle), Style()).split())
    assert "WAIVERS - DF-K8S-001 Pod/* needs no waiver: it is met" in told
    assert "WAIVERS" not in render(report(waivers=idle), Style(quiet=True))


def test_names_are_in_natural_order_three_and_a_count() -> None:
    bad = [result(**node(f"ip-10-3-0-{number}")) for number in (10, 2, 30, 4, 1)]
    told = "\n".join(lines(*bad, result("pass", **node("a"))))
    assert "5 OF 6 NODES CANNOT TRACE" not in told
    assert "ip-10-3-0-1, ip-10-3-0-2, ip-10-3-0-4 +2 more" in told


def test_a_problem_on_some_nodes_has_its_own_headline_and_can_be_accepted() -> None:
    found = [result(impact=["AutoTracing"], **node("a")), result("pass", **node("b"))]
    told = lines(*found)
    assert told[0].startswith("1 OF 2 NODES CANNOT TRACE - 1 problem blocks (1 of 1 requirements).")
    assert '       dfpolicy waive DF-K8S-001 --reason "..." --owner "..."' in told
    # What else blocks the node does not change that.
    other = result(id="DF-K8S-002", impact=["AutoProfiling"], **node("a"))
    assert lines(*found, other)[0].startswith("1 OF 2 NODES CANNOT TRACE - 2 problems block ")
    part = result(impact=["AutoTracing of Go and OpenSSL"], **node("a"))
    assert lines(part, result("pass", **node("b")))[0].startswith("1 OF 2 NODES ARE BLOCKED - ")


@settings(PROPERTY, max_examples=50)
@given(reports(), st.sampled_from([20, 72, 80, 100, 200]), st.booleans())
def test_lines_fit(made: Report, width: int, verbose: bool) -> None:
    limit = min(max(width, 72), 100)
    for line in render(made, Style(width=width, verbose=verbose)).splitlines():
        # A word wider than a line is not broken.
        assert columns(line) <= limit or max(map(columns, line.split())) > limit - 40
        assert not set(line) & set(AMBIGUOUS)


@pytest.mark.parametrize("code", ["en", "zh"])
@pytest.mark.parametrize("verbose", [False, True])
def test_no_sign_is_ambiguous(code: Any, verbose: bool) -> None:
    made = spoken(report(result(observed="a × b · c … d — e → f"), result("unknown")), code)
    with speaking(code):
        told = render(made, Style(verbose=verbose))
    assert not set(told) & set(AMBIGUOUS)
    assert "a x b - c ... d - e -> f" in told


def test_colour_is_decoration_only() -> None:
    found = [result(), result("violation", "recommended", id="DF-K8S-002"), result("unknown")]
    plain = render(report(*found), Style(verbose=True))
    painted = render(report(*found), Style(verbose=True, color=True))
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == plain
    # Bold, and the standard colours: the terminal decides what is light or dark.
    assert set(re.findall(r"\x1b\[([0-9;]*)m", painted)) == {"0", "1", "31", "33", "1;31", "1;33"}


@pytest.mark.parametrize("color", [True, False])
def test_only_the_style_decides_on_colour(color: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    told = render(report(result()), Style(color=color))
    for name, value in {"NO_COLOR": "1", "FORCE_COLOR": "1", "TERM": "dumb"}.items():
        monkeypatch.setenv(name, value)
        assert render(report(result()), Style(color=color)) == told
    assert ("\x1b" in told) == color


def test_nothing_in_a_text_is_markup() -> None:
    text = "[red]a[/red] [link=https://example.com]b[/link] :smile: [/] 10.0.0.1"
    assert text in render(report(result(observed=text)), Style(color=True))


def test_ascii_marks() -> None:
    found = [result(), result("pass", id="DF-K8S-002")]
    told = render(report(*found), Style(verbose=True, unicode=False))
    assert told.isascii()
    assert "\n 1 x hostPID" in told
    assert "   okDF-K8S-002" in told or "   ok DF-K8S-002" in told


def test_an_accepted_problem_removes_features_in_the_matrix() -> None:
    rows = [feature_row(name, kprobe="yes") for name in ("a", "b")]
    lost = result(impact=["AutoProfiling"], known=True, **node("a"))
    told = render(report(lost, result("pass", **node("b")), features=rows), Style())
    assert "no ~" in told
    assert "~: lost by an accepted problem." in told


def test_without_room_each_problem_still_names_nodes_and_what_is_lost() -> None:
    found = [result(id=f"DF-X-{number:03}", **node("a")) for number in range(15)]
    told = " ".join(lines(*found, result("pass", **node("b"))))
    assert told.count("     a. Lost: AutoTagging, AutoTracing.") > 5
    assert "details: -v" in told
