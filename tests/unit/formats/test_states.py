"""Format by effect: what a consumer shows as failed, and that only exit code 1 makes it fail."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings

from dfpolicy.formats.base import Style, renderer
from dfpolicy.model import Report, Result
from support.broken_fleets import broken, sound, unbound
from support.inputs import PROPERTY
from support.reports import WAIVER, node, report, reports, result


def junit(text: str) -> list[str]:
    found = []
    for case in ElementTree.fromstring(text).iter("testcase"):
        kinds = [part.tag for part in case if part.tag != "system-out"]
        found += kinds or ["passed"]
    return found


def tap(text: str) -> list[str]:
    points = re.findall(r"^(ok|not ok) \d+ - [^#\n]*(# [A-Z]+)?", text, re.MULTILINE)
    return [" ".join(filter(None, point)) for point in points]


def github(text: str) -> list[str]:
    return re.findall(r"^::(\w+) ", text, re.MULTILINE)


def sarif(text: str) -> list[str]:
    results = json.loads(text)["runs"][0]["results"]
    return ["suppressed" if "suppressions" in one else one["level"] for one in results]


def gitlab(text: str) -> list[str]:
    return [issue["severity"] for issue in json.loads(text)]


def policyreport(text: str) -> list[str]:
    items = json.loads(text)["items"]
    return [one["result"] for item in items for one in item["results"]]


READERS: dict[str, Callable[[str], list[str]]] = {
    "junit": junit,
    "tap": tap,
    "github": github,
    "sarif": sarif,
    "gitlab": gitlab,
    "policyreport": policyreport,
}
FAILED = {
    "junit": {"failure", "error"},
    "tap": {"not ok"},
    "github": {"error"},
    "sarif": {"error"},
    "gitlab": {"blocker"},
    "policyreport": {"fail", "error"},
}
RECOMMENDED = result("violation", "recommended")
LOSES = {
    "junit": ["passed"],
    "tap": ["not ok # TODO"],
    "github": ["warning"],
    "sarif": ["warning"],
    "gitlab": ["major"],
    "policyreport": ["warn"],
}
# How each format shows each effect.
CELLS: list[tuple[Result, dict[str, Any], dict[str, list[str]]]] = [
    (result(), {}, {name: sorted(failed)[-1:] for name, failed in FAILED.items()}),
    (RECOMMENDED, {}, LOSES),
    (
        RECOMMENDED,
        {"fail_on": "recommended"},
        {name: sorted(failed)[-1:] for name, failed in FAILED.items()},
    ),
    (result(), {"fail_on": "none"}, LOSES),
    (
        result("violation", "informational"),
        {},
        {
            "junit": ["passed"],
            "tap": ["ok"],
            "github": [],
            "sarif": ["note"],
            "gitlab": ["info"],
            "policyreport": ["pass"],
        },
    ),
    (
        result("unknown"),
        {},
        {
            "junit": ["skipped"],
            "tap": ["ok # SKIP"],
            "github": ["notice"],
            "sarif": [],
            "gitlab": [],
            "policyreport": ["skip"],
        },
    ),
    (
        result("unknown"),
        {"strict": True},
        {
            "junit": ["failure"],
            "tap": ["not ok"],
            "github": ["error"],
            "sarif": ["error"],
            "gitlab": ["blocker"],
            "policyreport": ["error"],
        },
    ),
    *(
        (
            accepted,
            {},
            {
                "junit": ["skipped"],
                "tap": ["ok # SKIP"],
                "github": [],
                "sarif": ["suppressed"],
                "gitlab": [],
                "policyreport": ["skip"],
            },
        )
        for accepted in (result(waiver=WAIVER), result(known=True))
    ),
    (
        result("pass"),
        {},
        {
            "junit": ["passed"],
            "tap": ["ok"],
            "github": [],
            "sarif": [],
            "gitlab": [],
            "policyreport": ["pass"],
        },
    ),
]
CELLS[0][2]["junit"] = CELLS[2][2]["junit"] = ["failure"]
CELLS[0][2]["policyreport"] = CELLS[2][2]["policyreport"] = ["fail"]

each_format = pytest.mark.parametrize("name", READERS)


def read(name: str, made: Report) -> list[str]:
    return READERS[name](renderer(name)(made, Style()))


@each_format
@pytest.mark.parametrize(("one", "judged", "cells"), CELLS)
def test_a_consumer_shows_the_effect(
    name: str, one: Result, judged: dict[str, Any], cells: dict[str, list[str]]
) -> None:
    assert read(name, report(one, **judged)) == cells[name]


@each_format
@settings(PROPERTY, max_examples=60)
@given(reports())
def test_a_format_fails_if_and_only_if_the_exit_code_is_1(name: str, made: Report) -> None:
    failed = [one for one in read(name, made) if one in FAILED[name]]
    assert bool(failed) == bool(made["exitCode"])


@pytest.mark.parametrize("name", sorted({*READERS} - {"github", "sarif", "gitlab"}))
def test_there_is_one_entry_for_each_requirement(name: str) -> None:
    nodes = [result(subject={"kind": "Node", "name": f"n{i}"}, location=None) for i in range(99)]
    assert len(read(name, report(*nodes, result("pass", id="DF-X-001")))) == 2


INPUTS: dict[str, Callable[[], Report]] = {
    "sound": sound,
    "broken": lambda: broken(120),
    "unbound": unbound,
    "on some nodes": lambda: report(result(**node("a")), result("pass", **node("b"))),
}


def expected(name: str, made: Report) -> Counter[str]:
    """What a consumer must show of a report: as many of each as its verdict counts."""
    verdict = made["verdict"]
    counts = verdict["counts"]
    blocks, loses, notes = counts["blocks"], counts["loses"], counts["notes"]
    skipped, met = counts["notChecked"] + counts["accepted"], counts["met"]
    problems = Counter(problem["effect"] for problem in verdict["problems"])
    found = {
        "junit": {"failure": blocks, "skipped": skipped, "passed": loses + notes + met},
        "tap": {"not ok": blocks, "not ok # TODO": loses, "ok # SKIP": skipped, "ok": notes + met},
        "github": {
            "error": problems["blocks"],
            "warning": problems["loses"],
            "notice": int(counts["notChecked"] > 0),
        },
        "sarif": {"error": blocks, "warning": loses, "note": notes},
        "gitlab": {"blocker": blocks, "major": loses, "info": notes},
        "policyreport": {"fail": blocks, "warn": loses, "skip": skipped, "pass": notes + met},
    }[name]
    return Counter(found)


@each_format
@pytest.mark.parametrize("given_", INPUTS)
def test_a_consumer_shows_what_the_verdict_counts(name: str, given_: str) -> None:
    made = INPUTS[given_]()
    assert +Counter(read(name, made)) == +expected(name, made)
    assert bool({*read(name, made)} & FAILED[name]) == bool(made["exitCode"])
