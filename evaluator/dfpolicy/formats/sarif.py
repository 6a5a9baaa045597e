"""The report as SARIF 2.1.0, for code scanning: a result for each requirement that is not met.

There is a result of level `error` if, and only if, the exit code is 1. What was not checked is a
notification of the tool, and a result only where --strict makes it count.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from hashlib import sha256
from urllib.parse import quote

from dfpolicy.formats.base import Style
from dfpolicy.formats.configured import configuration_place, configured
from dfpolicy.formats.content import fallback, page, shown, spot
from dfpolicy.formats.headline import sentence
from dfpolicy.formats.requirement_text import (
    account,
    fingerprint,
    locations,
    not_checked_place,
    summary,
    title,
)
from dfpolicy.i18n.escaping import json_text, sarif_text
from dfpolicy.i18n.language import _, labelled, listed, spoken
from dfpolicy.model import (
    Effect,
    JsonObject,
    Level,
    Location,
    ProposedEdit,
    Replacement,
    Report,
    Result,
)
from dfpolicy.policy.catalogue import load_catalogue
from dfpolicy.policy.requirement_words import translated_catalogue
from dfpolicy.report.effects import Requirement
from dfpolicy.report.subjects import described, qualified_name
from dfpolicy.report.verdict import requirements_of

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS: dict[Level, str] = {"required": "error", "recommended": "warning", "informational": "note"}
_LEVELS_OF_EFFECTS: dict[Effect, str] = {
    "blocks": "error",
    "loses": "warning",
    "note": "note",
    "accepted": "note",
}
# Code scanning shows only the first location of a result, and refuses files with many thousands.
_LOCATIONS = 100
_NOT_CHECKED = "not-checked"
_SEVERITIES = {"error": "error", "warning": "warning", "note": "recommendation"}
_LANGUAGES = {"en": "en-US", "zh": "zh-CN"}
_FINGERPRINT = "dfpolicyRequirement/v1"
_URI = re.compile(r"https?://[!-~]+\Z")


def render(report: Report, style: Style) -> str:
    """Return the report as one SARIF log."""
    verdict = report["verdict"]
    # What is inserted keeps its line breaks.
    edits = verdict["proposal"]["edits"] if "proposal" in verdict else []
    log = _log(shown(report), edits)
    return json_text(log, style.unicode)


def _log(report: Report, edits: Sequence[ProposedEdit]) -> JsonObject:
    entries = requirements_of(report)
    verdict = report["verdict"]
    cannot_tell = verdict["strict"] and verdict["notChecked"]["required"]
    rules = [_rule(entry.first) for entry in entries.values()]
    if cannot_tell:
        rules.append(_not_checked_rule())
    index = {rule["id"]: position for position, rule in enumerate(rules)}
    elsewhere = fallback(report)
    results = [
        _result(entry, index[name], elsewhere)
        for name, entry in entries.items()
        if entry.effect in _LEVELS_OF_EFFECTS
    ]
    for found in results:
        own = [one for one in edits if found["ruleId"] in one["ids"]]
        if own and "suppressions" not in found:
            found["fixes"] = [_fix(own)]
    if cannot_tell:
        results.append(_not_checked_result(report, index[_NOT_CHECKED]))
    driver = {"name": "dfpolicy", "version": report["dfpolicy"]["version"], "rules": rules}
    invocation: JsonObject = {"executionSuccessful": True, "exitCode": report["exitCode"]}
    missing = [
        _notification(entry, index[name])
        for name, entry in entries.items()
        if entry.effect == "not-checked"
    ]
    missing += _configuration(report)
    if missing:
        invocation["toolExecutionNotifications"] = missing
    run = {
        "tool": {"driver": driver},
        "language": _LANGUAGES[spoken()],
        "columnKind": "unicodeCodePoints",
        "automationDetails": {"id": f"dfpolicy/{report['mode']['name']}/"},
        "invocations": [invocation],
        "results": results,
        "properties": {
            "mode": report["mode"]["name"],
            "profile": report["profile"],
            "verdict": verdict["state"],
            "bundle": report["dfpolicy"]["bundle"],
        },
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _notification(entry: Requirement, index: int) -> JsonObject:
    return {
        "level": "note",
        "message": {"text": sarif_text(f"{title(entry)}\n{account(entry)}")},
        "associatedRule": {"id": entry.first["id"], "index": index},
    }


def _configuration(report: Report) -> list[JsonObject]:
    place = configuration_place(report)
    if place is None:
        return []
    text = labelled(_("The configuration file affects the verdict"), listed(configured(report)))
    return [
        {
            "level": "note",
            "message": {"text": sarif_text(text)},
            "locations": [_physical(*spot(place))],
        }
    ]


def _not_checked_rule() -> JsonObject:
    text = _("Required facts are checked")
    return {
        "id": _NOT_CHECKED,
        "shortDescription": {"text": text},
        "defaultConfiguration": {"level": "error"},
        "properties": {"tags": ["deepflow"], "problem.severity": "error"},
    }


def _not_checked_result(report: Report, index: int) -> JsonObject:
    verdict = report["verdict"]
    file, line = spot(not_checked_place(report))
    following = verdict["next"]
    commands = (*following.get("check", []), *following.get("server", []))
    text = "\n".join([sentence(verdict), *commands])
    return {
        "ruleId": _NOT_CHECKED,
        "ruleIndex": index,
        "level": "error",
        "message": {"text": sarif_text(text)},
        "locations": [_physical(file, line)],
        "partialFingerprints": {_FINGERPRINT: sha256(_NOT_CHECKED.encode()).hexdigest()},
    }


def _rule(result: Result) -> JsonObject:
    # A stored report may contain a requirement that this version does not know.
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
        "shortDescription": {"text": sarif_text(facts["title"])},
        "fullDescription": {"text": sarif_text(description)},
        "help": {"text": sarif_text("\n\n".join(filter(None, paragraphs)))},
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


def _result(entry: Requirement, index: int, elsewhere: Location) -> JsonObject:
    first = entry.results[0]
    places = locations(entry.results, _LOCATIONS)
    found: JsonObject = {
        "ruleId": first["id"],
        "ruleIndex": index,
        "level": _LEVELS_OF_EFFECTS[entry.effect],
        "message": {"text": sarif_text(f"{summary(entry)}\n{account(entry)}")},
        "locations": [_location(result, elsewhere) for result in places],
        "partialFingerprints": {_FINGERPRINT: fingerprint(entry)},
        "properties": {
            "effect": entry.effect,
            "level": first["level"],
            "group": first["group"],
            "impact": first["impact"],
        },
    }
    templates = dict.fromkeys(
        result["location"]["template"]
        for result in places
        if "location" in result and "template" in result["location"]
    )
    if templates:
        found["relatedLocations"] = [
            {
                "id": number,
                "message": {"text": _("the chart template that this was rendered from")},
                "physicalLocation": {"artifactLocation": _artifact(template)},
            }
            for number, template in enumerate(templates, 1)
        ]
    if entry.effect == "accepted":
        found["suppressions"] = [_suppression(first)]
    return found


def _fix(edits: Sequence[ProposedEdit]) -> JsonObject:
    """One fix: the edits of all files, without those that overlap with others."""
    files: dict[str, list[Replacement]] = {}
    for edit in edits:
        files.setdefault(edit["file"], []).extend(edit["replacements"])
    return {
        "description": {"text": _("Edit the input; `dfpolicy fix` proves the result")},
        "artifactChanges": [
            {"artifactLocation": _artifact(file), "replacements": _replacements(replacements)}
            for file, replacements in files.items()
        ],
    }


def _replacements(found: Sequence[Replacement]) -> list[JsonObject]:
    made: list[JsonObject] = []
    last = (0, 0)
    ordered = sorted(found, key=lambda one: (one["startLine"], one["startColumn"]))
    for one in ordered:
        region = {key: one[key] for key in ("startLine", "startColumn", "endLine", "endColumn")}
        new: JsonObject = {"deletedRegion": region, "insertedContent": {"text": one["text"]}}
        if (one["startLine"], one["startColumn"]) < last or new in made:
            continue
        last = (one["endLine"], one["endColumn"])
        made.append(new)
    return made


def _location(result: Result, elsewhere: Location) -> JsonObject:
    file, line = spot(result.get("location", elsewhere))
    subject = result["subject"]
    logical = {
        "name": subject.get("container") or subject["name"],
        "fullyQualifiedName": qualified_name(subject),
        "kind": "resource",
        "properties": {"description": described(subject)},
    }
    return {**_physical(file, line), "logicalLocations": [logical]}


def _physical(file: str, line: int) -> JsonObject:
    place = {"artifactLocation": _artifact(file), "region": {"startLine": line}}
    return {"physicalLocation": place}


def _artifact(file: str) -> JsonObject:
    """Return a relative reference, or a `file:` URI for an absolute path."""
    path = posixpath.normpath(file.replace("\\", "/"))
    if path.startswith("/"):
        return {"uri": f"file://{_quoted(path.replace('//', '/'))}"}
    return {"uri": _quoted(path), "uriBaseId": "%SRCROOT%"}


def _quoted(path: str) -> str:
    # A file name can have bytes that are not UTF-8.
    return quote(path, errors="surrogateescape")


def _suppression(result: Result) -> JsonObject:
    suppression: JsonObject = {"kind": "external", "status": "accepted"}
    if "waiver" not in result:
        return suppression | {"justification": _("known from the baseline")}
    waiver = result["waiver"]
    return suppression | {
        "justification": waiver["reason"],
        "properties": {"owner": waiver["owner"], "expires": waiver["expires"]},
    }
