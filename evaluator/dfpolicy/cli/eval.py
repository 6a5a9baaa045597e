"""`dfpolicy eval`: manifests and facts in, report out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from dfpolicy.cli.evaluation import Read, evaluation_options, run
from dfpolicy.cli.helm import HELM_OPTIONS, check_helm, helm_options, load_chart
from dfpolicy.cli.inputs import (
    facts_option,
    from_option,
    load,
    load_running,
    sources_argument,
)
from dfpolicy.errors import UsageError

if TYPE_CHECKING:
    from dfpolicy.settings import Settings


@click.command("eval")
@sources_argument
@facts_option
@from_option
@helm_options
@evaluation_options
def command(
    sources: tuple[str, ...],
    facts: tuple[str, ...],
    running: tuple[str, ...],
    **options: Any,
) -> int:
    """Evaluate manifests against DeepFlow's deployment requirements.

    SOURCE is a file, a directory, a glob, or `-` for standard input:

        helm template deepflow-agent … | dfpolicy eval -

    A chart can also be rendered here:

        dfpolicy eval --helm charts/deepflow-agent -f values.yaml --helm-set image.tag=v7.1

    Node objects, NodeFacts and ClusterFacts may stand in the same input, or in --facts.

    An upgrade is judged against what runs, as `dfpolicy collect cluster` prints it:

        helm template deepflow-agent … | dfpolicy eval - --from running.yaml
    """
    helm = {key: options.pop(key) for key in HELM_OPTIONS}
    check_helm(helm, (*sources, *facts, *running))

    def read(settings: Settings) -> Read:
        if running and settings["mode"] not in ("auto", "upgrade"):
            raise UsageError(
                f"--from does not go with --mode {settings['mode']}", hint="give --mode upgrade"
            )
        # First what needs no standard input, so that its faults are told at once.
        release = load_running(running, (*sources, *facts))
        documents = load_chart(helm, settings["namespace"])
        documents += load(sources, facts, optional=helm["chart"] is not None)
        return Read(documents, release)

    return run(read, **options)
