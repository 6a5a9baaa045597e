"""Takes secrets out of documents before anything evaluates or shows them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from dfpolicy.model import JsonObject
from dfpolicy.reading.host_documents import API_VERSION
from dfpolicy.reading.redacted_objects import (
    READ_VARIABLES,
    hidden_words,
    redacted_command,
    redacted_image,
    redacted_metadata,
    redacted_object,
    redacted_tree,
)
from dfpolicy.reading.redacted_text import HIDDEN, names_secret, redacted

__all__ = ["HIDDEN", "names_secret", "without_secrets"]

_DEEPFLOW = "deepflow"
_UNIT_VARIABLE = re.compile(r"(?:^|[\s\"'])(\w{1,200})=")
# What an example has in the place of a secret.
_NO_SECRET = re.compile(r"(.)\1*\Z")


def without_secrets(value: JsonObject) -> JsonObject:
    """Return the object with its secrets dropped or hidden; it is not changed itself.

    What a requirement reads stays: of an environment the variables that it names, of a ConfigMap
    the files of DeepFlow, of annotations the known ones, of a command of DeepFlow all but what it
    names as a secret. What is hidden is `(hidden)`, so that its presence stays visible; a Secret
    loses its data, and a variable of a host its value.
    """
    if value["apiVersion"] != API_VERSION:
        return redacted_object(value)
    value = redacted_metadata(value)
    strip = _STRIPPED.get(value["kind"])
    return {**value, "spec": strip(value.get("spec"))} if strip else value


def _without_environment(spec: Any) -> Any:
    services = spec.get("services") if isinstance(spec, dict) else None
    if not isinstance(services, dict):
        return redacted_tree(spec)
    kept = {name: _service(name, service) for name, service in services.items()}
    return {**redacted_tree({**spec, "services": None}), "services": kept}


def _service(name: str, service: Any) -> Any:
    if not isinstance(service, dict):
        return service
    texts = (name, service.get("image"), service.get("container_name"))
    near = any(_DEEPFLOW in str(text) for text in texts)
    changes: dict[str, Callable[[Any], Any]] = {
        "command": redacted_command if near else hidden_words,
        "entrypoint": redacted_command if near else hidden_words,
        "environment": _environment,
        "healthcheck": _hidden_leaves,
        "image": redacted_image,
        "labels": _hidden_leaves,
    }
    return {key: changes.get(key, redacted_tree)(item) for key, item in service.items()}


def _hidden_leaves(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _hidden_leaves(item) for key, item in value.items()}
    return hidden_words(value)


def _environment(given: Any) -> Any:
    if isinstance(given, dict):
        return {key: item if key in READ_VARIABLES else None for key, item in given.items()}
    if isinstance(given, list):
        return [_setting(item) for item in given]
    return redacted_tree(given)


def _setting(item: Any) -> Any:
    name, separator, _ = item.partition("=") if isinstance(item, str) else ("", "", "")
    return name if separator and name not in READ_VARIABLES else item


def _unit(spec: Any) -> Any:
    spec = redacted_tree(spec)
    service = spec.get("Service") if isinstance(spec, dict) else None
    if not isinstance(service, dict) or not isinstance(service.get("Environment"), list):
        return spec
    kept = [
        " ".join(f"{name}=" for name in _UNIT_VARIABLE.findall(item))
        if isinstance(item, str)
        else item
        for item in service["Environment"]
    ]
    return {**spec, "Service": {**service, "Environment": kept}}


def _hidden(spec: Any) -> Any:
    """Hides the values of secret names at every depth, which the reader of YAML bounds."""
    if isinstance(spec, dict):
        return {
            key: HIDDEN if _is_secret(key, item) else _hidden(item) for key, item in spec.items()
        }
    if isinstance(spec, list):
        return [_hidden(item) for item in spec]
    return redacted(spec) if isinstance(spec, str) else spec


def _is_secret(name: str, value: Any) -> bool:
    if not names_secret(name) or isinstance(value, dict | list):
        return False
    return value is not None and not (isinstance(value, str) and _no_secret(value))


def _no_secret(text: str) -> bool:
    return not text or bool(_NO_SECRET.match(text))


_STRIPPED: dict[str, Callable[[Any], Any]] = {
    "AgentConfig": redacted_tree,
    "AgentGroupConfig": redacted_tree,
    "ComposeProject": _without_environment,
    "Domain": _hidden,
    "ServerConfig": _hidden,
    "Subdomain": _hidden,
    "SystemdUnit": _unit,
}
