from __future__ import annotations

from typing import Any

import pytest
import yaml

from dfpolicy.documents import split
from dfpolicy.host_documents import wrap
from dfpolicy.sources import Source


def wrapped(value: Any, source: str = "conf/g-1.yaml") -> Any:
    (document,) = split(Source(source, yaml.safe_dump(value)))
    return wrap(document)


@pytest.mark.parametrize(
    "value",
    [
        {"inputs": {"cbpf": {"common": {"capture_mode": 1}}}},
        {"inputs": {"ebpf": None}},
        {"global": {"limits": {"max_memory": 768}}},
        {"tap_interface_regex": "eth0"},
        {"tap_mode": 1, "max_cpus": 2},
    ],
)
def test_a_group_configuration_is_wrapped_as_it_is(value: Any) -> None:
    assert wrapped(value) == {
        "apiVersion": "dfpolicy.dev/v1",
        "kind": "AgentGroupConfig",
        "metadata": {"name": "g-1"},
        "spec": value,
    }


@pytest.mark.parametrize(
    "value",
    [
        {"global": {"image": {"repository": "x"}}},
        {"inputs": ["cbpf"]},
        {"inputs": {"files": []}},
        {"services": {"a": {}}},
        {"global": None},
        ["inputs"],
        "inputs",
        7,
    ],
)
def test_anything_else_is_not(value: Any) -> None:
    assert wrapped(value) is None


def test_the_id_names_it() -> None:
    value = {"vtap_group_id": "g-2", "tap_mode": 1}
    assert wrapped(value)["metadata"]["name"] == "g-2"
    assert wrapped({"vtap_group_id": 2})["metadata"]["name"] == "g-1"


def test_the_second_document_of_a_file_has_a_name_of_its_own() -> None:
    source = Source("stdin", "tap_mode: 1\n---\ntap_mode: 0\n")
    names = [(wrap(document) or {})["metadata"]["name"] for document in split(source)]
    assert names == ["stdin", "stdin-2"]
