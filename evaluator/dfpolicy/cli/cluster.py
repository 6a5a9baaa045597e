"""The options of commands that read a live cluster, and the reading with its progress."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from dfpolicy.cli.options import add_options
from dfpolicy.system.streams import say

if TYPE_CHECKING:
    from dfpolicy.collect.cluster import Collected, Progress

_BAR = 30
_Function = TypeVar("_Function", bound=Callable[..., Any])

_OPTIONS = [
    click.option(
        "--kubeconfig",
        metavar="FILE",
        help="The kubeconfig.  [default: $KUBECONFIG, ~/.kube/config, or that of the pod]",
    ),
    click.option("--context", metavar="NAME", help="The context of the kubeconfig."),
    click.option(
        "--deep",
        is_flag=True,
        help="Also collect NodeFacts on each node, with a DaemonSet that is removed afterwards.",
    ),
    click.option(
        "--image",
        default="busybox:1.36",
        show_default=True,
        metavar="IMAGE",
        help="With --deep: an image that has a POSIX sh.",
    ),
    click.option(
        "--timeout",
        type=click.IntRange(1, 3600),
        default=120,
        show_default=True,
        metavar="SECONDS",
        help="With --deep: how long to wait for the nodes.",
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
    """Read the cluster, with progress on a terminal and a line for each refusal.

    Raises InputError for a kubeconfig that cannot be used, DfpolicyError when the cluster
    does not answer.
    """
    from dfpolicy.collect.api import connect
    from dfpolicy.collect.cluster import collect

    api = connect(kubeconfig, context)
    progress = _progress()
    collected = collect(api, namespaces, progress)
    if deep:
        from dfpolicy.collect.deep import collect_nodes

        names = [item["metadata"]["name"] for item in collected.objects if item["kind"] == "Node"]
        nodes, unread = collect_nodes(api, names, image, timeout, progress)
        collected.objects += nodes
        collected.note(unread)
    progress("", 0, 0)
    say_unread(collected.unread)
    return collected


def say_unread(unread: Iterable[dict[str, str]]) -> None:
    """Tell on standard error which facts were refused; what depends on them is unknown."""
    for entry in unread:
        place = f" ({entry['path']})" if entry.get("path") else ""
        say(f"not read: {entry['fact']}{place}: {entry['reason']}")


def _progress() -> Progress:
    from dfpolicy.collect.cluster import silent

    if sys.stderr is None or not sys.stderr.isatty():
        return silent

    def show(what: str, done: int, total: int) -> None:
        # One line that is written over, and erased at the end.
        bar = ""
        if total > 0:
            filled = _BAR * done // total
            bar = f"[{'#' * filled}{'-' * (_BAR - filled)}] {done}/{total}"
        sys.stderr.write(f"\r\x1b[K{what} {bar}".rstrip())
        sys.stderr.flush()

    return show
