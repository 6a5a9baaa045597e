"""Messages of the policies, formatted in the language in force."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from dfpolicy.i18n import language
from dfpolicy.i18n.messages import message
from support.languages import speak

NODES = {"template": "{count} node", "plural": "{count} nodes"}


@pytest.fixture
def chinese(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    words: dict[str | tuple[str, str], str] = {
        ("{count} node", "{count} nodes"): "{count} 个节点",
        "{a} is {b}": "{a} 为 {b}",
        "hostNetwork is false": "hostNetwork 为 false",
        ", ": "、",
        "; ": "\uff1b",
        "{items} and {count} more": "{items} 等另外 {count} 项",
    }
    speak(monkeypatch, words)
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
        {"template": "unknown {a.__class__} {b}", "values": {}},
        "unknown {a.__class__} {b}",
        "unknown {a.__class__} {b}",
    ),
]


@pytest.mark.parametrize(("part", "english"), [case[:2] for case in CASES])
def test_english(part: Any, english: str) -> None:
    assert message(part) == english


@pytest.mark.parametrize(("part", "text"), [(case[0], case[2]) for case in CASES])
def test_chinese(part: Any, text: str, chinese: None) -> None:
    assert message(part) == text


@pytest.mark.parametrize("leaf", ["", "x" * 1000])
def test_a_message_that_doubles_with_each_level_is_not_formatted(leaf: str) -> None:
    """Otherwise a few kilobytes of a stored report, or from a server, take forever."""
    part: Any = leaf
    for _ in range(60):
        part = {"template": "{a}{a}", "values": {"a": part}}
    assert message(part) == "{a}{a}"
    wide = {"template": "{a}" * 10_000, "values": {"a": "x" * 10_000}}
    assert message(wide) == wide["template"]
