from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest

from dfpolicy.errors import InputError
from dfpolicy.reading.agent_decoder import decode
from dfpolicy.reading.agent_file import with_decoded_files
from dfpolicy.reading.documents import split
from dfpolicy.reading.host_documents import wrap
from dfpolicy.reading.sources import Source


def entries(text: str) -> Any:
    found = decode(text) or {}
    assert found["root"] == "mapping"
    return [(entry["key"], entry["line"], entry["value"]) for entry in found["entries"]]


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("30035", {"plain": "30035"}),
        ("010.20.1.4", {"plain": "010.20.1.4"}),
        ("yes # c", {"plain": "yes"}),
        ("", {"plain": ""}),
        ("~", {"plain": "~"}),
        ('"30035"', "30035"),
        ("'a''b'", "a'b"),
        ("|\n  a\n  b", "a\nb\n"),
        ("!!str 5", {"tagged": "5"}),
        ("! 5", {"tagged": "5"}),
        ("&x a", {"plain": "a"}),
        ("[a, 'b', [c], {d: e}]", [{"plain": "a"}, "b", {"nested": True}, {"nested": True}]),
        ("\n- a\n-", [{"plain": "a"}, {"plain": ""}]),
        ("{a: &x [b], c: *x}", {"nested": True}),
        ("http://user:pass@a", {"plain": "http://(hidden)@a"}),
    ],
)
def test_a_value_keeps_its_text_and_its_style(value: str, wanted: Any) -> None:
    assert entries(f"a: {value}\n") == [("a", 1, wanted)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("# c\na: 1\n\n'b' : 2\n", [("a", 2, {"plain": "1"}), ("b", 4, {"plain": "2"})]),
        ("a: 1\na: 2", [("a", 1, {"plain": "1"}), ("a", 2, {"plain": "2"})]),
        ("5: a\n!x y: b", [("5", 1, {"plain": "a"}), ("y", 2, {"plain": "b"})]),
        ("a: &x [b]\nc: *x", [("a", 1, [{"plain": "b"}]), ("c", 2, [{"plain": "b"}])]),
        ("a: &x [b]\nc: [*x]", [("a", 1, [{"plain": "b"}]), ("c", 2, [{"nested": True}])]),
        # The agent does not know merge keys.
        ("x: &x {a: 1}\n<<: *x", [("x", 1, {"nested": True}), ("<<", 2, {"nested": True})]),
        ("&r a: 1\nb: *r", [("a", 1, {"plain": "1"}), ("b", 2, {"plain": "a"})]),
        ("{a: 1}\n...\n", [("a", 1, {"plain": "1"})]),
    ],
)
def test_entries_have_the_line_of_their_key(text: str, wanted: Any) -> None:
    assert entries(text) == wanted


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("", "empty"),
        ("# a: b\n", "nothing"),
        ("---\n", "nothing"),
        ("null", "null"),
        ("- a", "list"),
        ("a", "scalar"),
        ('""', "scalar"),
        ("controller-ips\uff1a\n- a", "scalar"),
    ],
)
def test_other_roots_have_no_entries(text: str, root: str) -> None:
    assert decode(text) == {"root": root, "entries": []}


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        ("a:\n\t- b", "yaml", 2),
        ("  controller-ips:\n  10.0.0.1\n", "yaml", 3),
        ('a: "b', "yaml", 1),
        ("a: *x", "yaml", 1),
        ("a: [*x]", "yaml", 1),
        ("a: {b: *x}", "yaml", 1),
        ("a: \x01", "yaml", 1),
        ("a: b\n---\nc: d", "documents", 2),
        ("a: b\n[c]: d", "key", 2),
    ],
)
def test_a_problem_has_its_line(text: str, reason: str, line: int) -> None:
    problem = (decode(text) or {})["problem"]
    assert (problem["reason"], problem["line"]) == (reason, line)
    assert bool(problem["detail"]) == (reason == "yaml")


@pytest.mark.parametrize(
    "text",
    [
        "a: [" + "b," * 10_001 + "]",
        "a: &x [" + "b," * 200 + "]\n" + "".join(f"k{i}: *x\n" for i in range(60)),
        "a: [" + "[b]," * 10_001 + "]",
    ],
)
def test_a_file_with_too_many_values_is_not_decoded(text: str) -> None:
    assert decode(text) is None


def config_map(**members: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, **members}


@pytest.mark.parametrize(
    ("value", "keys"),
    [
        (config_map(data={"deepflow-agent.yaml": "a", "b": "a"}), ["deepflow-agent.yaml"]),
        (config_map(data={"x": "controller-ips: []", "y": "vtap-group-id-request: a"}), ["x", "y"]),
        (config_map(binaryData={"x": b64encode(b"controller-ips: []").decode()}), ["x"]),
        (config_map(binaryData={"deepflow-agent.yaml": "?", "x": 5}), []),
        (config_map(binaryData={"deepflow-agent.yaml": "/w=="}), []),
        (config_map(data={"deepflow-agent.yaml": 5}), []),
        (config_map(data=["controller-ips"]), []),
        ({"kind": "Secret", "data": {"deepflow-agent.yaml": "a"}}, []),
        (
            {"kind": "ComposeProject", "spec": {"configs": {"x": {"content": "controller-ips:"}}}},
            ["x"],
        ),
        ({"kind": "ComposeProject", "spec": {"configs": {"x": {"file": "a"}, "y": 5}}}, []),
        ({"kind": "ComposeProject", "spec": None}, []),
    ],
)
def test_texts_inside_other_documents(value: Any, keys: list[str]) -> None:
    found = with_decoded_files(value)
    assert sorted(found.get("decoded", {})) == keys
    if not keys:
        assert found is value


def host_file(text: str, name: str = "etc/deepflow-agent.yaml") -> Any:
    return [wrap(document) for document in split(Source(name, text))]


def test_the_lines_of_a_file_of_a_host_are_those_of_the_file() -> None:
    (_, found) = host_file("services: {}\n---\n# c\ncontroller-ips:\n- a\n", "x.yaml")
    assert found["spec"] == {"controller-ips": ["a"]}
    assert found["decoded"]["entries"][0]["line"] == 4


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        ("a: [\n", {"reason": "yaml", "line": 2}),
        ("log-file: a\nlog-file: b\n", None),
        ("log-file\uff1aa\n", None),
        ("- a\n", None),
    ],
)
def test_an_invalid_file_of_a_host_is_judged_when_it_has_the_name(text: str, decoded: Any) -> None:
    (found,) = host_file(text)
    assert (found["kind"], found["metadata"], found["spec"]) == (
        "AgentConfig",
        {"name": "deepflow-agent"},
        {},
    )
    problem = found["decoded"].get("problem")
    assert (problem and {key: problem[key] for key in ("reason", "line")}) == decoded


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.yaml", "controller-ips: [\n"),
        ("deepflow-agent.yaml", "apiVersion: v1\nkind: [\n"),
        ("deepflow-agent.yaml", "a: b\n---\nc: [\n"),
        ("deepflow-agent.yaml", "a: b\na: [" + "c," * 10_001 + "]"),
    ],
)
def test_other_invalid_files_are_an_error(name: str, text: str) -> None:
    with pytest.raises(InputError):
        host_file(text, name)


def test_a_string_among_manifests_is_not_a_file_of_the_agent() -> None:
    text = "a\n---\napiVersion: v1\nkind: Pod\n"
    assert host_file(text) == [None, None]
