from __future__ import annotations

from typing import Any
from unicodedata import east_asian_width

import pytest

from dfpolicy.formats.base import Style
from dfpolicy.formats.text import render
from dfpolicy.model import Outcome, Result
from support.reports import agent, chinese, node, report, result

Json = dict[str, Any]
CROSS = "\N{MULTIPLICATION SIGN}"
WAIVER = {"reason": "tried it", "owner": "net team", "expires": "2027-01-31"}


def lines(*results: Result, **style: Any) -> list[str]:
    return render(report(*results, agents=[agent()]), Style(**style)).splitlines()


def columns(line: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in line)


def test_the_head_says_mode_and_agents() -> None:
    mode = {"name": "single-k8s", "source": "detected", "reason": "why", "candidates": []}
    head = render(report(mode=mode, agents=[agent()]), Style()).splitlines()
    assert head[0] == "mode single-k8s (detected: why), profile default"
    assert head[1] == "collector DaemonSet deepflow/agent-0 · container agent, i:v7.1 (7.1)"
    mode |= {"candidates": ["multi-k8s", "upgrade"]}
    head = render(report(mode=mode), Style()).splitlines()
    assert head[0].startswith(
        "mode single-k8s (detected: why; also possible: multi-k8s, upgrade), "
    )


def test_many_agents_that_are_alike_are_counted() -> None:
    agents = [*map(agent, range(8)), agent(8, version="7.0"), agent(9, role="watcher")]
    told = render(report(agents=agents), Style()).splitlines()
    names = [line.split()[2].partition("/")[2] for line in told[1:8]]
    assert names == [f"agent-{number}" for number in (0, 1, 2, 3, 4, 8, 9)]
    assert told[8:10] == ["and 3 more", ""]
    assert render(report(agents=agents), Style(verbose=True)).count("agent-") == len(agents)


def test_a_violation_in_full() -> None:
    shown = lines(result("violation"))
    start = next(i for i, line in enumerate(shown) if line.startswith(f"  {CROSS}"))
    title = "DF-K8S-001 The agent shares the host's process namespace"
    assert " ".join(shown[start].split()) == f"{CROSS} {title} required"
    assert "DaemonSet deepflow/deepflow-agent · container agent" in shown[start + 1]
    assert "c/templates/d.yaml (f.yaml:7)" in " ".join(shown[start + 1 : start + 3])
    told = {line.split()[0]: " ".join(line.split()[1:]) for line in shown[start + 2 :] if line}
    assert told["found"] == "hostPID is false"
    assert told["expected"] == "hostPID is true"
    assert told["lost"] == "AutoTagging, AutoTracing"
    assert told["fix"] == "Set `hostPID: true`."


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
    assert "on each of these nodes" in " ".join(shown)
    assert sum("  Node n" in line for line in shown) == 5
    assert sum("  Node n" in line for line in lines(*same, verbose=True)) == 8


def test_the_last_line_counts_and_names_the_exit_code() -> None:
    results = [result(), result("violation", "recommended"), result("unknown"), result("pass")]
    counts = "1 required violation, 1 recommended, 1 unknown, 1 pass, 0 waived"
    for code, unicode, dash in ((0, True, "—"), (1, True, "—"), (1, False, "-")):
        told = render(report(*results, exitCode=code), Style(unicode=unicode)).splitlines()[-1]
        assert told.startswith(f"{counts} {dash} exit {code} (")
    summary = report(result("violation", "informational"))["summary"] | {"ignored": 2}
    told = render(report(summary=summary), Style()).splitlines()[-1]
    assert told.startswith("0 required violations, 0 recommended, 1 informational, 0 unknown, ")
    assert ", 0 waived, 2 ignored — " in told


@pytest.mark.parametrize("width", [20, 40, 60, 100, 120])
@pytest.mark.parametrize("word", ["word ", "发现宿主机的 eBPF 功能、", "发现"])
def test_lines_fit(width: int, word: str) -> None:
    text = word * 40
    long = [
        result(observed=text, remediation="`a` " * 80, title=text),
        result("unknown", observed=text, title="Short"),
        result("violation", "informational", waiver=WAIVER | {"reason": text}),
    ]
    told = lines(*long, width=width)
    # The first line and the last are one sentence each, for people and scripts alike.
    body = told[1:-1]
    assert max(map(columns, body)) <= max(width, 40)
    heads = [line for line in body if line.endswith(("required", "informational"))]
    assert len(heads) == 3
    assert set(map(columns, heads)) == {max(width, 40)}


def test_chinese_breaks_between_characters_but_not_before_a_mark() -> None:
    text = "\u4e2d" * 12 + "\uff0c" + "\u6587" * 3
    told = lines(result(observed=text, title="T"), width=40)
    start = next(place for place, line in enumerate(told) if "found" in line)
    assert [line.strip() for line in told[start : start + 2]] == [
        "found     " + "\u4e2d" * 11,
        "\u4e2d\uff0c" + "\u6587" * 3,
    ]


