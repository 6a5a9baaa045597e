"""Takes secrets out of documents before anything evaluates or shows them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from dfpolicy.model import JsonObject
from dfpolicy.reading.host_documents import API_VERSION

HIDDEN = "(hidden)"
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_SECRET_NAME = re.compile(r"passw|secret|token|credential|[_-]key|access[_-]?id", re.IGNORECASE)
_SECRET_SETTING = re.compile(
    r"([^\s\"'=]*(?:passw|secret|token|credential|_key)[^\s=]*=).*", re.IGNORECASE | re.DOTALL
)
# What an example has in the place of a secret.
_NO_SECRET = re.compile(r"(.)\1*\Z")


def without_secrets(value: JsonObject) -> JsonObject:
    """Return the object with its secrets dropped or hidden; it is not changed itself.

    A Secret loses its data, an environment the values of secret names. In a Domain and a
    ServerConfig a secret is replaced by `(hidden)`, so that its presence stays visible.
    """
    kind = value["kind"]
    if kind == "Secret":
        return _without_data(value)
    strip = _STRIPPED.get(kind) if value["apiVersion"] == API_VERSION else None
    return {**value, "spec": strip(value.get("spec"))} if strip else value


def names_secret(name: str) -> bool:
    """Whether a variable or setting of that name holds a secret."""
    return bool(_SECRET_NAME.search(name))


def _without_data(value: JsonObject) -> JsonObject:
    kept = {key: item for key, item in value.items() if key not in ("data", "stringData")}
    annotations = kept["metadata"].get("annotations")
    if isinstance(annotations, dict) and _LAST_APPLIED in annotations:
        trimmed = {key: item for key, item in annotations.items() if key != _LAST_APPLIED}
        kept["metadata"] = {**kept["metadata"], "annotations": trimmed}
    return kept


def _without_environment(spec: Any) -> Any:
    services = spec.get("services") if isinstance(spec, dict) else None
    if not isinstance(services, dict):
        return spec
    kept = {
        name: {**service, "environment": _environment(service["environment"])}
        if isinstance(service, dict) and "environment" in service
        else service
        for name, service in services.items()
    }
    return {**spec, "services": kept}


def _environment(given: Any) -> Any:
    if isinstance(given, dict):
        return {key: None if names_secret(key) else item for key, item in given.items()}
    if isinstance(given, list):
        return [_setting(item) for item in given]
    return given


def _setting(item: Any) -> Any:
    name, separator, _ = item.partition("=") if isinstance(item, str) else ("", "", "")
    return name if separator and names_secret(name) else item


def _without_unit_environment(spec: Any) -> Any:
    service = spec.get("Service") if isinstance(spec, dict) else None
    if not isinstance(service, dict) or not isinstance(service.get("Environment"), list):
        return spec
    kept = [
        _SECRET_SETTING.sub(r"\1", item) if isinstance(item, str) else item
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
    return spec


def _is_secret(name: str, value: Any) -> bool:
    if not names_secret(name) or isinstance(value, dict | list):
        return False
    return value is not None and not (isinstance(value, str) and _no_secret(value))


def _no_secret(text: str) -> bool:
    return not text or bool(_NO_SECRET.match(text))


_STRIPPED: dict[str, Callable[[Any], Any]] = {
    "ComposeProject": _without_environment,
    "Domain": _hidden,
    "ServerConfig": _hidden,
    "Subdomain": _hidden,
    "SystemdUnit": _without_unit_environment,
}
