"""What the formats for machines share: safe texts, outcomes, places, wording."""

from __future__ import annotations

import re

from dfpolicy.i18n.escaping import cleaned
from dfpolicy.i18n.language import _, marked
from dfpolicy.model import AcceptedProblem, Location, Report, Result, WaiverEntry, WaiverTerms
from dfpolicy.policy.catalogue import load_catalogue
from dfpolicy.policy.requirement_words import translated_catalogue
from dfpolicy.reading.sources import RENDERED
from dfpolicy.report.subjects import described, is_whole

STDIN = "stdin"

# The words of reports that are shown through `_`.
WORDS = (
    *(marked("required"), marked("recommended"), marked("informational")),
    *(marked("collector"), marked("sidecar"), marked("watcher"), marked("server")),
    *(marked("given"), marked("detected")),
    *(marked("violation"), marked("unknown"), marked("waived"), marked("pass"), marked("ignored")),
)

# Without the characters that end a link in Markdown.
_WEB = re.compile(r"https://[A-Za-z0-9._~:/?#@!$&'*+,;=%-]+\Z")


def shown(report: Report) -> Report:
    """Return the report with safe texts, and without the passes that no format shows.

    The first result of each requirement stays, because it has the title. Many nodes can have a pass
    each, and cleaning a pass takes longer than evaluating it.
    """
    first: set[str] = set()
    results = []
    for result in report["results"]:
        if result["outcome"] != "pass" or result["id"] not in first:
            results.append(result)
        first.add(result["id"])
    fewer: Report = {**report, "results": results}
    return cleaned(fewer)


def abridged(text: str, limit: int) -> str:
    """Return the text, cut to at most `limit` characters with `...` at its end."""
    return text if len(text) <= limit else text[: limit - 3] + "..."


def standing(result: Result) -> str:
    """Return the outcome, or `waived` if a waiver covers the result."""
    return "waived" if "waiver" in result else str(result["outcome"])


def place(result: Result) -> str:
    """Return the place of the subject as text; empty if it is not in the input."""
    location = result.get("location")
    if location is None:
        return ""
    position = f"{location['file']}:{location['line']}"
    template = location.get("template")
    return f"{template} ({position})" if template else position


def subject_line(result: Result) -> str:
    """Return the subject, two spaces, and its place; all nodes or the cluster have no place."""
    named = described(result["subject"])
    if is_whole(result["subject"]):
        return named
    where = place(result) or _("(not in the input)")
    return f"{named}  {where}"


def spot(location: Location) -> tuple[str, int]:
    """Return file and line for programs that know the files of a repository.

    Rendered documents of a chart are not in the repository. For them this is the first line of the
    template, because its lines differ from the rendered ones.
    """
    template = location.get("template")
    if template and location["file"].startswith(RENDERED):
        return str(template), 1
    return str(location["file"]), int(location["line"])


def fallback(report: Report) -> Location:
    """Return the place to show for a result whose subject is not in the input.

    It is the place of the first result that has one, because these programs drop results without a
    place.
    """
    for result in report["results"]:
        if "location" in result:
            return result["location"]
    return {"file": STDIN, "document": 1, "line": 1}


def group_titles() -> dict[str, str]:
    """Return the titles of the groups by their names."""
    groups = translated_catalogue(load_catalogue()).groups
    return {group["group"]: group["title"] for group in groups}


def terms(waiver: WaiverTerms) -> str:
    """Return who waived something, until when, and why."""
    return _("by {owner} until {expires}: {reason}").format(
        owner=waiver["owner"], expires=waiver["expires"], reason=waiver["reason"]
    )


def acceptance(one: Result | AcceptedProblem) -> str:
    """Return why a result or a problem is accepted: the terms of its waiver, or the baseline."""
    return terms(one["waiver"]) if "waiver" in one else _("known from the baseline")


def idle_waivers(report: Report) -> list[tuple[WaiverEntry, str, str]]:
    """Return the waivers to review, each with its state and an explanation."""
    waivers = report["waivers"]
    return [
        *((one, _("expired"), expired_on(one)) for one in waivers["expired"]),
        *((one, _("unused"), _unneeded(one["id"], report)) for one in waivers["unused"]),
    ]


def _unneeded(identifier: str, report: Report) -> str:
    """Return why a waiver for the requirement covers nothing."""
    outcomes = {one["outcome"] for one in report["results"] if one["id"] == identifier}
    if not outcomes:
        return _("needs no waiver: it does not apply here")
    if outcomes == {"pass"}:
        return _("needs no waiver: it is met")
    return _("needs no waiver for this subject")


def waiver_name(waiver: WaiverEntry) -> str:
    """Return the requirement of a waiver, and its subjects unless these are all."""
    return waiver["id"] if waiver["subject"] == "*" else f"{waiver['id']} {waiver['subject']}"


def expired_on(waiver: WaiverTerms) -> str:
    """Return that a waiver expired, and its last day."""
    return _("expired on {date}").format(date=waiver["expires"])


def page(result: Result) -> str:
    """Return the URL of the requirement's page; empty if it is not a web address.

    A stored report may come from anywhere, so only web addresses become links.
    """
    url = str(result.get("url", ""))
    return url if _WEB.match(url) else ""
