"""Depth, values and places of JSON texts, without decoding them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dfpolicy.reading import json_shape
from dfpolicy.reading.json_shape import Shape, line_of_level
from support.inputs import PROPERTY

JSON: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.integers(), st.text('ab"\\[]{},:\n')),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text('a"\\['), inner)),
)


def depth(value: Any) -> int:
    members = list(value.values()) if isinstance(value, dict) else value
    return 1 + max(map(depth, members), default=0) if isinstance(members, list) else 0


def values(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + len(value) + sum(map(values, value.values()))
    return 1 + sum(map(values, value)) if isinstance(value, list) else 1


@PROPERTY
@given(JSON, st.sampled_from([1, 2, 3, 1 << 20]))
def test_depth_and_values(value: Any, piece: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_shape, "_PIECE", piece)
        shape, deep = Shape(json.dumps(value)), depth(value)
    assert not shape.deeper_than(deep)
    assert deep == 0 or shape.deeper_than(deep - 1)
    assert shape.values >= values(value)


@pytest.mark.parametrize(
    ("text", "level", "line"),
    [
        ("[[\n[", 3, 2),
        ('{"a":\n"]\\"[[[",\n"b": [', 2, 3),
        ("[]\n[]\n[[", 2, 3),
        ('"a\nb"\n[', 1, 3),
    ],
)
def test_line_of_level(text: str, level: int, line: int) -> None:
    assert line_of_level(text, level) == line
