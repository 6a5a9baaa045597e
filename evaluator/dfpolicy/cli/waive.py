"""`dfpolicy waive`: accept a violation, with a reason, an owner and an expiry date."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date, timedelta

import click

from dfpolicy.cli.evaluation import config_option, in_force
from dfpolicy.cli.help import Command
from dfpolicy.cli.inputs import facts_option, load, sources_argument
from dfpolicy.errors import InputError, UsageError
from dfpolicy.i18n.language import _, _n, listed
from dfpolicy.reading.limits import within
from dfpolicy.report.waivers import Waiver, check_current, check_own, expiry, requirement, today
from dfpolicy.settings.config_file import NAME, locate, read_config
from dfpolicy.system.files import check_writable
from dfpolicy.system.streams import say, tell


@click.command("waive", cls=Command)
@click.argument("identifier", metavar="[ID]", required=False)
@sources_argument
@facts_option
@click.option(
    "--subject",
    metavar="GLOB",
    default="*",
    show_default=True,
    help="Subjects to accept: Kind/name, Kind/namespace/name or Kind/namespace/name:container.",
)
@click.option("--reason", metavar="TEXT", required=True, help="Why the violation is accepted.")
@click.option("--owner", metavar="NAME", required=True, help="Who is responsible.")
@click.option(
    "--expires", metavar="DATE", help="Last day on which the waiver is valid, as YYYY-MM-DD."
)
@click.option(
    "--all",
    "report",
    metavar="REPORT",
    help="Accept all problems of this report, from -o json, instead of one ID.",
)
@click.option(
    "--days",
    metavar="N",
    type=click.IntRange(0, 36500),
    help="Valid for this many days from today, instead of --expires.  [default: 90]",
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
    """Accept a violation: add a waiver to dfpolicy.yaml, which is created if it is missing.

    SOURCEs, if given, are evaluated first; the waiver must then cover a violation or an unknown:

        dfpolicy waive DF-NET-004 --reason "…" --owner "…" manifests.yaml

    To accept everything that a deployment violates today:

        dfpolicy waive --all report.json --reason "…" --owner "…" --days 30
    """
    terms = {
        "reason": _text(reason, "--reason"),
        "owner": _text(owner, "--owner"),
        "expires": _last_day(expires, days).isoformat(),
    }
    path = locate(config, os.environ)
    if path == "":
        raise UsageError(_("the configuration is turned off"), hint=_("give a file with --config"))
    path = path or NAME
    check_writable(path)
    if report is not None:
        if identifier or sources or facts or subject != "*":
            raise UsageError(
                _("--all cannot be used with an ID, a SOURCE, --facts or --subject"),
                hint=_("give only --all REPORT"),
            )
        return _waive_all(report, path, terms)
    if identifier is None:
        raise UsageError(_("no ID is given"), hint=_("give an ID, or --all REPORT"))
    waiver = {"id": requirement(identifier), "subject": _text(subject, "--subject"), **terms}
    _check_new(path, waiver)
    # With the path given here, a file that was only found would be trusted.
    settings = in_force(config=config if os.path.lexists(path) else "")
    check_own([(waiver["id"], "")], settings["policies"])
    if sources or facts:
        from dfpolicy.pipeline import judge

        with within(settings.limits):
            results = judge(load(sources, facts, streamed=True), settings)["results"]
        check_current(waiver["id"], waiver["subject"], results)
    from dfpolicy.settings.waiver_file import add_waiver

    line = add_waiver(path, waiver).waivers[-1].line
    done = _("waived {id} for {subject} until {expires}: {place}")
    tell(done.format(**waiver, place=f"{path}:{line}"))
    return 0


def _text(text: str, flag: str) -> str:
    text = text.strip()
    if not text or not all(char.isprintable() for char in text):
        raise UsageError(
            _("{flag} must be one line of text").format(flag=flag), hint=_("do not leave it empty")
        )
    return text


def _last_day(expires: str | None, days: int | None) -> date:
    if expires is None:
        return today() + timedelta(days=90 if days is None else days)
    if days is not None:
        raise UsageError(
            _("--expires and --days cannot be used together"), hint=_("use only one of them")
        )
    day = expiry(expires, "--expires")
    if day < today():
        raise UsageError(_("--expires is in the past"), hint=_("give a date in the future"))
    return day


def _check_new(path: str, waiver: dict[str, str]) -> None:
    held: Sequence[Waiver] = read_config(path).waivers if os.path.lexists(path) else ()
    for other in held:
        same = (other.id, other.subject) == (waiver["id"], waiver["subject"])
        if same and other.expires >= today():
            raise InputError(
                _("this is already waived until {expires}").format(expires=other.expires),
                f"{other.file}:{other.line}",
                _("edit that waiver"),
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
    done = _n(
        "{place}: added {count} waiver, valid until {expires}",
        "{place}: added {count} waivers, valid until {expires}",
        len(added),
        place=path,
        expires=terms["expires"],
    )
    tell(done)
    if refused:
        told = _("not waived, because the agent does not work without them: {ids}")
        say(told.format(ids=listed(refused)))
    return 0
