"""A language that shows which fixed words pass through `_`, even without a translation."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from dfpolicy.i18n import language

_KEPT_OR_LETTER = re.compile(r"(\{\w*\}|`[^`]*`|\]\([^)]*\))|[A-Za-z]")


def pseudo(text: str) -> str:
    """Return the text with a Chinese character for each letter; fields, code and links stay."""
    return _KEPT_OR_LETTER.sub(lambda match: match[1] or "文", text)


class _Translations:
    def __init__(self, words: Mapping[str, str]) -> None:
        self.asked: set[str] = set()
        self._words = words

    def gettext(self, text: str) -> str:
        self.asked.add(text)
        return self._words.get(text) or pseudo(text)

    def ngettext(self, one: str, many: str, count: int) -> str:
        return self.gettext(many)


def speak_pseudo(patch: pytest.MonkeyPatch, words: Mapping[str, str] | None = None) -> set[str]:
    """Translate to such texts, or with `words`, and return the requested msgids."""
    translations = _Translations(words or {})
    patch.setattr(language, "_translations", lambda _: translations)
    return translations.asked


class _Words:
    def __init__(self, words: Mapping[str | tuple[str, str], str]) -> None:
        self._words = words

    def gettext(self, text: str) -> str:
        return self._words.get(text, text)

    def ngettext(self, one: str, many: str, count: int) -> str:
        return self._words.get((one, many), one if count == 1 else many)


def speak(patch: pytest.MonkeyPatch, words: Mapping[str | tuple[str, str], str]) -> None:
    """Use only these translations, by their msgid, or by (singular, plural)."""
    patch.setattr(language, "_translations", lambda _: _Words(words))
