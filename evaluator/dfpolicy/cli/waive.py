"""`dfpolicy waive`: accept a violation, with a reason, an owner and an end."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date, timedelta

import click

from dfpolicy.cli.evaluation import config_option, in_force
from dfpolicy.cli.inputs import facts_option, load, sources_argument
from dfpolicy.errors import InputError, UsageError
from dfpolicy.reading.limits import within
from dfpolicy.report.waivers import Waiver, check_current, check_own, expiry, requirement, today
from dfpolicy.settings.config_file import NAME, locate, read_config
from dfpolicy.system.streams import say


@click.command("waive")
@click.argument("identifier", metavar="[ID]", required=False)
@sources_argument
@facts_option
@click.option(
    "--subject",
    metavar="GLOB",
    default="*",
    show_default=True,
    help="Kind/name, Kind/namespace/name, or Kind/namespace/name:container.",
)
@click.option(
    "--all",
    "report",
    metavar="REPORT",
    help="Accept all problems of this report, from -o json, instead of one ID.",
)
@click.option("--reason", metavar="TEXT", required=True, help="Why it is accepted.")
@click.option("--owner", metavar="NAME", required=True, help="Who answers for it.")
@click.option("--expires", metavar="DATE", help="The last day, as YYYY-MM-DD.")
@click.option(
    "--days",
    metavar="N",
    type=click.IntRange(0, 36500),
    help="Days from today instead.  [default: 90]",
)
@config_option
def command(
    identifier: str | None,
    sources: tuple[str, ...],
    facts: tuple[str, ...],
    subject: str,
    report: str | None,
    reason: str,
    owner: str,
    expires: str | None,
    days: int | None,
    config: str | None,
) -> int:
    """Accept a violation: append a waiver to dfpolicy.yaml, which is made if there is none.

    With SOURCEs, which are evaluated first, the waiver must cover a violation or an unknown:

        dfpolicy waive DF-NET-004 --reason "…" --owner "…" manifests.yaml

    To start with what a deployment has today:

        dfpolicy waive --all report.json --reason "…" --owner "…" --days 30
    """
    terms = {
        "reason": _text(reason, "--reason"),
        "owner": _text(owner, "--owner"),
        "expires": _last_day(expires, days).isoformat(),
    }
    path = locate(config, os.environ)
    if path == "":
        raise UsageError("the configuration is turned off", hint="name a file with --config")
    path = path or NAME
    if report is not None:
        if identifier or sources or facts or subject != "*":
            raise UsageError("--all takes everything from its report", hint="give no ID or SOURCE")
        return _waive_all(report, path, terms)
    if identifier is None:
        raise UsageError("no ID is given", hint="give an ID, or --all REPORT")
    waiver = {"id": requirement(identifier), "subject": _text(subject, "--subject"), **terms}
    _check_new(path, waiver)
    # Naming the path here would make a file that was found one that is trusted.
    settings = in_force(config=config if os.path.lexists(path) else "")
    check_own([(waiver["id"], "")], settings["policies"])
    if sources or facts:
        from dfpolicy.pipeline import judge

        with within(settings.limits):
            results = judge(load(sources, facts), settings)["results"]
        check_current(waiver["id"], waiver["subject"], results)
    from dfpolicy.settings.waiver_file import add_waiver

    line = add_waiver(path, waiver).waivers[-1].line
    click.echo(f"{waiver['id']} {waiver['subject']} until {waiver['expires']}: {path}:{line}")
    return 0


def _text(text: str, flag: str) -> str:
    text = text.strip()
    if not text or not all(char.isprintable() for char in text):
        raise UsageError(f"{flag} wants a text of one line", hint="do not leave it empty")
    return text


def _last_day(expires: str | None, days: int | None) -> date:
    if expires is None:
        return today() + timedelta(days=90 if days is None else days)
    if days is not None:
        raise UsageError("--expires and --days exclude each other", hint="give one of them")
    day = expiry(expires, "--expires")
    if day < today():
        raise UsageError("--expires is in the past", hint="name a day to come")
    return day


def _check_new(path: str, waiver: dict[str, str]) -> None:
    held: Sequence[Waiver] = read_config(path).waivers if os.path.lexists(path) else ()
    for other in held:
        same = (other.id, other.subject) == (waiver["id"], waiver["subject"])
        if same and other.expires >= today():
            raise InputError(
                f"it is waived already, until {other.expires}",
                f"{other.file}:{other.line}",
                "change that waiver",
            )


def _waive_all(report: str, path: str, terms: dict[str, str]) -> int:
    """Add a waiver for each requirement and subject of the report's problems."""
    from dfpolicy.report.stored_reports import load_report
    from dfpolicy.report.waivers import acceptable
    from dfpolicy.settings.waiver_file import add_waiver

    pairs, refused = acceptable(load_report(report))
    held: Sequence[Waiver] = read_config(path).waivers if os.path.lexists(path) else ()
    known = {(one.id, one.subject) for one in held if one.expires >= today()}
    added = [pair for pair in pairs if pair not in known]
    for identifier, subject in added:
        add_waiver(path, {"id": identifier, "subject": subject, **terms})
    count = len(added)
    click.echo(f"{path}: {count} waiver{'' if count == 1 else 's'} until {terms['expires']}")
    if refused:
        say(f"not waived, since without them the agent does not work: {', '.join(refused)}")
    return 0
