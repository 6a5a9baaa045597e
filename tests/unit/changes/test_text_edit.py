"""The texts after operations, for each form of input and each shape of YAML."""

from __future__ import annotations

import json
from textwrap import dedent
from typing import Any

import pytest

from dfpolicy.changes.object_places import matches
from dfpolicy.changes.text_edit import TextEditError, edited_texts
from dfpolicy.errors import DfpolicyError
from dfpolicy.model import Operation
from dfpolicy.reading.documents import Document, split
from dfpolicy.reading.sources import Source

HEAD = "apiVersion: v1\nkind: K\nmetadata: {name: it}\n"
CAPABILITIES: list[str | dict[str, str]] = ["spec", {"name": "c"}, "capabilities", "add"]


def op(
    verb: Any, path: list[Any], value: Any = None, kind: str = "K", name: str = "it", **more: Any
) -> Operation:
    found: Operation = {"op": verb, "target": {"kind": kind, "name": name}, "path": path, **more}  # type: ignore[typeddict-item]
    if verb not in ("remove",):
        found["value"] = value
    return found


def documents(text: str, name: str = "f.yaml") -> list[Document]:
    return list(split(Source(name, text)))


def after(text: str, *operations: Operation, name: str = "f.yaml") -> str:
    """The text after the operations; the same text if nothing changes."""
    found = edited_texts(operations, documents(text, name), "deepflow")
    assert len(found) <= 1
    return found[0].after if found else text


def block(text: str) -> str:
    return dedent(text).lstrip("\n")


