"""The Chinese: each fixed word has its own, with the same fields, and all is set as Chinese is."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from tools.dev import locale

# A half-width mark behind Chinese, a blank between two characters, one beside a full-width mark.
WIDE = r"[\u3400-\u9fff]"
MARK = r"[\u3000-\u303f\uff01-\uff20]"
WRONG = re.compile(rf"{WIDE}[,;:?!]|{WIDE} {WIDE}|{MARK} | {MARK}")
# DeepFlow sets Latin letters and digits off from Chinese ones.
TIGHT = re.compile(rf"{WIDE}[A-Za-z0-9`]|[A-Za-z0-9`]{WIDE}")


def fixed() -> Iterator[str]:
    for message in locale.translated():
        if message.id:
            texts = message.string or ()
            yield from [texts] if isinstance(texts, str) else texts


def test_every_word_is_chinese_and_none_is_left_over() -> None:
    assert list(locale.faults()) == []


def test_no_msgid_is_inside_an_f_string() -> None:
    """Before Python 3.12 babel does not find it there, and it would silently stay English."""
    inside = re.compile(r"""f["'][^\n]*\{_n?\(["']""")
    sources = sorted(locale.PACKAGE.rglob("*.py"))
    assert len(sources) > 100
    assert [str(path) for path in sources if inside.search(path.read_text("utf-8"))] == []


def test_the_mo_file_matches_the_po_file() -> None:
    assert locale.COMPILED.read_bytes() == locale.compiled()


def test_missing_stale_and_wrong_translations_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted, there = locale.asked(), locale.translated()
    for text in ("Brand new", "{count} unwritten", "{count} other"):
        wanted.add(text)
    there.add("{count} unwritten")
    there.add("{count} other", "{amount}")
    there.add("Left over", "x")
    monkeypatch.setattr(locale, "asked", lambda: wanted)
    monkeypatch.setattr(locale, "translated", lambda: there)
    assert [line.partition(":")[0] for line in locale.faults()] == [
        "Brand new",
        "{count} unwritten",
        "{count} other",
        "Left over",
    ]


def test_chinese_uses_full_width_punctuation_and_spaces() -> None:
    texts = [re.sub(r" ?\{\w*\} ?", "\ufffc", text) for text in fixed()]
    assert [text for text in texts if WRONG.search(text)] == []
    assert [text for text in texts if TIGHT.search(text)] == []
