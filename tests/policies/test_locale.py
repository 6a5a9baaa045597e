"""Every fixed word has a Chinese translation with the same fields and correct punctuation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from tools.dev import locale, templates

from dfpolicy.model import Decision
from support import decisions

# A half-width mark after Chinese, a space between two characters, or one next to a full-width mark.
WIDE = r"[\u3400-\u9fff]"
MARK = r"[\u3000-\u303f\uff01-\uff20]"
WRONG = re.compile(rf"{WIDE}[,;:?!]|{WIDE} {WIDE}|{MARK} | {MARK}")
# DeepFlow separates Latin letters and digits from Chinese ones with a space.
TIGHT = re.compile(rf"{WIDE}[A-Za-z0-9`]|[A-Za-z0-9`]{WIDE}")


def fixed() -> Iterator[str]:
    for message in locale.translated():
        if message.id:
            texts = message.string or ()
            yield from [texts] if isinstance(texts, str) else texts


@pytest.fixture(scope="module")
def asked() -> Catalog:
    return locale.asked()


def test_every_word_has_chinese_and_none_is_stale(asked: Catalog) -> None:
    assert list(locale.faults(asked, locale.translated())) == []


def test_no_msgid_is_inside_an_f_string() -> None:
    """Before Python 3.12 babel does not find it there, and it would silently stay English."""
    inside = re.compile(r"""f["'][^\n]*\{_n?\(["']""")
    sources = sorted(locale.PACKAGE.rglob("*.py"))
    assert len(sources) > 100
    assert [str(path) for path in sources if inside.search(path.read_text("utf-8"))] == []


def test_the_mo_file_matches_the_po_file() -> None:
    assert locale.COMPILED.read_bytes() == locale.compiled()


def test_missing_stale_and_wrong_translations_are_reported(asked: Catalog) -> None:
    wanted, there = deepcopy(asked), locale.translated()
    for text in ("Brand new", "{count} unwritten", "{count} other"):
        wanted.add(text)
    there.add("{count} unwritten")
    there.add("{count} other", "{amount}")
    there.add("Left over", "x")
    assert [line.partition(":")[0] for line in locale.faults(wanted, there)] == [
        "Brand new",
        "{count} unwritten",
        "{count} other",
        "Left over",
    ]


def test_chinese_uses_full_width_punctuation_and_spaces() -> None:
    texts = [re.sub(r" ?\{\w*\} ?", "\ufffc", text) for text in fixed()]
    assert [text for text in texts if WRONG.search(text)] == []
    assert [text for text in texts if TIGHT.search(text)] == []


def test_a_text_that_a_rule_names_is_collected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise a reader of Chinese gets them in English."""
    (tmp_path / "a.rego").write_text(
        "package a\n\n"
        "verdict(node) := result.violation(_found[node.kind], _expected)\n\n"
        '_found := {"one": "an entry of a table"}\n\n'
        '_expected := "a constant" if input.strict\n\n'
        'else := "its other value"\n',
        "utf-8",
    )
    monkeypatch.setattr(templates, "POLICIES", tmp_path)
    texts = [one.text for one in templates.extracted().templates]
    assert texts == ["a constant", "an entry of a table", "its other value"]


def test_every_text_of_a_decision_is_a_template_with_chinese() -> None:
    """Texts that the policies compose where the extraction does not see them would stay English."""
    known = {one for entry in locale.translated() for one in _ids(entry.id)}
    found: dict[str, str] = {}
    for path in decisions.example_files():
        for template in _templates(decisions.example_decision(path)):
            found.setdefault(template, str(path.relative_to(decisions.EXAMPLES)))
    assert len(found) > 500
    assert {text: file for text, file in found.items() if text not in known} == {}


def _ids(identifier: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (identifier,) if isinstance(identifier, str) else tuple(identifier)


def _templates(decision: Decision) -> Iterator[str]:
    mode = decision["mode"]
    yield from _of(mode.get("messages", {}).get("reason") or {"template": mode["reason"]})
    for result in decision["results"]:
        texts: dict[str, Any] = {**result, **result.get("messages", {})}
        for key in ("title", "observed", "expected", "remediation"):
            part = texts[key]
            yield from _of({"template": part} if isinstance(part, str) else part)
        yield from result["impact"]
    for row in decision["features"]:
        notes = row.get("messages", {}).get("notes") or row.get("notes", [])
        for note in notes:
            yield from _of({"template": note} if isinstance(note, str) else note)


def _of(part: Any) -> Iterator[str]:
    if not isinstance(part, dict):
        return
    if part.get("template"):
        yield part["template"]
    for inner in (*part.get("values", {}).values(), *part.get("items", ())):
        yield from _of(inner)
