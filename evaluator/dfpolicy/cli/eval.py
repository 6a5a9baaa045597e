"""`dfpolicy eval`: manifests and facts in, report out."""

from __future__ import annotations

from typing import Any

import click

from dfpolicy.cli.evaluation import evaluation_options, run
from dfpolicy.cli.inputs import facts_option, load, sources_argument


@click.command("eval")
@sources_argument
@facts_option
@evaluation_options
def command(sources: tuple[str, ...], facts: tuple[str, ...], **options: Any) -> int:
    """Evaluate manifests against DeepFlow's deployment requirements.

    SOURCE is a file, a directory, a glob, or `-` for standard input:

        helm template deepflow-agent … | dfpolicy eval -

    Node objects, NodeFacts and ClusterFacts may stand in the same input, or in --facts.
    """
    return run(lambda _: load(sources, facts), **options)
