from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dfpolicy.formats.base import Style
from dfpolicy.formats.html import words as html_words
from dfpolicy.formats.html.environment import ASSETS
from dfpolicy.formats.html.page import render
from dfpolicy.model import OUTCOMES, Report
from dfpolicy.policy.catalogue import load_catalogue
from support import reports
from support.html_reports import feature, large, one_of_each, report, result

VOID = {"meta", "link", "input", "br"}
EVIL = "</script></style><img src=x onerror=alert(1)>\"'&`<b>`${x}\u2028\u202e\ud800\x00\x1b[2J\n"


class Document(HTMLParser):
    """The elements of a page as (tag, attributes), and the text of each script and style."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.raw: list[tuple[dict[str, str], str]] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        assert len(attributes) == len(attrs)
        self.elements.append((tag, attributes))
        if tag in ("script", "style"):
            self.raw.append((attributes, ""))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("script", "style"):
            attributes, content = self.raw[-1]
            self.raw[-1] = (attributes, content + data)
        else:
            self.text.append(data)

    def named(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def results(self) -> list[str]:
        return [
            attributes["id"]
            for attributes in self.named("details")
            if "result" in attributes.get("class", "").split()
        ]


def shown(entry: Report, **style: bool) -> Document:
    return Document(render(entry, Style(**style)))


def test_every_element_is_closed_and_every_id_and_anchor_exists_once() -> None:
    for entry in (one_of_each(), large(100), report([])):
        document = shown(entry)
        assert document.open == []
        ids = [attributes["id"] for _, attributes in document.elements if "id" in attributes]
        assert len(set(ids)) == len(ids)
        targets = {attributes["href"][1:] for attributes in document.named("a")}
        labels = {
            attributes["aria-labelledby"]
            for _, attributes in document.elements
            if "aria-labelledby" in attributes
        }
        assert targets | labels <= set(ids)


def test_a_requirement_has_a_block_for_each_outcome_and_level_in_the_order_of_the_report() -> None:
    assert shown(one_of_each()).results() == [
        "DF-K8S-001-pass-required",
        "DF-K8S-004-violation-recommended",
        "DF-EBPF-005-violation-required",
        "DF-EBPF-007-unknown-required",
        "DF-EBPF-008-violation-informational",
        "DF-EBPF-012-waived-recommended",
        "DF-EBPF-001-pass-required",
    ]


def test_a_block_shows_all_facts_of_its_results() -> None:
    text = " ".join(" ".join(shown(one_of_each()).text).split())
    for words in (
        "found no mount of /sys/kernel/debug",
        "DaemonSet deepflow/agent, container agent c/templates/ds.yaml (-:187)",
        "expected hostPath /sys/kernel/debug is mounted",
        "lost part of AutoTracing, part of AutoProfiling",
        "fix Mount the hostPath /sys/kernel/debug read-only",
        "run sysctl kernel.kptr_restrict",
        "waived by platform team until 2027-01-31: accepted until the migration",
        "8 subjects",
        "Cluster/* needs no waiver: it does not apply here: by network team until 2027-06-30",
        "values.yaml:1",
        "node-6 Oracle Linux Server 7.9",
        "Go uprobes reach processes on the host only",
        "5 nodes Ubuntu",
        "6 yes",
        "7 requirements: 1 blocks, 1 loses, 1 note, 1 not checked, 1 accepted, 2 met. Exit 1.",
        "dfpolicy 0.1.0 · policies 388cf0f4d286 · engine wasm",
    ):
        assert words in text


def test_servers_and_what_is_not_judged_are_named() -> None:
    added = report([], agents=[], servers=[reports.server()], unjudged=[reports.INSTALLER])
    text = " ".join(" ".join(shown(added).text).split())
    assert "Servers ComposeProject compose.yaml, container deepflow-server, s:v7.1 (7.1)" in text
    assert "Agents" not in text
    assert (
        "Not judged HelmRelease flux/deepflow To judge what it installs: "
        "helm template deepflow deepflow/deepflow | dfpolicy eval -"
    ) in text


def test_the_first_screen_is_before_the_results() -> None:
    page = render(one_of_each(), Style())
    parts = [
        '<h2 id="verdict">Do not deploy</h2>',
        "1 problem blocks",
        '<h3 id="short-blocks">What blocks</h3>',
        '<h3 id="short-loses">What you lose</h3>',
        '<a href="#change"><span>',
        "Check 1 open requirement</span></a>",
        'id="problem-1"',
        'id="problem-2"',
        'id="change"',
        'id="nodes"',
        'id="unknowns"',
        'id="results"',
    ]
    places = [page.index(part) for part in parts]
    assert places == sorted(places)
    assert "Nothing blocks." in render(report([result("DF-X-001", "pass")]), Style())


def test_a_problem_links_to_the_results_of_its_requirements() -> None:
    found = [result("DF-EBPF-001", "violation"), result("DF-EBPF-002", "violation")]
    found[1]["cause"] = "DF-EBPF-001"
    card = render(report(found), Style()).partition('id="problem-1"')[2].partition("</article>")[0]
    for name in ("DF-EBPF-001", "DF-EBPF-002"):
        assert f'href="#{name}-violation-required"' in card


def test_what_was_not_checked_has_one_command() -> None:
    entry = report([result("DF-EBPF-001", "unknown"), result("DF-EBPF-007", "unknown")])
    section = render(entry, Style()).partition('id="unknowns"')[2].partition("</section>")[0]
    assert section.count("dfpolicy check --deep") == 1
    assert "<td>2</td>" in section


def test_a_kind_of_node_shows_what_it_loses_and_links_to_the_problem() -> None:
    node = {"kind": "Node", "name": "a"}
    other = result("DF-X-001", "pass", subject={"kind": "Node", "name": "b"})
    lost = result("DF-X-001", "violation", subject=node, impact=["AutoTracing"])
    page = render(report([lost, other], [feature("a"), feature("b")]), Style())
    assert page.count('<a href="#problem-1" class="taken blocks">no 1</a>') == 2
    assert page.count('<span class="works">yes</span>') == 8


def test_the_page_loads_nothing_and_has_no_script_or_style_attributes() -> None:
    for entry in (one_of_each(), large(50)):
        document = shown(entry)
        for tag, attributes in document.elements:
            assert tag not in {"img", "iframe", "object", "embed", "base", "audio", "video", "svg"}
            assert not {"src", "style", "action", "srcset", "ping"} & set(attributes)
            assert not any(name.startswith("on") for name in attributes)
            target = attributes.get("href", "#")
            assert target.startswith("#") or (tag, target) == ("link", "data:,")
        assert "http:" not in render(entry, Style())
        assert "https:" not in render(entry, Style())
        sheet = next(text for _, text in document.raw)
        assert "url(" not in sheet
        assert "@import" not in sheet


def test_the_content_policy_allows_only_this_script_and_this_sheet() -> None:
    document = shown(one_of_each())
    policies = [meta["content"] for meta in document.named("meta") if "http-equiv" in meta]
    assert len(policies) == 1
    directives = dict(part.strip().split(" ", 1) for part in policies[0].split(";"))
    kinds = {"style": "style-src", "script": "script-src"}
    for tag, kind in kinds.items():
        contents = [
            content
            for attributes, content in document.raw
            if attributes.get("type") != "application/json"
            and (tag == "style") == (content == (ASSETS / "report.css").read_text("utf-8"))
        ]
        digest = base64.b64encode(hashlib.sha256(contents[0].encode()).digest()).decode()
        assert (len(contents), directives.pop(kind)) == (1, f"'sha256-{digest}'")
    assert directives == {
        "default-src": "'none'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def poisoned(value: Any) -> Any:
    """Append the evil text to every text that is not chosen from a list."""
    chosen = {"outcome", "level", "verdict", "source", "state", "effect"}
    chosen |= {"tracing", "uprobes", "profiling"}
    if isinstance(value, dict):
        return {
            key: inner if key in chosen and isinstance(inner, str) else poisoned(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [poisoned(inner) for inner in value]
    return value + EVIL if isinstance(value, str) else value


def test_every_text_is_escaped() -> None:
    good = one_of_each() | {"mode": one_of_each()["mode"] | {"candidates": ["multi-k8s"]}}
    evil = poisoned(good)
    evil["mode"]["source"] = "given"
    for outcome in evil["results"]:
        outcome["url"] = f"https://example.com/{EVIL}"
    page = render(evil, Style())
    document = Document(page)
    assert document.open == []
    allowed = {tag for tag, _ in shown(good).elements}
    assert {tag for tag, _ in document.elements} <= allowed
    assert all(not name.startswith("on") for _, found in document.elements for name in found)
    assert page.count("<script") == 2
    assert not re.search("[\x00\x1b\u2028\u202e\ud800]", page)
    page.encode()
    assert "alert(1)&gt;" in page


@given(st.text(max_size=50))
def test_no_text_changes_the_structure(text: str) -> None:
    entry = report(
        [result("DF-EBPF-005", "violation", observed=text or "-", remediation=text or "-")],
        [feature(text)],
    )
    usual = report(
        [result("DF-EBPF-005", "violation", observed="-", remediation="-")], [feature("-")]
    )
    names = [tag for tag, _ in Document(render(entry, Style())).elements if tag != "code"]
    assert names == [tag for tag, _ in Document(render(usual, Style())).elements if tag != "code"]


def test_what_the_script_reads_is_json_that_cannot_end_its_element() -> None:
    attributes, content = shown(one_of_each()).raw[1]
    assert attributes == {"type": "application/json", "id": "words"}
    assert set(json.loads(content)) == set(html_words.SCRIPT)
    assert not re.search("[<>&\u2028\u2029]", content)


def test_nothing_is_lost_if_only_ascii_can_be_written() -> None:
    plain, ascii_only = (render(one_of_each(), Style(unicode=unicode)) for unicode in (True, False))
    assert ascii_only.isascii()
    assert Document(plain).text == Document(ascii_only).text
    for name in ("report.css", "report.js"):
        # Character references in scripts and styles are not decoded.
        assert (ASSETS / name).read_text("utf-8").isascii()


@pytest.mark.parametrize(
    ("style", "states"),
    [
        ({}, {"violation", "unknown", "waived"}),
        ({"verbose": True}, {"violation", "unknown", "waived", "pass"}),
        ({"quiet": True}, {"violation"}),
    ],
)
def test_what_is_shown_at_first(style: dict[str, bool], states: set[str]) -> None:
    document = shown(one_of_each(), **style)
    assert {
        box["value"]
        for box in document.named("input")
        if box.get("name") == "state" and "checked" in box
    } == states
    # The page contains everything, whatever is shown.
    assert len(document.results()) == 7


def test_only_violations_of_required_requirements_are_open() -> None:
    opened = [entry for entry in shown(one_of_each()).named("details") if "open" in entry]
    assert [entry["id"] for entry in opened] == ["DF-EBPF-005-violation-required"]


def test_ten_thousand_results_are_few_elements() -> None:
    entry = large()
    assert len(entry["results"]) > 10000
    page = render(entry, Style())
    assert len(Document(page).elements) < 3000
    assert all(f"worker-{number:04}" in page for number in range(2000))
    # Only the names of nodes depend on the number of nodes: twice the nodes, twice the names.
    assert len(render(large(4000), Style())) < 2.2 * len(page)


def test_a_feature_row_with_only_the_node_is_unknown() -> None:
    page = render(report([], [{"node": "bare"}]), Style())
    assert page.count('<td class="cell unknown">') == 4


def test_every_group_of_the_catalogue_has_its_title() -> None:
    groups = load_catalogue().groups
    document = shown(report([result("DF-X-001", "pass", group=group["group"]) for group in groups]))
    assert {group["title"] for group in groups} <= set(document.text)
    assert "own-group" in shown(report([result("DF-X-001", "pass", group="own-group")])).text


def test_every_word_is_shown_somewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    marked = {key: f"[{key}]" for key in html_words.words()}
    monkeypatch.setattr(html_words, "words", lambda: marked)
    mode = {"name": "upgrade", "source": "given", "reason": "r", "candidates": ["multi-k8s"]}
    on_node = {"kind": "Pod", "name": "p", "node": "n"}
    entries = [
        report([], waivers={"unused": [], "expired": one_of_each()["waivers"]["unused"]}),
        report(
            [],
            mode=mode,
            profile="strict",
            agents=[{**one_of_each()["agents"][0], "version": None}],
        ),
        one_of_each(),
        report([], servers=[reports.server()], unjudged=[reports.INSTALLER]),
        reports.hostile(),
        report(
            [
                result("DF-X-001", "pass", subject=on_node, url="https://example.com/x"),
                result("DF-X-002", "pass", location=None),
            ]
        ),
        large(200),
        report([result(f"DF-X-{i:03}", "violation") for i in range(7)]),
        report([result("DF-CNI-005", "unknown", collect="deepflow-ctl x")]),
        report(
            [
                result("DF-X-001", outcome, subject={"kind": "Node", "name": outcome})
                for outcome in OUTCOMES
            ]
        ),
    ]
    pages = "".join(render(entry, Style()) for entry in entries)
    assert [key for key, word in marked.items() if word not in pages] == []
