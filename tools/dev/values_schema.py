"""The JSON Schema of the values of DeepFlow's agent chart, from the table of the chart's values."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tools.dev.paths import ROOT

from dfpolicy.changes.chart_table import TABLE, Row, read

CHART = "deepflow-agent"
PATH = Path("schemas") / f"{CHART}-values.schema.json"

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_TRUTH: Schema = {"type": "boolean"}
_TEMPLATE: Schema = {"type": "string", "pattern": r"\{\{"}
_TOLERATION: Schema = {
    "type": "object",
    "properties": {
        "key": _TEXT,
        "operator": {"enum": ["Exists", "Equal", "Lt", "Gt", ""]},
        "value": _TEXT,
        "effect": {"enum": ["NoSchedule", "PreferNoSchedule", "NoExecute", ""]},
        "tolerationSeconds": {"type": "integer"},
    },
    "additionalProperties": False,
}
_CAPABILITIES: Schema = {"type": "array", "items": _TEXT}
_SECURITY: Schema = {
    "type": "object",
    "properties": {
        "privileged": _TRUTH,
        "capabilities": {
            "type": "object",
            "properties": {"add": _CAPABILITIES, "drop": _CAPABILITIES},
        },
    },
}


def _named(*required: str) -> Schema:
    properties = {name: {"type": "string", "minLength": 1} for name in required}
    items = {"type": "object", "required": [*required], "properties": properties}
    return {"type": "array", "items": items}


def _quoted(*words: str) -> Schema:
    # The template evaluates it as a template, which fails for anything but a string.
    return {"anyOf": [{"enum": [*words]}, _TEMPLATE]}


# By the form of the table, and by the value where its form alone does not say it.
_FORMS: dict[str, Schema] = {
    "object": {"type": "object"},
    "list": {"type": "array", "items": {"type": "object"}},
    "labels": {"type": "object", "additionalProperties": _TEXT},
    "terms": {"type": "array", "items": {"type": "object"}},
    "image": {
        "type": "object",
        "properties": {
            "repository": {"type": "string", "minLength": 1},
            "tag": _TEXT,
            "pullPolicy": {"enum": ["Always", "IfNotPresent", "Never"]},
        },
    },
    "namespaces": _TRUTH,
    "mounts": _named("name", "mountPath"),
    "unwatched": _TRUTH,
    "variables": _named("name"),
    "addresses": {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}},
    "line": {"type": ["string", "integer", "null"]},
    "file": {"type": "string", "minLength": 1},
}
_VALUES: dict[str, Schema] = {
    "hostNetwork": _quoted("true", "false"),
    "dnsPolicy": _quoted("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"),
    "securityContext": _SECURITY,
    "tolerations": {"type": "array", "items": _TOLERATION},
    "agentFullnameOverride": _TEXT,
    "nameOverride": _TEXT,
    "externalAgentHttpProxyPort": {"type": ["integer", "string"]},
    "sysctlInitContainer.enabled": _TRUTH,
    "deployComponent": {"type": "array", "items": _TEXT},
    "tkeSidecar": _TRUTH,
    "tke_sidecar": _TRUTH,
}


def schema() -> Schema:
    """Return the schema. It says nothing of values that the table does not have.

    Raises KeyError for a value whose shape is not known.
    """
    made: Schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Values of DeepFlow's agent chart",
        "description": "For values.schema.json in the chart's directory: Helm then refuses values"
        " of a wrong type. It covers the values that dfpolicy knows, in every release.",
        "type": "object",
        "properties": {},
    }
    for row in read((ROOT / TABLE).read_text("utf-8"))[CHART]:
        _put(made, row)
    return made


def _put(made: Schema, row: Row) -> None:
    parent = made
    for name in row.value[:-1]:
        empty: Schema = {"type": "object", "properties": {}}
        parent = parent["properties"].setdefault(name, empty)
    name = ".".join(row.value)
    parent["properties"][row.value[-1]] = _VALUES.get(name) or _FORMS[row.form]


def text() -> str:
    """Return the schema as the content of its file."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
