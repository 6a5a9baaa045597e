"""The language of reports and explanations: their fixed words, and the requirements' texts.

Fixed words are written in English as `_("…")`; their Chinese stands in `locale/`, which the
standard library's gettext reads. Texts of requirements stand in the METADATA in both languages.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING

from dfpolicy.model import LANGUAGES, Language
from dfpolicy.system.streams import shows

if TYPE_CHECKING:
    from gettext import NullTranslations
    from typing import BinaryIO

CHOICES = ("auto", *LANGUAGES)

_LOCALE = Path(__file__).parent / "locale"
# As POSIX has them, the first that is set decides.
_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")

_loaded: dict[str, NullTranslations] = {}
_spoken: ContextVar[Language] = ContextVar("language", default="en")


def chosen(choice: str | None, environment: Mapping[str, str] = os.environ) -> Language:
    """Return the language for auto, en or zh.

    auto, and None, which is none given, ask the locale; what is not Chinese there is English,
    and so is all where standard output has no Chinese.
    """
    for language in LANGUAGES:
        if choice == language:
            return language
    locale = next((found for name in _VARIABLES if (found := environment.get(name))), "")
    return "zh" if locale.lower().startswith("zh") and _shows_chinese() else "en"


def _shows_chinese() -> bool:
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return shows("\N{CJK UNIFIED IDEOGRAPH-6587}", encoding)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Let `_` and `_n` give words of this language, in this context."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def spoken() -> Language:
    """Return the language that is in force."""
    return _spoken.get()


def _(text: str) -> str:
    """Return a fixed text in the language in force."""
    # Of an empty text gettext gives its header.
    if not text or _spoken.get() == "en":
        return text
    return _translations(_spoken.get()).gettext(text)


def translate(text: str) -> str:
    """Return a text of data, such as one of METADATA, in the language in force."""
    return _(text)


def _n(one: str, many: str, count: int, **fields: object) -> str:
    """Return the text for this count in the language in force, `{count}` and fields put in."""
    return plural(one, many, count).format(count=count, **fields)


def plural(one: str, many: str, count: int) -> str:
    """Return the template for this count in the language in force."""
    if _spoken.get() == "en":
        return one if count == 1 else many
    return _translations(_spoken.get()).ngettext(one, many, count)


def listed(words: Iterable[str]) -> str:
    """Return the words with the comma of the language in force between them."""
    return _(", ").join(words)


def labelled(label: str, text: str) -> str:
    """Return the text behind its label, with the colon of the language in force between them."""
    return _("{label}: {text}").format(label=label, text=text)


def marked(text: str) -> str:
    """Return the text itself: it is collected for translation here, and put through `_` later."""
    return text


def load(language: str, stream: BinaryIO) -> None:
    """Take the fixed words of a language from what gettext has compiled, not from `locale/`."""
    from gettext import GNUTranslations

    _loaded[language] = GNUTranslations(stream)


def _translations(language: str) -> NullTranslations:
    if language not in _loaded:
        # Not for English, and so not imported for most.
        from gettext import translation

        _loaded[language] = translation("dfpolicy", _LOCALE, [language])
    return _loaded[language]
