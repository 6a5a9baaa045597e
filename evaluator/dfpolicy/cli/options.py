"""Options that several commands share, and the writing of a report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from dfpolicy.errors import UsageError
from dfpolicy.formats.base import alternatives
from dfpolicy.i18n.language import CHOICES, _, speaking, translate

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from dfpolicy.formats.outputs import Output

    TextType = click.ParamType[str]
else:
    # Before click 8.4 it is not generic.
    TextType = click.ParamType

_Function = TypeVar("_Function", bound=Callable[..., Any])


class Names(TextType):
    """A string that shells complete with the known names, and with a path after `NAME=`.

    `known` returns the names and what they mean. Other strings are not refused here.
    """

    name = "text"

    def __init__(self, known: Callable[[], Mapping[str, str]]) -> None:
        self._known = known

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        """Return the names that begin with `incomplete`; case does not matter."""
        from click.shell_completion import CompletionItem

        if "=" in incomplete:
            return [CompletionItem(incomplete.partition("=")[2], type="file")]
        return [
            CompletionItem(name, help=translate(text) or None)
            for name, text in self._known().items()
            if name.lower().startswith(incomplete.lower())
        ]


def one_of(names: Iterable[str]) -> Names:
    """Return the type of a string that is one of these names, perhaps with `=PATH`."""
    return Names(lambda: dict.fromkeys(names, ""))


def add_options(
    function: _Function, options: Sequence[Callable[[_Function], _Function]]
) -> _Function:
    """Return the function with the options, which --help lists in their order."""
    for option in reversed(options):
        function = option(function)
    return function


def output_option(
    formats: Iterable[str], more: Iterable[str] = ()
) -> Callable[[_Function], _Function]:
    """Return the repeatable option -o, `outputs`, with the formats that its help names.

    Shells complete these formats and `more`.
    """
    return click.option(
        "-o",
        "--output",
        "outputs",
        multiple=True,
        type=one_of((*formats, *more)),
        metavar="FORMAT[=PATH]",
        help=f"Output format: {alternatives(formats)}; repeatable.  [default: text]",
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
        help="en or zh; auto uses the locale.  [default: $DFPOLICY_LANG, or auto]",
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
