"""`dfpolicy schema`: the contracts as JSON Schema."""

from __future__ import annotations

import click

from dfpolicy.input import schemas


@click.command("schema")
@click.argument("name", required=False)
def command(name: str | None) -> None:
    """Print a JSON Schema (2020-12); without a name, list them."""
    click.echo("\n".join(schemas.names()) if name is None else schemas.text(name), nl=name is None)