SHAPES: dict[str, tuple[str, Operation, str]] = {
    "a scalar keeps its comment": (
        "spec:\n  a: false   # why\n  b: 1\n",
        op("set", ["spec", "a"], True),
        "spec:\n  a: true   # why\n  b: 1\n",
    ),
    "a scalar keeps its quotes": (
        "spec: {a: 'x', b: \"y\"}\n",
        op("set", ["spec", "a"], "it's"),
        'spec: {a: "it\'s", b: "y"}\n',
    ),
    "a quoted scalar of a block keeps its quotes": (
        "spec:\n  a: 'x'\n",
        op("set", ["spec", "a"], "it's"),
        "spec:\n  a: 'it''s'\n",
    ),
    "a new key is below its neighbours, and above the comments that follow": (
        "spec:\n    a: 1\n      # of a\n\n# end\n",
        op("set", ["spec", "b"], "yes"),
        'spec:\n    a: 1\n      # of a\n    b: "yes"\n\n# end\n',
    ),
    "missing mappings are made in the indent of the text": (
        "spec:\n    a:\n        - x: 1\n",
        op("set", ["spec", "b", "c"], ["y"]),
        'spec:\n    a:\n        - x: 1\n    b:\n        c:\n            - "y"\n',
    ),
    "an empty value": (
        "spec:\n  a:  # none\n  b: 1\n",
        op("set", ["spec", "a", "x"], 1),
        "spec:\n  a:  # none\n    x: 1\n  b: 1\n",
    ),
    "null": (
        "spec:\n  a: ~ # none\n",
        op("add", ["spec", "a"], "x"),
        "spec:\n  a: # none\n  - x\n",
    ),
    "empty brackets": (
        "spec:\n  a: []\n  b: {}\n",
        op("add", ["spec", "a"], {"k": "v"}),
        "spec:\n  a:\n  - k: v\n  b: {}\n",
    ),
    "a list has the indent of its own dashes": (
        "spec:\n  a:\n  - x  # first\n  # last\n  b:\n     -   y\n",
        op("add", ["spec", "b"], "z"),
        "spec:\n  a:\n  - x  # first\n  # last\n  b:\n     -   y\n     - z\n",
    ),
    "brackets on one line": (
        "spec:\n  a: [x, 'y'] # all\n",
        op("add", ["spec", "a"], "a,b"),
        "spec:\n  a: [x, 'y', \"a,b\"] # all\n",
    ),
    "brackets on several lines": (
        "spec: {\n  a: 1, # one\n  b: 2 # two\n}\n",
        op("set", ["spec", "c"], 3),
        "spec: {\n  a: 1, # one\n  b: 2, # two\n  c: 3\n}\n",
    ),
    "brackets with a trailing comma": (
        "spec: [\n  x, # one\n]\n",
        op("add", ["spec"], "z"),
        "spec: [\n  x, # one\n  z,\n]\n",
    ),
    "a removed key takes its own lines": (
        "spec:\n  # above\n  a:\n    x: 1\n    # inside\n    y: 2\n  # below\n  b: 1\n",
        op("remove", ["spec", "a"]),
        "spec:\n  # above\n  # below\n  b: 1\n",
    ),
    "the only key": (
        "spec:\n  a: # of a\n    x: 1\n  b: 1\n",
        op("remove", ["spec", "a", "x"]),
        "spec:\n  a: {} # of a\n  b: 1\n",
    ),
    "the first key of a member": (
        "spec:\n- a: 1\n  name: c\n- name: d\n",
        op("remove", ["spec", {"name": "c"}, "a"]),
        "spec:\n- name: c\n- name: d\n",
    ),
    "the first key of a member above a comment": (
        "spec:\n- a: 1\n  # of the name\n  name: c\n",
        op("remove", ["spec", {"name": "c"}, "a"]),
        "spec:\n-\n  # of the name\n  name: c\n",
    ),
    "a member of a list": (
        "spec:\n- x # one\n# between\n- y\n",
        op("discard", ["spec"], "x"),
        "spec:\n# between\n- y\n",
    ),
    "a member of a list by its key": (
        "spec:\n- name: c\n  a: 1\n\n- name: d\n",
        op("remove", ["spec", {"name": "c"}]),
        "spec:\n\n- name: d\n",
    ),
    "a member between brackets": (
        "spec: [x, y, z]\n",
        op("discard", ["spec"], "z"),
        "spec: [x, y]\n",
    ),
    "a member with the same key is changed where it differs": (
        "spec:\n- name: c # it\n  a: 1 # one\n  b: 2\n",
        op("add", ["spec"], {"name": "c", "a": 3}, key="name"),
        "spec:\n- name: c # it\n  a: 3 # one\n",
    ),
    "a scalar becomes a mapping": (
        "spec:\n  a: >-\n    x\n    y\n  b: 1\n",
        op("set", ["spec", "a"], {"c": [[1], {"d": "e\nf"}]}),
        "spec:\n  a:\n    c:\n    - - 1\n    - d: |-\n        e\n        f\n  b: 1\n",
    ),
    "a mapping becomes a scalar": (
        "spec:\n  a:\n    # inside\n    x: 1\n  b: 1\n",
        op("set", ["spec", "a"], None),
        "spec:\n  a: null\n    # inside\n  b: 1\n",
    ),
    "no line end at the end": (
        "spec:\n  a: 1",
        op("set", ["spec", "b"], 2),
        "spec:\n  a: 1\n  b: 2",
    ),
    "keys of a new object have the usual order": (
        "spec: []\n",
        op("add", ["spec"], {"b": {"y": 1, "x": 2}, "a": 3, "name": "c"}),
        'spec:\n- name: c\n  a: 3\n  b:\n    x: 2\n    "y": 1\n',
    ),
    "what is there already": ("spec: [x]\n", op("add", ["spec"], "x"), "spec: [x]\n"),
}


@pytest.mark.parametrize("name", SHAPES)
def test_only_the_lines_in_question_change(name: str) -> None:
    text, operation, expected = SHAPES[name]
    assert after(HEAD + text, operation) == HEAD + expected
    windows = (HEAD + text).replace("\n", "\r\n")
    assert after(windows, operation) == (HEAD + expected).replace("\n", "\r\n")


def test_one_operation_changes_its_document_of_a_stream() -> None:
    text = (
        f"# first\n---\n{HEAD}spec: 1\n--- # second\n# c\n{HEAD.replace('it}', 'm}')}spec: 1\n...\n"
    )
    made = after(text, op("set", ["spec"], 2, name="m"), op("set", ["more"], "x", name="m"))
    assert made == text.removesuffix("1\n...\n") + "2\nmore: x\n...\n"


