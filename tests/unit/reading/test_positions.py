"""Lines are those of PyYAML's own nodes, without their memory use."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from dfpolicy.reading.documents import Document, load_documents, split
from dfpolicy.reading.positions import Positions
from dfpolicy.reading.sources import Source
from support import decisions

FORMS = """\
# A comment
a: &x
  b: [1,
    2, {c: d}]
? e
: f
g: *x
h: {<<: *x,
  i: j}
"k l": |
  m
n: !!str
  o
"""


def nodes(node: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[Any, Any, Any]]:
    """Each (path, key's node, value's node) of a document."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield (*path, key.value), key, value
            yield from nodes(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield (*path, number), value, value
            yield from nodes(value, (*path, number))


def check(document: Document) -> int:
    positions, count = Positions(), 0
    for path, key, value in nodes(yaml.compose(document.text, Loader=yaml.SafeLoader)):
        line = document.text_line + value.start_mark.line
        assert positions.line(document, path) == line, path
        assert positions.key_line(document, path) == document.text_line + key.start_mark.line
        count += 1
    return count


def test_every_form_of_yaml() -> None:
    (document,) = split(Source("f.yaml", FORMS))
    assert check(document) > 10


@pytest.mark.parametrize("name", ["single-k8s", "legacy-host"])
def test_examples(name: str) -> None:
    folder = Path(decisions.EXAMPLES) / name
    assert sum(map(check, load_documents([str(folder / "manifests.yaml")]))) > 20


@pytest.mark.parametrize("indent", [None, 1])
def test_json_has_the_lines_of_yaml(indent: int | None) -> None:
    (value, *_others) = load_documents([str(decisions.EXAMPLES / "single-k8s" / "manifests.yaml")])
    text = "\n" + json.dumps({'a\\"': value.value, "b": [{}, [], "]\\"]}, indent=indent)
    (document,) = split(Source("f.json", text))
    assert check(document) > 5


def test_a_path_that_does_not_exist() -> None:
    (document,) = split(Source("f.yaml", "\n\na: [b]\n"))
    for path in ((), ("b",), ("a", 1), ("a", "b"), (0,), ("a", 0, "c")):
        assert Positions().line(document, path) == 3


def test_json_that_is_not_yaml() -> None:
    # libyaml does not accept escaped surrogates, keys of more than 1024 characters, and DEL.
    for key in ('"\\ud83d\\ude00"', '"' + "k" * 2000 + '"', '"\x7f"', '"k"\n'):
        (document,) = split(Source("f.json", f'\n{{{key}: 0,\n"a": [\n1]}}'))
        line = 3 + key.count("\n")
        assert Positions().line(document, ("a",)) == line
        assert Positions().line(document, ("a", 0)) == line + 1
