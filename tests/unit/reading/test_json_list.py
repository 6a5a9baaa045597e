"""A JSON List that is read item by item gives what the whole text gives."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dfpolicy import evaluate_files
from dfpolicy.engines import wasm
from dfpolicy.errors import InputError
from dfpolicy.reading import json_list
from dfpolicy.reading.documents import Document, split
from dfpolicy.reading.limits import Limits, budget, within
from dfpolicy.reading.positions import Positions
from dfpolicy.reading.sources import Source
from support.command import once_compiled
from support.inputs import PROPERTY
from support.manifests import BARE

KIND, VERSION = '"kind": "List"', '"apiVersion": "v1"'
PLAIN = [
    '{"kind": "A", "b": [1, {"c": "]}"}]}',
    '{"d": "\\"[\\u00e9\\ud83d\\ude00"}',
    '{"e":\n1e3}',
    "{}",
    "[[]]",
    "null",
]
# Some are valid JSON, some only YAML, some neither.
UNUSUAL = [
    '{"a": 1, "a": 2}',
    '{"a": "\\ud800"}',
    '{"\\udc00": 1}',
    '{"a": NaN}',
    "-Infinity",
    "1e400",
    '{"a": "\tb\n"}',
    "[" * 199 + "]" * 199,
    "[" * 198 + "]" * 198,
    "{a: 1}",
    "[1,]",
    '{"a"',
    "",
    "0 0",
    "# c\n1",
]
FIELDS = [
    '"kind": "PodList"',
    '"kind": "Pod"',
    '"kind": 1',
    '"apiVersion": ""',
    '"metadata": {"x": ["]"]}',
    '"x": [1, 2]',
    '"items": null',
    '"it\\u0065ms": [1]',
    '"a": "\\ud800"',
    "1: 2",
    "x",
]
AROUND = ["\n", "", " \t\r\n", "---\n", "# c\n", "{}", "[", "]", "\n---\na: 1\n"]


@st.composite
def lists(draw: st.DrawFn) -> str:
    """A text that is a List, or nearly."""
    often = st.integers(0, 3).flatmap(lambda n: st.sampled_from(UNUSUAL if n == 3 else PLAIN))
    items = draw(st.one_of(st.lists(st.sampled_from(PLAIN)), st.lists(often)))
    blank = draw(st.sampled_from(["", " ", "\n", "\n    ", "\r\n", "\t"]))
    comma = f"{blank},{blank}"
    listed = f'"items"{blank}:{blank}[{blank}{comma.join(items)}{blank}]'
    fields = draw(st.lists(st.sampled_from(FIELDS), max_size=2)) if draw(st.booleans()) else []
    content = comma.join(draw(st.permutations([VERSION, KIND, listed, *fields])))
    before, after = (draw(st.sampled_from(["\n", *AROUND])) for _ in range(2))
    return f"{before}{{{blank}{content}{blank}}}{after}"


def read(text: str, large: int, limits: Limits) -> object:
    """The documents, the lines of their items, and the rest of the budget; or the error."""
    with pytest.MonkeyPatch.context() as patch, within(limits):
        patch.setattr(json_list, "LARGE", large)
        found = []
        try:
            for one in split(Source("x", text), streamed=True):
                items = [*(one.members or ())]
                lines = [item.line for item in items] or lines_of_items(one)
                if items:
                    one.value["items"] = [item.value for item in items]
                found.append((one.value, one.index, one.line, one.text_line, one.text, lines))
        except InputError as error:
            return str(error)
        return found, budget().documents, budget().values


def lines_of_items(document: Document) -> list[int]:
    """The lines that a report shows for the items, if the document is read whole."""
    items = document.value.get("items") if isinstance(document.value, dict) else None
    positions, count = Positions(), len(items) if isinstance(items, list) else 0
    return [positions.line(document, ("items", number)) for number in range(count)]


LIMITS = [Limits(), Limits(), Limits(), Limits(values=30), Limits(documents=0)]


@PROPERTY
@given(lists(), st.sampled_from(LIMITS))
def test_any_list_is_read_alike_in_both_ways(text: str, limits: Limits) -> None:
    assert read(text, 0, limits) == read(text, len(text) + 1, limits)


@pytest.mark.parametrize("indent", [4, None])
@pytest.mark.parametrize("ordered", [True, False])
def test_a_large_list_is_read_item_by_item(
    indent: int | None, ordered: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_list, "LARGE", 0)
    head: dict[str, Any] = {"kind": "List", "apiVersion": "v1", "metadata": {"x": []}}
    value = {**head, "items": [{"a": 1}, {"b": [2]}]}
    text = json.dumps(value, indent=indent, sort_keys=ordered)
    (document,) = split(Source("x", text), streamed=True)
    assert document.value == {**head, "items": []}
    assert document.members is not None
    assert [text[one.start : one.end] for one in document.members] == [
        json.dumps(item, indent=indent).replace("\n", "\n        ") for item in value["items"]
    ]


@pytest.mark.parametrize("indent", [4, None])
def test_the_report_is_the_same(
    indent: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wasm, "_Program", once_compiled)
    monkeypatch.chdir(tmp_path)
    other = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "\x7f": "\u2028"}
    inner = {"apiVersion": "v1", "kind": "List", "items": list(yaml.safe_load_all(BARE))}
    value = {"apiVersion": "v1", "items": [other, inner], "kind": "List"}
    Path("x.json").write_text(json.dumps(value, indent=indent, ensure_ascii=False), "utf-8")
    whole = evaluate_files(["x.json"])
    monkeypatch.setattr(json_list, "LARGE", 0)
    assert evaluate_files(["x.json"]) == whole
    # Of the DaemonSet, and of its container.
    lines = {one["location"]["line"] for one in whole["results"] if "location" in one}
    assert lines == ({16, 30} if indent else {1})
