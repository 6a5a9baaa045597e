"""`dfpolicy fleet`: judges many clusters, and writes one report."""

from __future__ import annotations

from itertools import chain
from typing import Any

import click

from dfpolicy.cli.cluster import kubeconfig_option, request_timeout_option, seconds
from dfpolicy.cli.evaluation import in_force, settings_options
from dfpolicy.cli.help import Command
from dfpolicy.cli.options import (
    add_options,
    check_verbosity,
    output_option,
    verbosity_options,
    write_report,
)
from dfpolicy.cli.progress import steps
from dfpolicy.errors import UsageError
from dfpolicy.formats.fleets import FORMATS
from dfpolicy.i18n.language import _, _n, spoken

_MOST_JOBS = 64
_OPTIONS = [
    click.option(
        "--contexts",
        metavar="NAMES",
        help="Read these clusters: contexts in the kubeconfig, separated by commas.",
    ),
    kubeconfig_option,
    request_timeout_option,
    click.option(
        "-j",
        "--jobs",
        type=click.IntRange(1, _MOST_JOBS),
        metavar="N",
        help="How many clusters to check at once.  [default: number of processors]",
    ),
]


@click.command("fleet", cls=Command)
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@lambda function: add_options(function, _OPTIONS)
@settings_options
@output_option(FORMATS)
@verbosity_options
def command(
    sources: tuple[str, ...],
    contexts: str | None,
    kubeconfig: str | None,
    request_timeout: str,
    jobs: int | None,
    verbose: bool,
    quiet: bool,
    **flags: Any,
) -> int:
    """Check many clusters, each as a deployment of its own, and write one report.

    SOURCE is a directory that contains a directory for each cluster, with its manifests, facts,
    and a dfpolicy.yaml of its own. A directory or file of one cluster is a SOURCE too:

        dfpolicy fleet clusters/ -o html=fleet.html
        dfpolicy fleet --contexts lisbon,porto

    The waivers of --config count for all clusters. The exit code is the highest one of all
    clusters: a cluster that cannot be checked gives 2, and the others are still checked.
    """
    from dfpolicy.fleet.clusters import find
    from dfpolicy.fleet.judging import Terms
    from dfpolicy.fleet.pool import default_jobs, judge_all
    from dfpolicy.fleet.worker import Order
    from dfpolicy.formats.fleets import renderer
    from dfpolicy.formats.outputs import check_inputs, parse_outputs
    from dfpolicy.report.fleet import fleet_report

    check_verbosity(verbose, quiet)
    settings = in_force(flags.pop("config"), **flags)
    origin = settings.values["outputs"].source
    targets = parse_outputs(settings["outputs"], origin, renderer)
    configuration = settings.config.path if settings.config else None
    names = [name.strip() for name in (contexts or "").split(",")]
    if kubeconfig and not contexts:
        raise UsageError(_("--kubeconfig needs --contexts"), hint=_("name the contexts to read"))
    clusters = find(sources, [name for name in names if name], configuration, kubeconfig)
    read = chain((one.path for one in clusters if one.path), settings.files)
    if contexts:
        from dfpolicy.collect.api import kubeconfig_files

        read = chain(read, kubeconfig_files(kubeconfig))
    check_inputs([target.path for target in targets], read)
    terms = Terms(flags, settings, seconds(request_timeout))
    language = spoken()
    with steps() as told:
        count = jobs or default_jobs()
        told.title(_n("Checking {count} cluster", "Checking {count} clusters", len(clusters)))
        judged = judge_all(
            clusters,
            Order(terms, language),
            count,
            lambda done, total: told.show(_("clusters"), done, total),
        )
    report = fleet_report(judged, language, configuration, settings.configured)
    write_report(report, targets, settings["color"], verbose, quiet)
    return report["exitCode"]
