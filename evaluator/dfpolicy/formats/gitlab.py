"""The report as GitLab's code quality report: an issue for each requirement that is not met.

There is a blocker if, and only if, the exit code is 1. GitLab cannot show what was not checked: it
becomes an issue only if it counts because of --strict.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from hashlib import sha256

from dfpolicy.formats.base import Style
from dfpolicy.formats.configured import configuration_place, configured
from dfpolicy.formats.content import abridged, fallback, shown, spot
from dfpolicy.formats.headline import sentence
from dfpolicy.formats.requirement_text import (
    account,
    fingerprint,
    locations,
    not_checked_place,
    summary,
    title,
)
from dfpolicy.i18n.columns import gap
from dfpolicy.i18n.escaping import json_text
from dfpolicy.i18n.language import _, labelled, listed
from dfpolicy.model import Effect, JsonObject, Location, Report
from dfpolicy.report.verdict import requirements_of

_SEVERITIES: dict[Effect, str] = {"blocks": "blocker", "loses": "major", "note": "info"}
_LIMIT = 1000


def render(report: Report, style: Style) -> str:
    """Return the report as a JSON array of issues."""
    issues = [*_issues(shown(report))]
    return json_text(issues, style.unicode)


def _issues(report: Report) -> Iterator[JsonObject]:
    elsewhere = fallback(report)
    for name, entry in requirements_of(report).items():
        if entry.effect not in _SEVERITIES:
            continue
        (first,) = locations(entry.results, 1)
        told = _("; ").join(line.rstrip(".。") for line in account(entry).splitlines())
        yield _issue(
            labelled(
                title(entry),
                _("{first}. {second}").format(first=summary(entry), second=told),
            ),
            name,
            fingerprint(entry),
            _SEVERITIES[entry.effect],
            first.get("location", elsewhere),
        )
    place = configuration_place(report)
    if place is not None:
        text = labelled(_("The configuration file affects the verdict"), listed(configured(report)))
        digest = sha256(b"configuration").hexdigest()
        yield _issue(text, "configuration", digest, "info", place)
    verdict = report["verdict"]
    if verdict["strict"] and verdict["notChecked"]["required"]:
        text = sentence(verdict)
        following = verdict["next"]
        for command in (*following.get("check", []), *following.get("server", [])):
            text += gap(text) + command
        digest = sha256(b"not-checked").hexdigest()
        yield _issue(text, "not-checked", digest, "blocker", not_checked_place(report))


def _issue(text: str, check: str, digest: str, severity: str, where: Location) -> JsonObject:
    file, line = spot(where)
    return {
        "description": abridged(text, _LIMIT),
        "check_name": check,
        "fingerprint": digest,
        "severity": severity,
        "location": {"path": posixpath.normpath(file), "lines": {"begin": line}},
    }
