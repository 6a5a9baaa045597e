"""Finds and reads what the command line names: standard input, files, directories, globs."""

from __future__ import annotations

import codecs
import glob
import os
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dfpolicy.errors import InputError

SUFFIXES = (".yaml", ".yml", ".json", ".service")
MAX_BYTES = 1 << 30
RENDERED = "helm:"
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Source:
    """One input text, without a BOM.

    `name` is the path as given, `stdin`, or RENDERED and the chart that it was rendered from.
    """

    name: str
    text: str


def read_sources(arguments: Sequence[str]) -> Iterator[Source]:
    """Yield the text of each argument: `-`, a file, a directory (recursive), or a glob.

    A directory stands for the .yaml, .yml, .json and .service files below it, in the order of
    their paths. Raises InputError for what is missing, unreadable, empty of such files, or no text.
    """
    if arguments.count("-") > 1:
        raise InputError("standard input is named twice", "-", "name `-` once")
    for argument in arguments:
        if argument == "-":
            yield Source("stdin", decode(read_standard_input(), "stdin"))
            continue
        for path in paths_of(argument):
            yield Source(path, decode(read_file(path), path))


def with_neighbours(arguments: Sequence[str]) -> list[str]:
    """Return the arguments, and beside each file the others of its folder that can be read.

    Raises InputError for a path or glob that stands for no file.
    """
    named: dict[str, None] = {}
    for argument in arguments:
        if argument == "-" or Path(argument).is_dir():
            named[argument] = None
            continue
        for path in paths_of(argument):
            named[os.path.normpath(path)] = None
            folder = Path(path).parent
            near = (file for file in folder.iterdir() if file.name.endswith(SUFFIXES))
            named.update(dict.fromkeys(sorted(str(file) for file in near if file.is_file())))
    return list(named)


def paths_of(argument: str) -> list[str]:
    """Return the files that a file, directory or glob stands for. Raises InputError for none."""
    if Path(argument).is_dir():
        return _files_below(argument)
    if os.path.lexists(argument):
        return [argument]
    if glob.has_magic(argument):
        # Path.glob takes no absolute pattern.
        found = sorted(glob.glob(argument, recursive=True))  # noqa: PTH207
        files = [path for match in found for path in paths_of(match)]
        if files:
            return files
        raise InputError("no file matches this pattern", argument, "check the path")
    raise InputError("no such file or directory", argument, "check the path")


def _files_below(directory: str) -> list[str]:
    def refuse(error: OSError) -> None:
        raise _unreadable(error.filename or directory, error)

    found = []
    for folder, folders, names in os.walk(directory, onerror=refuse):
        folders.sort()
        found += [str(Path(folder, name)) for name in sorted(names) if name.endswith(SUFFIXES)]
    if not found:
        raise InputError(
            "no .yaml, .yml, .json or .service file in this directory", directory, "name the files"
        )
    return found


def read_standard_input() -> bytes:
    """Return what is piped in. Raises InputError where it is closed, or too large."""
    if sys.stdin is None:
        raise InputError("standard input is closed", "stdin", "name a file")
    try:
        return _read_limited(sys.stdin.buffer.read, "stdin")
    except OSError as error:
        raise _unreadable("stdin", error) from error


def read_file(path: str) -> bytes:
    """Return the content of a file or pipe. Raises InputError where it cannot be read."""
    try:
        mode = Path(path).stat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode) or stat.S_ISCHR(mode)):
            raise InputError("not a file", path, "name a file or directory")
        with Path(path).open("rb") as stream:
            return _read_limited(stream.read, path)
    except OSError as error:
        raise _unreadable(path, error) from error


def _read_limited(read: Callable[[int], bytes], name: str) -> bytes:
    parts: list[bytes] = []
    total = 0
    while chunk := read(_CHUNK):
        parts.append(chunk)
        total += len(chunk)
        if total > MAX_BYTES:
            raise InputError(f"larger than {MAX_BYTES >> 20} MiB", name, "split the input")
    return b"".join(parts)


def _unreadable(name: str, error: OSError) -> InputError:
    reason = (error.strerror or "cannot be read").lower()
    return InputError(f"cannot be read: {reason}", name, "check the path and its permissions")


def decode(content: bytes, name: str) -> str:
    """Return the text without its BOM. Raises InputError where it is none."""
    encoding = "utf-8-sig"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError("not UTF-8 text", f"{name}:{line}", "give YAML or JSON") from error
    position = text.find("\0")
    if position >= 0:
        line = text.count("\n", 0, position) + 1
        raise InputError("not text: it holds a NUL byte", f"{name}:{line}", "give YAML or JSON")
    return text
