from __future__ import annotations

from typing import Any

import pytest

from dfpolicy.i18n.translation import translated
from dfpolicy.model import Language
from dfpolicy.policy.catalogue import load_catalogue
from support import reports
from support.decisions import Json

ENTRY = load_catalogue().requirements[0]


def judged(**changes: Any) -> Any:
    texts = {name: ENTRY[name] for name in ("id", "title", "group", "remediation")}
    message = f"{ENTRY['title']}: hostPID is false"
    return reports.report(reports.result(**texts, message=message, **changes))


def test_english_stays_as_it_is() -> None:
    report = judged()
    assert translated(report, "en") is report


def test_titles_remediation_and_impact_are_chinese_and_findings_english() -> None:
    report = judged(impact=["Agent start", "AutoTagging"])
    spoken = translated(report, "zh")
    assert spoken["language"] == "zh"
    found = spoken["results"][0]
    assert found["title"] == ENTRY["zh"]["title"]
    assert found["remediation"] == ENTRY["zh"]["remediation"]
    assert found["message"] == f"{ENTRY['zh']['title']}: hostPID is false"
    assert found["impact"] == ["Agent 启动", "AutoTagging"]
    assert found["observed"] == "hostPID is false"
    assert report["results"][0]["title"] == ENTRY["title"]


def test_there_and_back_is_the_same() -> None:
    report = judged(impact=["Agent start", "All features"])
    there = translated(report, "zh")
    assert translated(there, "zh") is there
    assert translated(there, "en") == report | {"language": "en"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_this_version_does_not_know_stays(language: Language) -> None:
    texts: Json = {
        "title": "Gone",
        "remediation": "Do it.",
        "message": "Gone: x",
        "impact": ["Pumpkins"],
    }
    report: Any = reports.report(reports.result(id="DF-GONE-001", **texts), language="zh")
    found = translated(report | {"language": "en" if language == "zh" else "zh"}, language)
    assert found["results"][0].items() >= texts.items()


def test_a_remedy_of_hosts_is_translated() -> None:
    remedy = load_catalogue().remedies[0]
    spoken = translated(judged() | {"results": [reports.result(remediation=remedy["en"])]}, "zh")
    assert spoken["results"][0]["remediation"] == remedy["zh"]


def test_every_text_that_a_report_can_hold_has_both_languages() -> None:
    catalogue = load_catalogue()
    assert all(entry["zh"].keys() >= {"title", "description"} for entry in catalogue.groups)
    for entry in catalogue.requirements:
        assert entry["zh"].keys() >= {"title", "description", "remediation", "related_resources"}
    # One English text that two requirements share has one Chinese text.
    pairs = {
        (entry[name], entry["zh"][name])
        for entry in catalogue.requirements
        for name in ("title", "remediation")
    }
    assert len({english for english, _ in pairs}) == len(pairs)
