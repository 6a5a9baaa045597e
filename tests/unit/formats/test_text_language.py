"""The text report translates all fixed words, and wide words keep the columns."""

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
    """A language of English in letters of two columns; its fields and commands are unchanged."""

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


def everything(**judged: Any) -> Report:
    """A report with every fixed word, and everything else in capitals."""
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
        result("violation", "recommended", id="D3", subject=NODE | {"name": "N1"}),
        result("unknown", id="D4", collect="kubectl"),
        result("unknown", id="D5", collect="kubectl deepflow-server"),
        result("violation", "informational", id="D6"),
        result("violation", known=True, id="D7"),
        result("violation", waiver=WAIVER, id="D8"),
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
        features=[{"node": "N1", "os": "O1"}, {"node": "N2", "os": "O2"}],
        **judged,
    )


# A command to copy is in English, and so are the names of lost features and of kinds.
ENGLISH = re.compile(r"Node|Auto[A-Z][a-z]+|dfpolicy .*|helm template .*|facts.yaml")


@pytest.mark.usefixtures("wide")
@pytest.mark.parametrize("judged", [{}, {"fail_on": "none"}, {"fail_on": "none", "strict": True}])
@pytest.mark.parametrize("flags", [{}, {"verbose": True}, {"quiet": True}])
def test_every_fixed_word_is_translated(judged: dict[str, Any], flags: dict[str, bool]) -> None:
    told = text.render(everything(**judged), Style(**flags))
    # The letters of levels in the list of all requirements.
    words = re.sub(r"(?m)^ {3}. DF?[-0-9A-Z]* +[rRi] ", "", ENGLISH.sub("", told))
    left = "".join(char for char in words if "a" <= char <= "z")
    assert left == ""


@pytest.mark.usefixtures("wide")
def test_a_mode_without_reason_or_candidates_is_translated() -> None:
    for reason in ("", "R"):
        report = everything()
        report["mode"] |= {"source": "given", "reason": reason, "candidates": []}
        label = Wide().gettext("mode")
        told = text.render(report, Style()).splitlines()
        (line,) = (line for line in told if line.startswith(label))
        assert not any("a" <= char <= "z" for char in line)


@pytest.mark.usefixtures("wide")
@pytest.mark.parametrize("width", [72, 100])
def test_columns_of_wide_words(width: int) -> None:
    told = text.render(everything(), Style(width=width)).splitlines()
    sizes = [sum(1 + (east_asian_width(char) in "WF") for char in line) for line in told]
    heads = [size for size, line in zip(sizes, told, strict=True) if line.endswith("DF-K8S-001")]
    assert set(heads) == {width}
    # Commands stay whole, and no language has feature names as wide as these.
    start = next(
        place for place, line in enumerate(told) if line.startswith(Wide().gettext("WHAT"))
    )
    table = told[start : told.index("", start)]
    whole = [*table, *(line for line in told if "dfpolicy" in line)]
    sized = zip(told, sizes, strict=True)
    assert [line for line, size in sized if size > width and line not in whole] == []


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
    assert "\n  English  0 of 1 met\n" in text.render(report, Style(verbose=True))
    with language.speaking("zh"):
        assert "\n  中文  " in text.render(report, Style(verbose=True))
