"""Chooses the image of the temporary DaemonSet: by default one that the cluster has anyway.

Its pods see the host's files. An image is therefore taken only from workloads that have the host's
namespaces already, from those of the system, or from the user. Without one, it is FALLBACK.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from dfpolicy.errors import UsageError
from dfpolicy.i18n.language import _
from dfpolicy.model import JsonObject
from dfpolicy.reading.redacted_text import HIDDEN

FALLBACK = "busybox:1.36"
_AGENT = "deepflow-agent"
# DaemonSets of the system whose images contain a shell and its usual programs, by the last part of
# the repository. Only administrators can create objects in these namespaces.
_SYSTEM = ("kube-system", "kube-flannel")
_WITH_SHELL = ("cilium", "flannel", "klipper-lb", "kube-ovn", "kube-router", "weave-kube")


@dataclass(frozen=True)
class Image:
    """An image, and the Secret to pull it with, in a namespace that exists; both may be empty."""

    name: str
    namespace: str = ""
    pull_secret: str = ""


def stated(image: str | None, registry: str | None, pull_secret: str | None) -> Image:
    """Return the image that the options state; without any, its name is empty.

    A registry replaces that of the image. `pull_secret` is `NAMESPACE/NAME`. Raises UsageError for
    an invalid option.
    """
    namespace, name = _secret(pull_secret)
    for option, text in (("--image", image), ("--registry", registry)):
        if text is not None and (not text or not text.isprintable() or " " in text):
            raise UsageError(_("the name is empty or invalid"), option)
    chosen = image
    if registry:
        chosen = f"{registry.rstrip('/')}/{_without_registry(image or FALLBACK)}"
    return Image(chosen or "", namespace, name)


def _secret(text: str | None) -> tuple[str, str]:
    if text is None:
        return "", ""
    namespace, slash, name = text.partition("/")
    if not slash or not _is_name(namespace) or not _is_name(name):
        raise UsageError(
            _("must be NAMESPACE/NAME"),
            "--image-pull-secret",
            _("a pod can use only a Secret of its own namespace, so the collector runs there"),
        )
    return namespace, name


def _is_name(text: str) -> bool:
    return text.isascii() and text.replace("-", "a").replace(".", "a").isalnum()


def _without_registry(image: str) -> str:
    first, slash, rest = image.partition("/")
    registry = slash and ("." in first or ":" in first or first == "localhost")
    return rest if registry else image


def available(objects: Iterable[JsonObject], given: Iterable[JsonObject] = ()) -> str:
    """Return an image with a shell that the cluster has anyway.

    Among the collected objects, this is the image of the agent, else of a DaemonSet of the system;
    else that of the agent among the given objects, which the nodes will pull; else FALLBACK.
    """
    images = [(item, image) for item in objects for image in _images(item)]
    running = (image for item, image in images if is_agent(image) and _on_host(item))
    system = (image for item, image in images if _of_system(item, image))
    planned = (image for item in given for image in _images(item) if is_agent(image))
    return [*running, *system, *planned, FALLBACK][0]


def _images(item: JsonObject) -> Iterator[str]:
    if item.get("kind") != "DaemonSet":
        return
    containers = _at(item, "spec", "template", "spec", "containers")
    for container in containers if isinstance(containers, list) else ():
        image = _at(container, "image")
        if isinstance(image, str) and image and HIDDEN not in image:
            yield image


def is_agent(image: str) -> bool:
    """Whether the image is the agent's, by its repository."""
    return _repository(image) == _AGENT


def _on_host(item: JsonObject) -> bool:
    pod = _at(item, "spec", "template", "spec")
    return _at(pod, "hostNetwork") is True and _at(pod, "hostPID") is True


def _of_system(item: JsonObject, image: str) -> bool:
    return _at(item, "metadata", "namespace") in _SYSTEM and _repository(image) in _WITH_SHELL


def _repository(image: str) -> str:
    """The last part of the repository: `flannel` of `docker.io/flannel/flannel:v1`."""
    return image.partition("@")[0].rpartition("/")[2].partition(":")[0]


def _at(value: Any, *path: str) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value
