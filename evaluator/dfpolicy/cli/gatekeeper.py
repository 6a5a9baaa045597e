"""`dfpolicy gatekeeper`: the requirements as templates and constraints of Gatekeeper."""

from __future__ import annotations

from pathlib import Path

import click

from dfpolicy.cli.options import language_option
from dfpolicy.i18n.language import chosen, speaking
from dfpolicy.model import MODES, PROFILES


@click.command("gatekeeper")
@click.option("-o", "--output", required=True, metavar="DIR", help="Folder to write to.")
@click.option(
    "-m",
    "--mode",
    type=click.Choice(("auto", *MODES)),
    default="auto",
    show_default=True,
    help="Deployment mode; auto tells it from each object.",
)
@click.option(
    "--profile",
    type=click.Choice(PROFILES),
    default="default",
    show_default=True,
    help="How strictly equivalents are graded.",
)
@click.option(
    "--namespace",
    "namespaces",
    multiple=True,
    metavar="NS",
    help="Namespace that the constraints match; repeatable.  [default: all]",
)
@language_option
def command(
    output: str, mode: str, profile: str, namespaces: tuple[str, ...], language: str | None
) -> int:
    """Write ConstraintTemplates, Constraints and a gator suite to a folder.

    A webhook sees one object at a time; the README that is written lists what it cannot judge.

        dfpolicy gatekeeper -o gatekeeper
        gator verify gatekeeper/suite.yaml
        kubectl apply -k gatekeeper
    """
    from dfpolicy.engines.wasm import WasmEngine
    from dfpolicy.gatekeeper.export import export, write
    from dfpolicy.gatekeeper.objects import Scope
    from dfpolicy.policy.catalogue import load_catalogue

    with speaking(chosen(language)):
        made = export(WasmEngine(), load_catalogue(), Scope(mode, profile, namespaces))
    write(made, Path(output))
    told = sum(not reason for reason in made.unseen.values())
    click.echo(f"{output}: {told} of {len(made.unseen)} requirements, {len(made.files)} files")
    return 0
