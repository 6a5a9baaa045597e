"""`dfpolicy schema`: the JSON Schemas of dfpolicy's documents."""

from __future__ import annotations

import click

from dfpolicy.cli.help import Command
from dfpolicy.input import schemas
from dfpolicy.system.streams import show


@click.command("schema", cls=Command)
@click.argument("name", required=False, metavar="[SCHEMA]")
def command(name: str | None) -> None:
    """Print a JSON Schema (2020-12) of dfpolicy's documents; without a name, list them."""
    show("\n".join([*schemas.names(), ""]) if name is None else schemas.text(name))
