"""A language that shows where fixed words were put through `_`, whatever is translated yet."""

from __future__ import annotations

import re

import pytest

from dfpolicy.i18n import language

_KEPT_OR_LETTER = re.compile(r"(\{\w*\}|`[^`]*`|\]\([^)]*\))|[A-Za-z]")


def pseudo(text: str) -> str:
    """Return the text with a Chinese character for each letter; fields, code and links stay."""
    return _KEPT_OR_LETTER.sub(lambda match: match[1] or "文", text)


class _Translations:
    def __init__(self) -> None:
        self.asked: set[str] = set()

    def gettext(self, text: str) -> str:
        self.asked.add(text)
        return pseudo(text)


def speak_pseudo(patch: pytest.MonkeyPatch) -> set[str]:
    """Let `_` give such texts where the language is not English, and return what it is asked."""
    translations = _Translations()
    patch.setattr(language, "_translations", lambda _: translations)
    return translations.asked
