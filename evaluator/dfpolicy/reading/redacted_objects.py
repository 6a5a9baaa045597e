"""Hides the secrets of Kubernetes objects, and keeps what requirements read.

An object is copied only along the path to a hidden value, because most have none. Where a value has
another type than Kubernetes expects, each string and number below it is hidden.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any

from dfpolicy.model import JsonObject
from dfpolicy.reading.agent_file import is_agent_file
from dfpolicy.reading.config_references import (
    DEEPEST,
    READ_VARIABLES,
    TO_POD,
    container_names_deepflow,
    metadata_names_deepflow,
    objects,
)
from dfpolicy.reading.redacted_command import hidden_words, redacted_command
from dfpolicy.reading.redacted_file import kept_agent_file, redacted_file
from dfpolicy.reading.redacted_text import (
    HIDDEN,
    hidden_leaves,
    names_number,
    names_secret,
    redacted,
)
from dfpolicy.reading.server_file import SERVER_FILE, kept_server_file

_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
# The starts of the names of the annotations that requirements read.
READ_ANNOTATIONS = (
    "argocd.argoproj.io/hook",
    "container.apparmor.security.beta.kubernetes.io/",
    "container.seccomp.security.alpha.kubernetes.io/",
    "eks.tke.cloud.tencent.com/",
    "helm.sh/hook",
    "kubectl.kubernetes.io/default-container",
    "meta.helm.sh/release-",
    "seccomp.security.alpha.kubernetes.io/",
    "storageclass.beta.kubernetes.io/",
    "storageclass.kubernetes.io/",
)
_CONTAINERS = ("containers", "initContainers", "ephemeralContainers")
_HOOKS = ("livenessProbe", "readinessProbe", "startupProbe")
_HEAD = {"apiVersion", "kind", "metadata"}
# The fields that contain no secret, or are handled one by one; all others are redacted as a tree.
_METADATA_FIELDS = frozenset(
    (
        *("name", "namespace", "labels", "annotations", "ownerReferences", "generateName"),
        *("creationTimestamp", "deletionTimestamp", "finalizers", "generation"),
        *("resourceVersion", "uid"),
    )
)
_WORKLOAD_FIELDS = frozenset((*_HEAD, *TO_POD, "selector", "volumeClaimTemplates"))
_POD_FIELDS = frozenset(
    (
        *(*_CONTAINERS, "volumes", "affinity", "automountServiceAccountToken", "hostAliases"),
        *("imagePullSecrets", "nodeSelector", "securityContext", "tolerations"),
        *("serviceAccount", "serviceAccountName", "topologySpreadConstraints"),
    )
)
_CONTAINER_FIELDS = frozenset(
    (
        *(*_HOOKS, "args", "command", "env", "envFrom", "image", "lifecycle", "name"),
        *("ports", "resources", "securityContext", "volumeDevices", "volumeMounts"),
    )
)
# Requirements read these, or check their type; their texts are redacted. Of all other members only
# the names stay.
_KNOWN_POD_FIELDS = frozenset(
    (
        *("activeDeadlineSeconds", "dnsConfig", "dnsPolicy", "enableServiceLinks", "hostIPC"),
        *("hostNetwork", "hostPID", "hostUsers", "hostname", "nodeName", "os", "overhead"),
        *("preemptionPolicy", "priority", "priorityClassName", "readinessGates", "resources"),
        *("resourceClaims", "restartPolicy", "runtimeClassName", "schedulerName"),
        *("schedulingGates", "setHostnameAsFQDN", "shareProcessNamespace", "subdomain"),
        "terminationGracePeriodSeconds",
    )
)
_KNOWN_CONTAINER_FIELDS = frozenset(
    (
        *(
            "imagePullPolicy",
            "resizePolicy",
            "restartPolicy",
            "stdin",
            "stdinOnce",
            "terminationMessagePath",
        ),
        *("terminationMessagePolicy", "tty", "workingDir"),
    )
)
_VOLUME_FIELDS = frozenset(
    (
        *("name", "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "flexVolume"),
        *("hostPath", "persistentVolumeClaim", "projected", "secret"),
    )
)
# The fields of a probe or a hook that are kept, each with what is kept of it.
_TARGET = {"host": None, "port": None, "scheme": None}
# The sources of a variable's value.
_FIELDS = ("configMapKeyRef", "fieldRef", "fileKeyRef", "resourceFieldRef", "secretKeyRef")
# A digest also follows an `@`.
_IMAGE_USER = re.compile(r"\A.*@(?!sha\d+:)", re.DOTALL)


def redacted_object(value: JsonObject, keys: Collection[str] = ()) -> JsonObject:
    """Return the object without its secrets, or itself if it has none. It is not changed.

    Of a ConfigMap, the values of `keys` are kept: they set variables that requirements read.
    """
    kind = value["kind"]
    if kind.lower() == "secret":
        kept = {key: value[key] for key in (*_HEAD, "type", "immutable") if key in value}
        return redacted_metadata(kept)
    value = redacted_metadata(value)
    if kind == "ConfigMap":
        return _config_map(value, keys)
    if kind == "NetworkAttachmentDefinition":
        return _changed(value, "spec", lambda spec: _member(spec, "config", kept_attachment))
    if kind == "StorageClass":
        value = _changed(value, "parameters", hidden_leaves)
    if kind.endswith("Secret"):
        value = _changed(value, "data", hidden_leaves)
    if _has_pod(value, DEEPEST):
        found: JsonObject = _pods(value, metadata_names_deepflow(value.get("metadata")), DEEPEST)
        return found
    for key in value.keys() - _HEAD:
        value = _changed(value, key, partial(_below, key))
    return value


def _others(
    value: JsonObject, fields: frozenset[str], known: frozenset[str] | None = None
) -> JsonObject:
    """Redact the members with other names than `fields`, and hide those that are not `known`."""
    for key in value.keys() - fields:
        shown = known is None or key in known
        value = _changed(value, key, partial(_below, key) if shown else hidden_leaves)
    return value


def _has_pod(value: Any, levels: int) -> bool:
    if not isinstance(value, dict):
        return False
    if any(isinstance(value.get(key), list) for key in _CONTAINERS):
        return True
    return levels > 0 and any(_has_pod(value.get(key), levels - 1) for key in TO_POD)


def redacted_metadata(value: JsonObject) -> JsonObject:
    """Return the object with redacted annotations, or itself if they contain no secret."""
    return _changed(value, "metadata", _metadata)


def _changed(value: JsonObject, key: str, change: Callable[[Any], Any]) -> JsonObject:
    """Return the object with one member changed, or itself if the member stays the same."""
    if key not in value:
        return value
    former = value[key]
    made = change(former)
    return value if made is former else {**value, key: made}


def _each(values: Any, change: Callable[[Any], Any]) -> Any:
    if not isinstance(values, list):
        return values
    made = [change(item) for item in values]
    same = all(new is old for new, old in zip(made, values, strict=True))
    return values if same else made


def _text(value: Any) -> Any:
    return redacted(value) if isinstance(value, str) else value


def _metadata(metadata: Any) -> Any:
    if not isinstance(metadata, dict):
        return hidden_leaves(metadata)
    return _changed(_others(metadata, _METADATA_FIELDS, frozenset()), "annotations", _annotations)


def _annotations(annotations: Any) -> Any:
    if not isinstance(annotations, dict):
        return hidden_leaves(annotations)
    made = {
        key: _annotation(key, item) for key, item in annotations.items() if key != _LAST_APPLIED
    }
    same = len(made) == len(annotations) and all(made[key] is annotations[key] for key in made)
    return annotations if same else made


def _annotation(key: str, item: Any) -> Any:
    read = key.startswith(READ_ANNOTATIONS) and isinstance(item, str)
    return redacted(item) if read else hidden_leaves(item)


def _pods(value: Any, near: bool, levels: int) -> Any:
    """Redact the pods of a workload; `near` is whether it names DeepFlow."""
    if not isinstance(value, dict):
        return value
    if any(isinstance(value.get(key), list) for key in _CONTAINERS):
        return _pod(value, near)
    if not levels:
        return value
    near = near or metadata_names_deepflow(value.get("metadata"))
    if levels < DEEPEST:
        value = redacted_metadata(value)
    value = _others(value, _WORKLOAD_FIELDS)
    for key in TO_POD:
        value = _changed(value, key, lambda item: _pods(item, near, levels - 1))
    return _changed(value, "volumeClaimTemplates", lambda items: _items(items, _claim))


def _claim(claim: Any) -> Any:
    if not isinstance(claim, dict):
        return hidden_leaves(claim)
    return redacted_metadata(claim)


def _pod(spec: JsonObject, near: bool) -> JsonObject:
    near = near or any(
        container_names_deepflow(item) for key in _CONTAINERS for item in objects(spec.get(key))
    )
    for key in _CONTAINERS:
        spec = _changed(spec, key, lambda items: _items(items, lambda item: _container(item, near)))
    spec = _others(spec, _POD_FIELDS, _KNOWN_POD_FIELDS)
    return _changed(spec, "volumes", lambda volumes: _items(volumes, _volume))


def _volume(volume: Any) -> Any:
    """Requirements read no option of a storage driver."""
    if not isinstance(volume, dict):
        return hidden_leaves(volume)
    volume = _others(volume, _VOLUME_FIELDS, frozenset())
    volume = _changed(volume, "csi", lambda source: _driver(source, "volumeAttributes"))
    volume = _changed(volume, "flexVolume", lambda source: _driver(source, "options"))
    return _changed(
        volume,
        "ephemeral",
        lambda source: _member(source, "volumeClaimTemplate", _claim),
    )


def _driver(source: Any, options: str) -> Any:
    if not isinstance(source, dict):
        return hidden_leaves(source)
    return _changed(
        _others(source, frozenset((options, "driver", "fsType", "readOnly")), frozenset()),
        options,
        hidden_leaves,
    )


def _items(values: Any, change: Callable[[Any], Any]) -> Any:
    return _each(values, change) if isinstance(values, list) else hidden_leaves(values)


def _container(container: Any, near: bool) -> Any:
    if not isinstance(container, dict):
        return hidden_leaves(container)
    container = _others(container, _CONTAINER_FIELDS, _KNOWN_CONTAINER_FIELDS)
    container = _changed(container, "image", redacted_image)
    container = _changed(container, "env", lambda items: _items(items, _variable))
    container = _changed(container, "envFrom", lambda items: _items(items, _source))
    for key in ("command", "args"):
        container = _changed(container, key, partial(_words, key, near))
    for key in _HOOKS:
        container = _changed(container, key, _action)
    return _changed(container, "lifecycle", _lifecycle)


def _words(key: str, near: bool, words: Any) -> Any:
    if not near or not isinstance(words, list):
        return hidden_words(words) if isinstance(words, list | str) else hidden_leaves(words)
    return redacted_command(words, program=key == "command")


def redacted_image(image: Any) -> Any:
    """Return an image reference without credentials."""
    if not isinstance(image, str):
        return hidden_leaves(image)
    return redacted(_IMAGE_USER.sub(f"{HIDDEN}@", image, count=1))


def _variable(entry: Any) -> Any:
    if not isinstance(entry, dict):
        return hidden_leaves(entry)
    entry = _changed(entry, "valueFrom", lambda source: _only(source, _REFERENCES))
    for key in entry.keys() - {"name", "valueFrom"}:
        if entry.get("name") not in READ_VARIABLES or isinstance(entry[key], dict | list):
            entry = _changed(entry, key, hidden_leaves)
    return entry


def _source(source: Any) -> Any:
    """Requirements read which object sets variables, and with which prefix."""
    reference = partial(_only, kept={"name": redacted, "optional": None})
    references = dict.fromkeys(("configMapRef", "secretRef"), reference)
    return _only(source, {**references, "prefix": kept_prefix})


def kept_prefix(prefix: Any) -> Any:
    """Return the prefix of variables, if one that is read can begin with it."""
    read = isinstance(prefix, str) and any(name.startswith(prefix) for name in READ_VARIABLES)
    return prefix if read else hidden_leaves(prefix)


def _only(value: Any, kept: Mapping[str, Callable[[Any], Any] | None]) -> Any:
    """Hide all but these members, and of these what their functions hide. Numbers stay."""
    if not isinstance(value, dict):
        return hidden_leaves(value)
    for key, item in value.items():
        change = kept.get(key, hidden_leaves)
        if change is not None and not isinstance(item, int | float):
            value = _changed(value, key, change)
    return value


def _lifecycle(hooks: Any) -> Any:
    return _only(hooks, {"postStart": _action, "preStop": _action, "stopSignal": None})


def _action(action: Any) -> Any:
    """Requirements read only the host of a probe or a hook."""
    targets = dict.fromkeys(("httpGet", "tcpSocket", "grpc"), _target)
    return _only(action, {"exec": _run, **targets})


def _run(action: Any) -> Any:
    return _only(action, {"command": hidden_words})


def _target(target: Any) -> Any:
    headers = {"httpHeaders": lambda items: _items(items, _header)}
    return _only(target, {**_TARGET, "host": redacted_image, **headers})


def _header(header: Any) -> Any:
    return _only(header, {"name": None})


def _member(value: Any, key: str, change: Callable[[Any], Any]) -> Any:
    return _changed(value, key, change) if isinstance(value, dict) else value


def kept_attachment(config: Any) -> Any:
    """Return only the types of the plug-ins, from the JSON in an attachment."""
    try:
        found = json.loads(config) if isinstance(config, str) else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        return hidden_leaves(config)
    plugins = found.get("plugins")
    kept = _type_of(found)
    if isinstance(plugins, list):
        kept["plugins"] = [_type_of(plugin) for plugin in plugins if isinstance(plugin, dict)]
    return json.dumps(kept)


def _type_of(plugin: JsonObject) -> JsonObject:
    return {"type": plugin["type"]} if isinstance(plugin.get("type"), str) else {}


def _config_map(value: JsonObject, read: Collection[str]) -> JsonObject:
    # The files of a collected ConfigMap are decoded when the collection is evaluated.
    value = _changed(value, "data", partial(_files, "decoded" not in value, read))
    # The decoded files have no secrets.
    for key in value.keys() - {*_HEAD, "data", "decoded"}:
        value = _changed(value, key, hidden_leaves)
    return value


def _files(again: bool, read: Collection[str], texts: Any) -> Any:
    if not isinstance(texts, dict):
        return hidden_leaves(texts)
    made = {
        key: redacted(text)
        if isinstance(text, str) and key in read and not names_secret(key)
        else config_text(key, text, again)
        for key, text in texts.items()
    }
    return texts if all(made[key] is texts[key] for key in made) else made


def config_text(key: str, text: Any, again: bool = False) -> Any:
    """Return what requirements read of a file: of DeepFlow's files the settings, else nothing.

    `again` is whether the agent's file is decoded later.
    """
    if isinstance(text, str) and key == SERVER_FILE:
        kept = kept_server_file(text)
        return redacted_file(text) if kept is None else kept
    if isinstance(text, str) and is_agent_file(key, text):
        kept = kept_agent_file(text, again)
        return text if kept == text else kept
    return hidden_leaves(text)


def _is_secret(key: str) -> bool:
    # `secretName` only refers to one.
    return names_secret(key) and not key.lower().endswith(("name", "namespace"))


def redacted_tree(value: Any) -> Any:
    """Return a value with what is below secret names hidden at every depth, other text redacted."""
    if isinstance(value, dict):
        # Operators have pods anywhere in their objects, and some a whole Secret.
        if any(isinstance(value.get(key), list) for key in _CONTAINERS):
            value = _pod(value, False)
        if value.get("kind") == "Secret":
            value = _changed(value, "data", hidden_leaves)
        named = value.get("name")
        secret = isinstance(named, str) and names_secret(named)
        made = {
            key: hidden_leaves(item) if secret and key == "value" else _below(key, item)
            for key, item in value.items()
        }
        return value if all(made[key] is value[key] for key in made) else made
    if isinstance(value, list):
        return _each(value, redacted_tree)
    # A file in an object, such as the values of a chart, can contain anything.
    return HIDDEN if isinstance(value, str) and "\n" in value.strip() else _text(value)


def _below(key: str, item: Any) -> Any:
    """Redact the member of a tree with this key."""
    change = _BY_KEY.get(key)
    if change is not None:
        return change(item)
    if not _is_secret(key) or isinstance(item, bool):
        return redacted_tree(item)
    if isinstance(item, dict):
        return redacted_tree(_changed(item, "value", hidden_leaves))
    if isinstance(item, list):
        # References have names; anything else could be a secret.
        return _each(
            item, lambda one: redacted_tree(one) if isinstance(one, dict) else hidden_leaves(one)
        )
    return hidden_leaves(item) if isinstance(item, str) or names_number(key) else item


def _variables(items: Any) -> Any:
    # Some objects name variables in a list, or in a mapping.
    return _each(items, _variable) if isinstance(items, list) else redacted_tree(items)


_REFERENCES: dict[str, Callable[[Any], Any]] = dict.fromkeys(_FIELDS, redacted_tree)
# Fields with secrets of any name, in objects of any kind.
_BY_KEY: dict[str, Callable[[Any], Any]] = {
    "annotations": _annotations,
    "env": _variables,
    "flexVolume": lambda source: _driver(source, "options"),
    "stringData": hidden_leaves,
    "volumeAttributes": hidden_leaves,
}
