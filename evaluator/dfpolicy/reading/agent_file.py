"""Finds deepflow-agent.yaml, on hosts and inside other documents, and has it decoded."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath
from typing import Any

from dfpolicy.model import JsonObject
from dfpolicy.reading.agent_keys import AGENT_KEYS
from dfpolicy.reading.redacted_text import HIDDEN

_STEM = "deepflow-agent"
# One of these is in every file that names a server, a group or a cluster, whatever its name.
_MARKS = ("controller-", "kubernetes-cluster-", "vtap-group-id-request")


def has_agent_name(path: str) -> bool:
    """Return whether a path has the name of the agent's file."""
    return PurePath(path).stem == _STEM


def is_agent_file(key: str, text: str) -> bool:
    """Return whether a text with this name can be an agent's file."""
    return has_agent_name(key) or any(mark in text for mark in _MARKS)


def decoded(text: str, first_line: int = 1) -> JsonObject | None:
    """Return the decoded text (see `agent_decoder.decode`), or None if it has too many values.

    The values of unknown keys are hidden.
    """
    # The YAML decoder is imported only if there is YAML.
    from dfpolicy.reading.agent_decoder import decode

    found = decode(text, first_line)
    if found and "entries" in found:
        found["entries"] = [
            entry if entry["key"] in AGENT_KEYS else {**entry, "value": HIDDEN}
            for entry in found["entries"]
        ]
    return found


def with_decoded(value: JsonObject, found: JsonObject | None) -> JsonObject:
    """Return the object with its decoded files in the member `decoded`, if there are any."""
    return {**value, "decoded": found} if found else value


def with_decoded_files(value: JsonObject) -> JsonObject:
    """Return a ConfigMap or ComposeProject with the decoded agent's files that it contains.

    `decoded` has them by their key in `data` or `binaryData`, or by their name in `configs`. Any
    other object, and one without such a file, is returned as it is.
    """
    texts = _TEXTS_BY_KIND.get(value["kind"])
    if not texts:
        return value
    found = {key: decoded(text) for key, text in texts(value) if is_agent_file(key, text)}
    return with_decoded(value, {key: file for key, file in found.items() if file})


def _of_config_map(value: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, text in _members(value.get("data")):
        if isinstance(text, str):
            yield key, text
    for key, encoded in _members(value.get("binaryData")):
        try:
            yield key, b64decode(encoded, validate=True).decode()
        except (TypeError, ValueError):
            continue


def _of_compose_project(value: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    spec = value.get("spec")
    for name, config in _members(spec.get("configs") if isinstance(spec, dict) else None):
        content = config.get("content") if isinstance(config, dict) else None
        if isinstance(content, str):
            yield name, content


def _members(value: Any) -> Iterable[tuple[str, Any]]:
    return value.items() if isinstance(value, dict) else ()


_TEXTS_BY_KIND = {"ConfigMap": _of_config_map, "ComposeProject": _of_compose_project}
