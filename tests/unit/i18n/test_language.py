from __future__ import annotations

from copy import copy
from gettext import NullTranslations
from typing import Any

import pytest

from dfpolicy.formats import comparison, features
from dfpolicy.formats.base import FORMATS, Style, renderer
from dfpolicy.i18n import language
from dfpolicy.i18n.language import _, _n, chosen, speaking, spoken
from dfpolicy.i18n.translation import translated
from dfpolicy.report.comparison import compare
from support import html_reports, reports


@pytest.mark.parametrize(
    ("choice", "environment", "wanted"),
    [
        ("auto", {}, "en"),
        ("auto", {"LANG": "zh_CN.UTF-8"}, "zh"),
        ("auto", {"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ("auto", {"LANG": "de_DE.UTF-8", "LC_MESSAGES": "zh_TW"}, "zh"),
        ("auto", {"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, "zh"),
        ("auto", {"LANG": "C.UTF-8"}, "en"),
        ("en", {"LANG": "zh_CN.UTF-8"}, "en"),
        ("zh", {}, "zh"),
    ],
)
def test_the_language_of_a_locale(choice: str, environment: dict[str, str], wanted: str) -> None:
    assert chosen(choice, environment) == wanted


def test_the_innermost_language_applies() -> None:
    assert (spoken(), _("required"), _n("{count} node", "{count} nodes", 1)) == (
        "en",
        "required",
        "1 node",
    )
    with speaking("zh"):
        assert (spoken(), _("required")) == ("zh", "必须")
        with speaking("en"):
            assert _("required") == "required"
        assert _("no such text") == "no such text"
        assert _n("{count} node", "{count} nodes", 1) == "1 个节点"
        assert _n("{count} node", "{count} nodes", 2) == "2 个节点"
    assert spoken() == "en"


class Missing(NullTranslations):
    """Records texts without Chinese; gettext calls it for unknown texts."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: set[str] = set()

    def gettext(self, message: str) -> str:
        self.texts.add(message)
        return message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        self.texts.add(msgid1 if n == 1 else msgid2)
        return msgid2


@pytest.fixture
def missing(monkeypatch: pytest.MonkeyPatch) -> Missing:
    found = Missing()
    translations = copy(language._translations("zh"))
    translations.add_fallback(found)
    monkeypatch.setattr(language, "_translations", lambda _: translations)
    return found


def test_every_word_of_every_format_is_chinese(missing: Missing) -> None:
    """Also those that are composed while a report is written."""
    whole: dict[str, Any] = {"subject": {"kind": "Cluster", "name": "*"}}
    made_up = [
        reports.mixed(),
        html_reports.one_of_each(),
        html_reports.large(60),
        reports.report(reports.result(**whole), reports.result("unknown", **whole)),
    ]
    chinese = [translated(case, "zh") for case in made_up]
    # No policy states their findings, so these have no Chinese; what formats add must have it.
    missing.texts.clear()
    evaluated = [reports.example("manifests"), reports.example("broken")]
    chinese += [translated(case, "zh") for case in evaluated]
    for english, report in zip([*made_up, *evaluated], chinese, strict=True):
        with speaking("zh"):
            for form in FORMATS:
                for style in (Style(), Style(verbose=True), Style(quiet=True)):
                    renderer(form)(report, style)
            for form in features.FORMATS:
                features.render(english["features"], form)
            for form in comparison.FORMATS:
                for old in (reports.report(), *made_up, *evaluated):
                    comparison.renderer(form)(compare(old, report), Style())
                    comparison.renderer(form)(compare(report, old), Style())
    assert missing.texts == set()
