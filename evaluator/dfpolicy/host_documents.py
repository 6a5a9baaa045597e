"""Wraps documents of DeepFlow itself, which have no apiVersion and kind, for the policies."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from dfpolicy.documents import Document

API_VERSION = "dfpolicy.dev/v1"
# One of these below the key shows that `inputs` or `global` is meant as DeepFlow means it.
_GROUP_SECTIONS = {
    "inputs": {"cbpf", "ebpf", "integration", "proc", "resources", "vector"},
    "global": {"alerts", "circuit_breakers", "communication", "limits", "self_monitoring"},
}
_FORMER_GROUP_KEYS = ("vtap_group_id", "tap_interface_regex", "tap_mode")


def wrap(document: Document) -> dict[str, Any] | None:
    """Return the document as {apiVersion, kind, metadata, spec}, or None if it is none of these.

    AgentGroupConfig is the configuration of an agent group as deepflow-ctl reads and prints
    it. It is named by its `vtap_group_id`, else by the file without its suffix.
    """
    value = document.value
    if isinstance(value, dict) and _is_group_configuration(value):
        return _wrapped("AgentGroupConfig", _group_name(document), value)
    return None


def _wrapped(kind: str, name: str, value: dict[str, Any]) -> dict[str, Any]:
    return {
        "apiVersion": API_VERSION,
        "kind": kind,
        "metadata": {"name": name},
        "spec": value,
    }


def _is_group_configuration(value: Mapping[str, Any]) -> bool:
    if any(key in value for key in _FORMER_GROUP_KEYS):
        return True
    return any(
        isinstance(value.get(key), dict) and not known.isdisjoint(value[key])
        for key, known in _GROUP_SECTIONS.items()
    )


def _group_name(document: Document) -> str:
    given = document.value.get("vtap_group_id")
    if isinstance(given, str) and given:
        return given
    stem = PurePath(document.source).stem
    return stem if document.index == 1 else f"{stem}-{document.index}"