def test_colour_is_decoration_only() -> None:
    import re

    given_results = [result("violation"), result("unknown"), result("pass")]
    plain = render(report(*given_results), Style(verbose=True))
    painted = render(report(*given_results), Style(verbose=True, color=True))
    assert painted != plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == plain
    # Bold, and the standard colours: what is light or dark is for the terminal to say.
    assert set(re.findall(r"\x1b\[([0-9;]*)m", painted)) == {"0", "1", "31", "32", "36"}


@pytest.mark.parametrize("color", [True, False])
def test_the_style_alone_decides_on_colour(color: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    told = render(report(result()), Style(color=color))
    for name, value in {
        "NO_COLOR": "1",
        "FORCE_COLOR": "1",
        "TERM": "dumb",
        "COLORTERM": "truecolor",
        "COLUMNS": "50",
    }.items():
        monkeypatch.setenv(name, value)
        assert render(report(result()), Style(color=color)) == told
    assert ("\x1b" in told) == color


@pytest.mark.parametrize("color", [True, False])
def test_nothing_in_a_text_is_markup(color: bool) -> None:
    text = "[red]a[/red] [link=https://example.com]b[/link] :smile: [/] 10.0.0.1"
    told = render(report(result(title=text, observed=text, group=text)), Style(color=color))
    assert told.count(text) == 3
    assert told.count("\x1b") == (6 if color else 0)


def test_ascii_marks() -> None:
    shown = render(report(result("violation"), result("pass")), Style(verbose=True, unicode=False))
    assert shown.isascii()
    assert "  x DF-K8S-001" in shown
    assert "  + DF-K8S-001" in shown


def test_the_level_is_at_the_margin_in_ascii_too() -> None:
    told = lines(*chinese()["results"], unicode=False)
    heads = [line for line in told if "DF-K8S-" in line]
    assert len(heads) == 7
    assert {len(line) for line in heads} == {100}
    assert "?" * 15 in heads[0]


def test_violations_are_never_merged_across_requirements() -> None:
    shown = lines(result("violation", id="DF-NET-002"), result("violation", id="DF-NET-003"))
    assert sum("found" in line for line in shown) == 2


def test_unknown_nodes_say_where_their_answers_go() -> None:
    node = result("unknown", subject={"kind": "Node", "name": "*"})
    assert "`dfpolicy schema node-facts`" in " ".join(lines(node))
    assert not any("node-facts" in line for line in lines(node, quiet=True))
    assert not any("node-facts" in line for line in lines(result("unknown")))


@pytest.mark.parametrize("outcome", ["violation", "unknown"])
def test_what_is_waived_is_shown_apart(outcome: Outcome) -> None:
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
    assert "expired DF-NET-002 Pod/* dfpolicy.yaml:9 expired" in shown
    assert "unused DF-NET-002 Pod/* dfpolicy.yaml:7 covers no violation and no unknown" in shown
    assert shown.count("by net team until 2027-01-31: tried it") == 2
    assert "Waivers" not in render(report(waivers=idle), Style(quiet=True))
    assert "Waivers" not in render(report(), Style())


def test_very_many_findings_are_counted() -> None:
    many = [result(observed=f"fact {number}", **node(f"n{number}")) for number in range(9)]
    many += [result(observed="fact 7", **node(f"m{number}")) for number in range(3)]
    told = lines(*many, result("unknown"), result("violation", "recommended"))
    found = [line.split()[-1] for line in told if line.startswith("      found     fact")]
    assert found == ["0", "1", "2", "3", "7"]
    place = told.index("    and 4 more with other findings; -v or -o json shows all")
    assert told[place - 1].strip().startswith("fix")
    assert sum("with other findings" in line for line in told) == 1
    assert sum("DF-K8S-001" in line for line in told) == 5 + 2
    assert "and 1 more with another finding; " in "\n".join(lines(*many[:6]))
    every = "\n".join(lines(*many, verbose=True))
    assert every.count("  found") == 9
    assert "more" not in every


def test_what_is_left_out_is_no_part_of_the_next_requirement() -> None:
    many = [result("unknown", observed=f"fact {number}") for number in range(6)]
    told = lines(*many, result("unknown", id="DF-K8S-002", observed="fact 4"))
    place = next(i for i, line in enumerate(told) if "with another finding" in line)
    assert "DF-K8S-002" in told[place + 1]


def test_very_many_waived_or_informational_findings_hide_no_required_one() -> None:
    many = [result("violation", "informational", observed=f"fact {i}") for i in range(99)]
    many += [result(observed=f"waived {i}", waiver=WAIVER) for i in range(99)]
    told = lines(*many, result(observed="the one"))
    assert "      found     the one" in told
    assert sum("and 94 more with other findings" in line for line in told) == 2
