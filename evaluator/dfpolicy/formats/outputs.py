"""Where reports go: standard output or files, several in one run."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dfpolicy.errors import DfpolicyError, InputError, UsageError, reason
from dfpolicy.formats.base import Style, renderer
from dfpolicy.i18n.escaping import encodable
from dfpolicy.i18n.language import _, shows
from dfpolicy.reading.sources import paths_of
from dfpolicy.system.files import check_writable, write_file

# The characters that the text report draws with if the stream can show them.
_MARKS = "✗✓"
# Its descriptor.
_STANDARD_INPUT = 0


# A renderer of a report or of a comparison.
Render = Callable[[Any, Style], str]


@dataclass(frozen=True)
class Output:
    """A format, what renders it, and its destination; `path` None means standard output."""

    format: str
    render: Render
    path: str | None


def parse_outputs(
    given: Sequence[str], origin: str = "--output", find: Callable[[str], Render] = renderer
) -> list[Output]:
    """Read FORMAT or FORMAT=PATH of each `--output`; text if there is none.

    `find` returns the function of a format. Raises UsageError for an unknown format, a missing
    directory, or two reports for one destination. The error names the origin if that is not a flag.
    """
    try:
        return _parse_outputs(given, find)
    except UsageError as error:
        if origin.startswith("--"):
            raise
        place = f"{error.where}: " if error.where else ""
        raise UsageError(f"{place}{error.message}", origin, error.hint) from error


def _parse_outputs(given: Sequence[str], find: Callable[[str], Render]) -> list[Output]:
    outputs = []
    for text in given or ("text",):
        name, target = parse_output(text)
        outputs.append(Output(name, find(name), target))
    if collide(output.path for output in outputs):
        raise UsageError(
            _("two reports would go to the same place"),
            hint=_("send all but one --output to a file: FORMAT=FILE"),
        )
    return outputs


def collide(paths: Iterable[str | None]) -> bool:
    """Whether two of these are one place; None is standard output."""
    places = [path and os.path.realpath(path) for path in paths]
    return len(set(places)) < len(places)


def check_inputs(outputs: Iterable[str | None], inputs: Iterable[str | None]) -> None:
    """Raise UsageError if an output would replace an input, whatever path leads to it.

    Inputs are files, directories and patterns as given; standard input, which a shell may take from
    a file, is always one. Reading reports those that are missing.
    """
    targets = {_identity(path): path for path in outputs if path and Path(path).is_file()}
    for read in _files(inputs) if targets else ():
        with suppress(OSError):
            found = targets.get(_identity(read))
            if found is not None:
                raise UsageError(
                    _("an input file would be overwritten"), found, _("give another path")
                )


def _files(inputs: Iterable[str | None]) -> Iterator[str | int]:
    yield _STANDARD_INPUT
    for name in inputs:
        if name is not None and name != "-":
            with suppress(InputError):
                yield from paths_of(name)


def _identity(file: str | int) -> tuple[int, int]:
    # Path.stat accepts no descriptor.
    found = os.stat(file)  # noqa: PTH116
    return found.st_dev, found.st_ino


def parse_output(text: str) -> tuple[str, str | None]:
    """Read FORMAT or FORMAT=PATH; the path is None for standard output. Raises UsageError."""
    name, separator, path = text.partition("=")
    if separator and not path:
        raise UsageError(_("--output has no path after `=`"), hint=f"{name}=FILE")
    target = path if separator and path != "-" else None
    if target is not None:
        _check_folder(target)
    return name, target


def write(text: str, path: str | None) -> None:
    """Write a report; a file is either complete or missing.

    Raises DfpolicyError if a file cannot be written, OSError for standard output.
    """
    if path is None:
        if sys.stdout is None:
            raise DfpolicyError(_("standard output is closed"), hint=_("use --output FORMAT=FILE"))
        # A file name may be invalid text.
        sys.stdout.write(encodable(text, sys.stdout.encoding))
        sys.stdout.flush()
        return
    try:
        write_file(text, path)
    except OSError as error:
        raise DfpolicyError(
            _("cannot write the report: {reason}").format(reason=reason(error)), path
        ) from error


def style_of(path: str | None, color: str, verbose: bool, quiet: bool) -> Style:
    """How a report is shown at its destination; `color` is auto, always or never."""
    if path is not None:
        return Style(verbose, quiet, color == "always")
    if sys.stdout is None:
        return Style(verbose, quiet)
    terminal = sys.stdout.isatty()
    colored = color == "always" or (color == "auto" and _wants_color(terminal))
    width = os.get_terminal_size(sys.stdout.fileno()).columns if terminal else 100
    return Style(verbose, quiet, colored, width, shows(_MARKS, sys.stdout.encoding or "ascii"))


def _wants_color(terminal: bool) -> bool:
    """Whether the environment wants colors: NO_COLOR comes first, then FORCE_COLOR."""
    if "NO_COLOR" in os.environ:
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (terminal and os.environ.get("TERM") != "dumb")


def _check_folder(path: str) -> None:
    folder = Path(os.path.realpath(path)).parent
    if not folder.is_dir():
        raise UsageError(
            _("the directory for the report does not exist"),
            str(folder),
            _("create the directory first"),
        )
    if Path(path).is_dir():
        raise UsageError(_("the path of the report is a directory"), path, _("give a file in it"))
    check_writable(path)
