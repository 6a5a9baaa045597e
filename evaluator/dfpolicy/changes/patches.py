"""Writes operations on objects of Kubernetes as a patch, or as a component of Kustomize."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dfpolicy.changes.merge_patch import identity, is_mergeable, json_patch, merge_patch
from dfpolicy.changes.object_places import unfolded, value_of
from dfpolicy.changes.text_edit import changed_documents
from dfpolicy.changes.yaml_edit import same
from dfpolicy.changes.yaml_rendering import ordered
from dfpolicy.model import JsonObject, Operation
from dfpolicy.reading.documents import Document
from dfpolicy.reading.yaml_writer import write_yaml

OBJECTS = "objects.yaml"

_UNSAFE = re.compile(r"[^a-z0-9.]+")
_SPECIAL = re.compile(r"[^\w:-]")
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class _Difference:
    """An object before and after the operations; a created one has nothing before."""

    old: JsonObject | None
    new: JsonObject


def patch(
    operations: Sequence[Operation], documents: Sequence[Document], namespace: str | None
) -> str:
    """Return a strategic-merge patch of each changed object, and the created objects, as YAML.

    Objects have the names and namespaces that they have in the documents; `namespace` is the
    release's, for those without one. The text is empty if nothing changes. Raises TextEditError if
    an operation does not fit its object.
    """
    return "---\n".join(map(write_yaml, patched_objects(operations, documents, namespace)))


def patched_objects(
    operations: Sequence[Operation], documents: Sequence[Document], namespace: str | None
) -> list[JsonObject]:
    """Return the patches of the changed objects, and the created objects.

    Arguments and errors are those of `patch`.
    """
    return [
        merge_patch(one.old, one.new) if one.old is not None else ordered(one.new)
        for one in _differences(operations, documents, namespace)
    ]


def kustomization(
    operations: Sequence[Operation], documents: Sequence[Document], namespace: str | None
) -> dict[str, str]:
    """Return the files of a component of Kustomize with the same effect, by their names.

    A kustomization with the manifests names the directory among its `components`. Roles, and
    objects that a merge would damage, are changed by RFC 6902. Arguments and errors are those of
    `patch`.
    """
    files: dict[str, str] = {}
    patches: list[JsonObject] = []
    created: list[JsonObject] = []
    for one in _differences(operations, documents, namespace):
        if one.old is None:
            created.append(ordered(one.new))
            continue
        name = _file_name(one.new, files)
        if is_mergeable(one.old) and is_mergeable(one.new):
            files[name] = write_yaml(merge_patch(one.old, one.new))
            patches.append({"path": name})
        else:
            files[name] = write_yaml(list(json_patch(one.old, one.new)))
            patches.append({"path": name, "target": _target(one.new)})
    head: JsonObject = {"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component"}
    if created:
        files[OBJECTS] = "---\n".join(map(write_yaml, created))
        head["resources"] = [OBJECTS]
    if patches:
        head["patches"] = patches
    return {"kustomization.yaml": write_yaml(head), **files}


def _differences(
    operations: Sequence[Operation], documents: Sequence[Document], namespace: str | None
) -> Iterator[_Difference]:
    after = changed_documents(operations, documents, namespace)
    for document, changed in zip(documents, after, strict=False):
        if document is changed:
            continue
        for old, new in zip(_objects(value_of(document)), _objects(changed.value), strict=True):
            if not same(old, new):
                yield _Difference(old, new)
    for created in after[len(documents) :]:
        yield _Difference(None, created.value)


def _objects(value: object) -> Iterator[JsonObject]:
    """The objects of Kubernetes in a document."""
    for place in unfolded(value, (), False) if isinstance(value, dict) else ():
        if isinstance(place.value.get("metadata"), dict):
            yield place.value


def _target(value: JsonObject) -> JsonObject:
    """How Kustomize finds the object; its names are regular expressions."""
    named = identity(value)
    group, _, version = str(named["apiVersion"]).rpartition("/")
    metadata = {key: _SPECIAL.sub(r"\\\g<0>", text) for key, text in named["metadata"].items()}
    found = {"group": group, "version": version, "kind": named["kind"], **metadata}
    return {key: text for key, text in found.items() if text}


def _file_name(value: JsonObject, taken: dict[str, str]) -> str:
    """A name for the patch of the object that no other file has."""
    name = f"{value.get('kind')}-{value['metadata'].get('name')}".lower()
    plain = _UNSAFE.sub("-", name)[:_LONGEST_NAME].strip("-.")
    names = [f"{plain}.yaml", *(f"{plain}-{n}.yaml" for n in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken and name != OBJECTS)
