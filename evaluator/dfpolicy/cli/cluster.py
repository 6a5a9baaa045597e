"""The options of commands that read a live cluster, and reading it with progress."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from dfpolicy.cli.options import add_options
from dfpolicy.i18n.language import _, translate
from dfpolicy.system.streams import say

if TYPE_CHECKING:
    from dfpolicy.collect.cluster import Collected
    from dfpolicy.collect.cluster import Progress as Show

_Function = TypeVar("_Function", bound=Callable[..., Any])

_OPTIONS = [
    click.option(
        "--kubeconfig",
        metavar="FILE",
        help="Path of the kubeconfig.  [default: $KUBECONFIG, ~/.kube/config, or that of the pod]",
    ),
    click.option("--context", metavar="NAME", help="Context in the kubeconfig."),
    click.option(
        "--deep",
        is_flag=True,
        help="Also collect NodeFacts on each node, with a temporary DaemonSet.",
    ),
    click.option(
        "--image",
        default="busybox:1.36",
        show_default=True,
        metavar="IMAGE",
        help="With --deep: an image that contains a POSIX sh.",
    ),
    click.option(
        "--timeout",
        type=click.IntRange(1, 3600),
        default=120,
        show_default=True,
        metavar="SECONDS",
        help="With --deep: how long to wait for the nodes, in seconds.",
    ),
]


def cluster_options(function: _Function) -> _Function:
    """Add --kubeconfig, --context, --deep, --image and --timeout."""
    return add_options(function, _OPTIONS)


def read_cluster(
    kubeconfig: str | None,
    context: str | None,
    deep: bool,
    image: str,
    timeout: int,
    namespaces: Iterable[str] = (),
) -> Collected:
    """Read the cluster, with progress on a terminal and one line for each missing permission.

    Raises InputError for a kubeconfig that cannot be used, DfpolicyError when the cluster
    does not answer.
    """
    from dfpolicy.collect.api import connect
    from dfpolicy.collect.cluster import collect

    api = connect(kubeconfig, context)
    with _progress() as progress:
        collected = collect(api, namespaces, progress)
        if deep:
            from dfpolicy.collect.deep import collect_nodes

            names = [one["metadata"]["name"] for one in collected.objects if one["kind"] == "Node"]
            nodes, unread = collect_nodes(api, names, image, timeout, progress)
            collected.objects += nodes
            collected.note(unread)
    say_unread(collected.unread)
    return collected


def say_unread(unread: Iterable[dict[str, str]]) -> None:
    """Say on standard error which facts were refused; what depends on them stays unknown."""
    for entry in unread:
        text = _("cannot read {fact} ({path}): {reason}")
        if not entry.get("path"):
            text = _("cannot read {fact}: {reason}")
        why = translate(entry["reason"])
        say(text.format(fact=entry["fact"], path=entry.get("path"), reason=why))


@contextmanager
def _progress() -> Iterator[Show]:
    """Show progress on a terminal, on a line that is erased at the end."""
    if sys.stderr is None or not sys.stderr.isatty():
        from dfpolicy.collect.cluster import silent

        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("")

        def show(what: str, done: int, total: int) -> None:
            bar.update(
                task, description=translate(what), completed=done, total=total or None, refresh=True
            )

        yield show
