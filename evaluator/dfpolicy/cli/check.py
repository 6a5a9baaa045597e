"""`dfpolicy check`: reads a cluster, and writes a report."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from dfpolicy.cli.cluster import ClusterOptions, cluster_options, planned, read_cluster
from dfpolicy.cli.evaluation import Read, evaluation_options, run
from dfpolicy.cli.help import Command
from dfpolicy.cli.inputs import facts_option, load, sources_argument
from dfpolicy.errors import UsageError
from dfpolicy.i18n.language import _
from dfpolicy.model import FACTS

if TYPE_CHECKING:
    from dfpolicy.model import Invocation, JsonObject
    from dfpolicy.reading.documents import Document
    from dfpolicy.settings.resolution import Settings


@click.command("check", cls=Command)
@sources_argument
@facts_option
@cluster_options
@evaluation_options
def command(sources: tuple[str, ...], facts: tuple[str, ...], **options: Any) -> int:
    """Collect facts from the cluster in the kubeconfig, and check against it.

    Without a SOURCE, the agent that runs in the cluster is checked. Before you install it, give
    its manifests; they are checked against the cluster's nodes, RBAC and network:

        helm template deepflow-agent deepflow/deepflow-agent | dfpolicy check -

    With --mode upgrade, they are checked against the agent and the server that run there.
    """
    cluster = ClusterOptions.taken(options)
    if cluster.dry_run:
        from dfpolicy.formats.outputs import write
        from dfpolicy.reading.yaml_writer import write_yaml

        given = load(sources, facts, optional=True, streamed=True)
        write(write_yaml(planned(cluster, _objects(given))), None)
        return 0

    def read(settings: Settings) -> Read:
        upgrade = settings["mode"] == "upgrade"
        if upgrade and not sources:
            raise UsageError(
                _("--mode upgrade needs the new manifests"), hint=_("give them as SOURCE")
            )
        found = _read(sources, facts, settings["namespace"] or "", cluster, upgrade)
        command = "check --deep" if cluster.deep else "check"
        invoked: Invocation = {"command": command, "sources": [*sources], "facts": [*facts]}
        if cluster.connection:
            invoked["options"] = cluster.connection
        return Read(found.documents, found.running, invoked)

    return run(read, inputs=(*sources, *facts, *cluster.files), **options)


def _read(
    sources: tuple[str, ...],
    facts: tuple[str, ...],
    namespace: str,
    cluster: ClusterOptions,
    upgrade: bool,
) -> Read:
    from dfpolicy.input.build import RunningRelease
    from dfpolicy.reading.documents import Document

    given = list(load(sources, facts, optional=True))
    objects = _objects(given)
    stated = {_identity(value) for value in objects}
    namespaces = {place for _, place, _ in stated} | {namespace}
    collected = read_cluster(cluster, namespaces - {""}, objects)
    # Without them the report would look like one of a small cluster.
    collected.check_whole()
    name = f"cluster {collected.name}"
    everything = collected.objects
    collected.objects = [item for item in everything if not _replaced(item, stated)]
    documents = [*given, Document(name, 1, 1, None, 1, collected.document())]
    if not upgrade:
        return Read(documents)
    collected.objects = [item for item in everything if item["kind"] not in FACTS]
    running = Document(name, 1, 1, None, 1, collected.document())
    return Read(documents, RunningRelease([running]))


def _objects(documents: Iterable[Document]) -> list[JsonObject]:
    """What the given documents define; it replaces what the cluster has."""
    from dfpolicy.input.build import build_input

    return [item.value for item in build_input(documents).items]


def _replaced(item: dict[str, Any], stated: set[tuple[str, str, str]]) -> bool:
    kind, _, name = identity = _identity(item)
    # Helm omits the namespace of the release.
    return identity in stated or (kind, "", name) in stated


def _identity(item: dict[str, Any]) -> tuple[str, str, str]:
    metadata = item["metadata"]
    name = metadata.get("name") or metadata.get("generateName") or ""
    return item["kind"], metadata.get("namespace") or "", name
