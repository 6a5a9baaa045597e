from __future__ import annotations

from typing import Any

import pytest

from dfpolicy.i18n.translation import translated
from dfpolicy.model import Report
from support import reports
from support.languages import speak

WORDS: dict[str | tuple[str, str], str] = {
    "Title": "标题",
    "Do it.": "去做。",
    "Agent start": "Agent 启动",
    "hostPID is false": "hostPID 为 false",
    "{list} lacks {name}": "{list} 缺少 {name}",
    "{title}: {observed}": "{title}\uff1a{observed}",
    "{title}: {observed}; expected {expected}": "{title}\uff1a{observed}\uff1b应为 {expected}",
    "a server is found": "发现 Server",
    "supported from {version} on": "{version} 起支持",
    "only on hosts": "仅主机",
}


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    speak(monkeypatch, WORDS)


def judged(**changes: Any) -> Report:
    texts = {"title": "Title", "remediation": "Do it.", "observed": "hostPID is false"}
    made = {
        **texts,
        "expected": "",
        "impact": ["Agent start"],
        "message": "Title: hostPID is false",
    }
    return reports.report(reports.result(**{**made, **changes}))


def test_a_report_in_the_right_language_is_unchanged() -> None:
    report = judged()
    assert translated(report, "en") is report
    there = translated(report, "zh")
    assert translated(there, "zh") is there


def test_constant_texts_are_their_own_templates() -> None:
    spoken = translated(judged(), "zh")
    found = spoken["results"][0]
    assert spoken["language"] == "zh"
    assert (found["title"], found["remediation"]) == ("标题", "去做。")
    assert (found["observed"], found["impact"]) == ("hostPID 为 false", ["Agent 启动"])
    assert found["message"] == "标题\uff1ahostPID 为 false"


def test_messages_are_formatted_again() -> None:
    template = {"template": "{list} lacks {name}", "values": {"list": "add", "name": "SYSLOG"}}
    report = judged(observed="add lacks SYSLOG", expected="x", messages={"observed": template})
    found = translated(report, "zh")["results"][0]
    assert found["observed"] == "add 缺少 SYSLOG"
    assert found["message"] == "标题\uff1aadd 缺少 SYSLOG\uff1b应为 x"


def test_the_reason_of_the_mode_and_the_notes_of_nodes_are_translated() -> None:
    report = judged()
    report["mode"] = {**report["mode"], "reason": "a server is found"}
    note = {"template": "supported from {version} on", "values": {"version": "4.14"}}
    report["features"] = [
        {
            "node": "a",
            "notes": ["only on hosts", "supported from 4.14 on"],
            "messages": {"notes": [{"template": "only on hosts"}, note]},
        },
        {"node": "b", "notes": ["only on hosts"]},
        {"node": "c"},
    ]
    spoken = translated(report, "zh")
    assert spoken["mode"]["reason"] == "发现 Server"
    assert [row.get("notes") for row in spoken["features"]] == [
        ["仅主机", "4.14 起支持"],
        ["仅主机"],
        None,
    ]


def test_translating_back_gives_the_same_text() -> None:
    template = {"template": "{list} lacks {name}", "values": {"list": "add", "name": "SYSLOG"}}
    report = judged(
        observed="add lacks SYSLOG",
        expected="x",
        message="Title: add lacks SYSLOG; expected x",
        messages={"observed": template},
    )
    back = translated(translated(report, "zh"), "en")
    found = {key: part for key, part in back["results"][0].items() if key != "messages"}
    given = {key: part for key, part in report["results"][0].items() if key != "messages"}
    assert found == given


def test_unknown_templates_stay_english() -> None:
    found = translated(judged(title="Gone", impact=["Pumpkins"]), "zh")["results"][0]
    assert (found["title"], found["impact"]) == ("Gone", ["Pumpkins"])
