"""The language of all that a person reads: reports, explanations, errors and help.

Texts are written in English as `_("…")`; their Chinese is in `locale/`, which the standard
library's gettext reads. No other module is needed below this one, so that any error can be
translated where it is raised.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING

from dfpolicy.model import LANGUAGES, Language

if TYPE_CHECKING:
    from gettext import NullTranslations
    from typing import BinaryIO

CHOICES = ("auto", *LANGUAGES)
FLAG = "--lang"
VARIABLE = "DFPOLICY_LANG"

_LOCALE = Path(__file__).parent / "locale"
# The first variable that is set decides, as in POSIX.
_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")

_loaded: dict[str, NullTranslations] = {}
_spoken: ContextVar[Language] = ContextVar("language", default="en")


def chosen(choice: str | None, environment: Mapping[str, str] = os.environ) -> Language:
    """Return the language for auto, en or zh.

    None means that nothing is chosen: DFPOLICY_LANG decides. auto uses the locale. Everything but
    Chinese is English, and so is everything if standard output cannot show Chinese.
    """
    if choice is None:
        choice = environment.get(VARIABLE)
    for language in LANGUAGES:
        if choice == language:
            return language
    locale = next((found for name in _VARIABLES if (found := environment.get(name))), "")
    return "zh" if locale.lower().startswith("zh") and _shows_chinese() else "en"


def of_command_line(arguments: Sequence[str]) -> Language:
    """Return the language of a run with these arguments, before they are parsed.

    Errors about the arguments themselves are in this language.
    """
    choice = None
    for number, argument in enumerate(arguments):
        flag, separator, value = argument.partition("=")
        if argument == "--":
            break
        if flag == FLAG:
            choice = value if separator else next(iter(arguments[number + 1 :]), None)
    return chosen(choice if choice in CHOICES else None)


def shows(text: str, encoding: str) -> bool:
    """Whether a stream of this encoding can show the text."""
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _shows_chinese() -> bool:
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return shows("\N{CJK UNIFIED IDEOGRAPH-6587}", encoding)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Let `_` and `_n` return texts in this language, in this context."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def speak(language: Language) -> None:
    """Let `_` and `_n` return texts in this language from now on, in this context."""
    _spoken.set(language)


def spoken() -> Language:
    """Return the language in force."""
    return _spoken.get()


def _(text: str) -> str:
    """Return a fixed text in the language in force."""
    # For an empty text gettext returns its header.
    if not text or _spoken.get() == "en":
        return text
    return _translations(_spoken.get()).gettext(text)


def translate(text: str) -> str:
    """Return a text of a table or of METADATA in the language in force."""
    return _(text)


def _n(one: str, many: str, count: int, **fields: object) -> str:
    """Return the text for this count in the language in force, with count and fields filled in."""
    return plural(one, many, count).format(count=count, **fields)


def plural(one: str, many: str, count: int) -> str:
    """Return the template for this count in the language in force."""
    if _spoken.get() == "en":
        return one if count == 1 else many
    return _translations(_spoken.get()).ngettext(one, many, count)


def listed(words: Iterable[str]) -> str:
    """Return the words, separated by the comma of the language in force."""
    return _(", ").join(words)


def clauses(texts: Iterable[str]) -> str:
    """Return the texts as one sentence: commas separate clauses, in Chinese not those of lists."""
    joined = ""
    for text in texts:
        joined = _("{first}, {second}").format(first=joined, second=text) if joined else text
    return joined


def labelled(label: str, text: str) -> str:
    """Return the text after its label and the colon of the language in force."""
    return _("{label}: {text}").format(label=label, text=text)


def marked(text: str) -> str:
    """Return the text itself. The call marks it for translation, which `_` does later."""
    return text


def load(language: str, stream: BinaryIO) -> None:
    """Use the translations of a compiled file instead of those in `locale/`."""
    from gettext import GNUTranslations

    _loaded[language] = GNUTranslations(stream)


def _translations(language: str) -> NullTranslations:
    if language not in _loaded:
        # English needs no gettext, so most runs do not import it.
        from gettext import translation

        _loaded[language] = translation("dfpolicy", _LOCALE, [language])
    return _loaded[language]
