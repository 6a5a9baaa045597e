"""The page of the command line: the --help of each command."""

from __future__ import annotations

from collections.abc import Iterator

import click


def page() -> str:
    """Return the page, a section for each command."""
    from dfpolicy.cli.help import show_all_options

    parts = ["# Command line"]
    for name, command in commands():
        context = click.Context(command, info_name=name, terminal_width=90, max_content_width=90)
        show_all_options(context)
        parts += [f"## {name}", f"```text\n{command.get_help(context).rstrip()}\n```"]
    return "\n\n".join(parts)


def commands() -> Iterator[tuple[str, click.Command]]:
    """Yield each command and its name, a group before the commands in it."""
    from dfpolicy.cli import cli

    yield from _commands(cli, "dfpolicy")


def _commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for part in command.list_commands(context):
            found = command.get_command(context, part)
            if found is not None:
                yield from _commands(found, f"{name} {part}")
