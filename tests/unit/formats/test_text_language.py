"""The fixed words of the text report are all translated, and wide words keep the columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from gettext import NullTranslations
from typing import Any
from unicodedata import east_asian_width

import pytest

from dfpolicy.formats import content, text
from dfpolicy.formats.base import Style
from dfpolicy.formats.text_page import Page
from dfpolicy.i18n import language
from dfpolicy.model import Level, Outcome, Report, Result
from dfpolicy.policy.catalogue import Catalogue
from support import reports
from support.languages import speak_pseudo

WAIVER = {"reason": "R", "owner": "O", "expires": "2030-01-31"}
FIELDS = {"title": "T", "observed": "F", "remediation": "M", "group": "G", "location": None}
NODE = {"kind": "Node", "name": "N"}


class Wide(NullTranslations):
    """Speaks English in letters of two columns, its fields and commands as they are."""

    def gettext(self, message: str) -> str:
        assert message, "gettext answers an empty text with its header"
        depth, told = 0, ""
        for char in message:
            depth += {"{": 1, "}": -1}.get(char, 0)
            wide = char.isascii() and char.isalpha() and not depth
            told += chr(ord(char) + 0xFEE0) if wide else char
        return told

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@pytest.fixture
def wide(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(language, "_translations", lambda _: Wide())
    with language.speaking("zh"):
        yield


def result(outcome: Outcome, level: Level = "required", **changes: Any) -> Result:
    expected = {"expected": "E"} if outcome == "violation" else {}
    collect = {"collect": "C"} if outcome == "unknown" else {}
    subject = {"subject": {"kind": "K", "name": "S", "container": "C"}}
    return reports.result(outcome, level, **(FIELDS | expected | collect | subject | changes))


def everything() -> Report:
    """A report in which each fixed word stands, and all else is in capitals."""
    agent = {"subject": {"kind": "K", "name": "S"}, "image": "I", "version": None}
    idle = reports.idle_waiver("S", id="D", reason="R", owner="O", file="F")
    found = [
        *(result("violation", level) for level in ("required", "recommended", "informational")),
        *(result("violation", observed=f"F{number}") for number in range(9)),
        *(result("violation", id="D", observed=f"F{number}") for number in range(6)),
        result("violation", waiver=WAIVER),
        result("violation", impact=["", "AutoTracing"], id="D2"),
        result("unknown"),
        result("unknown", subject=NODE),
        result("unknown", subject=NODE | {"name": "*"}, observed="F2"),
        *(result("unknown", subject=NODE | {"name": f"N{i}"}, observed="F3") for i in range(9)),
        result("pass"),
    ]
    return reports.report(
        *found,
        mode={"name": "M", "source": "detected", "reason": "R", "candidates": ["A", "B"]},
        profile="P",
        configuration="C",
        agents=[agent | {"role": role} for role in ("collector", "sidecar", "watcher")] * 6,
        running=[agent | {"role": "server"}],
        waivers={"unused": [idle], "expired": [idle]},
        summary=reports.report(*found)["summary"] | {"ignored": 2},
    )


@pytest.mark.usefixtures("wide")
@pytest.mark.parametrize("code", [0, 1])
@pytest.mark.parametrize("flags", [{}, {"verbose": True}, {"quiet": True}])
def test_every_fixed_word_is_translated(code: int, flags: dict[str, bool]) -> None:
    told = text.render({**everything(), "exitCode": code}, Style(**flags))
    # The kind of a subject, the mark of what is informational, and names of lost features,
    # which are those of the results.
    words = re.sub(r"Node|\n  i |Auto[A-Z][a-z]+", "", told)
    left = "".join(char for char in words if "a" <= char <= "z")
    assert left == ""


@pytest.mark.usefixtures("wide")
def test_a_mode_without_reason_or_candidates_is_translated() -> None:
    for reason in ("", "R"):
        report = everything()
        report["mode"] |= {"source": "given", "reason": reason, "candidates": []}
        told = text.render(report, Style())
        assert not any("a" <= char <= "z" for char in told.splitlines()[0])


@pytest.mark.usefixtures("wide")
@pytest.mark.parametrize("width", [60, 100])
def test_columns_of_wide_words(width: int) -> None:
    told = text.render(everything(), Style(width=width)).splitlines()
    sizes = [sum(1 + (east_asian_width(char) in "WF") for char in line) for line in told]
    heads = [size for size, line in zip(sizes, told, strict=True) if "DF-K8S-001" in line]
    assert set(heads) == {width}
    assert max(sizes[1:-1]) <= width


def test_labels_are_padded_by_columns() -> None:
    page = Page(Style())
    assert page.padded("发现", 10) == "发现" + " " * 6
    assert page.padded("found", 10) == "found" + " " * 5
    assert page.padded("longer than that", 10) == "longer than that "


def test_group_titles_are_those_of_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    group = {"group": "G", "title": "English", "description": "What it is."}
    speak_pseudo(monkeypatch, {"English": "中文"})
    monkeypatch.setattr(content, "load_catalogue", lambda: Catalogue((group,), ()))
    report = reports.report(reports.result(group="G"))
    assert "\nEnglish  0 pass\n" in text.render(report, Style())
    with language.speaking("zh"):
        assert "\n中文  " in text.render(report, Style())
