from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dfpolicy.reports.base import FORMATS, Style, renderer
from dfpolicy.reports.text import render
from support.html_reports import one_of_each

Json = dict[str, Any]
CROSS = "\N{MULTIPLICATION SIGN}"


def result(outcome: str, level: str = "required", **changes: Any) -> Json:
    base = {
        "id": "DF-K8S-001",
        "outcome": outcome,
        "level": level,
        "group": "kubernetes-info",
        "title": "The agent shares the host's process namespace",
        "subject": {"kind": "DaemonSet", "namespace": "ns", "name": "a", "container": "c"},
        "observed": "hostPID is false",
        "expected": "hostPID is true" if outcome == "violation" else "",
        "message": "m",
        "impact": ["AutoTagging", "AutoTracing"],
        "remediation": "Set `hostPID: true`.",
        "source": "SEED",
        "location": {"file": "f.yaml", "document": 2, "line": 7, "template": "c/templates/d.yaml"},
    }
    if outcome == "unknown":
        base["collect"] = "uname -r"
    return base | changes


def report(*results: Json, code: int = 0, **changes: Any) -> Json:
    agent = {"kind": "DaemonSet", "namespace": "ns", "name": "a", "container": "c"}
    return {
        "mode": {"name": "single-k8s", "source": "detected", "reason": "why", "candidates": []},
        "profile": "default",
        "exitCode": code,
        "summary": {
            "pass": 4,
            "violation": {"required": 1, "recommended": 2, "informational": 0},
            "unknown": 3,
            "waived": 0,
            "ignored": 0,
        },
        "agents": [{"subject": agent, "role": "collector", "image": "i:v7.1", "version": "7.1"}],
        "results": list(results),
        "waivers": {"unused": [], "expired": []},
    } | changes


def lines(*results: Json, code: int = 0, **style: Any) -> list[str]:
    return render(report(*results, code=code), Style(**style)).splitlines()


def test_the_head_says_mode_and_agents() -> None:
    head = lines()
    assert head[0] == "mode single-k8s (detected: why), profile default"
    assert head[1] == "collector DaemonSet ns/a · container c, i:v7.1 (7.1)"


def test_the_head_says_what_runs() -> None:
    subject = {"kind": "Deployment", "namespace": "ns", "name": "s"}
    running = [{"subject": subject, "role": "server", "image": "i:latest", "version": None}]
    head = render(report(running=running), Style()).splitlines()
    assert head[1] == "running server Deployment ns/s, i:latest (version unknown)"
    assert head[2].startswith("collector DaemonSet ns/a")


def test_a_violation_in_full() -> None:
    shown = lines(result("violation"))
    start = next(i for i, line in enumerate(shown) if line.startswith(f"  {CROSS}"))
    title = "DF-K8S-001 The agent shares the host's process namespace"
    assert " ".join(shown[start].split()) == f"{CROSS} {title} required"
    assert "DaemonSet ns/a · container c" in shown[start + 1]
    assert "c/templates/d.yaml (f.yaml:7)" in " ".join(shown[start + 1 : start + 3])
    told = {line.split()[0]: " ".join(line.split()[1:]) for line in shown[start + 2 :] if line}
    assert told["found"] == "hostPID is false"
    assert told["expected"] == "hostPID is true"
    assert told["lost"] == "AutoTagging, AutoTracing"
    assert told["fix"] == "Set `hostPID: true`."


@pytest.mark.parametrize(
    ("level", "mark"), [("required", CROSS), ("recommended", "!"), ("informational", "i")]
)
def test_marks_of_levels(level: str, mark: str) -> None:
    assert any(
        line.startswith(f"  {mark} DF-K8S-001") for line in lines(result("violation", level))
    )


def test_an_unknown_says_how_to_answer_it() -> None:
    shown = " ".join(lines(result("unknown", subject={"kind": "Node", "name": "*"}, location=None)))
    for part in ("? DF-K8S-001", "every node", "hostPID is false", "`uname -r`", "on each node"):
        assert part in shown
    one = " ".join(lines(result("unknown", subject={"kind": "Node", "name": "n1"}, location=None)))
    assert "on n1" in one


def test_passes_are_a_count_or_all() -> None:
    given_results = [result("pass"), result("pass", id="DF-K8S-002")]
    plain, more, less = (
        lines(*given_results, **style) for style in ({}, {"verbose": True}, {"quiet": True})
    )
    assert any("2 pass" in line for line in plain)
    assert not any("DF-K8S" in line for line in plain)
    assert sum("✓ DF-K8S" in line for line in more) == 2
    assert len(less) == 4


def test_quiet_shows_violations_only() -> None:
    shown = "\n".join(lines(result("violation"), result("unknown", id="DF-K8S-002"), quiet=True))
    assert "DF-K8S-001" in shown
    assert "DF-K8S-002" not in shown


def test_what_says_the_same_of_several_subjects_is_one_entry() -> None:
    same = [
        result("unknown", subject={"kind": "Node", "name": f"n{i}"}, location=None)
        for i in range(8)
    ]
    shown = lines(*same)
    assert sum("DF-K8S-001" in line for line in shown) == 1
    assert any(line.strip() == "and 3 more" for line in shown)


def test_the_last_line_counts_and_names_the_exit_code() -> None:
    for code, unicode, dash in ((0, True, "—"), (1, True, "—"), (1, False, "-")):
        last = lines(code=code, unicode=unicode)[-1]
        counts = (
            f"1 required violation, 2 recommended, 3 unknown, 4 pass, 0 waived {dash} exit {code}"
        )
        assert last.startswith(counts)


