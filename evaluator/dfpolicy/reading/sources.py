"""Finds and reads the sources of the command line: standard input, files, directories, globs."""

from __future__ import annotations

import glob
import os
import re
import stat
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import BinaryIO

from dfpolicy.errors import InputError, reason
from dfpolicy.i18n.language import _
from dfpolicy.reading.encodings import decode
from dfpolicy.reading.limits import budget
from dfpolicy.reading.unrendered import refuse_charts

SUFFIXES = (".yaml", ".yml", ".json", ".service")
RENDERED = "helm:"
_CHUNK = 1 << 20
_ANY_FOLDERS = re.compile(r"(?:^|(?<=/))\*\*/+")
# If a pipe has replaced a listed file, opening it must not block.
_AT_ONCE = getattr(os, "O_NONBLOCK", 0)
# Windows would change line ends.
_BINARY = getattr(os, "O_BINARY", 0)


@dataclass(frozen=True)
class Source:
    """One input text, without a BOM.

    `name` is the path as given, `stdin`, or RENDERED and the rendered chart.
    """

    name: str
    text: str


def read_sources(arguments: Sequence[str]) -> Iterator[Source]:
    """Yield the text of each argument: `-`, a file, a directory (recursive), or a glob.

    A directory means the .yaml, .yml, .json and .service files below it, in the order of their
    paths. Raises InputError for a source that is missing, unreadable, without such files, not text,
    or larger than the budget in force.
    """
    if arguments.count("-") > 1:
        raise InputError(_("standard input is used twice"), "-", _("give `-` only once"))
    for argument in arguments:
        if argument == "-":
            yield Source("stdin", decode(read_standard_input(), "stdin"))
            continue
        paths = paths_of(argument)
        refuse_charts(paths, argument)
        for path in paths:
            yield Source(path, decode(read_file(path, listed=path != argument), path))


def with_neighbours(arguments: Sequence[str]) -> list[str]:
    """Return the arguments, and for each file the other readable files of its directory.

    Raises InputError for a path or glob without files.
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
    """Return the files of a file, directory or glob. Raises InputError if there are none."""
    try:
        if Path(argument).is_dir():
            _check_rendered(argument)
            return _files_below(argument)
        if os.path.lexists(argument):
            return [argument]
    except OSError as error:
        # For example a name that is too long.
        raise unreadable(argument, error) from error
    except RecursionError:
        raise InputError(
            _("directories are nested too deeply"), argument, _("give the files")
        ) from None
    if glob.has_magic(argument):
        files = [path for match in sorted(_matches(argument)) for path in paths_of(match)]
        if files:
            return files
        raise InputError(_("no file matches this pattern"), argument, _("check the path"))
    raise InputError(_("no such file or directory"), argument, _("check the path"))


def _check_rendered(directory: str) -> None:
    """Raise InputError for the directory of a chart: its templates are not manifests yet."""
    if Path(directory, "Chart.yaml").is_file() and Path(directory, "templates").is_dir():
        raise InputError(
            _("this is a Helm chart, not rendered manifests"),
            directory,
            _("render it: {command}").format(command=f"dfpolicy eval --helm {quote(directory)}"),
        )


def _matches(pattern: str) -> set[str]:
    """The paths that match a pattern.

    `**` does not follow links: circular ones would give endless paths.
    """
    parts = _ANY_FOLDERS.split(pattern, 1)
    if len(parts) == 1:
        # Path.glob accepts no absolute pattern.
        return set(glob.glob(pattern))  # noqa: PTH207
    above, below = parts
    found: set[str] = set()
    for top in glob.glob(above) if above else (os.curdir,):  # noqa: PTH207
        for folder, folders, _files in os.walk(top):
            folders[:] = [name for name in folders if not name.startswith(".")]
            here = folder if above else os.path.relpath(folder, top)
            prefix = "" if here == os.curdir else glob.escape(f"{here.rstrip('/')}/")
            found |= _matches(prefix + below)
    return found


def _files_below(directory: str) -> list[str]:
    def refuse(error: OSError) -> None:
        raise unreadable(error.filename or directory, error)

    found = []
    for folder, folders, names in os.walk(directory, onerror=refuse):
        folders.sort()
        found += [str(Path(folder, name)) for name in sorted(names) if name.endswith(SUFFIXES)]
    if not found:
        raise InputError(
            _("no .yaml, .yml, .json or .service file in this directory"),
            directory,
            _("give the files"),
        )
    return found


def read_standard_input() -> bytes:
    """Return standard input. Raises InputError if it is closed or too large."""
    if sys.stdin is None:
        raise InputError(_("standard input is closed"), "stdin", _("give a file"))
    try:
        return _read(sys.stdin.buffer, "stdin")
    except OSError as error:
        raise unreadable("stdin", error) from error


def read_file(path: str, listed: bool = False) -> bytes:
    """Return the content of a file, or of a named pipe or device.

    `listed` means that the path was found in a directory or by a pattern, not named. Raises
    InputError for a file that is unreadable, too large, or changes meanwhile.
    """
    try:
        # Wait for a pipe: it may have no writer yet, as in `<(helm template …)`.
        _check_kind(Path(path).stat().st_mode, path, listed)
        handle = os.open(path, os.O_RDONLY | _BINARY | (_AT_ONCE if listed else 0))
        with os.fdopen(handle, "rb") as file:
            before = os.fstat(file.fileno())
            _check_kind(before.st_mode, path, listed)
            if not stat.S_ISREG(before.st_mode):
                return _read(file, path)
            if before.st_size > budget().size:
                raise budget().too_large(path)
            content = _read(file, path)
            after = os.fstat(file.fileno())
            if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
                raise InputError(_("the file changed while it was read"), path, _("try again"))
            return content
    except OSError as error:
        raise unreadable(path, error) from error


def _check_kind(mode: int, path: str, listed: bool) -> None:
    if listed and not stat.S_ISREG(mode):
        raise InputError(_("not a regular file"), path, _("give it by name, or move it away"))
    if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode) or stat.S_ISCHR(mode)):
        raise InputError(_("not a file"), path, _("give a file or directory"))


def _read(stream: BinaryIO, name: str) -> bytes:
    """Read to the end, or until the budget is exceeded."""
    parts: list[bytes] = []
    left = budget()
    while part := stream.read(_CHUNK):
        left.take_size(len(part), name)
        parts.append(part)
    return b"".join(parts)


def unreadable(name: str, error: OSError) -> InputError:
    """Return the error for a file or directory that cannot be read."""
    return InputError(
        _("cannot read: {reason}").format(reason=reason(error)),
        name,
        _("check the path and its permissions"),
    )
