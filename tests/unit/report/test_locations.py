from __future__ import annotations

import json
from typing import Any, cast

import pytest
import yaml

from dfpolicy.input.build import build_input
from dfpolicy.model import Subject
from dfpolicy.reading.documents import split
from dfpolicy.reading.sources import Source
from dfpolicy.report.locations import Locator

DAEMON_SET = """\
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: a
spec:
  template:
    spec:
      containers:
      - name: first
        image: x
      - image: z
        name: second
"""
SUBJECT: Subject = {"apiVersion": "apps/v1", "kind": "DaemonSet", "namespace": "ns", "name": "a"}


def locator(text: str) -> Locator:
    return Locator(build_input(list(split(Source("f", text)))).items)


def line_of(text: str, **subject: Any) -> int | None:
    found = locator(text).locate(cast(Subject, {**SUBJECT, **subject}))
    return found["line"] if found else None


def test_document_and_container() -> None:
    text = f"a: 1\n---\n# Source: c/templates/d.yaml\n{DAEMON_SET}"
    found = locator(text)
    place = {"file": "f", "document": 2, "template": "c/templates/d.yaml"}
    assert found.locate(SUBJECT) == place | {"line": 4}
    assert found.locate(SUBJECT | {"container": "first"}) == place | {"line": 12}
    assert found.locate(SUBJECT | {"container": "second"}) == place | {"line": 14}


def test_a_container_that_is_not_there_has_the_line_of_its_document() -> None:
    assert line_of(DAEMON_SET, container="absent") == 1


@pytest.mark.parametrize(
    "other",
    [{"name": "b"}, {"kind": "Deployment"}, {"apiVersion": "apps/v2"}],
)
def test_a_subject_that_is_not_in_the_input(other: dict[str, Any]) -> None:
    assert line_of(DAEMON_SET, **other) is None


def test_namespaces() -> None:
    text = "---\n".join(
        DAEMON_SET.replace("name: a", f"name: a\n  namespace: {name}") for name in ("m", "ns")
    )
    assert line_of(text) == 15
    assert line_of(text, namespace="m") == 1
    assert line_of(text, namespace="o") is None
    # An object that names no namespace is in whichever it is applied to.
    assert line_of(DAEMON_SET, namespace="o") == 1


def test_an_item_of_a_list() -> None:
    items = "".join(
        f"- {line}\n" if number == 0 else f"  {line}\n"
        for number, line in enumerate(DAEMON_SET.splitlines())
    )
    first = "- apiVersion: v1\n  kind: X\n  metadata: {name: x}\n"
    text = f"apiVersion: v1\nkind: List\nitems:\n{first}{items}"
    assert line_of(text) == 7
    assert line_of(text, container="second") == 17


@pytest.mark.parametrize("indent", [None, 2, "\t"])
def test_json(indent: int | str | None) -> None:
    document = json.dumps(yaml.safe_load(DAEMON_SET), indent=indent)
    text = f'\n{{"a": 1}}\n{document}'
    found = line_of(text, container="second")
    assert found is not None
    lines = text.splitlines()
    assert found == 3 or '"image"' in lines[found] or '"image"' in lines[found - 1]


def test_crlf_and_anchors() -> None:
    text = DAEMON_SET.replace("- name: first", "- &c\n        name: first")
    assert line_of(text.replace("\n", "\r\n"), container="second") == 12


def test_nodes() -> None:
    text = (
        "apiVersion: v1\nkind: Node\nmetadata: {name: m}\n---\n"
        "apiVersion: dfpolicy.dev/v1\nkind: NodeFacts\nmetadata: {name: node}\nspec: {}\n"
    )
    found = locator(text)
    assert found.locate({"kind": "Node", "name": "*"}) is None
    lines = [found.locate({"kind": "Node", "name": name}) for name in ("m", "node")]
    assert [place and place["line"] for place in lines] == [1, 5]


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("Pod", ["spec"]),
        ("Deployment", ["spec", "template", "spec"]),
        ("CronJob", ["spec", "jobTemplate", "spec", "template", "spec"]),
    ],
)
def test_pod_templates(kind: str, path: list[str]) -> None:
    document: Any = {"containers": [{"image": "x", "name": "c"}]}
    for step in reversed(path):
        document = {step: document}
    document |= {"apiVersion": "v1", "kind": kind, "metadata": {"name": "a"}}
    text = yaml.safe_dump(document)
    wanted = next(i for i, line in enumerate(text.splitlines(), 1) if "image: x" in line)
    assert line_of(text, apiVersion="v1", kind=kind, container="c") == wanted


COMPOSE = "name: a\nservices:\n  other: {}\n  deepflow-agent:\n    image: x\n"


def test_the_service_of_a_compose_file() -> None:
    subject: Subject = {"apiVersion": "dfpolicy.dev/v1", "kind": "ComposeProject", "name": "a"}
    for text, line in (
        (COMPOSE, 5),
        (
            "apiVersion: dfpolicy.dev/v1\nkind: ComposeProject\nmetadata: {name: a}\nspec:\n"
            + "".join(f"  {text}\n" for text in COMPOSE.splitlines()),
            9,
        ),
    ):
        found = locator(text).locate(subject | {"container": "deepflow-agent"})
        assert found == {"file": "f", "document": 1, "line": line}


def test_a_unit_has_the_line_of_its_first_setting() -> None:
    built = build_input(list(split(Source("a.service", "# a\n\n[Service]\nUser=b\n"))))
    subject: Subject = {"apiVersion": "dfpolicy.dev/v1", "kind": "SystemdUnit", "name": "a.service"}
    assert Locator(built.items).locate(subject) == {"file": "a.service", "document": 1, "line": 3}
