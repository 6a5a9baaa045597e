"""Wraps documents of DeepFlow and of hosts, which have no apiVersion and kind, for the policies."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from dfpolicy.errors import InputError
from dfpolicy.i18n.language import _
from dfpolicy.reading.agent_file import decoded, has_agent_name, with_decoded
from dfpolicy.reading.documents import Document
from dfpolicy.reading.server_file import SERVER_CONFIG, SERVER_FILE
from dfpolicy.reading.systemd_command import with_resolved_commands
from dfpolicy.reading.systemd_unit import SUFFIX

API_VERSION = "dfpolicy.dev/v1"
KINDS = (
    "AgentConfig",
    "AgentGroupConfig",
    "ComposeProject",
    "Domain",
    SERVER_CONFIG,
    "Subdomain",
    "SystemdUnit",
)
_COMPOSE_FILES = ("compose", "docker-compose")
# One of these below the key shows that `inputs` or `global` is DeepFlow's.
_GROUP_SECTIONS = {
    "inputs": {"cbpf", "ebpf", "integration", "proc", "resources", "vector"},
    "global": {"alerts", "circuit_breakers", "communication", "limits", "self_monitoring"},
}
_FORMER_GROUP_KEYS = ("vtap_group_id", "tap_interface_regex", "tap_mode")
_SERVER_SECTIONS = {"genesis", "trisolaris"}
# The keys of a domain for `deepflow-ctl domain create -f`.
_DOMAIN_KEYS = {"config", "controller_ip", "icon_id", "name", "team", "team_id", "type"}
_DOMAIN_TYPES = {
    "agent_sync",
    "aliyun",
    "aws",
    "baidu_bce",
    "filereader",
    "huawei",
    "kubernetes",
    "microsoft_azure",
    "qingcloud",
    "tencent",
    "volcengine",
}


def wrap(document: Document) -> dict[str, Any] | None:
    """Return the document as {apiVersion, kind, metadata, spec}, or None for other documents.

    SystemdUnit: the sections of a `.service` file. ComposeProject: an object with `services`.
    AgentConfig: an object with `controller-ips`, or any in a file deepflow-agent.yaml.
    AgentGroupConfig: the configuration of an agent group as deepflow-ctl reads and prints it.
    ServerConfig: a server.yaml. Domain, Subdomain: what deepflow-ctl creates one from.

    Its name is its own, or else the file name without suffix. Raises InputError for a Compose file
    whose services are not an object.
    """
    value = document.value
    if document.source.endswith(SUFFIX):
        unit = PurePath(document.source).name
        return _wrapped("SystemdUnit", unit, with_resolved_commands(value, unit))
    if not isinstance(value, dict):
        # Manifests can have the same file name.
        own = has_agent_name(document.source) and "apiVersion" not in document.within
        return _agent_file(document, {}) if own else None
    for kind, (fits, key) in _KINDS_BY_SHAPE.items():
        if fits(document):
            if kind == "AgentConfig":
                return _agent_file(document, value)
            return _wrapped(kind, _name(document, key), value)
    return None


def _agent_file(document: Document, value: dict[str, Any]) -> dict[str, Any]:
    wrapped = _wrapped("AgentConfig", _file_name(document), value)
    return with_decoded(wrapped, decoded(document.text, document.text_line))


def wrap_server_file(metadata: Mapping[str, Any], value: Any) -> dict[str, Any] | None:
    """Return the decoded server.yaml of a ConfigMap as a ServerConfig, or None.

    `metadata` is that of the ConfigMap, whose name and namespace it gets.
    """
    if not isinstance(value, dict) or not isinstance(value.get("controller"), dict):
        return None
    named = {key: metadata[key] for key in ("name", "namespace") if metadata.get(key)}
    return {**_wrapped(SERVER_CONFIG, "", value), "metadata": named}


def _wrapped(kind: str, name: str, value: dict[str, Any]) -> dict[str, Any]:
    return {
        "apiVersion": API_VERSION,
        "kind": kind,
        "metadata": {"name": name},
        "spec": value,
    }


def _is_compose_project(document: Document) -> bool:
    value = document.value
    if isinstance(value.get("services"), dict):
        return True
    if "services" in value and _stem(document) in _COMPOSE_FILES:
        raise InputError(
            _("not a valid Compose file: services must be an object"),
            f"{document.source}:{document.line}",
            _("check it with `docker compose config`"),
        )
    return False


def _is_agent_configuration(document: Document) -> bool:
    value: Mapping[str, Any] = document.value
    typed = "kind" in value or "apiVersion" in value
    return "controller-ips" in value or (not typed and has_agent_name(document.source))


def _is_group_configuration(document: Document) -> bool:
    value = document.value
    if any(key in value for key in _FORMER_GROUP_KEYS):
        return True
    return any(
        isinstance(value.get(key), dict) and not known.isdisjoint(value[key])
        for key, known in _GROUP_SECTIONS.items()
    )


def _is_server_configuration(document: Document) -> bool:
    controller = document.value.get("controller")
    if not isinstance(controller, dict):
        return False
    return PurePath(document.source).name == SERVER_FILE or not _SERVER_SECTIONS.isdisjoint(
        controller
    )


def _is_domain(document: Document) -> bool:
    value = document.value
    kind = value.get("type")
    if kind is None or not ("config" in value or "name" in value):
        return False
    config = value.get("config")
    if "icon_id" in value or (isinstance(config, dict) and "region_uuid" in config):
        return True
    return isinstance(kind, str) and kind in _DOMAIN_TYPES and value.keys() <= _DOMAIN_KEYS


def _is_subdomain(document: Document) -> bool:
    return isinstance(document.value.get("domain_name"), str) and "config" in document.value


# The first matching shape, and the key with the document's name.
_KINDS_BY_SHAPE = {
    "ComposeProject": (_is_compose_project, "name"),
    "AgentConfig": (_is_agent_configuration, ""),
    "AgentGroupConfig": (_is_group_configuration, "vtap_group_id"),
    SERVER_CONFIG: (_is_server_configuration, ""),
    "Subdomain": (_is_subdomain, "name"),
    "Domain": (_is_domain, "name"),
}


def _name(document: Document, key: str) -> str:
    given = document.value.get(key)
    return given if isinstance(given, str) and given else _file_name(document)


def _file_name(document: Document) -> str:
    path = PurePath(document.source)
    stem = path.stem
    if stem in _COMPOSE_FILES and path.parent.name:
        # The name that Docker gives a project, so that files of two hosts do not clash.
        stem = path.parent.name
    return stem if document.index == 1 else f"{stem}-{document.index}"


def _stem(document: Document) -> str:
    return PurePath(document.source).stem
