"""The command line. A command's module is imported only when the command runs."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from dfpolicy.errors import UsageError
from dfpolicy.exit_codes import ExitCode
from dfpolicy.i18n.language import _
from dfpolicy.version import VERSION

_NAME = "dfpolicy"
_COMPLETE = "_DFPOLICY_COMPLETE"

COMMANDS = {
    "eval": ("dfpolicy.cli.eval", "Evaluate manifests against DeepFlow's deployment requirements."),
    "check": ("dfpolicy.cli.check", "Collect the cluster and evaluate, in one go."),
    "convert": ("dfpolicy.cli.convert", "Write a stored report in other formats."),
    "diff": ("dfpolicy.cli.diff", "Compare two stored reports, for a baseline in CI."),
    "features": ("dfpolicy.cli.features", "Show what DeepFlow can see on each node."),
    "collect": ("dfpolicy.cli.collect", "Collect facts of this host, a cluster, or other hosts."),
    "waive": ("dfpolicy.cli.waive", "Accept a violation for a time, in dfpolicy.yaml."),
    "config": ("dfpolicy.cli.config", "Show the settings that hold, and where they come from."),
    "explain": ("dfpolicy.cli.explain", "Explain a requirement or a group; works offline."),
    "bundle": ("dfpolicy.cli.bundle", "Build, inspect and verify the bundle for OPA servers."),
    "gatekeeper": ("dfpolicy.cli.gatekeeper", "Write Gatekeeper templates and constraints."),
    "schema": ("dfpolicy.cli.schema", "Print a JSON Schema of dfpolicy's documents."),
}


class _LazyGroup(click.Group):
    def list_commands(self, _: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[name][0]).command
        return command

    def format_commands(self, _: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(f"dfpolicy {VERSION}")
        ctx.exit()


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_print_version,
    help="Show the version and exit.",
)
def cli() -> None:
    """Tell, before DeepFlow is deployed, which of its requirements are not met.

    Exit codes: 0 no violation that counts, 1 a violation that counts, 2 bad usage or
    input (also: no agent found), 3 the engine or the system failed, 130 interrupted, 143
    terminated, 129 the terminal is gone, 141 the reader of the output left.
    """


def run(arguments: list[str] | None = None) -> int:
    """Run a command line (default: that of the process) and return its exit code."""
    instruction = os.environ.get(_COMPLETE)
    if instruction:
        from click.shell_completion import shell_complete

        return shell_complete(cli, {}, _NAME, _COMPLETE, instruction)
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        # Not `main`, which gives a reader that leaves the exit code 1.
        with cli.make_context(_NAME, given) as context:
            code = cli.invoke(context)
    except click.exceptions.Exit as end:
        code = end.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return ExitCode.USAGE
    except click.ClickException as error:
        command = (
            error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else ""
        )
        hint = _("see `{command} --help`").format(command=command) if command else ""
        raise UsageError(error.format_message().rstrip("."), hint=hint) from error
    return code if isinstance(code, int) else ExitCode.OK
