"""`dfpolicy gatekeeper`: the requirements as templates and constraints of Gatekeeper."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dfpolicy.cli.help import Command
from dfpolicy.cli.options import language_option
from dfpolicy.gatekeeper.objects import ENFORCEMENTS
from dfpolicy.i18n.language import _, chosen, speaking
from dfpolicy.model import MODES, PROFILES
from dfpolicy.system.streams import tell

if TYPE_CHECKING:
    from dfpolicy.report.waivers import Waiver


@click.command("gatekeeper", cls=Command)
@click.option("-o", "--output", required=True, metavar="DIR", help="Directory to write to.")
@click.option(
    "-m",
    "--mode",
    type=click.Choice(("auto", *MODES)),
    default="auto",
    show_default=True,
    help="Deployment mode; auto detects it from each object.",
)
@click.option(
    "--profile",
    type=click.Choice(PROFILES),
    default="default",
    show_default=True,
    help="strict: follow DeepFlow's documentation literally, without equivalents.",
)
@click.option(
    "-n",
    "--namespace",
    "namespaces",
    multiple=True,
    metavar="NS",
    help="Namespace that the constraints apply to; repeatable.  [default: all]",
)
@click.option(
    "--enforcement",
    type=click.Choice(ENFORCEMENTS),
    default=ENFORCEMENTS[-1],
    show_default=True,
    help="Strictest action of a constraint; begin with dryrun, and look at the audit.",
)
@click.option(
    "--waivers",
    metavar="FILE",
    help="Export the waivers of this dfpolicy.yaml; each ends after its last day.",
)
@language_option
def command(
    output: str,
    mode: str,
    profile: str,
    namespaces: tuple[str, ...],
    enforcement: str,
    waivers: str | None,
    language: str | None,
) -> int:
    """Write ConstraintTemplates, Constraints and a gator suite to a directory.

    A webhook sees one object at a time. The README in the directory lists the requirements that
    it cannot check.

        dfpolicy gatekeeper -o gatekeeper
        gator verify gatekeeper/suite.yaml
        kubectl apply -k gatekeeper
    """
    from dfpolicy.engines.wasm import WasmEngine
    from dfpolicy.gatekeeper.export import export, write
    from dfpolicy.gatekeeper.objects import Scope
    from dfpolicy.policy.catalogue import load_catalogue

    scope = Scope(mode, profile, namespaces, enforcement, _valid(waivers))
    with speaking(chosen(language)):
        made = export(WasmEngine(), load_catalogue(), scope)
    write(made, Path(output))
    covered = sum(not reason for reason in made.unseen.values())
    done = _("{path}: {covered} of {count} requirements, {files} files")
    tell(done.format(path=output, covered=covered, count=len(made.unseen), files=len(made.files)))
    return 0


def _valid(path: str | None) -> list[Waiver]:
    """Return the waivers of the file that are not expired. Raises InputError."""
    if path is None:
        return []
    from dfpolicy.report.waivers import today
    from dfpolicy.settings.config_file import read_config

    found = read_config(path).waivers
    return [one for one in found if one.expires >= today()]
