"""The report as SARIF 2.1.0, for code scanning.

Passes are left out. An unknown is a result of kind `fail`: the kind made for it, `open`,
must have the level `none`, which viewers hide, so that it would look like a pass. Its level
is that of the requirement less one step, its message and properties say that it is unknown.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable
from urllib.parse import quote

from dfpolicy.formats.base import Style
from dfpolicy.formats.content import (
    account,
    cleaned,
    fallback,
    headline,
    page,
    spot,
    standing,
)
from dfpolicy.i18n.language import _, listed, spoken
from dfpolicy.model import JsonObject, Level, Location, Report, Result, WaiverTerms
from dfpolicy.policy.catalogue import load_catalogue
from dfpolicy.policy.requirement_words import translated_catalogue
from dfpolicy.report.subjects import described, fingerprints, qualified_name

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS: dict[Level, str] = {"required": "error", "recommended": "warning", "informational": "note"}
_LEVELS_UNKNOWN: dict[Level, str] = {
    "required": "warning",
    "recommended": "note",
    "informational": "note",
}
_SEVERITIES = {"error": "error", "warning": "warning", "note": "recommendation"}
_LANGUAGES = {"en": "en-US", "zh": "zh-CN"}
_FINGERPRINT = "dfpolicySubject/v1"
_PLACEHOLDER = re.compile(r"\{([0-9]+)\}")
_URI = re.compile(r"https?://[!-~]+\Z")


def render(report: Report, style: Style) -> str:
    """Return the report as one SARIF log."""
    log = _log(cleaned(report))
    return json.dumps(log, indent=2, ensure_ascii=not style.unicode) + "\n"


def _log(report: Report) -> JsonObject:
    rules = _rules(report["results"])
    index = {rule["id"]: position for position, rule in enumerate(rules)}
    elsewhere = fallback(report)
    shown = [result for result in report["results"] if result["outcome"] != "pass"]
    results = [
        _result(result, index[result["id"]], fingerprint, elsewhere)
        for result, fingerprint in zip(shown, fingerprints(shown), strict=True)
    ]
    driver = {"name": "dfpolicy", "version": report["dfpolicy"]["version"], "rules": rules}
    run = {
        "tool": {"driver": driver},
        "language": _LANGUAGES[spoken()],
        "automationDetails": {"id": f"dfpolicy/{report['mode']['name']}/"},
        "invocations": [{"executionSuccessful": True, "exitCode": report["exitCode"]}],
        "results": results,
        "properties": {
            "mode": report["mode"]["name"],
            "profile": report["profile"],
            "verdict": report["verdict"],
            "bundle": report["dfpolicy"]["bundle"],
        },
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rules(results: Iterable[Result]) -> list[JsonObject]:
    first: dict[str, Result] = {}
    for result in results:
        first.setdefault(result["id"], result)
    return [_rule(result) for result in first.values()]


def _rule(result: Result) -> JsonObject:
    # A stored report may name a requirement that this version has not.
    facts: JsonObject = {**result} | (
        translated_catalogue(load_catalogue()).requirement(result["id"]) or {}
    )
    level = _LEVELS[facts["level"]]
    description = facts.get("description") or facts["title"]
    features = listed(map(_, facts["impact"]))
    lost = _("Lost without it: {features}.").format(features=features) if features else ""
    link = next((link["ref"] for link in facts.get("related_resources", ())), "")
    change = _("What to change: {remediation}").format(remediation=facts["remediation"])
    paragraphs = [description, lost, change]
    rule: JsonObject = {
        "id": result["id"],
        "shortDescription": {"text": _literal(facts["title"])},
        "fullDescription": {"text": _literal(description)},
        "help": {"text": _literal("\n\n".join(filter(None, paragraphs)))},
        "defaultConfiguration": {"level": level},
        "properties": {
            "tags": ["deepflow", facts["group"]],
            "problem.severity": _SEVERITIES[level],
        },
    }
    uri = page(result) or (link if _URI.match(link) else "")
    if uri:
        rule["helpUri"] = uri
    return rule


def _result(result: Result, index: int, fingerprint: str, elsewhere: Location) -> JsonObject:
    unknown = result["outcome"] == "unknown"
    levels = _LEVELS_UNKNOWN if unknown else _LEVELS
    found: JsonObject = {
        "ruleId": result["id"],
        "ruleIndex": index,
        "level": levels[result["level"]],
        "message": {"text": _literal("\n".join([headline(result), *account(result)]))},
        "locations": [_location(result, elsewhere)],
        "partialFingerprints": {_FINGERPRINT: fingerprint},
        "properties": {
            "outcome": result["outcome"],
            "standing": standing(result),
            "level": result["level"],
            "group": result["group"],
            "impact": result["impact"],
        },
    }
    template = result["location"].get("template") if "location" in result else None
    if template:
        found["relatedLocations"] = [
            {
                "id": 1,
                "message": {"text": _("the chart template that this was rendered from")},
                "physicalLocation": {"artifactLocation": _artifact(template)},
            }
        ]
    if "waiver" in result:
        found["suppressions"] = [_suppression(result["waiver"])]
    return found


def _literal(text: str) -> str:
    """Return the text without what a SARIF message would take for a placeholder or a link."""
    return _PLACEHOLDER.sub(r"{{\1}}", text.replace("](", "] ("))


def _location(result: Result, elsewhere: Location) -> JsonObject:
    file, line = spot(result.get("location", elsewhere))
    subject = result["subject"]
    return {
        "physicalLocation": {
            "artifactLocation": _artifact(file),
            "region": {"startLine": line},
        },
        "logicalLocations": [
            {
                "name": subject.get("container") or subject["name"],
                "fullyQualifiedName": qualified_name(subject),
                "kind": "resource",
                "properties": {"description": described(subject)},
            }
        ],
    }


def _artifact(file: str) -> JsonObject:
    """Return a relative reference, or a `file:` URI for an absolute path."""
    path = file.replace("\\", "/")
    if path.startswith("/"):
        return {"uri": f"file://{quote(posixpath.normpath(path).replace('//', '/'))}"}
    return {"uri": quote(posixpath.normpath(path)), "uriBaseId": "%SRCROOT%"}


def _suppression(waiver: WaiverTerms) -> JsonObject:
    return {
        "kind": "external",
        "status": "accepted",
        "justification": waiver["reason"],
        "properties": {"owner": waiver["owner"], "expires": waiver["expires"]},
    }
