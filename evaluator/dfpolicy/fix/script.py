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
from dfpolicy.i18n.language import _, listed

# A place of the script: where its commands run, and the name of the node if that is a node.
_Place = tuple[str, str]
# The place of the commands that each node needs.
_EVERY_NODE: _Place = ("node", "")

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
  [ "$where" = node ] || node=
  run
  if [ -z "$found" ]; then
    [ "$where" = node ] || fail @elsewhere 2
    fail @missing 2
  fi
fi
"""
_MOST_NAMES = 10


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
        _function("main", _with_texts(_MAIN, groups).splitlines()),
        'main "$@"\nexit',
    ]
    return "\n".join(parts) + "\n"


_Step = tuple[str, str, str, str]
_Groups = dict[tuple[_Step, ...], list[_Place]]


def _groups(commands: Sequence[HostCommand]) -> _Groups:
    """The places by their steps: equal nodes share a group. No step runs twice on a node."""
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
    for step in by_place.get(_EVERY_NODE, ()):
        for place, steps in by_place.items():
            if place[0] == "node" and place != _EVERY_NODE:
                steps.pop(step, None)
    groups: _Groups = {}
    for place, steps in by_place.items():
        if steps:
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


def _with_texts(code: str, groups: _Groups | None = None) -> str:
    """The code with its texts as quoted words, in the language in force."""
    names = quote(_names(groups or {}))
    words = {
        "@failed": _word(_("failed, and no command after it was run: {command}"), '"$1"'),
        "@final": _word(_("no command undoes this: {command}"), '"$2"'),
        "@option": _word(_("unknown option: {option}"), '"$1"'),
        "@place": quote(_("name a node, or give --cluster or --server")),
        "@missing": _word(
            _("no commands for node {node}; this script has {names}"), '"$node"', names
        ),
        "@elsewhere": _word(
            _("no commands for {place}; this script has {names}"), '--"$where"', names
        ),
    }
    # In one pass: a word can contain anything.
    return re.sub("|".join(words), lambda found: words[found[0]], code)


def _word(text: str, *values: str) -> str:
    """The text as a word of the shell, with these words where it has braces."""
    first, *others = re.split(r"\{[a-z]+\}", text)
    parts = [f"{value}{quote(part)}" for value, part in zip(values, others, strict=True)]
    return "".join([quote(first), *parts])


def _names(groups: _Groups) -> str:
    """What the script has commands for; of many places, the first."""
    found = [_name(place) for places in groups.values() for place in places]
    shown = listed(found[:_MOST_NAMES]) if found else _("no commands")
    more = len(found) - _MOST_NAMES
    return _("{names} +{count} more").format(names=shown, count=more) if more > 0 else shown


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
        # Without a place, all are shown.
        yield f"case $where/$node in / | {_patterns(places)})"
        yield f"  printf '%s:\\n' {quote(listed(map(_name, places)))}"
        yield f"  group_{i}"
        yield "  ;;"
        yield "esac"


def _selected(groups: _Groups) -> Iterator[str]:
    """The lines that run the groups of a place: a node has its own, and those of every node."""
    yield "found="
    yield "case $mode in"
    numbers = [*map(str, range(1, len(groups) + 1))]
    yield f"undo) set -- {' '.join(reversed(numbers))} ;;"
    yield f"*) set -- {' '.join(numbers)} ;;"
    yield "esac"
    yield 'for group in "$@"; do'
    yield "  case $group:$where/$node in"
    for i, places in enumerate(groups.values(), 1):
        yield f"  {_patterns(places, f'{i}:')}) found=1 && group_{i} ;;"
    yield "  esac"
    yield "done"


def _name(place: _Place) -> str:
    if place == _EVERY_NODE:
        return _("every node")
    where, node = place
    return node or f"--{where}"


def _patterns(places: Sequence[_Place], before: str = "") -> str:
    """Patterns that only these places match: a quoted word has no special characters."""
    return " | ".join(
        f"{before}{where}/{'?*' if (where, node) == _EVERY_NODE else quote(node) if node else ''}"
        for where, node in places
    )
