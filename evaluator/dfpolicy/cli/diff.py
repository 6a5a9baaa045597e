"""`dfpolicy diff`: what changed between two stored reports."""

from __future__ import annotations

import click

from dfpolicy.cli.help import Command
from dfpolicy.cli.limit_options import limit_options, within_limits
from dfpolicy.cli.options import language_option, output_option, write_report
from dfpolicy.i18n.language import _, chosen


@click.command("diff", cls=Command)
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@output_option(("text", "json", "markdown"))
@click.option("-v", "--verbose", is_flag=True, help="List every requirement and change.")
@language_option
@limit_options
def command(
    old: str,
    new: str,
    outputs: tuple[str, ...],
    verbose: bool,
    language: str | None,
    **limits: int | None,
) -> int:
    """Compare two stored reports, for a baseline in CI.

    OLD and NEW are outputs of `eval -o json` or `-o yaml`; one of them may be `-`:

        dfpolicy eval manifests/ --fail-on none -o json | dfpolicy diff baseline.json -

    The exit code is 1 if there is a new violation of a required requirement, otherwise 0.
    Waived violations do not count.
    """
    from dfpolicy.errors import InputError
    from dfpolicy.formats.comparison import renderer
    from dfpolicy.formats.outputs import check_inputs, parse_outputs
    from dfpolicy.i18n.translation import translated
    from dfpolicy.report.comparison import compare, exit_code
    from dfpolicy.report.stored_reports import load_report

    targets = parse_outputs(outputs, find=renderer)
    if old == new == "-":
        raise InputError(_("standard input is used twice"), "-", _("give `-` only once"))
    check_inputs([target.path for target in targets], (old, new))
    spoken = chosen(language)
    with within_limits(**limits):
        reports = [load_report(path) for path in (old, new)]
    before, after = (translated(report, spoken) for report in reports)
    comparison = compare(before, after, (old, new))
    write_report(comparison, targets, "auto", verbose)
    return exit_code(comparison)
