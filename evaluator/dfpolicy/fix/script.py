"""Writes the commands of changes as a POSIX shell script, for the operator; dfpolicy runs none.

Names of nodes and commands are data of the script: quoted words, never comments or code. The shell
that runs a command gets it as one word, with the name of the node in the variable NODE.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from shlex import quote

from dfpolicy.changes.selection import HostCommand
from dfpolicy.errors import InputError
from dfpolicy.i18n.escaping import printable
from dfpolicy.i18n.language import _

# A place of the script: where its commands run, and the name of the node if that is a node.
_Place = tuple[str, str]

_FUNCTIONS = """\
set -u

mode=print
where=
node=

fail() {
  printf '%s\\n' "$1" >&2
  exit "${2-1}"
}

# Runs one command; the script itself can be the shell's standard input.
execute() {
  printf '+ %s\\n' "$1"
  NODE=$node sh -ec "$1" </dev/null || fail @failed
}

# step(cause, run, persist, undo)
step() {
  case $mode in
  print)
    printf '  %s\\n    run:     %s\\n' "$1" "$2"
    [ -z "$3" ] || printf '    persist: %s\\n' "$3"
    [ -z "$4" ] || printf '    undo:    %s\\n' "$4"
    ;;
  apply)
    execute "$2"
    [ -z "$3" ] || execute "$3"
    ;;
  undo)
    if [ -n "$4" ]; then execute "$4"; else printf '%s\\n' @final; fi
    ;;
  esac
}
"""
_MAIN = """\
while [ "$#" -gt 0 ]; do
  case $1 in
  --apply) mode=apply ;;
  --undo) mode=undo ;;
  --cluster) where=cluster ;;
  --server) where=server ;;
  -h | --help)
    usage
    exit 0
    ;;
  -*) fail @option 2 ;;
  *)
    where=node
    node=$1
    ;;
  esac
  shift
done
if [ "$mode" = print ]; then
  show
else
  [ -n "$where" ] || fail @place 2
  run || fail @missing 2
fi
"""


def script(commands: Sequence[HostCommand]) -> str:
    """Return the script, which prints the commands, and runs or undoes those of one place.

    The same commands on several nodes are listed once. Raises InputError for a command with
    characters that a terminal would not show.
    """
    groups = _groups(commands)
    parts = [
        "#!/bin/sh",
        *(f"# {line}".rstrip() for line in _usage()),
        "",
        _with_texts(_FUNCTIONS),
        _function("usage", [f"printf '%s\\n' {quote(line)}" for line in _usage()]),
        *(_function(f"group_{i}", _steps(steps)) for i, steps in enumerate(groups, 1)),
        _function("show", list(_shown(groups))),
        _function("run", list(_selected(groups))),
        # One function, so that the shell has read all of it before it runs anything.
        _function("main", _with_texts(_MAIN).splitlines()),
        'main "$@"\nexit',
    ]
    return "\n".join(parts) + "\n"


_Step = tuple[str, str, str, str]
_Groups = dict[tuple[_Step, ...], list[_Place]]


def _groups(commands: Sequence[HostCommand]) -> _Groups:
    """The places by their steps: equal nodes share a group."""
    by_place: dict[_Place, dict[_Step, None]] = {}
    for one in commands:
        command = one.command
        step = (
            one.cause,
            command["run"],
            command.get("persist", ""),
            command.get("undo", ""),
        )
        if not all(part.isprintable() for part in step):
            raise InputError(
                _("a command contains a character that a terminal does not show"),
                printable(one.node or one.cause),
                _("do not run it"),
            )
        node = printable(one.node) if command["where"] == "node" else ""
        by_place.setdefault((command["where"], node), {})[step] = None
    groups: _Groups = {}
    for place, steps in by_place.items():
        groups.setdefault(tuple(steps), []).append(place)
    return groups


def _usage() -> list[str]:
    options = {
        "--apply NODE": _("run the commands of this node; use it on the node"),
        "--apply --cluster": _("run the commands for kubectl"),
        "--apply --server": _("run the commands for deepflow-ctl"),
        "--undo NODE": _("undo them, in reverse order"),
    }
    return [
        _("Commands that dfpolicy suggests. Without an option, this script only prints them."),
        "",
        *(f"  sh fix.sh {option:<18} {text}" for option, text in options.items()),
        "",
        _("It shows each command before it runs it, and stops at the first one that fails."),
    ]


def _with_texts(code: str) -> str:
    """The code with its texts as quoted words, in the language in force."""
    texts = {
        "@failed": (_("failed, and no command after it was run: {command}"), "1"),
        "@final": (_("no command undoes this: {command}"), "2"),
        "@option": (_("unknown option: {option}"), "1"),
        "@place": (_("name a node, or give --cluster or --server"), ""),
        "@missing": (_("there are no commands for this place: {place}"), "node"),
    }
    for mark, (text, variable) in texts.items():
        # What is between braces is the value of a variable of the shell.
        word = quote(re.sub(r"\{[a-z]+\}", "\0", text)).replace("\0", f"'\"${variable}\"'")
        code = code.replace(mark, word)
    return code


def _function(name: str, lines: Sequence[str]) -> str:
    return "\n".join([f"{name}() {{", *(f"  {line}" if line else "" for line in lines), "}", ""])


def _steps(steps: Sequence[_Step]) -> list[str]:
    def call(step: _Step) -> str:
        return " ".join(["step", *map(quote, step)])

    if len(steps) == 1:
        return [call(steps[0])]
    return [
        'if [ "$mode" != undo ]; then',
        *(f"  {call(step)}" for step in steps),
        "else",
        *(f"  {call(step)}" for step in reversed(steps)),
        "fi",
    ]


def _shown(groups: _Groups) -> Iterator[str]:
    if not groups:
        yield ":"
    for i, places in enumerate(groups.values(), 1):
        names = ", ".join(node or f"--{where}" for where, node in places)
        pattern = " | ".join(_pattern(place) for place in places)
        # Without a place, all are shown.
        yield f"case $where/$node in / | {pattern})"
        yield f"  printf '%s:\\n' {quote(names)}"
        yield f"  group_{i}"
        yield "  ;;"
        yield "esac"


def _selected(groups: _Groups) -> Iterator[str]:
    yield "case $where/$node in"
    for i, places in enumerate(groups.values(), 1):
        yield f"{' | '.join(_pattern(place) for place in places)}) group_{i} ;;"
    yield "*) return 1 ;;"
    yield "esac"


def _pattern(place: _Place) -> str:
    """A pattern that only this place matches: a quoted word has no special characters."""
    where, node = place
    return f"{where}/{quote(node)}" if node else f"{where}/"
