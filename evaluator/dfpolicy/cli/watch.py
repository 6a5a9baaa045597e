"""`dfpolicy watch`: checks a cluster whenever it changes."""

from __future__ import annotations

from typing import Any

import click

from dfpolicy.cli.cluster import kubeconfig_option, request_timeout_option, seconds
from dfpolicy.cli.evaluation import in_force, settings_options
from dfpolicy.cli.help import Command
from dfpolicy.cli.inputs import facts_option, load
from dfpolicy.cli.options import add_options
from dfpolicy.errors import UsageError
from dfpolicy.i18n.language import _
from dfpolicy.system.streams import say, show

_OPTIONS = [
    facts_option,
    kubeconfig_option,
    click.option("--context", metavar="NAME", help="Context in the kubeconfig."),
    request_timeout_option,
    click.option(
        "--listen",
        default=":8080",
        show_default=True,
        metavar="HOST:PORT",
        help="Where /metrics, /healthz and /readyz are served.",
    ),
    click.option(
        "--interval",
        type=click.IntRange(5, 86_400),
        default=60,
        show_default=True,
        metavar="SECONDS",
        help="How often to check without a change.",
    ),
    click.option(
        "--resync",
        type=click.IntRange(60, 86_400),
        default=600,
        show_default=True,
        metavar="SECONDS",
        help="How often to list everything again, and to write all reports.",
    ),
    click.option(
        "--once",
        is_flag=True,
        help="Check once, write the report, print the metrics, and exit with 0. For a CronJob.",
    ),
    click.option(
        "--write/--no-write",
        default=True,
        show_default=True,
        help="Write the report as objects of OpenReports and PolicyReport, where installed.",
    ),
]


@click.command("watch", cls=Command)
@lambda function: add_options(function, _OPTIONS)
@settings_options
def command(
    facts: tuple[str, ...],
    kubeconfig: str | None,
    context: str | None,
    request_timeout: str,
    listen: str,
    interval: int,
    resync: int,
    once: bool,
    write: bool,
    **flags: Any,
) -> int:
    """Watch a cluster, and check it after each change. Runs until it is stopped.

    It serves metrics for Prometheus, and writes the report as objects of the cluster. It needs the
    extra `watch`, and the permissions in `deploy/watch/`:

        pip install 'dfpolicy[watch]'
        dfpolicy watch --context lisbon --no-write --listen 127.0.0.1:8080

    Inside a pod it uses the pod's service account. Replicas need no leader: equal reports are
    written only once.
    """
    from dfpolicy.collect.api import Access, connect
    from dfpolicy.watch.serving import parse_address, serve

    try:
        from dfpolicy.watch.watcher import Plan, Watcher
    except ModuleNotFoundError as error:
        if error.name != "prometheus_client":
            raise
        raise UsageError(
            _("the package prometheus-client is missing"),
            hint=_("install it: {command}").format(command="pip install 'dfpolicy[watch]'"),
        ) from error

    settings = in_force(flags.pop("config"), **flags)
    address = parse_address(listen)
    access = Access(kubeconfig, context, timeout=seconds(request_timeout))
    given = tuple(load((), facts, optional=True))
    watcher = Watcher(connect(access), settings, Plan(interval, resync, write, given))
    if once:
        show(watcher.once())
        return 0
    server = serve(address, watcher.answers())
    host, port = server.server_address[:2]
    say(_("watching; metrics at {address}").format(address=f"{host!s}:{port}"))
    watcher.run()
    return 0
