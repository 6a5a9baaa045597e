"""The report as GitLab's code quality report.

GitLab knows neither unknown nor waived: both stand in the description, which is what a merge
request shows. Passes are left out.
"""

from __future__ import annotations

import json
import posixpath

from dfpolicy.formats.base import Style
from dfpolicy.formats.content import abridged, cleaned, fallback, headline, spot, terms
from dfpolicy.i18n.language import _, labelled
from dfpolicy.model import JsonObject, Location, Report, Result
from dfpolicy.report.subjects import described, fingerprints

_SEVERITIES = {
    "violation": {"required": "critical", "recommended": "minor", "informational": "info"},
    "unknown": {"required": "major", "recommended": "minor", "informational": "info"},
}
_LIMIT = 1000


def render(report: Report, style: Style) -> str:
    """Return the report as a JSON array of issues."""
    clean = cleaned(report)
    shown = [result for result in clean["results"] if result["outcome"] != "pass"]
    elsewhere = fallback(clean)
    issues = [
        _issue(result, fingerprint, elsewhere)
        for result, fingerprint in zip(shown, fingerprints(shown), strict=True)
    ]
    return json.dumps(issues, indent=2, ensure_ascii=not style.unicode) + "\n"


def _issue(result: Result, fingerprint: str, elsewhere: Location) -> JsonObject:
    waived = "waiver" in result
    file, line = spot(result.get("location", elsewhere))
    return {
        "description": abridged(_description(result), _LIMIT),
        "check_name": result["id"],
        "fingerprint": fingerprint,
        "severity": "info" if waived else _SEVERITIES[result["outcome"]][result["level"]],
        "location": {
            "path": posixpath.normpath(file),
            "lines": {"begin": line},
        },
    }


def _description(result: Result) -> str:
    waived = ""
    if "waiver" in result:
        waived = _("(waived {terms})").format(terms=terms(result["waiver"]))
    facts = [("found", result["observed"])]
    if result["outcome"] == "unknown":
        facts.append(("run", result["collect"]))
    else:
        facts += [("expected", result["expected"]), ("fix", result["remediation"])]
    told = _("; ").join(labelled(_(label), text) for label, text in facts)
    parts = [headline(result), waived, f"[{described(result['subject'])}]", told]
    return " ".join(filter(None, parts))
