from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dfpolicy.errors import InputError
from dfpolicy.reading.documents import Document, split
from dfpolicy.reading.sources import Source

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=12)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 53), 1 << 53) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
OBJECTS = st.lists(st.dictionaries(TEXT, VALUES, min_size=1, max_size=4), max_size=5)
FILLERS = [
    "",
    "\n",
    "# a comment\n",
    "---\n",
    "---\n# Source: a/b.yaml\n",
    "--- \n\n\n",
    "---\n...\n",
]


def read(text: str) -> list[Document]:
    return list(split(Source("f", text)))


def refusal(text: str) -> str | None:
    """Return why a text is refused, or None if its values can be written as JSON."""
    try:
        json.dumps(values(text), allow_nan=False).encode()
    except InputError as error:
        return str(error)
    return None


def values(text: str) -> list[Any]:
    return [document.value for document in read(text)]


def test_documents_have_their_file_and_line() -> None:
    found = read("# a\n---\n\na: 1\n---\n# nothing\n---\n# Source: c/templates/d.yaml\nb: 2\n")
    assert [(one.index, one.line, one.template, one.value) for one in found] == [
        (1, 4, None, {"a": 1}),
        (2, 9, "c/templates/d.yaml", {"b": 2}),
    ]
    assert {one.source for one in found} == {"f"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", []),
        ("---", []),
        ("---\n---\n...\n", []),
        ("~\n---\nnull\n", []),
        ("--- {a: 1}\n--- # c\nb: 2\n", [{"a": 1}, {"b": 2}]),
        ("---\ta: 1\n", None),
        # kubectl would silently drop the second one.
        ("a: 1\n...\nb: 2\n", None),
        ("a: 1\n...\n---\nb: 2\n", [{"a": 1}, {"b": 2}]),
        ("%YAML 1.1\n---\na: 1\n", [{"a": 1}]),
        ("# c\n%YAML 1.1\n---\na: 1\n", [{"a": 1}]),
        ("a: |\n  ---\n  b\n---\nc: 1\n", [{"a": "---\nb\n"}, {"c": 1}]),
        ("a: '\n  --- x'\n", [{"a": " --- x"}]),
        ("a: 1\r\n---\r\nb: 2\r\n", [{"a": 1}, {"b": 2}]),
        ("---a: 1\n", [{"---a": 1}]),
    ],
)
def test_markers(text: str, wanted: list[Any] | None) -> None:
    if wanted is None:
        with pytest.raises(InputError, match=r"^f:[13]: "):
            read(text)
    else:
        assert values(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('{"a": 1}', [{"a": 1}]),
        ('\n {"a": 1}{"b": 2}\n[3]', [{"a": 1}, {"b": 2}, [3]]),
        ('{"a": "\\ud83d\\ude00"}', [{"a": "😀"}]),
        ('{"a": "x\\n---\\ny"}', [{"a": "x\n---\ny"}]),
        ("{a: 1}\n---\n[2]\n", [{"a": 1}, [2]]),
        ('{"a": 1}\n---\n{"b": 2}\n', [{"a": 1}, {"b": 2}]),
        ('{"a": NaN}', [{"a": "NaN"}]),
        ('{"a": 1e400}', [{"a": "1e400"}]),
        ('{"a": 1e3}', [{"a": 1000}]),
        ('{\t"a": 1}', [{"a": 1}]),
    ],
)
def test_json(text: str, wanted: list[Any]) -> None:
    assert values(text) == wanted


def test_the_lines_of_concatenated_json() -> None:
    found = read('\n{"a":\n1}\n\n{"b": 2} {"c": 3}')
    assert [(one.index, one.line) for one in found] == [(1, 2), (2, 5), (3, 5)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": 1,\n"b": {"c": 1,\n"c": 2}}', "f:3: duplicate key 'c'"),
        ('{"x": 1}\n{\t"a": 1,\n\t"a": 2}', "f:3: duplicate key 'a'"),
        ('{"a": "\\ud800"}', "f:1: not valid YAML"),
        ("[" * 100_000, "f:1: "),
        ('{"a": 1', "f:2: not valid YAML"),
    ],
)
def test_bad_json(text: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        read(text)
    assert str(error.value).startswith(message)


@pytest.mark.parametrize("blank", ["\n", " ", "\r\n", " \n", "#\n", "# c\n \n"])
def test_reading_takes_time_in_proportion_to_blanks(blank: str) -> None:
    # With quadratic time, this test would not finish.
    blanks = blank * 1_000_000
    assert values(f"{blanks}\na: 1\n---\n{blanks}\nb: 2\n") == [{"a": 1}, {"b": 2}]


@given(OBJECTS, st.data())
def test_any_yaml_stream_is_split_into_what_was_written(
    objects: list[dict[str, Any]], data: st.DataObject
) -> None:
    style: dict[str, Any] = {"default_flow_style": data.draw(st.booleans()), "width": 1 << 30}
    stream: str = ""
    lines: list[int] = []
    for one in objects:
        for filler in data.draw(st.lists(st.sampled_from(FILLERS), max_size=3)):
            stream += filler
        stream += "---\n"
        lines.append(stream.count("\n") + 1)
        # Quoted, since PyYAML leaves a plain `y`, which Kubernetes reads as a boolean.
        stream += yaml.safe_dump(one, allow_unicode=True, default_style='"', **style)
    found = read(stream)
    assert [one.value for one in found] == objects
    assert [one.line for one in found] == lines
    assert [one.index for one in found] == list(range(1, len(objects) + 1))


@given(OBJECTS, st.booleans())
def test_any_json_stream_is_split_into_what_was_written(
    objects: list[dict[str, Any]], ascii_only: bool
) -> None:
    stream = "\n".join(json.dumps(one, indent=1, ensure_ascii=ascii_only) for one in objects)
    assert values(stream) == objects


@given(st.text(st.sampled_from("-.# \n\ta:'\"[]{}&*!|>%<1")), st.text())
def test_any_text_is_read_or_refused_in_one_line(dense: str, free: str) -> None:
    for text in (dense, free):
        assert refusal(text) is None or re.fullmatch(r"f:[^\n]+", refusal(text) or "")


MESSAGE = (
    "is a message of a program, not YAML; remove it, or write only standard output to the file"
)
NOTES = (
    "begins the notes of Helm, not YAML; give the output of `helm template` or `helm get manifest`"
)


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("walk.go:74: found symbolic link: a\n---\na: 1\n", 1, MESSAGE),
        ("# a\n\nWARNING: old file. Location: /root\na: 1\n", 3, MESSAGE),
        ("Defaulted container a out of b, c\na: 1\nb: 2\n", 1, MESSAGE),
        ("a: 1\n---\nlevel=info msg=b\nc: 1\n", 3, MESSAGE),
        ("a: 1\n---\nb: 1\n\nNOTES:\nThank you.\n", 5, NOTES),
    ],
)
def test_what_a_program_printed_is_named_with_its_line(text: str, line: int, told: str) -> None:
    with pytest.raises(InputError) as caught:
        list(split(Source("f", text)))
    assert str(caught.value) == f"f:{line}: line {line} {told}"


@pytest.mark.parametrize("text", ["a: {b\n", "'a: b\n", "- a: b: c\n", "a: &b *b\n c\n"])
def test_invalid_yaml_is_not_reported_as_program_output(text: str) -> None:
    with pytest.raises(InputError, match="not valid YAML"):
        list(split(Source("f", text)))
