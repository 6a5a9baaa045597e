"""`dfpolicy check`: the cluster's facts and objects in, report out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from dfpolicy.cli.cluster import cluster_options, read_cluster
from dfpolicy.cli.evaluation import evaluation_options, run
from dfpolicy.cli.inputs import facts_option, load, sources_argument

if TYPE_CHECKING:
    from dfpolicy.documents import Document

_CLUSTER = ("kubeconfig", "context", "deep", "image", "timeout")


@click.command("check")
@sources_argument
@facts_option
@cluster_options
@evaluation_options
def command(sources: tuple[str, ...], facts: tuple[str, ...], **options: Any) -> int:
    """Collect the cluster in the kubeconfig and evaluate, in one go.

    Without a SOURCE the agent that runs in the cluster is judged. Before it is installed, give
    its manifests, which are then judged against the cluster's nodes, RBAC and network:

        helm template deepflow-agent … | dfpolicy check -
    """
    cluster = {key: options.pop(key) for key in _CLUSTER}
    return run(
        lambda settings: _read(sources, facts, settings["namespace"] or "", cluster), **options
    )


def _read(
    sources: tuple[str, ...], facts: tuple[str, ...], namespace: str, cluster: dict[str, Any]
) -> Sequence[Document]:
    from dfpolicy.documents import Document

    given = load(sources, facts, optional=True)
    stated = _stated(given)
    namespaces = {place for _, place, _ in stated} | {namespace}
    collected = read_cluster(**cluster, namespaces=namespaces - {""})
    collected.objects = [item for item in collected.objects if not _replaced(item, stated)]
    name = f"cluster {collected.name}"
    return [*given, Document(name, 1, 1, None, "", 1, collected.document())]


def _stated(documents: Sequence[Document]) -> set[tuple[str, str, str]]:
    """What the given documents define; it stands in the place of the cluster's own."""
    from dfpolicy.input import build_input

    return {_identity(item.value) for item in build_input(documents).items}


def _replaced(item: dict[str, Any], stated: set[tuple[str, str, str]]) -> bool:
    kind, _, name = identity = _identity(item)
    # Helm leaves the release's namespace out.
    return identity in stated or (kind, "", name) in stated


def _identity(item: dict[str, Any]) -> tuple[str, str, str]:
    metadata = item["metadata"]
    name = metadata.get("name") or metadata.get("generateName") or ""
    return item["kind"], metadata.get("namespace") or "", name
