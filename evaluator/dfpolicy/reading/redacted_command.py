"""Keeps of a command only what requirements read, and hides the rest.

A command can be a list of words, one line, or a script with here-documents. A secret can be
anywhere in it, in any form. So each piece between blanks, quotes and operators is hidden, unless it
is one of these: a word of the shell, a well-known program, the name of an option, an absolute path,
a file name, a sysctl, or a program of DeepFlow.
"""

from __future__ import annotations

import re
from typing import Any

from dfpolicy.reading.redacted_text import HIDDEN, hidden_leaves, names_secret, redacted

# Blanks, quotes and shell operators stay; each piece between them is judged on its own.
_PIECE = re.compile(r"""[^\s"'`;&|()<>{}$,]+""")
# One marker for several hidden pieces in a row: their number is not read.
_RUN = re.compile(rf"(?:{re.escape(HIDDEN)}[ \t,]*)+(?={re.escape(HIDDEN)})")
_SHELL = """
    ! : . [ ] [[ ]] = == != break case cd continue do done elif else esac eval exec exit export
    false fi for function if in local read readonly return set shift source test then trap true
    umask unset until ulimit wait while IN_CONTAINER EOF inf infinity
"""
_PROGRAMS = """
    ash awk base64 basename bash bpftool busybox cat catatonit chmod chown chroot conntrack cp curl
    cut dash date dd dirname dumb-init echo env ethtool find getent gosu grep head hostname id
    install ionice ip iptables java kill kubectl ln logger ls mkdir mknod modprobe mount mv mysql nc
    nice nohup nsenter pause ping pkill printf ps pwd python python3 redis-cli rm rmdir sed setcap
    setpriv sh sleep sort stat stdbuf su su-exec sudo supervisord sync sysctl systemctl tail tar
    taskset tee timeout tini touch tr uname uniq unshare wget which whoami xargs zsh
    agent all default run server start
"""
_WORDS = frozenset((*_SHELL.split(), *_PROGRAMS.split()))
_DEEPFLOW = re.compile(r"(?:[a-z0-9.-]{1,40}/){0,5}deepflow(?:-[a-z]{1,20}){0,4}")
_OPTION = re.compile(r"--?[A-Za-z]{1,20}(?:-[A-Za-z]{1,20}){0,5}")
# A shell's options that end with `c` have a script behind them.
_SHORT = re.compile(r"-(?:[A-Za-z]|[elvxu]{1,4}c)?")
_ASSIGNED = re.compile(
    r"(--[A-Za-z]{1,20}(?:-[A-Za-z]{1,20}){0,5}=|-[cf]=?|IN_CONTAINER=)(.*)", re.S
)
_PATH = re.compile(r"(?:/[\w.+-]{0,60}){1,20}")
_FILE = re.compile(
    r"(?:[\w.+-]{1,40}/){0,10}[\w.+-]{1,60}\.(?:conf|ini|json|log|pid|sh|toml|ya?ml)"
)
_SYSCTL = re.compile(r"(?:fs|kernel|net|user|vm)(?:[./][a-z0-9_]{1,40}){1,6}(?:=\d{0,10})?")
_DIGIT = re.compile(r"\d")
_TIMES = re.compile(r"\d{1,6}[smhd]?")
# Behind these words a number is a time or an exit code.
_TIMED = frozenset(("sleep", "exit", "timeout", "return"))
_PROGRAM = re.compile(r"[\w.+-]{1,40}")


def redacted_command(words: Any, program: bool = False) -> Any:
    """Return a command, a string or a list of words, without its secrets.

    `program` means that it begins with the name of a program, which stays.
    """
    if isinstance(words, str):
        return _Redaction(program).text(words)
    if not isinstance(words, list):
        return hidden_leaves(words)
    redaction = _Redaction(program)
    made = [
        redaction.text(word) if isinstance(word, str) else hidden_leaves(word) for word in words
    ]
    return words if made == words else made


def hidden_words(words: Any) -> Any:
    """Return a command with each of its words hidden."""
    if not isinstance(words, list):
        return words if words in (None, "") else HIDDEN
    made = [word if word in (None, "") else HIDDEN for word in words]
    return words if made == words else made


class _Redaction:
    """Redacts the pieces of one command in their order."""

    def __init__(self, program: bool) -> None:
        self._program = program
        self._before = ""

    def text(self, text: str) -> str:
        made = _PIECE.sub(self._piece, text)
        return made if made == text else _RUN.sub("", made)

    def _piece(self, found: re.Match[str]) -> str:
        piece, before, first = found[0], self._before, self._program
        self._before, self._program = piece, False
        if piece == HIDDEN[1:-1]:
            # The marker of an earlier redaction, between its parentheses.
            return piece
        if names_secret(before) and before.startswith("-") and "=" not in before:
            return HIDDEN
        if _stays(piece, before) or (first and _PROGRAM.fullmatch(piece)):
            return piece
        assigned = _ASSIGNED.fullmatch(piece)
        if assigned:
            name, value = assigned[1], assigned[2]
            kept = value in ("true", "false", "") or _names_file(value)
            return piece if kept and not names_secret(name) else f"{name}{HIDDEN}"
        return HIDDEN


def _stays(piece: str, before: str) -> bool:
    if piece in _WORDS or _DIGIT.fullmatch(piece) or _SYSCTL.fullmatch(piece):
        return True
    if piece.startswith("-"):
        long = piece.startswith("--")
        return bool((_OPTION if long else _SHORT).fullmatch(piece)) or piece == "--"
    if before in _TIMED and _TIMES.fullmatch(piece):
        return True
    return bool(_DEEPFLOW.fullmatch(piece)) or _names_file(piece)


def _names_file(piece: str) -> bool:
    return bool(_PATH.fullmatch(piece) or _FILE.fullmatch(piece)) and redacted(piece) == piece