def test_items_of_lists_change() -> None:
    text = block("""
        apiVersion: v1
        kind: PodList
        items:
        - metadata: {name: a, namespace: x}
        - metadata:
            name: a
        """)
    target = {"kind": "Pod", "name": "a", "apiVersion": "v1", "namespace": "deepflow"}
    operation = op("set", ["spec", "hostPID"], True) | {"target": target}
    expected = text + "  spec:\n    hostPID: true\n"
    assert after(text, operation) == expected  # type: ignore[arg-type]


NAMESPACES = [
    # The object's, the target's, the release's, and whether they match.
    (None, None, None, True),
    (None, "a", None, True),
    (None, "a", "a", True),
    (None, "a", "b", False),
    ("a", "a", "b", True),
    ("a", "b", "b", False),
    ("a", None, "b", True),
]


@pytest.mark.parametrize(("own", "wanted", "release", "expected"), NAMESPACES)
def test_an_object_without_a_namespace_is_in_that_of_the_release(
    own: str | None, wanted: str | None, release: str | None, expected: bool
) -> None:
    value = {"kind": "K", "metadata": {"name": "it", "namespace": own}}
    target: Any = {"kind": "K", "name": "it"} | ({"namespace": wanted} if wanted else {})
    assert matches(value, target, release) is expected
    assert own or matches({**value, "apiVersion": "dfpolicy.dev/v1"}, target, release)


def test_an_object_that_appears_twice_changes_in_both_places() -> None:
    found = edited_texts(
        [op("set", ["spec"], 2)], [*documents(HEAD, "a.yaml"), *documents(HEAD, "b.yaml")]
    )
    assert [(one.source, one.after) for one in found] == [
        ("a.yaml", HEAD + "spec: 2\n"),
        ("b.yaml", HEAD + "spec: 2\n"),
    ]


def test_a_document_that_was_left_out_of_a_large_input_is_kept() -> None:
    held = documents(f"{HEAD}---\n{HEAD.replace('it}', 'm}')}")
    for document in held:
        document.value = None
    (changed,) = edited_texts([op("set", ["spec"], 2)], held)
    assert changed.after == f"{HEAD}spec: 2\n---\n{HEAD.replace('it}', 'm}')}"


@pytest.mark.parametrize("indent", [None, 4, "\t"])
def test_json_stays_json_in_its_layout(indent: int | str | None) -> None:
    value: Any = {"apiVersion": "v1", "kind": "K", "metadata": {"name": "it"}, "spec": {}}
    text = json.dumps(value, indent=indent)
    value["spec"] = {"a": {"b": ["é"]}}
    operation = op("add", ["spec", "a", "b"], "é")
    assert after(text, operation) == json.dumps(value, indent=indent, ensure_ascii=False)


CONFIG = block("""
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: it}
    data:
      other: x
      deepflow-agent.yaml: |
        # of the agent
        controller-ips:
        - 10.0.0.1   # old

        vtap-group-id-request: ''
      last: y
    """)
INSIDE: list[Any] = ["data", "deepflow-agent.yaml"]


def test_the_text_in_a_literal_changes_at_its_lines() -> None:
    operations = (
        op("set", INSIDE, ["1.2.3.4"], kind="ConfigMap", inside=["controller-ips"]),
        op("set", INSIDE, "g-1", kind="ConfigMap", inside=["vtap-group-id-request"]),
        op("set", INSIDE, "c", kind="ConfigMap", inside=["kubernetes-cluster-id"]),
    )
    expected = (
        CONFIG.replace("10.0.0.1 ", "1.2.3.4 ")
        .replace("''", "'g-1'")
        .replace("  last", "    kubernetes-cluster-id: c\n  last")
    )
    assert after(CONFIG, *operations) == expected
    assert after(CONFIG.replace("\n", "\r\n"), *operations) == expected.replace("\n", "\r\n")


