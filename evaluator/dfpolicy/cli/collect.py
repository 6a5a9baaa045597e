"""`dfpolicy collect`: collects facts of this host or a cluster, or prints a script for others."""

from __future__ import annotations

from typing import Any

import click

from dfpolicy.cli.cluster import (
    ClusterOptions,
    cluster_options,
    planned,
    read_cluster,
)
from dfpolicy.cli.help import Group
from dfpolicy.cli.options import one_of
from dfpolicy.cli.progress import unread
from dfpolicy.errors import UsageError
from dfpolicy.i18n.escaping import json_text
from dfpolicy.i18n.language import _
from dfpolicy.system.streams import say, show

_output_option = click.option(
    "-o",
    "--output",
    default="yaml",
    show_default=True,
    type=one_of(("yaml", "json")),
    metavar="FORMAT[=PATH]",
    help="Output format: yaml or json.",
)


@click.group("collect", cls=Group)
def command() -> None:
    """Collect facts about nodes and clusters that manifests do not contain.

    Give the result to `dfpolicy eval` together with the manifests:

        dfpolicy collect cluster -o yaml=facts.yaml
        helm template … | dfpolicy eval - --facts facts.yaml
    """


_probe_option = click.option(
    "--probe",
    is_flag=True,
    help="Also try what the agent does on the kernel: load, attach and detach small eBPF programs.",
)


@command.command("node")
@click.option(
    "--root",
    default="",
    metavar="DIR",
    help="Read the host that is mounted at this directory, for example /host in a container.",
)
@click.option("--name", metavar="NAME", help="Name of the node.  [default: name of the host]")
@_probe_option
@_output_option
def node(root: str, name: str | None, probe: bool, output: str) -> int:
    """Print the NodeFacts of this host.

    Run it as root for complete facts. A fact that cannot be read stays unknown; standard error
    and the document say which one, and why. With --probe, the answers count for agents with the
    privileges of this process; nothing stays attached.
    """
    target = _target(output)
    from dfpolicy.collect.node import collect

    document, _ = collect(root, name, probe)
    for line in unread((document.get("status") or {}).get("unread") or ()):
        say(line)
    _write(document, target)
    return 0


@command.command("script")
@_probe_option
def script(probe: bool) -> int:
    """Print a POSIX sh script that prints the NodeFacts of the host it runs on.

    Use it for hosts without Python:

        dfpolicy collect script | ssh HOST sh -s > facts-HOST.yaml

    With --probe, the script carries the probe for both architectures, writes it to a temporary
    file, runs it, and removes it.
    """
    from dfpolicy.collect.node import script as text

    show(text(probe))
    return 0


@command.command("cluster")
@cluster_options
@_output_option
def cluster(output: str, **options: Any) -> int:
    """Print the facts that the requirements need from the cluster in the kubeconfig.

    It reads nodes, the agent's objects, RBAC, the workloads and API groups that show the CNI
    plug-in, storage classes, the version and Pod Security labels. It never reads Secrets, and of
    each object it keeps only the fields that requirements read. Facts that are refused stay
    unknown. If the API server fails to return a list, the exit code is 3.
    """
    from dfpolicy.formats.outputs import check_inputs

    target = _target(output)
    chosen = ClusterOptions.taken(options)
    check_inputs([target[1]], chosen.files)
    if chosen.dry_run:
        _write(planned(chosen), target)
        return 0
    collected = read_cluster(chosen)
    _write(collected.document(), target)
    collected.check_whole()
    return 0


def _target(output: str) -> tuple[str, str | None]:
    from dfpolicy.formats.outputs import parse_output

    name, path = parse_output(output)
    if name not in ("yaml", "json"):
        raise UsageError(
            _("unknown output format {name!r}").format(name=name[:40]), hint=_("use yaml or json")
        )
    return name, path


def _write(document: Any, target: tuple[str, str | None]) -> None:
    from dfpolicy.formats.outputs import write

    name, path = target
    if name == "json":
        text = json_text(document)
    else:
        from dfpolicy.reading.yaml_writer import write_yaml

        text = write_yaml(document)
    write(text, path)
