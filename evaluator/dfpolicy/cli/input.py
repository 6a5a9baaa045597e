"""`dfpolicy input`: the document that the policies get."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import click

from dfpolicy.cli.evaluation import in_force, input_options
from dfpolicy.cli.helm import HELM_OPTIONS, chart_files, check_helm, helm_options, rendering
from dfpolicy.cli.help import Command
from dfpolicy.cli.inputs import (
    facts_option,
    from_option,
    load,
    load_running,
    sources_argument,
    standard_input,
)
from dfpolicy.cli.options import one_of
from dfpolicy.i18n.escaping import json_text

if TYPE_CHECKING:
    from dfpolicy.model import Invocation

_FORMATS = ("json", "yaml")


@click.command("input", cls=Command)
@sources_argument
@facts_option
@from_option
@helm_options
@click.option(
    "-o",
    "--output",
    default="json",
    show_default=True,
    type=one_of(_FORMATS),
    metavar="FORMAT[=PATH]",
    help="Output format: json or yaml.",
)
@input_options
def command(
    sources: tuple[str, ...],
    facts: tuple[str, ...],
    running: tuple[str, ...],
    output: str,
    **options: Any,
) -> int:
    """Print the document that the policies get, to evaluate it with OPA or to see what they see.

    It contains no value of a Secret, and only what requirements read of variables, commands,
    annotations and ConfigMaps. With the policies of this version, OPA makes the decision of
    `dfpolicy eval`:

        dfpolicy bundle build -o bundle.tar.gz
        dfpolicy input agent.yaml | opa eval -I -b bundle.tar.gz data.dfpolicy.main.decision
    """
    from dfpolicy.formats.base import check_known
    from dfpolicy.formats.outputs import check_inputs, parse_output, write
    from dfpolicy.input.build import build_input
    from dfpolicy.pipeline import some
    from dfpolicy.reading.limits import within

    helm = {key: options.pop(key) for key in HELM_OPTIONS}
    check_helm(helm, (*sources, *facts, *running))
    form, target = parse_output(output)
    check_known(form, _FORMATS)
    settings = in_force(**options)
    inputs = (*sources, *facts, *running, *chart_files(helm), *settings.files)
    check_inputs([target], inputs)
    sources = sources or (() if helm["chart"] is not None else standard_input())
    invoked: Invocation = {"command": "input", "sources": [*sources], "facts": [*facts]}
    with within(settings.limits):
        release = load_running(running, (*sources, *facts))
        chart = rendering(helm, settings["namespace"])
        documents = load(sources, facts, optional=True)
        built = build_input(
            some(chain(chart.documents if chart else (), documents), invoked),
            settings["mode"],
            settings["profile"],
            settings["namespace"],
            settings.parameters,
            release,
        )
    if form == "yaml":
        from dfpolicy.reading.yaml_writer import write_yaml

        write(write_yaml(built.data), target)
    else:
        write(json_text(built.data), target)
    return 0
