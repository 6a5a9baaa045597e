"""The command line. A command's module is imported only when the command runs."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import click

from dfpolicy.cli.help import Group, log_option, usage_error
from dfpolicy.errors import UsageError
from dfpolicy.exit_codes import ExitCode
from dfpolicy.i18n.language import _, marked, translate
from dfpolicy.version import VERSION

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_NAME = "dfpolicy"
_COMPLETE = "_DFPOLICY_COMPLETE"

COMMANDS = {
    "eval": (
        "dfpolicy.cli.eval",
        marked("Check rendered manifests against DeepFlow's deployment requirements."),
    ),
    "check": ("dfpolicy.cli.check", marked("Collect facts from a cluster and check against it.")),
    "fleet": (
        "dfpolicy.cli.fleet",
        marked("Check many clusters, and write one report."),
    ),
    "watch": (
        "dfpolicy.cli.watch",
        marked("Watch a cluster, check it after each change, and serve metrics."),
    ),
    "fix": (
        "dfpolicy.cli.fix",
        marked("Plan changes that fix the violations, and check again to prove them."),
    ),
    "input": ("dfpolicy.cli.input", marked("Print what the policies get, for `opa eval`.")),
    "convert": ("dfpolicy.cli.convert", marked("Convert a stored report to other formats.")),
    "diff": ("dfpolicy.cli.diff", marked("Compare two stored reports, for a baseline in CI.")),
    "features": ("dfpolicy.cli.features", marked("Show what DeepFlow can see on each node.")),
    "collect": (
        "dfpolicy.cli.collect",
        marked("Collect facts from this host, a cluster, or other hosts."),
    ),
    "waive": (
        "dfpolicy.cli.waive",
        marked("Accept a violation until a date, in dfpolicy.yaml."),
    ),
    "config": ("dfpolicy.cli.config", marked("Show the settings in force and their sources.")),
    "explain": (
        "dfpolicy.cli.explain",
        marked("Explain a requirement, a group or a mode; works offline."),
    ),
    "bundle": (
        "dfpolicy.cli.bundle",
        marked("Build, inspect and verify the bundle for OPA servers."),
    ),
    "policy": (
        "dfpolicy.cli.policy",
        marked("Write requirements of your own, and check them."),
    ),
    "gatekeeper": (
        "dfpolicy.cli.gatekeeper",
        marked("Write Gatekeeper templates and constraints."),
    ),
    "schema": ("dfpolicy.cli.schema", marked("Print a JSON Schema of dfpolicy's documents.")),
    "completion": (
        "dfpolicy.cli.completion",
        marked("Print the completion script for bash, zsh or fish."),
    ),
    "version": ("dfpolicy.cli.version", marked("Show the versions of dfpolicy and its policies.")),
}


class _LazyGroup(Group):
    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        return [*super().get_params(ctx), log_option()]

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[name][0]).command
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """Complete commands without importing them, then options."""
        from click.shell_completion import CompletionItem

        return [
            CompletionItem(name, help=summary)
            for name, (_module, summary) in COMMANDS.items()
            if name.startswith(incomplete)
        ] or click.Command.shell_complete(self, ctx, incomplete)

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, translate(summary)) for name, (_module, summary) in COMMANDS.items()]
            )


def _print_version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
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
    """Check a deployment against DeepFlow's requirements before you install it.

    Exit codes: 0 no violation that counts, 1 a violation that counts, 2 wrong usage or input (or
    no agent in the input), 3 the engine or the system failed, 129 the terminal was closed, 130
    interrupted, 141 the reader of the output closed it, 143 terminated.

    Set DFPOLICY_LANG to en or zh to choose the language; by default it is that of the locale.
    """


def run(arguments: list[str] | None = None) -> int:
    """Run a command line (default: that of the process) and return its exit code."""
    instruction = os.environ.get(_COMPLETE)
    if instruction:
        from dfpolicy.cli.completion import complete

        return complete(cli, instruction)
    given = sys.argv[1:] if arguments is None else list(arguments)
    _check_files(given)
    try:
        # Not `main`, which exits with 1 when the reader closes the output.
        with cli.make_context(_name(), given) as context:
            code = cli.invoke(context)
    except click.exceptions.Exit as end:
        code = end.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return ExitCode.USAGE
    except click.ClickException as error:
        raise usage_error(error) from error
    return code if isinstance(code, int) else ExitCode.OK


def _name() -> str:
    """Return the command as the user wrote it: kubectl runs a plugin by another name."""
    plugin = os.path.basename(sys.argv[0]).startswith("kubectl-")  # noqa: PTH119
    return f"kubectl {_NAME}" if plugin else _NAME


def _check_files(arguments: list[str]) -> None:
    """Check that no option is the name of a file.

    pre-commit and globs of a shell append file names, and a file `--config=x.yaml` of a stranger
    would become an option.
    """
    for argument in arguments:
        if argument == "--":
            return
        if argument.startswith("-") and argument != "-" and os.path.lexists(argument):
            raise UsageError(
                _("a file has the same name as this option"),
                argument,
                _("for the file, write ./ before its name; for the option, rename the file"),
            )
