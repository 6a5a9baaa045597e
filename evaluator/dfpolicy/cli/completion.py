"""`dfpolicy completion`: click's completion for shells, with the names that dfpolicy knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dfpolicy.cli.help import Command
from dfpolicy.i18n.language import translate
from dfpolicy.system.streams import show

if TYPE_CHECKING:
    from click.shell_completion import ShellComplete

SHELLS = ("bash", "zsh", "fish")
_NAME = "dfpolicy"
VARIABLE = "_DFPOLICY_COMPLETE"


@click.command("completion", cls=Command)
@click.argument("shell", type=click.Choice(SHELLS), metavar="SHELL")
def command(shell: str) -> None:
    """Print the completion script for bash, zsh or fish.

    Commands, options, IDs, groups, modes and formats are completed. Load the script when the
    shell starts; bash must be 4.4 or later, and zsh needs compinit first:

        echo 'source <(dfpolicy completion bash)' >> ~/.bashrc
        echo 'source <(dfpolicy completion zsh)' >> ~/.zshrc
        dfpolicy completion fish > ~/.config/fish/completions/dfpolicy.fish
    """
    from click.shell_completion import ShellComplete

    # Not the method of the shell's class: for bash, it starts a bash to look at its version.
    show(ShellComplete.source(_completer(shell, command)))


def complete(commands: click.Command, instruction: str) -> int:
    """Print what the shell asks for in its variables, and return the exit code.

    `instruction` is the value of the variable, for example `bash_complete`.
    """
    shell, _, wanted = instruction.partition("_")
    if shell not in SHELLS or wanted != "complete":
        return 1
    completer = _completer(shell, commands)
    given, incomplete = completer.get_completion_args()
    # bash splits a word at its `=`.
    given = [word for word in given if word != "="]
    found = completer.get_completions(given, incomplete)
    for item in found:
        if item.help:
            item.help = translate(item.help)
    # With the tab before an explanation.
    click.echo("\n".join(map(completer.format_completion, found)).encode(errors="replace"))
    return 0


def _completer(shell: str, commands: click.Command) -> ShellComplete:
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    return kind(commands, {}, _NAME, VARIABLE)
