from __future__ import annotations

from typing import Any

import pytest
import yaml

from dfpolicy.errors import InputError
from dfpolicy.reading.documents import split
from dfpolicy.reading.host_documents import wrap, wrap_server_file
from dfpolicy.reading.sources import Source


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
        {"services": ["a"]},
        {"services": None},
        {"global": None},
        {"type": "aws"},
        {"type": "object", "name": "x", "config": {}},
        {"type": "kubernetes", "name": "x", "replicas": 1},
        {"domain_name": "x"},
        {"domain_name": ["x"], "config": {}},
        {"controller": {"image": "x"}},
        {"controller": ["genesis"]},
        ["inputs"],
        "inputs",
        7,
    ],
)
def test_other_documents_are_not_wrapped(value: Any) -> None:
    assert wrapped(value) is None


def test_a_group_configuration_is_named_by_its_id() -> None:
    value = {"vtap_group_id": "g-2", "tap_mode": 1}
    assert wrapped(value)["metadata"]["name"] == "g-2"
    assert wrapped({"vtap_group_id": 2})["metadata"]["name"] == "g-1"


def test_the_second_document_of_a_file_has_its_own_name() -> None:
    source = Source("stdin", "tap_mode: 1\n---\ntap_mode: 0\n")
    names = [(wrap(document) or {})["metadata"]["name"] for document in split(source)]
    assert names == ["stdin", "stdin-2"]


@pytest.mark.parametrize(
    ("kind", "name", "source", "value"),
    [
        ("ComposeProject", "x", "x.yaml", {"services": {"a": {}}}),
        ("ComposeProject", "x", "x.yaml", {"services": {}}),
        ("ComposeProject", "given", "x.yaml", {"name": "given", "services": {}}),
        ("ComposeProject", "host-1", "hosts/host-1/docker-compose.yaml", {"services": {}}),
        ("ComposeProject", "compose", "compose.yaml", {"services": {}}),
        ("ComposeProject", "compose.override", "a/compose.override.yaml", {"services": {}}),
        ("AgentConfig", "x", "x.yaml", {"controller-ips": ["a"]}),
        ("AgentConfig", "x", "x.yaml", {"controller-ips": None, "type": "aws", "name": "x"}),
        ("AgentConfig", "deepflow-agent", "/etc/deepflow-agent.yaml", {"controler-ips": ["a"]}),
        ("AgentGroupConfig", "x", "x.yaml", {"inputs": {"resources": {}}}),
        ("ServerConfig", "x", "x.yaml", {"controller": {"genesis": {}}}),
        ("ServerConfig", "x", "x.yaml", {"controller": {"trisolaris": None}, "ingester": {}}),
        ("ServerConfig", "server", "a/server.yaml", {"controller": {}}),
        ("Domain", "legacy", "x.yaml", {"name": "legacy", "type": "agent_sync"}),
        ("Domain", "x", "x.yaml", {"type": "aws", "config": {"secret_id": "a"}}),
        ("Domain", "x", "x.yaml", {"type": "azure", "config": {"region_uuid": "a"}, "a": 1}),
        ("Domain", "d", "x.yaml", {"type": 25, "name": "d", "icon_id": 14}),
        ("Subdomain", "s", "x.yaml", {"name": "s", "domain_name": "d", "config": {}}),
        ("Subdomain", "x", "x.yaml", {"domain_name": "d", "config": None}),
    ],
)
def test_each_shape_has_its_kind(kind: str, name: str, source: str, value: Any) -> None:
    found = wrapped(value, source)
    # Only the agent's file has both forms.
    assert ("decoded" in found) == (kind == "AgentConfig")
    assert {key: item for key, item in found.items() if key != "decoded"} == {
        "apiVersion": "dfpolicy.dev/v1",
        "kind": kind,
        "metadata": {"name": name},
        "spec": value,
    }


@pytest.mark.parametrize("name", ["compose.yaml", "a/docker-compose.yml"])
@pytest.mark.parametrize("services", [["a"], None, "a"])
def test_a_compose_file_whose_services_are_not_an_object(name: str, services: Any) -> None:
    (document,) = split(Source(name, "# a\n" + yaml.safe_dump({"services": services})))
    with pytest.raises(InputError) as error:
        wrap(document)
    assert str(error.value).startswith(
        f"{name}:2: not a valid Compose file: services must be an object"
    )


def test_a_unit_is_wrapped_as_its_sections() -> None:
    (document,) = split(Source("etc/a.service", "# a\n[Service]\nUser=b\nUser=\n"))
    assert document.line == 2
    assert wrap(document) == {
        "apiVersion": "dfpolicy.dev/v1",
        "kind": "SystemdUnit",
        "metadata": {"name": "a.service"},
        "spec": {"Service": {"User": ["b", ""]}},
    }


def test_the_server_file_of_a_config_map() -> None:
    metadata = {"name": "deepflow", "namespace": "deepflow", "labels": {"a": "b"}}
    value: dict[str, Any] = {"controller": {}}
    assert wrap_server_file(metadata, value) == {
        "apiVersion": "dfpolicy.dev/v1",
        "kind": "ServerConfig",
        "metadata": {"name": "deepflow", "namespace": "deepflow"},
        "spec": value,
    }


@pytest.mark.parametrize("value", [None, [], "a", {}, {"controller": None}])
def test_other_texts_of_a_config_map(value: Any) -> None:
    assert wrap_server_file({"name": "a"}, value) is None
