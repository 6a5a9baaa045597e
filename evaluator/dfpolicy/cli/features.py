"""`dfpolicy features`: what DeepFlow can see on each node."""

from __future__ import annotations

import click

from dfpolicy.cli.help import Command
from dfpolicy.cli.inputs import facts_option, load, sources_argument
from dfpolicy.cli.limit_options import limit_options, within_limits
from dfpolicy.cli.options import language_option, one_of
from dfpolicy.errors import InputError
from dfpolicy.i18n.language import _, chosen, speaking


@click.command("features", cls=Command)
@sources_argument
@facts_option
@click.option(
    "-o",
    "--output",
    default="text",
    show_default=True,
    type=one_of(("text", "json", "yaml", "csv", "markdown")),
    metavar="FORMAT[=PATH]",
    help="Output format: text, json, yaml, csv or markdown.",
)
@click.option("-v", "--verbose", is_flag=True, help="Name every node, and show fentry.")
@language_option
@limit_options
def command(
    sources: tuple[str, ...],
    facts: tuple[str, ...],
    output: str,
    verbose: bool,
    language: str | None,
    **limits: int | None,
) -> int:
    """Show what DeepFlow can see on each node.

    SOURCE contains Node objects or NodeFacts documents; nothing else is needed:

        kubectl get nodes -o yaml | dfpolicy features -
    """
    from dfpolicy.engines.expansion import features as node_features
    from dfpolicy.engines.wasm import WasmEngine
    from dfpolicy.formats.features import check_format, render
    from dfpolicy.formats.outputs import check_inputs, parse_output, style_of, write
    from dfpolicy.input.build import build_input

    name, target = parse_output(output)
    check_format(name)
    check_inputs([target], (*sources, *facts))
    with within_limits(**limits):
        engine = WasmEngine()
        built = build_input(load(sources, facts, streamed=True), scoper=engine, grouper=engine)
    rows = node_features(engine, built)
    if not rows:
        raise InputError(
            _("no node in the input"),
            hint=_("give the output of `kubectl get nodes -o yaml`, or NodeFacts"),
        )
    with speaking(chosen(language)):
        write(render(rows, name, style_of(target, "auto", verbose, False)), target)
    return 0
