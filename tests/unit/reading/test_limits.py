"""The input budget: every document counts, whatever its format."""

from __future__ import annotations

import pytest

from dfpolicy.errors import InputError
from dfpolicy.reading.documents import Document, split
from dfpolicy.reading.limits import CONFIGURATION, MAX_DEPTH, MIB, Limits, within
from dfpolicy.reading.sources import Source


def read(text: str, limits: Limits | None = None, name: str = "f.yaml") -> list[Document]:
    with within(limits or Limits()):
        return list(split(Source(name, text)))


def refused(text: str, limits: Limits | None = None, name: str = "f.yaml") -> str:
    with pytest.raises(InputError) as caught:
        read(text, limits, name)
    return str(caught.value)


@pytest.mark.parametrize("text", ["a: 1\n---\nb: 2\n", '{"a": 1}\n{"b": 2}'])
def test_documents_are_counted(text: str) -> None:
    assert len(read(text, Limits(documents=2))) == 2
    message = "the input contains more than 1 documents; split it, or raise --max-documents"
    assert refused(text, Limits(documents=1)).endswith(message)


def test_empty_documents_are_counted_too() -> None:
    assert "f.yaml:3: the input contains more than 2 documents" in refused(
        "---\n---\n---\n", Limits(documents=2)
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a: [1, 2, {b: c}]", "f.yaml"),
        ('{"a": [1, 2, {"b": "c"}]}', "f.json"),
        ("[A]\nb=c\nd=e\n[E]\nf=g\nh=i\ni=j\nk=l", "f.service"),
    ],
)
def test_values_and_keys_are_counted(text: str, name: str) -> None:
    read(text, Limits(values=8), name)
    assert "contains more than 7 values" in refused(text, Limits(values=7), name)


def test_all_documents_share_the_limit() -> None:
    for text in ("a: 1\n---\na: 1\n", '{"a": 1} {"a": 1}'):
        read(text, Limits(values=6))
        assert "contains more than 5 values" in refused(text, Limits(values=5))
    with within(Limits(values=5)):
        list(split(Source("a", "a: 1\n")))
        with pytest.raises(InputError):
            list(split(Source("b", "a: 1\n")))


def test_without_a_budget_in_force_each_text_has_its_own() -> None:
    for _ in range(3):
        assert list(split(Source("a", "a: 1\n")))


def test_punctuation_inside_json_strings_does_not_count_as_values() -> None:
    text = r'{"a": ",,,:::[[[\",,,\\", "b": "\n{"}'
    assert len(read(text, Limits(values=5))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "[" * 201 + "]" * 201,
        '{"a":' * 201 + "1" + "}" * 201,
        '[{"a":' * 101 + "1" + "}]" * 101,
        "- " * 201 + "1",
        "a0: &a0 [1]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 300)),
    ],
    ids=["lists", "mappings", "both", "block", "aliases"],
)
def test_depth_is_bounded_however_it_is_written(text: str) -> None:
    assert f"nested more than {MAX_DEPTH} levels deep" in refused(text)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 200 + "]" * 200,
        '{"a":' * 200 + "1" + "}" * 200,
        '{"a": "' + "[" * 300 + "]" * 300 + '"}',
        "- " * 200 + "1",
    ],
)
def test_the_greatest_depth_is_read(text: str) -> None:
    assert len(read(text)) == 1


def test_aliases_of_a_long_text_count_as_if_they_were_written_out() -> None:
    text = f"a: &a {'x' * 1000}\nb: [{', '.join(['*a'] * 2000)}]\n"
    assert refused(text, Limits(size=MIB)).startswith("f.yaml:1: the input is larger than 1 MiB")
    read(text, Limits(size=2 * MIB))


def test_a_configuration_has_limits_that_no_flag_raises() -> None:
    message = refused("---\n" * 1001, CONFIGURATION)
    assert (
        message
        == "f.yaml:1001: the configuration file contains more than 1000 documents; make it smaller"
    )


@pytest.mark.parametrize("text", [" " * 10**7, "\n" * 10**7, "#\n" * 10**6, "%\n" * 10**6])
def test_an_empty_text_is_not_a_document(text: str) -> None:
    assert read(text) == []
