"""A List that is read item by item gives what the whole text gives: values, lines, faults."""

from __future__ import annotations

import json

import pytest
import yaml

from dfpolicy.errors import InputError
from dfpolicy.input.build import build_input
from dfpolicy.model import JsonObject, Subject
from dfpolicy.reading import json_list, list_items
from dfpolicy.reading.documents import split
from dfpolicy.reading.limits import Limits, budget, within
from dfpolicy.reading.sources import Source
from dfpolicy.report.locations import Locator

_POD = """\
- apiVersion: v1
  kind: Pod
  metadata:
    name: {name}
  spec:
    containers:
    - name: a
      image: "b"
"""
_PLAIN = "".join(_POD.format(name=name) for name in "abc")
_HEAD, _TAIL = "apiVersion: v1\nitems:\n", "kind: List\nmetadata: {}\n"


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())


LISTS = {
    "as kubectl writes it": _HEAD + _PLAIN + _TAIL,
    "kind before the items": "apiVersion: v1\nkind: List\nitems:\n" + _PLAIN,
    "indented": "kind: PodList\n" + _HEAD + _indented(_PLAIN),
    "a comment before the end": _HEAD + _PLAIN + "# end\n\n" + _TAIL,
    "a block with a dash": _HEAD
    + _PLAIN
    + "- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: d}\n"
    + "  data:\n    f: |\n      - a\n     - b\n"
    + _TAIL,
    "an alias of another item": _HEAD
    + _PLAIN
    + "- apiVersion: v1\n  kind: Role\n  metadata: &m {name: e}\n"
    + "- apiVersion: v1\n  kind: Service\n  metadata: *m\n"
    + _TAIL,
    "a list in the list": _HEAD + _PLAIN + "- apiVersion: v1\n  kind: List\n  items: []\n" + _TAIL,
    "no list": "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nitems:\n- a\n",
    "an item that is no object": _HEAD + _PLAIN + "- a\n" + _TAIL,
    "an empty item": _HEAD + _PLAIN + "- \n" + _POD.format(name="d") + _TAIL,
    "a duplicate key": _HEAD + _PLAIN + "- apiVersion: v1\n  apiVersion: v1\n" + _TAIL,
    "a fault": _HEAD + _PLAIN + "- a: [\n" + _POD.format(name="d") + _TAIL,
    "a string of two lines": _HEAD + _PLAIN + '- a: "b\n- c"\n' + _TAIL,
    "an empty apiVersion": 'apiVersion: ""\nitems:\n' + _PLAIN + _TAIL,
    "a fault after the items": _HEAD + _PLAIN + "kind: List\nkind: List\n",
    "a dash alone": _HEAD
    + _PLAIN
    + "-\n  apiVersion: v1\n  kind: Pod\n  metadata: {name: d}\n"
    + _TAIL,
}


def _read(text: str, streamed: bool) -> object:
    """The objects with their lines and those of their containers, and the rest of the budget."""
    with within(Limits()):
        try:
            documents = list(split(Source("x", "---\n# Source: a/b.yaml\n" + text), streamed))
            built = build_input(documents)
        except InputError as error:
            return str(error)
        locator = Locator(built.items)
        places = [
            locator.locate(subject) for item in built.items for subject in _subjects(item.value)
        ]
        return built.data, places, [item.path for item in built.items], budget().values


def _subjects(value: JsonObject) -> list[Subject]:
    """The object and its container, as subjects of results."""
    whole: Subject = {
        "kind": value["kind"],
        "name": value["metadata"]["name"],
        "apiVersion": value["apiVersion"],
    }
    return [whole, {**whole, "container": "a"}]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_read_alike_in_both_ways(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = _read(LISTS[name], streamed=True)
    monkeypatch.setattr(list_items, "LARGE", 1)
    assert _read(LISTS[name], streamed=True) == whole


def test_a_large_list_is_read_item_by_item(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_items, "LARGE", 1)
    (document,) = split(Source("x", LISTS["as kubectl writes it"]), streamed=True)
    assert document.value == {"apiVersion": "v1", "items": [], "kind": "List", "metadata": {}}
    assert document.members is not None
    first = next(document.members)
    assert (first.value["metadata"]["name"], first.line, first.text_line) == ("a", 3, 3)


def test_lines_like_those_of_a_list_inside_a_string(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_items, "LARGE", 1)
    text = 'a: "\nitems:\n- a\nkind: List\n"\nb: "\napiVersion: v1\n"\n'
    assert _read(text, streamed=True) == _read(text, streamed=False)


_FIRST = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}}


@pytest.mark.parametrize("large", [0, list_items.LARGE])
@pytest.mark.parametrize(
    ("item", "message"),
    [
        ({**_FIRST, "spec": {}}, "the Pod a is also defined at x:{first}, with different content"),
        ({**_FIRST, "metadata": {}}, "the Pod has no metadata.name"),
        ({**_FIRST, "metadata": {"name": 5}}, "metadata.name must be a string"),
        ({**_FIRST, "kind": 5}, "apiVersion and kind must be strings"),
        ({"a": 5}, "an item of the List has no apiVersion or kind"),
        (5, "an item of the List is not an object"),
    ],
)
def test_a_fault_of_an_item_names_the_line_of_the_item(
    item: object, message: str, large: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_items, "LARGE", large)
    monkeypatch.setattr(json_list, "LARGE", large)
    whole = {"apiVersion": "v1", "kind": "List", "items": [_FIRST, item]}
    texts = {(6, 10): yaml.safe_dump(whole, sort_keys=False), (7, 14): json.dumps(whole, indent=1)}
    for (first, line), text in texts.items():
        found = str(_read(text, streamed=True))
        assert found.startswith(f"x:{line}: {message.format(first=first)}")