@pytest.mark.parametrize("style", [">", "|2", "'a: 1\n    b: 2'", "  a: 1"])
def test_a_text_in_another_style_is_refused(style: str) -> None:
    head, rest = CONFIG.split("|\n", 1)
    text = head + (style + "\n" + rest if style in (">", "|2") else style + "\n  last: y\n")
    with pytest.raises(DfpolicyError):
        after(text, op("set", INSIDE, "g", kind="ConfigMap", inside=["vtap-group-id-request"]))


def test_a_text_in_double_quotes_stays_on_its_line() -> None:
    head, rest = CONFIG.split("|\n", 1)
    text = head + r'"a: 1\nb: 2\n" # c' + "\n" + rest.split("\n", 5)[5]
    operation = op("set", INSIDE, 3, kind="ConfigMap", inside=["b"])
    assert after(text, operation) == text.replace(r"b: 2\n", r"b: 3\n")


def test_the_servers_file_is_changed_in_its_config_map() -> None:
    text = block("""
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: it}
        data:
          server.yaml: |
            controller:
              genesis:  # of it
                local_ip_ranges: []
        """)
    operation = op(
        "add", ["spec", "controller", "genesis", "local_ip_ranges"], "10.0.0.0/8", "ServerConfig"
    )
    made = after(text, operation)
    assert made == text.replace(" []", "\n        - 10.0.0.0/8")


def test_files_of_hosts_change_below_spec() -> None:
    compose = "services:\n  agent:\n    image: a # it\n"
    operation = op(
        "add", ["spec", "services", "agent", "cap_add"], "SYSLOG", "ComposeProject", "host"
    )
    assert (
        after(compose, operation, name="host/compose.yaml")
        == compose + "    cap_add:\n    - SYSLOG\n"
    )
    agent = "# mine\ncontroller-ips: [1.1.1.1]\n"
    operation = op("set", ["spec", "controller-ips"], ["2.2.2.2"], "AgentConfig", "deepflow-agent")
    assert after(agent, operation, name="deepflow-agent.yaml") == agent.replace(
        "1.1.1.1", "2.2.2.2"
    )


UNIT = block("""
    [Unit]
    Description=agent

    [Service]
    # who
    User=nobody
    CapabilityBoundingSet=CAP_BPF \\
    # joined
      CAP_NET_RAW
    ExecStart=/usr/bin/deepflow-agent
    Environment=A=1
    Environment=B=2

    [Install]
    WantedBy=multi-user.target
    """)
UNITS: dict[str, tuple[Operation, str]] = {
    "remove a key": (
        op("remove", ["spec", "Service", "User"], kind="SystemdUnit", name="a.service"),
        UNIT.replace("User=nobody\n", ""),
    ),
    "remove joined lines": (
        op(
            "remove",
            ["spec", "Service", "CapabilityBoundingSet"],
            kind="SystemdUnit",
            name="a.service",
        ),
        UNIT.replace("CapabilityBoundingSet=CAP_BPF \\\n", "").replace("  CAP_NET_RAW\n", ""),
    ),
    "add a key": (
        op("add", ["spec", "Service", "ReadWritePaths"], "/tmp /var", "SystemdUnit", "a.service"),
        UNIT.replace("B=2\n", "B=2\nReadWritePaths=/tmp /var\n"),
    ),
    "add a value": (
        op("add", ["spec", "Service", "Environment"], "C=3", "SystemdUnit", "a.service"),
        UNIT.replace("B=2\n", "B=2\nEnvironment=C=3\n"),
    ),
    "discard a value": (
        op("discard", ["spec", "Service", "Environment"], "A=1", "SystemdUnit", "a.service"),
        UNIT.replace("Environment=A=1\n", ""),
    ),
    "other values": (
        op("set", ["spec", "Service", "Environment"], ["B=2", "A=1"], "SystemdUnit", "a.service"),
        UNIT.replace("A=1\nEnvironment=B=2", "B=2\nEnvironment=A=1"),
    ),
    "a new section": (
        op("add", ["spec", "Socket", "Accept"], "no", "SystemdUnit", "a.service"),
        UNIT + "\n[Socket]\nAccept=no\n",
    ),
}


