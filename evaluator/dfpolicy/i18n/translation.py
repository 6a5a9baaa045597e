"""Translates reports into another language.

A report contains the templates and values of its texts. It is translated from these, never from its
text, in both directions, also after it was stored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from dfpolicy.i18n.language import _, speaking
from dfpolicy.i18n.messages import message

if TYPE_CHECKING:
    from dfpolicy.model import DetectedMode, FeatureRow, Language, Report, Result

_TEXTS = ("title", "observed", "expected", "remediation")


def translated(report: Report, language: Language) -> Report:
    """Return the report in this language.

    A text whose template is unknown to this version is unchanged.
    """
    if language == report.get("language", "en"):
        return report
    with speaking(language):
        return {
            **report,
            "language": language,
            "mode": _mode(report["mode"]),
            "results": [_result(result) for result in report["results"]],
            "features": [_row(row) for row in report["features"]],
        }


def _result(result: Result) -> Result:
    given: dict[str, Any] = {**result}
    templates: dict[str, Any] = {key: {"template": given[key]} for key in _TEXTS if given[key]}
    # An English text without a template is its own template.
    templates["impact"] = {"items": [{"template": name} for name in result["impact"]]}
    templates |= result.get("messages", {})
    texts = {key: message(templates[key]) for key in _TEXTS if key in templates}
    made = given | texts
    made["message"] = _summary(texts)
    made["impact"] = [message(name) for name in templates["impact"]["items"]]
    made["messages"] = templates
    return cast("Result", made)


def _summary(texts: dict[str, str]) -> str:
    if texts.get("expected"):
        return _("{title}: {observed}; expected {expected}").format_map(texts)
    return _("{title}: {observed}").format_map(texts)


def _mode(mode: DetectedMode) -> DetectedMode:
    template = mode.get("messages", {}).get("reason") or {"template": mode["reason"]}
    if not mode["reason"]:
        return mode
    return {**mode, "reason": message(template), "messages": {"reason": template}}


def _row(row: FeatureRow) -> FeatureRow:
    if not row.get("notes"):
        return row
    templates = row.get("messages", {}).get("notes") or [
        {"template": note} for note in row["notes"]
    ]
    notes = [message(note) for note in templates]
    return {**row, "notes": notes, "messages": {"notes": templates}}
