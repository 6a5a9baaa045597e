"""What the collector keeps of objects: enough for every requirement, and no secret."""

from __future__ import annotations

from typing import Any

from dfpolicy.collect.kept import files_of, kept, kept_files
from support import decisions
from support.decisions import Json

KINDS = {
    *("ClusterRole", "ClusterRoleBinding", "DaemonSet", "Deployment", "Namespace"),
    *("NetworkAttachmentDefinition", "Node", "Role", "RoleBinding", "ServiceAccount"),
    "StorageClass",
}


def collected(resources: list[Json]) -> list[Json]:
    """The resources as a collection of them contains them; kinds it does not read stay whole."""
    found = [
        (item, kept(item["apiVersion"], item["kind"], item) or item)
        if item["kind"] in KINDS
        else (item, item)
        for item in resources
    ]
    files: dict[tuple[Any, str], set[str]] = {}
    for _, one in found:
        if one["kind"] in ("DaemonSet", "Deployment"):
            pod = one.get("spec", {}).get("template", {}).get("spec", {})
            for name, keys in files_of(pod).items():
                place = one["metadata"].get("namespace"), name
                files.setdefault(place, set()).update(keys)
    return [
        kept_files(item, files[place]) or item
        if item["kind"] == "ConfigMap"
        and (place := (item["metadata"].get("namespace"), item["metadata"].get("name"))) in files
        else one
        for item, one in found
    ]


def test_no_requirement_reads_more_than_is_kept() -> None:
    """A requirement that reads another field fails here with its example; see `collect.kept`."""
    changed = []
    for path in decisions.example_files():
        document = decisions.example_input(path)
        told = decisions.example_decision(path)
        less = document | {"resources": collected(document["resources"])}
        if "from" in document:
            running = document["from"]
            resources = collected(running.get("resources", []))
            less["from"] = running | {"resources": resources}
        if decisions.canonical(decisions.decide(less)) != decisions.canonical(told):
            changed.append(decisions.name_of(path))
    assert changed == []
