from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dfpolicy.reading.yaml_reader import read_yaml
from dfpolicy.reading.yaml_writer import write_yaml
from support.inputs import PROPERTY

TABLE = json.loads(Path(__file__).with_name("kubernetes_scalars.json").read_text("utf-8"))
TEXTS = st.text() | st.text("yYnNoOeE0123456789.+-_xXb:# ~tTfF\n\"'", max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 62), 1 << 62) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def read(text: str) -> Any:
    ((value, _),) = read_yaml(text, "f", 1)
    return value


@PROPERTY
@given(VALUES)
def test_written_yaml_is_read_back(value: Any) -> None:
    for unicode in (True, False):
        text = write_yaml({"a": value}, unicode)
        assert read(text) == {"a": value}
        assert yaml.safe_load(text) == {"a": value}


@pytest.mark.parametrize("text", sorted({str(row[0]) for row in TABLE}) if TABLE else [])
def test_strings_that_look_like_other_types_stay_strings(text: str) -> None:
    assert read(write_yaml({text: [text]})) == {text: [text]}


def test_a_shared_value_is_written_twice() -> None:
    shared = {"x": ["y"]}
    assert write_yaml([shared, shared]) == '- x:\n  - "y"\n- x:\n  - "y"\n'
