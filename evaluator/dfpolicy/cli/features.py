"""`dfpolicy features`: what DeepFlow can see on each node."""

from __future__ import annotations

import click

from dfpolicy.cli.inputs import facts_option, load, sources_argument
from dfpolicy.errors import InputError


@click.command("features")
@sources_argument
@facts_option
@click.option(
    "-o",
    "--output",
    default="text",
    show_default=True,
    metavar="FORMAT[=PATH]",
    help="text, json, yaml, csv or markdown.",
)
def command(sources: tuple[str, ...], facts: tuple[str, ...], output: str) -> int:
    """Show what DeepFlow can see on each node.

    SOURCE holds Node objects or NodeFacts documents; nothing else is needed:

        kubectl get nodes -o yaml | dfpolicy features -
    """
    from dfpolicy.input import build_input
    from dfpolicy.outputs import parse_output, write
    from dfpolicy.reports.features import check_format, render

    name, target = parse_output(output)
    check_format(name)
    built = build_input(load(sources, facts))
    from dfpolicy.engines.wasm import WasmEngine

    rows = WasmEngine().features(built.data)
    if not rows:
        raise InputError(
            "no node found", hint="give the output of `kubectl get nodes -o yaml`, or NodeFacts"
        )
    write(render(rows, name), target)
    return 0
