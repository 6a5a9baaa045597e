"""Options that several commands share, and the writing of a report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from dfpolicy.errors import UsageError
from dfpolicy.i18n.language import CHOICES, _, speaking

if TYPE_CHECKING:
    from dfpolicy.formats.outputs import Output

_Function = TypeVar("_Function", bound=Callable[..., Any])


def add_options(
    function: _Function, options: Sequence[Callable[[_Function], _Function]]
) -> _Function:
    """Return the function with the options, which --help lists in their order."""
    for option in reversed(options):
        function = option(function)
    return function


def output_option(formats: str) -> Callable[[_Function], _Function]:
    """Return the repeatable option -o, `outputs`, with the formats that its help names."""
    return click.option(
        "-o",
        "--output",
        "outputs",
        multiple=True,
        metavar="FORMAT[=PATH]",
        help=f"Output format: {formats}; repeatable.  [default: text]",
    )


def verbosity_options(function: _Function) -> _Function:
    """Add -v and -q, `verbose` and `quiet`."""
    return add_options(
        function,
        [
            click.option(
                "-v",
                "--verbose",
                is_flag=True,
                help="Show all requirements, notes and names of nodes.",
            ),
            click.option("-q", "--quiet", is_flag=True, help="Show the verdict and what blocks."),
        ],
    )


def language_option(function: _Function) -> _Function:
    """Add --lang, `language`: auto, en or zh, or None if it is not given."""
    return click.option(
        "--lang",
        "language",
        type=click.Choice(CHOICES),
        metavar="LANG",
        default=None,
        help="en or zh; auto uses the locale.  [default: auto]",
    )(function)


def check_verbosity(verbose: bool, quiet: bool) -> None:
    """Raise UsageError if both -v and -q are given."""
    if verbose and quiet:
        raise UsageError(_("-v and -q cannot be used together"), hint=_("use only one of them"))


def write_report(
    report: Any, targets: Iterable[Output], color: str, verbose: bool = False, quiet: bool = False
) -> None:
    """Write a report to each of its outputs, in its language. Raises DfpolicyError."""
    from dfpolicy.formats.outputs import style_of, write

    with speaking(report.get("language", "en")):
        for target in targets:
            write(target.render(report, style_of(target.path, color, verbose, quiet)), target.path)
