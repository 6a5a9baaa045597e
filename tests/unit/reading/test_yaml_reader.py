"""YAML decoding: the YAML that kubectl accepts, with limits, and the places of errors."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dfpolicy.errors import InputError
from dfpolicy.reading.limits import MAX_DEPTH
from dfpolicy.reading.yaml_reader import read_yaml


def values(text: str) -> list[Any]:
    return [value for value, _ in read_yaml(text, "file.yaml", 1)]


def refused(text: str) -> str:
    with pytest.raises(InputError) as caught:
        values(text)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "wanted"),
    {
        "a: {b: [1, x, null]}": {"a": {"b": [1, "x", None]}},
        "on: 1\n2: b\n1.5: c\n'3': d": {"true": 1, "2": "b", "1.5": "c", "3": "d"},
        "a: &x {b: 1}\nc: *x": {"a": {"b": 1}, "c": {"b": 1}},
        "a: &x {b: 1, d: 2}\nc: {<<: *x, b: 3}": {"a": {"b": 1, "d": 2}, "c": {"b": 3, "d": 2}},
        "a: &x {b: 1}\ne: &y {f: 2}\nc: {<<: [*x, *y]}": {
            "a": {"b": 1},
            "e": {"f": 2},
            "c": {"b": 1, "f": 2},
        },
        "'<<': 1": {"<<": 1},
        "a: |\n  x\n  y\n": {"a": "x\ny\n"},
        "a: 'yes'\nb: yes": {"a": "yes", "b": True},
        "a: 2001-12-14": {"a": "2001-12-14"},
        "a:\r\n- b\r\n": {"a": ["b"]},
        "&k a: 1\nb: *k": {"a": 1, "b": "a"},
        "!!map {a: !!seq [1]}": {"a": [1]},
    }.items(),
)
def test_values(text: str, wanted: Any) -> None:
    assert values(text) == [wanted]


def test_several_documents_in_one_text() -> None:
    assert values("a: 1\n...\n---\nb: 2\n") == [{"a": 1}, {"b": 2}]


def test_anchors_end_with_their_document() -> None:
    assert "not defined" in refused("a: &x 1\n---\nb: *x\n")


@pytest.mark.parametrize(
    ("text", "message"),
    {
        "a: 1\nb: 2\na: 3": "file.yaml:3: duplicate key 'a'",
        "a: {b: 1, b: 2}": "file.yaml:1: duplicate key 'b'",
        "1: a\n'1': b": "file.yaml:2: duplicate key '1'",
        "a: 1\nb: 'open": "file.yaml:2: not valid YAML: found unexpected end of stream",
        "a: *b": "file.yaml:1: the anchor of an alias is not defined",
        "a: &a [*a]": "file.yaml:1: an alias refers to the value that contains it",
        "a:\n  !!python/object:os.system x": "Kubernetes does not know this YAML tag",
        "!!python/object/apply:os.system [x]": "Kubernetes does not know this YAML tag",
        "? [a]\n: b": "file.yaml:1: a mapping key must be a string",
        "? {a: b}\n: b": "file.yaml:1: a mapping key must be a string",
        "a: &x [b]\n*x : c": "file.yaml:2: a mapping key must be a string",
        "~: b": "file.yaml:1: a mapping key must be a string",
        "a: .nan": "file.yaml:1: this number cannot be written as JSON",
        "a: !!int b": "file.yaml:1: the value does not match its YAML tag",
        "<<: 1": "file.yaml:1: the merge key << needs mappings",
        "a: \x07": "not valid YAML",
        "a:\n\t- b": "file.yaml:2: not valid YAML",
    }.items(),
)
def test_refusals_name_the_place(text: str, message: str) -> None:
    assert message in refused(text)


def test_refusals_quote_no_value() -> None:
    assert "s3cret" not in refused("password: s3cret\npassword: s3cret")
    assert "s3cret" not in refused("password: !!int s3cret")
    assert "s3cret" not in refused("password: 's3cret")


def test_alias_bombs_are_refused() -> None:
    bomb = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    bomb += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    assert "the input contains more than" in refused("\n".join(bomb))


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "a:\n"])
def test_depth_is_bounded(opening: str) -> None:
    depth = MAX_DEPTH + 100
    steps = [f"{' ' * i}a:\n" for i in range(depth)] if opening == "a:\n" else [opening] * depth
    assert "nested more than" in refused("".join(steps))


def test_ten_thousand_levels_are_refused_at_once() -> None:
    assert "nest" in refused("[" * 10_000)


# YAML accepts no key of more than 1024 characters, escapes included, in a flow mapping.
KEYS = st.text(st.characters(max_codepoint=0xD7FF), max_size=100)
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(max_codepoint=0xD7FF)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@given(PLAIN)
def test_json_values_round_trip_through_yaml(value: Any) -> None:
    # JSON escapes characters that YAML refuses; its surrogate escapes are not valid in YAML.
    text = json.dumps({"value": value})
    assert values(text) == [{"value": value}]


@given(st.text(alphabet=" \n-:[]{}&*!|>'\"%@`#?,ab01~<\t\r"))
def test_any_text_is_read_or_refused_with_its_place(text: str) -> None:
    try:
        found = values(text)
    except InputError as error:
        assert error.where.startswith("file.yaml")
        return
    json.dumps(found, allow_nan=False)


@given(
    st.dictionaries(
        st.sampled_from("abcd"), st.integers(-(2**53), 2**53) | st.lists(st.text(max_size=3))
    )
)
def test_agrees_with_pyyaml_where_yaml_has_one_reading(value: Any) -> None:
    # Quoted, because PyYAML reads a plain N as a string and Kubernetes as a boolean.
    text = yaml.safe_dump(value, default_style='"')
    assert values(text) == [json.loads(json.dumps(yaml.safe_load(text)))]
