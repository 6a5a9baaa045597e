"""Hides the secrets of Kubernetes objects, and keeps what requirements read.

An object is copied only along the path to a hidden value, because most have none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from dfpolicy.model import JsonObject
from dfpolicy.reading.redacted_text import HIDDEN, names_secret, redacted, redacted_words

_DEEPFLOW = "deepflow"
# The variables whose values requirements read.
READ_VARIABLES = frozenset(
    (
        "CTRL_NETWORK_INTERFACE",
        "IN_CONTAINER",
        "K8S_NAMESPACE_FOR_DEEPFLOW",
        "K8S_NODE_IP_FOR_DEEPFLOW",
        "K8S_POD_IP_FOR_DEEPFLOW",
        "K8S_WATCH_POLICY",
        "NODE_IP_FOR_DEEPFLOW",
        "ONLY_WATCH_K8S_RESOURCE",
    )
)
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
# The domains of annotations that contain settings. Those of ingresses can contain credentials.
_KNOWN_DOMAINS = ("kubernetes.io", "k8s.io", "openshift.io", "helm.sh", "tencent.com")
_INGRESS = "ingress.kubernetes.io"
_CONTAINERS = ("containers", "initContainers", "ephemeralContainers")
_HOOKS = ("livenessProbe", "readinessProbe", "startupProbe")
# Between a CronJob and its pod: spec, jobTemplate, spec, template, spec.
_DEEPEST = 5
_TO_POD = ("spec", "template", "jobTemplate")
_HEAD = {"apiVersion", "kind", "metadata"}
# A key of the agent's or the server's file, whatever the name of the mounted file.
_AGENT_KEYS = ("controller", "vtap_group_id")
_AGENT_FILE = re.compile(r"^\s*(?:controller-ips|controller|vtap_group_id)\s*:", re.MULTILINE)
# A digest also follows an `@`.
_IMAGE_USER = re.compile(r"\A[^/@\s]+@(?!sha\d+:)")


def redacted_object(value: JsonObject) -> JsonObject:
    """Return the object without its secrets, or itself if it has none. It is not changed."""
    kind = value["kind"]
    if kind == "Secret":
        kept = {key: item for key, item in value.items() if key not in ("data", "stringData")}
        return redacted_metadata(kept)
    value = redacted_metadata(value)
    if kind == "ConfigMap":
        return _config_map(value)
    if _has_pod(value, _DEEPEST):
        found: JsonObject = _pods(value, _names_deepflow(value.get("metadata")), _DEEPEST)
        return found
    for key in value.keys() - _HEAD:
        value = _changed(value, key, redacted_tree)
    return value


def _has_pod(value: Any, levels: int) -> bool:
    if not isinstance(value, dict):
        return False
    if any(isinstance(value.get(key), list) for key in _CONTAINERS):
        return True
    return levels > 0 and any(_has_pod(value.get(key), levels - 1) for key in _TO_POD)


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
    return (
        _changed(metadata, "annotations", _annotations) if isinstance(metadata, dict) else metadata
    )


def _annotations(annotations: Any) -> Any:
    if not isinstance(annotations, dict):
        return annotations
    made = {
        key: _annotation(key, item) for key, item in annotations.items() if key != _LAST_APPLIED
    }
    same = len(made) == len(annotations) and all(made[key] is annotations[key] for key in made)
    return annotations if same else made


def _annotation(key: str, item: Any) -> Any:
    domain = key.partition("/")[0]
    known = domain.endswith(_KNOWN_DOMAINS) and not domain.endswith(_INGRESS)
    if known or _DEEPFLOW in key:
        return _text(item)
    return HIDDEN if isinstance(item, str) and item else item


def _names_deepflow(metadata: Any) -> bool:
    if not isinstance(metadata, dict):
        return False
    labels = metadata.get("labels")
    texts = [metadata.get("name"), *(labels.values() if isinstance(labels, dict) else ())]
    return any(isinstance(text, str) and _DEEPFLOW in text for text in texts)


def _pods(value: Any, near: bool, levels: int) -> Any:
    """Redact the pods of a workload; `near` is whether it names DeepFlow."""
    if not isinstance(value, dict):
        return value
    if any(isinstance(value.get(key), list) for key in _CONTAINERS):
        return _pod(value, near)
    if not levels:
        return value
    near = near or _names_deepflow(value.get("metadata"))
    if levels < _DEEPEST:
        value = redacted_metadata(value)
    for key in _TO_POD:
        value = _changed(value, key, lambda item: _pods(item, near, levels - 1))
    return _changed(value, "volumeClaimTemplates", lambda items: _each(items, _claim))


def _claim(claim: Any) -> Any:
    return redacted_metadata(claim) if isinstance(claim, dict) else claim


def _pod(spec: JsonObject, near: bool) -> JsonObject:
    near = near or any(
        _of_deepflow(item) for key in _CONTAINERS for item in _objects(spec.get(key))
    )
    for key in _CONTAINERS:
        spec = _changed(spec, key, lambda items: _each(items, lambda item: _container(item, near)))
    return _changed(spec, "volumes", lambda volumes: _each(volumes, _volume))


def _volume(volume: Any) -> Any:
    """Requirements read no option of a storage driver."""
    volume = _member(volume, "csi", lambda source: _member(source, "volumeAttributes", _hidden))
    volume = _member(volume, "flexVolume", lambda source: _member(source, "options", _hidden))
    return _member(
        volume,
        "ephemeral",
        lambda source: _member(source, "volumeClaimTemplate", _claim),
    )


def _hidden(options: Any) -> Any:
    if not isinstance(options, dict):
        return _whole(options)
    made = {key: _whole(item) for key, item in options.items()}
    return options if made == options else made


def _objects(values: Any) -> list[JsonObject]:
    return [item for item in values if isinstance(item, dict)] if isinstance(values, list) else []


def _of_deepflow(container: JsonObject) -> bool:
    return any(_DEEPFLOW in str(container.get(key)) for key in ("image", "name"))


def _container(container: Any, near: bool) -> Any:
    if not isinstance(container, dict):
        return container
    container = _changed(container, "image", redacted_image)
    container = _changed(container, "env", lambda items: _each(items, _variable))
    for key in ("command", "args"):
        container = _changed(container, key, redacted_command if near else hidden_words)
    for key in _HOOKS:
        container = _changed(container, key, _action)
    return _changed(container, "lifecycle", _lifecycle)


def redacted_image(image: Any) -> Any:
    """Return an image reference without credentials."""
    if not isinstance(image, str):
        return image
    return redacted(_IMAGE_USER.sub(f"{HIDDEN}@", image, count=1))


def _variable(entry: Any) -> Any:
    if not isinstance(entry, dict) or str(entry.get("name")) in READ_VARIABLES:
        return entry
    return _changed(entry, "value", _whole)


def _whole(value: Any) -> Any:
    return HIDDEN if value not in (None, "", HIDDEN) else value


def redacted_command(words: Any) -> Any:
    """Return a command, a string or a list of words, without its secrets."""
    if not isinstance(words, list):
        return _text(words)
    made = redacted_words(words)
    return words if made == words else made


def hidden_words(words: Any) -> Any:
    """Return a command with each of its words hidden."""
    return _each(words, _whole) if isinstance(words, list) else _whole(words)


def _lifecycle(hooks: Any) -> Any:
    if isinstance(hooks, dict):
        for key in ("postStart", "preStop"):
            hooks = _changed(hooks, key, _action)
    return hooks


def _action(action: Any) -> Any:
    """Requirements read only the host of a probe or a hook."""
    if not isinstance(action, dict):
        return action
    action = _changed(action, "exec", lambda run: _member(run, "command", hidden_words))
    return _changed(action, "httpGet", _request)


def _request(request: Any) -> Any:
    request = _member(request, "path", _whole)
    return _member(
        request,
        "httpHeaders",
        lambda headers: _each(headers, lambda header: _member(header, "value", _whole)),
    )


def _member(value: Any, key: str, change: Callable[[Any], Any]) -> Any:
    return _changed(value, key, change) if isinstance(value, dict) else value


def _config_map(value: JsonObject) -> JsonObject:
    data = value.get("data")
    keys = [key for key in data if isinstance(key, str)] if isinstance(data, dict) else []
    near = _names_deepflow(value.get("metadata")) or any(_DEEPFLOW in key for key in keys)
    value = _changed(value, "data", lambda texts: _files(texts, near))
    return _changed(value, "binaryData", lambda texts: _files(texts, False))


def _files(texts: Any, near: bool) -> Any:
    if not isinstance(texts, dict):
        return texts
    made = {key: _file(key, text, near) for key, text in texts.items()}
    return texts if all(made[key] is texts[key] for key in made) else made


def _file(key: str, text: Any, near: bool) -> Any:
    if not isinstance(text, str):
        return text
    file = near and key.endswith((".yaml", ".yml"))
    if file or (any(part in text for part in _AGENT_KEYS) and _AGENT_FILE.search(text)):
        return redacted(text)
    return _whole(text)


def _is_secret(key: str) -> bool:
    # `secretName` only refers to one.
    return names_secret(key) and not key.lower().endswith(("name", "namespace", "ref"))


def redacted_tree(value: Any) -> Any:
    """Return a value with strings under secret names hidden at every depth, others redacted."""
    if isinstance(value, dict):
        # Operators have pods anywhere in their objects.
        if any(isinstance(value.get(key), list) for key in _CONTAINERS):
            value = _pod(value, False)
        named = value.get("name")
        secret = isinstance(named, str) and names_secret(named)
        made = {
            key: _annotations(item)
            if key == "annotations"
            else _whole(item)
            if isinstance(item, str) and (_is_secret(key) or (secret and key == "value"))
            else redacted_tree(item)
            for key, item in value.items()
        }
        return value if all(made[key] is value[key] for key in made) else made
    if isinstance(value, list):
        return _each(value, redacted_tree)
    return _text(value)
