"""The report as GitLab's code quality report.

GitLab knows neither unknown nor waived: both stand in the description, which is what a merge
request shows. Passes are left out.
"""

from __future__ import annotations

import json
import posixpath
from typing import Any

from dfpolicy.report import Report
from dfpolicy.reports.base import Style
from dfpolicy.reports.content import abridged, cleaned, fallback, terms
from dfpolicy.subjects import described, fingerprints

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


def _issue(result: dict[str, Any], fingerprint: str, elsewhere: dict[str, Any]) -> dict[str, Any]:
    waived = "waiver" in result
    location = result.get("location", elsewhere)
    return {
        "description": abridged(_description(result), _LIMIT),
        "check_name": result["id"],
        "fingerprint": fingerprint,
        "severity": "info" if waived else _SEVERITIES[result["outcome"]][result["level"]],
        "location": {
            "path": posixpath.normpath(location["file"]),
            "lines": {"begin": location["line"]},
        },
    }


def _description(result: dict[str, Any]) -> str:
    unknown = result["outcome"] == "unknown"
    parts = [f"Unknown: {result['title']}" if unknown else f"Violated: {result['title']}"]
    if "waiver" in result:
        parts.append(f"(waived {terms(result['waiver'])})")
    parts.append(f"[{described(result['subject'])}]")
    parts.append(f"found: {result['observed']};")
    if unknown:
        parts.append(f"run: {result['collect']}")
    else:
        parts.append(f"expected: {result['expected']}; fix: {result['remediation']}")
    return " ".join(parts)
