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
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Source:
    """One input text: `name` is the path as given, or `stdin`; `text` has no BOM."""

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
            yield Source("stdin", _decode(_read_standard_input(), "stdin"))
            continue
        for path in _expand(argument):
            yield Source(path, _decode(_read_file(path), path))


def _expand(argument: str) -> list[str]:
    if Path(argument).is_dir():
        return _files_below(argument)
    if os.path.lexists(argument):
        return [argument]
    if glob.has_magic(argument):
        # Path.glob takes no absolute pattern.
        found = sorted(glob.glob(argument, recursive=True))  # noqa: PTH207
        files = [path for match in found for path in _expand(match)]
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


def _read_standard_input() -> bytes:
    if sys.stdin is None:
        raise InputError("standard input is closed", "stdin", "name a file")
    try:
        return _read_limited(sys.stdin.buffer.read, "stdin")
    except OSError as error:
        raise _unreadable("stdin", error) from error


def _read_file(path: str) -> bytes:
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


def _decode(content: bytes, name: str) -> str:
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