def test_groups_are_titled() -> None:
    shown = lines(result("violation"), result("pass", group="not-in-the-catalogue"))
    assert any(line.startswith("Kubernetes information") for line in shown)
    assert any(line.startswith("not-in-the-catalogue") for line in shown)


@pytest.mark.parametrize("width", [60, 100, 120])
def test_lines_fit(width: int) -> None:
    long = result("violation", observed="word " * 60, remediation="`a` " * 80, title="Short")
    # The last line is one sentence for people and scripts alike.
    assert max(map(len, lines(long, width=width)[:-1])) <= width


def test_colour_is_decoration_only() -> None:
    import re

    given_results = [result("violation"), result("unknown"), result("pass")]
    plain = render(report(*given_results), Style(verbose=True))
    painted = render(report(*given_results), Style(verbose=True, color=True))
    assert painted != plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == plain


def test_ascii_marks() -> None:
    shown = render(report(result("violation"), result("pass")), Style(verbose=True, unicode=False))
    assert shown.isascii()
    assert "  x DF-K8S-001" in shown
    assert "  + DF-K8S-001" in shown


@given(st.text(), st.text(min_size=1))
def test_no_text_of_a_manifest_steers_the_terminal(observed: str, name: str) -> None:
    subject = {"kind": "DaemonSet", "name": name, "namespace": observed}
    agent = {"subject": subject, "role": "collector", "image": name, "version": None}
    found = result("violation", observed=observed, subject=subject)
    shown = render(report(found, agents=[agent]), Style())
    assert all(char.isprintable() or char == "\n" for char in shown)


def test_the_table_of_formats() -> None:
    for name in FORMATS:
        assert renderer(name)(one_of_each(), Style()).endswith("\n")


def test_neighbours_that_one_answer_serves_show_it_once() -> None:
    same = {"observed": "not known: the roles", "collect": "kubectl get clusterroles -o yaml"}
    shown = lines(
        result("unknown", id="DF-RBAC-001", **same),
        result("unknown", id="DF-RBAC-002", **same),
        result("unknown", id="DF-RBAC-003", observed="not known: the token", collect="true"),
    )
    body = [line.strip() for line in shown[3:-2]]
    assert [line.split()[1] for line in body if line.startswith("?")] == [
        "DF-RBAC-001",
        "DF-RBAC-002",
        "DF-RBAC-003",
    ]
    assert body[1].startswith("? DF-RBAC-001")
    assert body[2].startswith("? DF-RBAC-002")
    assert [line for line in body if "the roles" in line] == [
        "not known: the roles · run `kubectl get clusterroles -o yaml`"
    ]


def test_violations_are_never_merged_across_requirements() -> None:
    shown = lines(result("violation", id="DF-NET-002"), result("violation", id="DF-NET-003"))
    assert sum("found" in line for line in shown) == 2


def test_unknown_nodes_say_where_their_answers_go() -> None:
    node = result("unknown", subject={"kind": "Node", "name": "*"})
    assert any("`dfpolicy schema node-facts`" in line for line in lines(node))
    assert not any("node-facts" in line for line in lines(node, quiet=True))
    assert not any("node-facts" in line for line in lines(result("unknown")))


WAIVER = {"reason": "tried it", "owner": "net team", "expires": "2027-01-31"}


@pytest.mark.parametrize("outcome", ["violation", "unknown"])
def test_what_is_waived_is_shown_apart(outcome: str) -> None:
    shown = lines(result(outcome, waiver=WAIVER))
    text = "\n".join(shown)
    assert "  ~ DF-K8S-001 " in text
    assert "waived    by net team until 2027-01-31: tried it" in text
    assert "found     hostPID is false" in text
    assert "expected" not in text
    assert "run `" not in text
    assert "DF-K8S-001" not in "\n".join(lines(result(outcome, waiver=WAIVER), quiet=True))


def test_a_waived_result_is_no_part_of_another_entry() -> None:
    other = {"kind": "DaemonSet", "namespace": "ns", "name": "b"}
    mixed = [result("violation"), result("violation", subject=other, waiver=WAIVER)]
    shown = [line.split()[0] for line in lines(*mixed) if "DF-K8S-001" in line]
    assert shown == [CROSS, "~"]
    same = [result("violation", subject={**other, "name": n}, waiver=WAIVER) for n in "bc"]
    assert sum("DF-K8S-001" in line for line in lines(*same)) == 1


def test_a_waived_node_asks_for_no_facts() -> None:
    node = result("unknown", subject={"kind": "Node", "name": "*"}, waiver=WAIVER)
    assert not any("node-facts" in line for line in lines(node))


def test_waivers_of_no_use_are_listed() -> None:
    entry = {"id": "DF-NET-002", "subject": "Pod/*", **WAIVER, "file": "dfpolicy.yaml", "line": 7}
    idle = {"unused": [entry], "expired": [entry | {"line": 9}]}
    shown = " ".join(" ".join(render(report(waivers=idle), Style()).split()).split())
    assert "expired DF-NET-002 Pod/* dfpolicy.yaml:9 is over" in shown
    assert "unused DF-NET-002 Pod/* dfpolicy.yaml:7 covers no violation and no unknown" in shown
    assert shown.count("by net team until 2027-01-31: tried it") == 2
    assert "Waivers" not in render(report(waivers=idle), Style(quiet=True))
    assert "Waivers" not in render(report(), Style())


def test_the_head_names_the_configuration() -> None:
    head = render(report(configuration="../dfpolicy.yaml"), Style()).splitlines()[0]
    assert head.endswith(", configuration ../dfpolicy.yaml")
