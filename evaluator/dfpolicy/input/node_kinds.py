"""Leaves one node of each kind in the input; `engines/expansion.py` copies its results.

A cluster has thousands of nodes and a few kinds of them. Nodes are of one kind if they are equal in
all that the policies read of nodes, which the policies state themselves (`lib/node_kinds`). The
decision is byte-identical to that on all nodes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Protocol, runtime_checkable

from dfpolicy.model import EngineName, JsonObject

# Fewer nodes are evaluated sooner than they are grouped: one more start of `opa` takes much longer
# than one more call of the module.
FEW = {"wasm": 50, "opa": 500}

# The names of each kind by its first name, which represents it; kinds of one node are left out.
Kinds = Mapping[str, list[str]]


@runtime_checkable
class Grouper(Protocol):
    """An engine whose policies can evaluate one node for its kind.

    Not one with a user's own policies, which may read anything of a node; a server may have such.
    """

    name: EngineName

    def nodes_read(self, document: JsonObject) -> JsonObject:
        """Return what the policies read of nodes, for a document without nodes."""
        ...


def grouped(grouper: Grouper, document: JsonObject) -> tuple[JsonObject, Kinds]:
    """Return the document with one node of each kind, and the kinds. Raises EngineError.

    It is the document itself if it has few nodes, or a node twice.
    """
    resources, facts = document["resources"], document.get("nodes", [])
    nodes = [one for one in resources if is_node(one)]
    if max(len(nodes), len(facts)) < FEW[grouper.name]:
        return document, {}
    objects, collected = _named(nodes), _named(facts)
    if objects is None or collected is None:
        return document, {}
    others = [one for one in resources if not is_node(one)]
    read = grouper.nodes_read({**document, "resources": others, "nodes": []})
    key = _Key(read)
    kinds: dict[str, list[str]] = {}
    for name in sorted(objects.keys() | collected.keys()):
        kinds.setdefault(key.of(name, objects.get(name), collected.get(name)), []).append(name)
    members = {names[0]: names for names in kinds.values() if len(names) > 1}
    gone = {name for names in members.values() for name in names[1:]}
    if not gone:
        return document, {}
    given = {
        **document,
        "resources": [one for one in resources if not (is_node(one) and _name(one) in gone)],
        "kinds": members,
    }
    if facts:
        given["nodes"] = [one for one in facts if _name(one) not in gone]
    return given, members


class _Key:
    """Makes a text of a node that is equal for nodes of one kind."""

    def __init__(self, read: JsonObject) -> None:
        self._objects: list[list[str]] = read["objects"]
        self._facts: list[str] = read["facts"]
        self._labels: list[str] = read["labels"]
        self._names = frozenset(read["names"])
        self._prefixes: list[str] = read["prefixes"]
        self._ports = frozenset(read["ports"])
        self._interface = re.compile(read["interface"])
        self._taint: list[str] = read["taint"]
        self._projected = {
            "interfaces": self._interfaces,
            "labels": self._asked,
            "portsInUse": self._used,
            "taints": self._repelling,
        }

    def of(self, name: str, node: JsonObject | None, facts: JsonObject | None) -> str:
        parts: list[Any] = [
            name if name in self._names else None,
            [prefix for prefix in self._prefixes if name.startswith(prefix)],
        ]
        if node is not None:
            parts.append([at(node, path) for path in self._objects])
            parts.append(self._asked(at(node, ["metadata", "labels"])))
            parts.append(self._repelling(at(node, ["spec", "taints"])))
        if facts is not None:
            parts += ["facts", self._stated(facts.get("spec")), self._unread(facts)]
        return json.dumps(parts, sort_keys=True)

    def _stated(self, spec: Any) -> Any:
        if not isinstance(spec, dict):
            return None
        found = {key: spec[key] for key in self._facts if spec.get(key) is not None}
        for key in self._projected.keys() & found.keys():
            found[key] = self._projected[key](found[key])
        return found

    def _unread(self, facts: JsonObject) -> Any:
        return _fields(at(facts, ["status", "unread"]), ["fact", "reason"])

    def _asked(self, labels: Any) -> Any:
        if not isinstance(labels, dict):
            return labels
        return {key: labels[key] for key in self._labels if key in labels}

    def _interfaces(self, names: Any) -> Any:
        if not isinstance(names, list):
            return names
        return [one for one in names if isinstance(one, str) and self._interface.search(one)]

    def _used(self, ports: Any) -> Any:
        if not isinstance(ports, list):
            return ports
        return sorted({port for port in ports if type(port) is int} & self._ports) + [
            port for port in ports if type(port) is not int
        ]

    def _repelling(self, taints: Any) -> Any:
        return _fields(taints, self._taint)


def _fields(entries: Any, names: list[str]) -> Any:
    """Of a list of objects, these fields; another value is returned as it is."""
    if not isinstance(entries, list):
        return entries
    return [
        {name: one[name] for name in names if name in one} if isinstance(one, dict) else one
        for one in entries
    ]


def at(value: Any, path: list[str]) -> Any:
    """Return the value at a path of keys, None if there is none."""
    for key in path:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def is_node(resource: Mapping[str, Any]) -> bool:
    """Whether the object is a Node."""
    return resource.get("kind") == "Node" and resource.get("apiVersion") == "v1"


def _name(document: JsonObject) -> Any:
    return at(document, ["metadata", "name"])


def _named(documents: Iterable[JsonObject]) -> dict[str, JsonObject] | None:
    """The documents by name; None if one has no name or two have the same."""
    found: dict[str, JsonObject] = {}
    for document in documents:
        name = _name(document)
        if not isinstance(name, str) or not name or name in found:
            return None
        found[name] = document
    return found
