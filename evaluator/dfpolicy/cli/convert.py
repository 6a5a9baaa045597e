"""`dfpolicy convert`: a stored report in other formats."""

from __future__ import annotations

import click

from dfpolicy.reports.base import FORMATS, listed
from dfpolicy.settings import COLORS


@click.command("convert")
@click.argument("report", metavar="REPORT")
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FORMAT[=PATH]",
    help=f"{listed(FORMATS)}; repeatable.  [default: text]",
)
@click.option("-v", "--verbose", is_flag=True, help="Show passes too.")
@click.option("-q", "--quiet", is_flag=True, help="Show violations only.")
@click.option(
    "--color",
    type=click.Choice(COLORS),
    default="auto",
    show_default=True,
    help="Colour of text output.",
)
def command(report: str, outputs: tuple[str, ...], verbose: bool, quiet: bool, color: str) -> int:
    """Write a stored report in other formats.

    REPORT is what `eval -o json` or `-o yaml` wrote, or `-` for standard input:

        dfpolicy convert report.json -o sarif=report.sarif -o markdown

    The exit code is 0, whatever the report says; that of the evaluation stands in it.
    """
    from dfpolicy.errors import UsageError
    from dfpolicy.outputs import parse_outputs, style_of, write
    from dfpolicy.stored_reports import load_report

    if verbose and quiet:
        raise UsageError("-v and -q exclude each other", hint="give one of them")
    targets = parse_outputs(outputs)
    stored = load_report(report)
    for target in targets:
        write(target.render(stored, style_of(target, color, verbose, quiet)), target.path)
    return 0