@pytest.mark.parametrize("name", UNITS)
def test_the_lines_of_a_unit_change(name: str) -> None:
    operation, expected = UNITS[name]
    assert after(UNIT, operation, name="a.service") == expected
    windows = UNIT.replace("\n", "\r\n")
    assert after(windows, operation, name="a.service") == expected.replace("\n", "\r\n")


REFUSED: dict[str, tuple[str, Operation, str]] = {
    "an anchor": ("spec: &a\n  x: 1\nmore: *a\n", op("set", ["spec", "x"], 2), "anchor"),
    "an alias": ("spec: &a\n  x: 1\nmore: *a\n", op("set", ["more", "x"], 2), "anchor"),
    "an alias in a list": (
        "x: &a [1]\nspec: [*a, *a]\n",
        op("set", ["spec"], [[2], [1]]),
        "anchor",
    ),
    "a merge key": (
        "x: &a {b: 1}\nspec:\n  <<: *a\n  c: 1\n",
        op("set", ["spec", "c"], 2),
        "merge key",
    ),
    "a tag": ("spec: !!str 5\n", op("set", ["spec"], "6"), "tag"),
    "a comment between brackets": (
        "spec: [x, # c\n  y]\n",
        op("discard", ["spec"], "x"),
        "comment",
    ),
    "old line ends": ("spec: 1\rmore: 2\n", op("set", ["spec"], 2), "line ends"),
    "a string of several lines": ("spec: 'a\n  b'\n", op("set", ["spec"], "c"), "literal"),
    "a folded string": ("spec: >\n  a\n  b\n", op("set", ["spec"], "c"), "literal"),
    "another type": ("spec: 1\n", op("set", ["spec", "x"], 2), "type"),
    "a setting on two lines": ("spec: |\n  a\n", op("set", ["spec"], "b\n\n"), "expected value"),
    "no such object": ("spec: 1\n", op("set", ["spec"], 2, name="m"), "no document contains"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_safe_is_refused_with_the_reason(name: str) -> None:
    text, operation, reason = REFUSED[name]
    with pytest.raises(TextEditError, match=reason) as caught:
        after(HEAD + text, operation)
    assert "\n" not in str(caught.value)


def test_a_value_of_a_unit_cannot_add_settings() -> None:
    operation = op("add", ["spec", "Service", "X"], "1\nUser=root", "SystemdUnit", "a.service")
    with pytest.raises(TextEditError, match="expected value"):
        after(UNIT, operation, name="a.service")


MADE = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "s"}}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_created_object_is_appended_where_the_first_change_is(end: str) -> None:
    create = op("create", [], MADE, "ServiceAccount", "s")
    more = op("set", ["automount"], True, "ServiceAccount", "s")
    other = HEAD.replace("it}", "m}").replace("\n", end).removesuffix(end)
    found = edited_texts(
        [create, create, op("set", ["spec"], 1, name="m"), more],
        [*documents(HEAD, "a.yaml"), *documents(other, "b.yaml")],
    )
    (changed,) = found
    added = "---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: s\nautomount: true\n"
    assert (changed.source, changed.after) == (
        "b.yaml",
        (f"{other}{end}spec: 1{end}{added.replace(chr(10), end)}"),
    )


def test_a_created_object_that_exists_is_not_created_again() -> None:
    text = json.dumps(MADE)
    assert after(text, op("create", [], MADE, "ServiceAccount", "s")) == text
    with pytest.raises(TextEditError, match="exists"):
        after(text, op("create", [], {**MADE, "x": 1}, "ServiceAccount", "s"))
    made = after(text, op("create", [], {**MADE, "metadata": {"name": "t"}}, "ServiceAccount", "t"))
    assert [document.value["metadata"]["name"] for document in documents(made)] == ["s", "t"]


def test_two_different_objects_of_one_name_are_refused_without_any_document() -> None:
    creates = [op("create", [], {**MADE, "x": one}, "ServiceAccount", "s") for one in (1, 2)]
    with pytest.raises(TextEditError, match="exists"):
        edited_texts(creates, [])
