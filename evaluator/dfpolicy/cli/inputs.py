"""The arguments and options for input, which `eval` and `features` share."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from dfpolicy.cli.options import add_options
from dfpolicy.errors import InputError, UsageError
from dfpolicy.i18n.language import _

if TYPE_CHECKING:
    from dfpolicy.input.build import RunningRelease
    from dfpolicy.model import GivenChart, Invocation
    from dfpolicy.reading.documents import Document

_Function = TypeVar("_Function", bound=Callable[..., Any])

sources_argument = click.argument("sources", nargs=-1, metavar="[SOURCE]...")
facts_option = click.option(
    "--facts",
    multiple=True,
    metavar="FILE",
    help="More facts: a file, a directory or a pattern; repeatable.",
)
_PRESENCE = [
    click.option(
        "--if-present",
        is_flag=True,
        help="Exit 0 if no SOURCE has an agent; skip all other files. For hooks.",
    ),
    click.option(
        "--whole-directories",
        is_flag=True,
        help="Read the other files of each SOURCE's directory too, for the agent's RBAC.",
    ),
    # Its former name.
    click.option("--whole-folders", is_flag=True, hidden=True),
]
from_option = click.option(
    "--from",
    "running",
    multiple=True,
    metavar="OLD",
    help="What runs now, to check an upgrade: manifests, or a version like v6.5.8.",
)
_VERSION = re.compile(r"[vV]?[0-9]{1,2}(\.[0-9]{1,6}){1,3}")


def invocation(
    command: str,
    sources: Sequence[str],
    facts: Sequence[str],
    running: Sequence[str] = (),
    chart: GivenChart | None = None,
) -> Invocation:
    """Return what the commands of a report repeat. Without a chart, the default is a pipe."""
    read = [*sources] if sources or chart else ["-"]
    invoked: Invocation = {"command": command, "sources": read, "facts": [*facts]}
    if running:
        invoked["options"] = [word for name in running for word in ("--from", name)]
    if chart:
        invoked["chart"] = chart
    return invoked


def presence_options(function: _Function) -> _Function:
    """Add --if-present and --whole-directories, also by its former name `whole_folders`."""
    return add_options(function, _PRESENCE)


def load(
    sources: Sequence[str],
    facts: Sequence[str] = (),
    optional: bool = False,
    streamed: bool = False,
) -> Iterator[Document]:
    """Read the documents of the sources, then those of the facts, lazily.

    Without a source, standard input is read, or nothing if sources are `optional`. If `streamed`,
    large Lists are read item by item, and the documents can be used once. Raises UsageError if
    nothing is piped in. While it yields documents, raises InputError for unreadable input and for
    facts without a document.
    """
    from dfpolicy.pipeline import read

    return read(sources or (() if optional else standard_input()), facts, streamed)


def check_upgrade(running: Sequence[str], mode: str) -> None:
    """Raise UsageError for --from in a mode that is not an upgrade."""
    if running and mode not in ("auto", "upgrade"):
        raise UsageError(
            _("--from cannot be used with --mode {mode}").format(mode=mode),
            hint=_("use --mode upgrade"),
        )


def load_running(running: Sequence[str], others: Sequence[str] = ()) -> RunningRelease | None:
    """Read the running release, or return None if none is named.

    `others` are the names of all other inputs. Raises InputError for unreadable input, UsageError
    for two versions.
    """
    from dfpolicy.input.build import RunningRelease
    from dfpolicy.reading.documents import split
    from dfpolicy.reading.sources import read_sources

    if not running:
        return None
    if "-" in running and "-" in (others or ("-",)):
        raise InputError(_("standard input is used twice"), "-", _("give `-` only once"))
    versions = [name for name in running if _VERSION.fullmatch(name) and not Path(name).exists()]
    if len(versions) > 1:
        raise UsageError(_("--from has two versions"), hint=_("give only one"))
    documents: list[Document] = []
    for source in read_sources([name for name in running if name not in versions]):
        found = list(split(source))
        if not found:
            raise InputError(
                _("this file contains no document"),
                source.name,
                _("give the manifests of the running release"),
            )
        documents += found
    return RunningRelease(documents, versions[0] if versions else None)


def standard_input() -> tuple[str, ...]:
    """Return the name of standard input. Raises UsageError when nothing is piped in."""
    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError(
            _("nothing to read: no SOURCE is given, and nothing on standard input"),
            hint=_("give a file, or pipe manifests into `dfpolicy eval -`"),
        )
    return ("-",)
