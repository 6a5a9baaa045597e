"""The options of commands that read a live cluster, and reading it with progress."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, fields, replace
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

import click

from dfpolicy.cli.options import add_options
from dfpolicy.cli.progress import Steps, collected_facts, steps, unread
from dfpolicy.errors import DfpolicyError, UsageError
from dfpolicy.i18n.language import _, _n

if TYPE_CHECKING:
    from dfpolicy.collect.api import Access, Api
    from dfpolicy.collect.cluster import Collected
    from dfpolicy.collect.images import Image
    from dfpolicy.model import JsonObject

_Function = TypeVar("_Function", bound=Callable[..., Any])

kubeconfig_option = click.option(
    "--kubeconfig",
    metavar="FILE",
    help="Path of the kubeconfig.  [default: $KUBECONFIG, ~/.kube/config, or that of the pod]",
)
request_timeout_option = click.option(
    "--request-timeout",
    default="30s",
    show_default=True,
    metavar="DURATION",
    help="Time limit for each answer of the API server, as in kubectl: 30s, 2m; 0 is none.",
)
_OPTIONS = [
    kubeconfig_option,
    click.option("--context", metavar="NAME", help="Context in the kubeconfig."),
    click.option("--as", "user", metavar="USER", help="User to impersonate, as in kubectl."),
    click.option(
        "--as-group",
        "groups",
        multiple=True,
        metavar="GROUP",
        help="Group to impersonate, as in kubectl. Repeatable.",
    ),
    request_timeout_option,
    click.option(
        "--deep",
        is_flag=True,
        help="Also collect NodeFacts on each node, with a temporary DaemonSet.",
    ),
    click.option(
        "--probe",
        is_flag=True,
        help="With --deep: also run the probe on each node, as the agent and once privileged. It"
        " tries what the agent does on the kernel; nothing stays attached.",
    ),
    click.option(
        "--dry-run",
        is_flag=True,
        help="With --deep: print the objects it would create, and create nothing.",
    ),
    click.option(
        "--image",
        metavar="IMAGE",
        help="With --deep: an image that contains a POSIX sh.  [default: that of the agent, else"
        " that of the network plug-in, else busybox:1.36]",
    ),
    click.option(
        "--registry",
        metavar="REGISTRY",
        help="With --deep: pull the image, by default busybox:1.36, from this registry.",
    ),
    click.option(
        "--image-pull-secret",
        metavar="NAMESPACE/NAME",
        help="With --deep: a Secret to pull the image with. The DaemonSet then runs in its"
        " namespace.",
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
# As Go writes durations; kubectl also accepts a number of seconds.
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_DURATION = re.compile(r"(?:[0-9]{1,9}(?:\.[0-9]{1,9})?(?:h|ms|m|s))+")
_PART = re.compile(r"([0-9.]+)(h|ms|m|s)")


@dataclass(frozen=True)
class ClusterOptions:
    """The values of the options of `cluster_options`, as given."""

    kubeconfig: str | None
    context: str | None
    user: str | None
    groups: tuple[str, ...]
    request_timeout: str
    deep: bool
    probe: bool
    dry_run: bool
    image: str | None
    registry: str | None
    image_pull_secret: str | None
    timeout: int

    @classmethod
    def taken(cls, options: dict[str, Any]) -> ClusterOptions:
        """Take the values out of the options of a command."""
        return cls(**{one.name: options.pop(one.name) for one in fields(cls)})

    @property
    def connection(self) -> list[str]:
        """The options that say which cluster, and as whom, for the commands of a report."""
        given = [("--kubeconfig", self.kubeconfig), ("--context", self.context)]
        given += [("--as", self.user), *(("--as-group", group) for group in self.groups)]
        return [word for flag, value in given if value is not None for word in (flag, value)]

    @property
    def files(self) -> list[str]:
        """The paths of the kubeconfig."""
        from dfpolicy.collect.api import kubeconfig_files

        return kubeconfig_files(self.kubeconfig)


def cluster_options(function: _Function) -> _Function:
    """Add the options for a connection, and those of --deep."""
    return add_options(function, _OPTIONS)


def read_cluster(
    options: ClusterOptions, namespaces: Collection[str] = (), given: Iterable[JsonObject] = ()
) -> Collected:
    """Read the cluster, with progress on a terminal and one line for each missing permission.

    `given` are the objects to install: the agent's image is among them. Raises InputError for a
    kubeconfig that cannot be used, UsageError for an invalid option, DfpolicyError when the cluster
    does not answer.
    """
    from dfpolicy.collect.api import connect
    from dfpolicy.collect.cluster import collect

    image = _image(options)
    api = connect(_access(options))
    with steps() as told:
        told.title(_beginning(api.name, options.deep))
        collected = collect(api, namespaces, told.show)
        for text in collected_facts(collected.objects, namespaces):
            told.done(text)
        for text in unread(collected.unread):
            told.refused(text)
        if options.deep:
            collected.note(_ask_nodes(api, collected, image, options, given, told))
    return collected


def _ask_nodes(
    api: Api,
    collected: Collected,
    image: Image,
    options: ClusterOptions,
    given: Iterable[JsonObject],
    told: Steps,
) -> list[dict[str, str]]:
    """Add the NodeFacts to what was collected; return {fact, path, reason} of the other nodes."""
    from dfpolicy.collect.deep import collect_nodes
    from dfpolicy.collect.deep_probe import places
    from dfpolicy.collect.images import available

    if not image.name:
        image = replace(image, name=available(collected.objects, given))
    names = [one["metadata"]["name"] for one in collected.objects if one["kind"] == "Node"]
    asking = _("Asking the nodes with a DaemonSet in a namespace of its own, image {image}")
    if image.namespace:
        asking = _("Asking the nodes with a DaemonSet in namespace {namespace}, image {image}")
    told.title(asking.format(namespace=image.namespace, image=image.name))
    told.limit(options.timeout)
    begin = monotonic()
    probed = places(given, collected.objects) if options.probe else []
    nodes, missing = collect_nodes(api, names, image, options.timeout, told.show, probed)
    collected.objects += nodes
    told.done(
        _n(
            "{answered} of {total} node answered in {seconds} s; all that was created is removed",
            "{answered} of {total} nodes answered in {seconds} s; all that was created is removed",
            len(names),
            answered=len(nodes),
            total=len(names),
            seconds=int(monotonic() - begin),
        )
    )
    for text in unread(missing):
        told.refused(text)
    return missing


def _beginning(name: str, deep: bool) -> str:
    if deep:
        told = _("Reading cluster `{name}`. Nothing is changed but the DaemonSet below.")
    else:
        told = _("Reading cluster `{name}`. Nothing is changed.")
    return told.format(name=name)


def planned(options: ClusterOptions, given: Iterable[JsonObject] = ()) -> JsonObject:
    """Return what --deep would create, as a `v1 List`.

    The cluster is read only to choose the image, and to find the agent to probe. Raises the errors
    of `read_cluster`.
    """
    from dfpolicy.collect.api import RefusedError, connect
    from dfpolicy.collect.cluster import daemon_sets
    from dfpolicy.collect.deep import manifests
    from dfpolicy.collect.deep_probe import places
    from dfpolicy.collect.images import available

    image, access = _image(options), _access(options)
    found: Iterable[JsonObject] = ()
    if not image.name or options.probe:
        api = connect(access)
        try:
            found = daemon_sets(api)
        except RefusedError as error:
            raise DfpolicyError(
                _("cannot list the DaemonSets to choose an image: {reason}").format(
                    reason=_(error.reason)
                ),
                api.name,
                _("give one with --image"),
            ) from None
        image = replace(image, name=image.name or available(found, given))
    probed = places(given, found) if options.probe else []
    return {"apiVersion": "v1", "kind": "List", "items": manifests(image, probed)}


def _image(options: ClusterOptions) -> Image:
    from dfpolicy.collect.images import stated

    needs = {
        "--probe": options.probe,
        "--dry-run": options.dry_run,
        "--image": options.image is not None,
        "--registry": options.registry is not None,
        "--image-pull-secret": options.image_pull_secret is not None,
    }
    if not options.deep:
        for option in (name for name, given in needs.items() if given):
            raise UsageError(_("{option} needs --deep").format(option=option))
    return stated(options.image, options.registry, options.image_pull_secret)


def _access(options: ClusterOptions) -> Access:
    from dfpolicy.collect.api import Access

    timeout = seconds(options.request_timeout)
    return Access(options.kubeconfig, options.context, options.user, options.groups, timeout)


def seconds(text: str) -> float | None:
    """Return a duration in seconds, None for no limit. Raises UsageError for an invalid one."""
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return float(text) or None
    if not _DURATION.fullmatch(text):
        raise UsageError(
            _("must be a duration, for example 30s or 2m"), "--request-timeout", _("0 is no limit")
        )
    return sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(text)) or None
