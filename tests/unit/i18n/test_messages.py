"""Messages of the policies, formatted in the language in force."""

from __future__ import annotations

import io
from collections.abc import Iterator
from gettext import GNUTranslations
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from dfpolicy.i18n import language
from dfpolicy.i18n.messages import message

NODES = {"template": "{count} node", "plural": "{count} nodes"}


@pytest.fixture
def chinese(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    catalog = Catalog(locale="zh")
    catalog.add(("{count} node", "{count} nodes"), ("{count} 个节点",))
    for english, text in {
        "{a} is {b}": "{a} 为 {b}",
        "hostNetwork is false": "hostNetwork 为 false",
        ", ": "、",
        "; ": "\uff1b",
        "{items} and {count} more": "{items} 等另外 {count} 项",
    }.items():
        catalog.add(english, text)
    stream = io.BytesIO()
    write_mo(stream, catalog)
    stream.seek(0)
    monkeypatch.setitem(language._loaded, "zh", GNUTranslations(stream))
    with language.speaking("zh"):
        yield


CASES: list[tuple[Any, str, str]] = [
    ("data", "data", "data"),
    (5, "5", "5"),
    ({"template": "{a} is {b}", "values": {"a": "x", "b": 2}}, "x is 2", "x 为 2"),
    (
        {
            "template": "{a} is {b}",
            "values": {"a": "{b}", "b": {"template": "hostNetwork is false"}},
        },
        "{b} is hostNetwork is false",
        "{b} 为 hostNetwork 为 false",
    ),
    ({**NODES, "values": {"count": 1}}, "1 node", "1 个节点"),
    ({**NODES, "values": {"count": 3}}, "3 nodes", "3 个节点"),
    ({"items": ["a", "b"]}, "a, b", "a、b"),
    ({"items": ["a"], "more": 2}, "a and 2 more", "a 等另外 2 项"),
    ({"items": ["a", "b"], "separator": "; "}, "a; b", "a\uff1bb"),
    (
        {"template": "not translated {a.__class__} {b}", "values": {}},
        *["not translated {a.__class__} {b}"] * 2,
    ),
]


@pytest.mark.parametrize(("part", "english"), [case[:2] for case in CASES])
def test_english(part: Any, english: str) -> None:
    assert message(part) == english


@pytest.mark.parametrize(("part", "text"), [(case[0], case[2]) for case in CASES])
def test_chinese(part: Any, text: str, chinese: None) -> None:
    assert message(part) == text
