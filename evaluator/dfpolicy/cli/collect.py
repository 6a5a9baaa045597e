"""`dfpolicy collect`: the facts of this host, of a cluster, or a script for other hosts."""

from __future__ import annotations

from typing import Any

import click

from dfpolicy.cli.cluster import cluster_options, read_cluster, say_unread
from dfpolicy.errors import UsageError
from dfpolicy.i18n.language import _

_output_option = click.option(
    "-o",
    "--output",
    default="yaml",
    show_default=True,
    metavar="FORMAT[=PATH]",
    help="yaml or json.",
)


@click.group("collect")
def command() -> None:
    """Collect facts of nodes and clusters, which manifests cannot tell.

    What is collected goes to `dfpolicy eval` beside the manifests:

        dfpolicy collect cluster -o yaml=facts.yaml
        helm template … | dfpolicy eval - --facts facts.yaml
    """


@command.command("node")
@click.option(
    "--root",
    default="",
    metavar="DIR",
    help="Read the host that is mounted there, such as /host in a container.",
)
@click.option("--name", metavar="NAME", help="The node's name.  [default: the host's]")
@_output_option
def node(root: str, name: str | None, output: str) -> int:
    """Print the NodeFacts of this host.

    Needs no privileges. A fact that was refused is left out, which is unknown, and named with
    the reason on standard error and in the document.
    """
    target = _target(output)
    from dfpolicy.collect.node import collect

    document, _ = collect(root, name)
    say_unread((document.get("status") or {}).get("unread") or ())
    _write(document, target)
    return 0


@command.command("script")
def script() -> int:
    """Print a POSIX sh script that prints the NodeFacts of the host it runs on.

    For hosts without Python:

        dfpolicy collect script | ssh HOST sh -s > facts-HOST.yaml
    """
    from dfpolicy.collect.node import script as text

    click.echo(text(), nl=False)
    return 0


@command.command("cluster")
@cluster_options
@_output_option
def cluster(output: str, **options: Any) -> int:
    """Print what the requirements ask of the cluster in the kubeconfig.

    Nodes, the agent's objects, RBAC, the workloads and API groups that tell the network
    plug-in, storage classes, version and Pod Security labels. Secrets are never read. What
    is refused stays unknown, and the rest goes on. Where the API server fails to give a list,
    the exit code is 3.
    """
    target = _target(output)
    collected = read_cluster(**options)
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
        import json

        text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    else:
        from dfpolicy.reading.yaml_writer import write_yaml

        text = write_yaml(document)
    write(text, path)
