"""Removes secrets from documents before anything evaluates or shows them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Any

from dfpolicy.model import JsonObject
from dfpolicy.reading.config_references import READ_VARIABLES
from dfpolicy.reading.host_documents import API_VERSION
from dfpolicy.reading.redacted_command import hidden_words, redacted_command
from dfpolicy.reading.redacted_objects import (
    config_text,
    redacted_image,
    redacted_metadata,
    redacted_object,
    redacted_tree,
)
from dfpolicy.reading.redacted_text import HIDDEN, hidden_leaves, names_secret, redacted
from dfpolicy.reading.server_file import kept_settings

__all__ = ["HIDDEN", "names_secret", "without_secrets"]

_DEEPFLOW = "deepflow"
_UNIT_VARIABLE = re.compile(r"(?:^|[\s\"'])(\w{1,200})=")
# The settings of a unit that requirements read.
READ_SETTINGS = {
    "Unit": frozenset(("After",)),
    "Service": frozenset(
        (
            *("AmbientCapabilities", "CapabilityBoundingSet", "Delegate", "DynamicUser"),
            *("LimitMEMLOCK", "LimitNOFILE", "LogsDirectory", "PrivateNetwork", "PrivateTmp"),
            *("PrivateUsers", "ProtectKernelLogs", "ProtectKernelTunables", "ProtectSystem"),
            *("ReadWritePaths", "Restart", "User"),
        )
    ),
    "Install": frozenset(("WantedBy", "RequiredBy", "UpheldBy")),
}
# The parts of a service in a Compose file that requirements read.
READ_OF_SERVICES = frozenset(
    (
        *("cap_add", "cap_drop", "configs", "container_name", "extra_hosts", "network_mode", "pid"),
        *(
            "ports",
            "privileged",
            "read_only",
            "security_opt",
            "tmpfs",
            "ulimits",
            "user",
            "volumes",
        ),
    )
)
# Placeholders for a secret in examples.
_NO_SECRET = re.compile(r"(.)\1*\Z")


def without_secrets(value: JsonObject, keys: Collection[str] = ()) -> JsonObject:
    """Return the object with its secrets dropped or hidden; it is not changed itself.

    Values that requirements read are kept: known variables of an environment, DeepFlow's files in a
    ConfigMap, known annotations, and DeepFlow's commands except their secrets. A hidden value
    becomes `(hidden)`, so that its presence is visible; a Secret loses its data, and a variable of
    a host its value. Of a ConfigMap, the values of `keys` are kept (see `config_references`).
    """
    if value["apiVersion"] != API_VERSION:
        return redacted_object(value, keys)
    value = redacted_metadata(value)
    strip = _STRIPPED.get(value["kind"])
    return {**value, "spec": strip(value.get("spec"))} if strip else value


def _project(spec: Any) -> Any:
    if not isinstance(spec, dict):
        return redacted_tree(spec)
    changes: dict[str, Callable[[Any], Any]] = {
        "configs": lambda items: _each_member(items, _config),
        "services": _services,
        "name": redacted_tree,
        "version": redacted_tree,
    }
    # Others are extensions, often an environment that services share.
    return {key: changes.get(key, hidden_leaves)(item) for key, item in spec.items()}


def _each_member(items: Any, change: Callable[[Any], Any]) -> Any:
    if not isinstance(items, dict):
        return redacted_tree(items)
    return {name: change(item) for name, item in items.items()}


def _config(config: Any) -> Any:
    return (
        {
            key: config_text(key, item) if key == "content" else redacted_tree(item)
            for key, item in config.items()
        }
        if isinstance(config, dict)
        else hidden_leaves(config)
    )


def _services(services: Any) -> Any:
    if not isinstance(services, dict):
        return redacted_tree(services)
    return {name: _service(name, service) for name, service in services.items()}


def _service(name: str, service: Any) -> Any:
    if not isinstance(service, dict):
        return hidden_leaves(service)
    texts = (name, service.get("image"), service.get("container_name"))
    near = any(_DEEPFLOW in str(text) for text in texts)
    changes: dict[str, Callable[[Any], Any]] = {
        "command": redacted_command if near else hidden_words,
        "entrypoint": (lambda words: redacted_command(words, program=True))
        if near
        else hidden_words,
        "environment": _environment,
        "image": redacted_image,
        **dict.fromkeys(READ_OF_SERVICES, redacted_tree),
    }
    return {
        key: _environment(item)
        if key.lower() == "environment"
        else changes.get(key, hidden_leaves)(item)
        for key, item in service.items()
    }


def _environment(given: Any) -> Any:
    if isinstance(given, dict):
        return {key: _kept_value(key, item) for key, item in given.items()}
    if isinstance(given, list):
        return [_setting(item) for item in given]
    return _setting(given)


def _kept_value(name: str, value: Any) -> Any:
    return value if name in READ_VARIABLES and not isinstance(value, dict | list) else None


def _setting(item: Any) -> Any:
    if isinstance(item, dict | list):
        return _environment(item)
    name, separator, _ = item.partition("=") if isinstance(item, str) else ("", "", "")
    return name if separator and name not in READ_VARIABLES else item


def _server(spec: Any) -> Any:
    return redacted_tree(kept_settings(spec)) if isinstance(spec, dict) else hidden_leaves(spec)


def _unit(spec: Any) -> Any:
    if not isinstance(spec, dict):
        return hidden_leaves(spec)
    return {name: _section(name, section) for name, section in spec.items()}


def _section(name: str, section: Any) -> Any:
    if not isinstance(section, dict):
        return hidden_leaves(section)
    return {key: _unit_setting(name, key, values) for key, values in section.items()}


def _unit_setting(section: str, key: str, values: Any) -> Any:
    if not isinstance(values, list):
        return hidden_leaves(values)
    if section == "Service" and key == "ExecStart":
        return [
            redacted_command(item, program=True) if isinstance(item, str) else hidden_leaves(item)
            for item in values
        ]
    if key.lower() == "environment":
        return [
            " ".join(f"{name}=" for name in _UNIT_VARIABLE.findall(item))
            if isinstance(item, str)
            else hidden_leaves(item)
            for item in values
        ]
    return (redacted_tree if key in READ_SETTINGS.get(section, ()) else hidden_leaves)(values)


def _hidden(spec: Any) -> Any:
    """Hides the values of secret names at every depth; the YAML reader limits the depth."""
    if isinstance(spec, dict):
        return {
            key: HIDDEN
            if _is_secret(key, item)
            else hidden_leaves(item)
            if isinstance(item, list) and names_secret(key) and not any(map(_deep, item))
            else _hidden(item)
            for key, item in spec.items()
        }
    if isinstance(spec, list):
        return [_hidden(item) for item in spec]
    return redacted(spec) if isinstance(spec, str) else spec


def _deep(item: Any) -> bool:
    return isinstance(item, dict | list)


def _is_secret(name: str, value: Any) -> bool:
    if not names_secret(name) or isinstance(value, dict | list):
        return False
    return value is not None and not (isinstance(value, str) and _no_secret(value))


def _no_secret(text: str) -> bool:
    return not text or bool(_NO_SECRET.match(text))


_STRIPPED: dict[str, Callable[[Any], Any]] = {
    "AgentConfig": redacted_tree,
    "AgentGroupConfig": redacted_tree,
    "ComposeProject": _project,
    "Domain": _hidden,
    "ServerConfig": _server,
    "Subdomain": _hidden,
    "SystemdUnit": _unit,
}
