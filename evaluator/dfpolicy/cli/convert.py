"""`dfpolicy convert`: a stored report in other formats."""

from __future__ import annotations

import click

from dfpolicy.cli.help import Command
from dfpolicy.cli.limit_options import limit_options, within_limits
from dfpolicy.cli.options import (
    check_verbosity,
    language_option,
    output_option,
    verbosity_options,
    write_report,
)
from dfpolicy.formats.base import FORMATS
from dfpolicy.i18n.language import chosen
from dfpolicy.settings.resolution import COLORS


@click.command("convert", cls=Command)
@click.argument("report", metavar="REPORT")
@output_option(FORMATS)
@verbosity_options
@language_option
@click.option(
    "--color",
    type=click.Choice(COLORS),
    default="auto",
    show_default=True,
    help="When to colour text output.",
)
@limit_options
def command(
    report: str,
    outputs: tuple[str, ...],
    verbose: bool,
    quiet: bool,
    color: str,
    language: str | None,
    **limits: int | None,
) -> int:
    """Convert a stored report to other formats.

    REPORT is the output of `eval -o json` or `-o yaml`, or `-` for standard input:

        dfpolicy convert report.json -o sarif=report.sarif -o markdown

    The exit code is 0, whatever the report says. The report contains the exit code of the
    evaluation.
    """
    from dfpolicy.formats.outputs import check_inputs, parse_outputs
    from dfpolicy.pipeline import spoken
    from dfpolicy.report.stored_reports import load_report

    check_verbosity(verbose, quiet)
    targets = parse_outputs(outputs)
    check_inputs([target.path for target in targets], [report])
    with within_limits(**limits):
        found = load_report(report)
    write_report(spoken(found, chosen(language)), targets, color, verbose, quiet)
    return 0
