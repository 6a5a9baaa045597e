"""The report as PolicyReport and ClusterPolicyReport objects (wgpolicyk8s.io/v1alpha2).

There is a result for each requirement: `fail` if, and only if, it causes exit code 1; `warn` for a
loss; `skip` for what was not checked or is waived; `error` for what counts because of --strict;
otherwise `pass`. Each namespace of subjects has a PolicyReport, and the rest is in a
ClusterPolicyReport. All are in one List for `kubectl apply -f -`. A report too large for `kubectl
apply` continues in the next object.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from dfpolicy.formats.base import Style
from dfpolicy.formats.configured import configured
from dfpolicy.formats.content import abridged, page, place, shown
from dfpolicy.formats.requirement_text import account, summary, title
from dfpolicy.i18n.escaping import json_text
from dfpolicy.i18n.language import labelled, listed
from dfpolicy.model import Effect, JsonObject, Report, Subject, WaiverTerms
from dfpolicy.report.effects import Requirement
from dfpolicy.report.subjects import described, is_whole
from dfpolicy.report.verdict import requirements_of

_API = "wgpolicyk8s.io/v1alpha2"
_SEVERITIES = {"required": "high", "recommended": "medium", "informational": "low"}
_NAMESPACE = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\Z")
_RESULTS: dict[Effect, str] = {
    "blocks": "fail",
    "loses": "warn",
    "note": "pass",
    "not-checked": "skip",
    "accepted": "skip",
    "met": "pass",
}
_LIMIT = 1000
_RESOURCES = 100
# `kubectl apply` keeps the whole object in an annotation; all annotations together have at most 256
# KiB.
_MAX_BYTES = 180_000


def render(report: Report, style: Style) -> str:
    """Return the objects as a List in JSON, which takes a tenth of the time of YAML."""
    return as_list(objects(report), style)


def as_list(items: Iterable[JsonObject], style: Style) -> str:
    """Return objects as a List in JSON."""
    return json_text({"apiVersion": "v1", "kind": "List", "items": [*items]}, style.unicode)


def objects(report: Report) -> Iterator[JsonObject]:
    """Yield the objects of a report."""
    report = shown(report)
    namespaces: dict[str, list[JsonObject]] = {}
    for entry in requirements_of(report).values():
        namespace = entry.results[0]["subject"].get("namespace", "")
        known = namespace if _NAMESPACE.match(namespace) else ""
        namespaces.setdefault(known, []).append(_result(entry))
    for namespace, results in sorted(namespaces.items()):
        for number, part in enumerate(_parts(results), 1):
            yield _object(report, namespace, number, part)


def _parts(results: list[JsonObject]) -> Iterator[list[JsonObject]]:
    part: list[JsonObject] = []
    size = 0
    for result in results:
        length = len(json.dumps(result, ensure_ascii=False).encode())
        if part and size + length > _MAX_BYTES:
            yield part
            part, size = [], 0
        part.append(result)
        size += length
    yield part


def _object(report: Report, namespace: str, number: int, results: list[JsonObject]) -> JsonObject:
    mode = report["mode"]["name"]
    metadata: JsonObject = {"name": f"dfpolicy-{mode}" + (f"-{number}" if number > 1 else "")}
    if namespace:
        metadata["namespace"] = namespace
    metadata["labels"] = {"app.kubernetes.io/managed-by": "dfpolicy", "dfpolicy.dev/mode": mode}
    settings = configured(report)
    if settings:
        metadata["annotations"] = {"dfpolicy.dev/configuration": listed(settings)}
    counted = Counter(result["result"] for result in results)
    return {
        "apiVersion": _API,
        "kind": "PolicyReport" if namespace else "ClusterPolicyReport",
        "metadata": metadata,
        "summary": {name: counted[name] for name in ("pass", "fail", "warn", "error", "skip")},
        "results": results,
    }


def _result(entry: Requirement) -> JsonObject:
    first = entry.results[0]
    found: JsonObject = {
        "source": "dfpolicy",
        "policy": abridged(first["group"], _LIMIT),
        "rule": first["id"],
        "category": "DeepFlow",
        "result": _outcome(entry),
        "scored": first["level"] == "required",
        "severity": _SEVERITIES[first["level"]],
        "message": abridged(labelled(title(entry), _said(entry)), _LIMIT),
        "properties": _properties(entry),
    }
    subjects = {described(one["subject"]): one["subject"] for one in entry.results}
    references = [_reference(subject) for subject in subjects.values() if not is_whole(subject)]
    if references:
        found["resources"] = references[:_RESOURCES]
    return found


def _said(entry: Requirement) -> str:
    if entry.effect == "met":
        return entry.results[0]["observed"]
    return f"{summary(entry)}\n{account(entry)}"


def _outcome(entry: Requirement) -> str:
    if entry.fails and entry.effect != "blocks":
        return "error"
    return _RESULTS[entry.effect]


def _reference(subject: Subject) -> JsonObject:
    container = subject.get("container")
    reference = {
        "apiVersion": subject.get("apiVersion"),
        "kind": subject["kind"],
        "namespace": subject.get("namespace"),
        "name": subject["name"],
        "fieldPath": f"spec.containers{{{container}}}" if container else "",
    }
    return {name: abridged(text, _LIMIT) for name, text in reference.items() if text}


def _properties(entry: Requirement) -> dict[str, str]:
    first = entry.results[0]
    properties = {
        "effect": entry.effect,
        "level": first["level"],
        "outcome": first["outcome"],
        "subject": described(first["subject"]),
        "place": place(first),
    }
    if entry.effect != "met":
        properties |= {
            "subjects": str(len(entry.results)),
            "impact": listed(first["impact"]),
            "remediation": first["remediation"],
            "collect": first.get("collect", ""),
            "url": page(first),
        }
    if "waiver" in first:
        properties |= _waiver(first["waiver"])
    return {name: abridged(text, _LIMIT) for name, text in properties.items() if text}


def _waiver(waiver: WaiverTerms) -> dict[str, str]:
    return {
        "waiver.reason": waiver["reason"],
        "waiver.owner": waiver["owner"],
        "waiver.expires": waiver["expires"],
    }
