"""What the formats for machines share: harmless texts, standing, place, wording."""

from __future__ import annotations

import re

from dfpolicy.i18n.escaping import cleaned
from dfpolicy.i18n.language import _, marked
from dfpolicy.model import Location, Report, Result, WaiverEntry, WaiverTerms
from dfpolicy.policy.catalogue import load_catalogue
from dfpolicy.policy.requirement_words import translated_catalogue
from dfpolicy.reading.sources import RENDERED
from dfpolicy.report.subjects import described, is_whole

STDIN = "stdin"

# Words of reports that are shown through `_`.
WORDS = (
    *(marked("required"), marked("recommended"), marked("informational")),
    *(marked("collector"), marked("sidecar"), marked("watcher"), marked("server")),
    *(marked("given"), marked("detected")),
    *(marked("violation"), marked("unknown"), marked("waived"), marked("pass"), marked("ignored")),
)

# Without what ends a link in Markdown.
_WEB = re.compile(r"https://[A-Za-z0-9._~:/?#@!$&'*+,;=%-]+\Z")


def shown(report: Report) -> Report:
    """Return the report, cleaned, without the passes that no format shows.

    Of a requirement the first result stays, which names it. There may be a pass for each of many
    nodes, and to clean one takes longer than to judge it.
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
    """Return the text, or its beginning with `...` behind it, in at most `limit` characters."""
    return text if len(text) <= limit else text[: limit - 3] + "..."


def standing(result: Result) -> str:
    """Return the outcome, or `waived` where a waiver accepts it."""
    return "waived" if "waiver" in result else str(result["outcome"])


def place(result: Result) -> str:
    """Return where the subject stands, as text; empty where it is not in the input."""
    location = result.get("location")
    if location is None:
        return ""
    position = f"{location['file']}:{location['line']}"
    template = location.get("template")
    return f"{template} ({position})" if template else position


def subject_line(result: Result) -> str:
    """Return the subject, two blanks, and where it is; all nodes or the cluster have no place."""
    named = described(result["subject"])
    if is_whole(result["subject"]):
        return named
    where = place(result) or _("(not in the input)")
    return f"{named}  {where}"


def spot(location: Location) -> tuple[str, int]:
    """Return file and line for consumers that know the files of a repository.

    What a chart rendered is in none of them: its template stands in, whose lines are others.
    """
    template = location.get("template")
    if template and location["file"].startswith(RENDERED):
        return str(template), 1
    return str(location["file"]), int(location["line"])


def fallback(report: Report) -> Location:
    """Return where a result is shown whose subject is not in the input.

    That is where the first result stands that has a place: consumers drop what has none.
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
    """Return by whom, until when and why something is waived."""
    return _("by {owner} until {expires}: {reason}").format(
        owner=waiver["owner"], expires=waiver["expires"], reason=waiver["reason"]
    )


def idle_waivers(report: Report) -> list[tuple[WaiverEntry, str, str]]:
    """Return the waivers to review, each with its state and an explanation."""
    expired = (_("expired"), _("expired, covers nothing"))
    unused = (_("unused"), _("covers no violation and no unknown"))
    waivers = report["waivers"]
    return [
        *((waiver, *expired) for waiver in waivers["expired"]),
        *((waiver, *unused) for waiver in waivers["unused"]),
    ]


def page(result: Result) -> str:
    """Return the address of the requirement's page; empty for what is none.

    A stored report may come from anywhere, and a link leads to the web or nowhere.
    """
    url = str(result.get("url", ""))
    return url if _WEB.match(url) else ""
