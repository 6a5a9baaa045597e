"""The texts of requirements in a report, in another language than it was made in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dfpolicy.i18n.language import _, speaking
from dfpolicy.model import LANGUAGES
from dfpolicy.policy.catalogue import load_catalogue

if TYPE_CHECKING:
    from dfpolicy.model import Language, Report, Result

_TEXTS = ("title", "remediation")


def translated(report: Report, language: Language) -> Report:
    """Return the report with its requirements' texts in this language.

    What was found and expected stays in English, and so does what the METADATA of this version
    does not know, such as the texts of a requirement that a stored report has from another one.
    """
    if language == report.get("language", "en"):
        return report
    texts = dict(_pairs(language))
    with speaking(language):
        # Names of lost features are fixed words, so from Chinese the way back is looked up too.
        english = _english_impacts()
        results = [_result(result, texts, english) for result in report["results"]]
    return {**report, "language": language, "results": results}


def _pairs(language: str) -> Iterator[tuple[str, str]]:
    """Each text of the METADATA in any language, and the same in this one."""
    catalogue = load_catalogue()
    for entry in catalogue.requirements:
        versions = {"en": entry} | {name: entry[name] for name in LANGUAGES if name in entry}
        for key in _TEXTS:
            for version in versions.values():
                yield version[key], versions[language][key]
    for remedy in catalogue.remedies:
        for text in remedy.values():
            yield text, remedy[language]


def _english_impacts() -> dict[str, str]:
    impacts = {name for entry in load_catalogue().requirements for name in entry["impact"]}
    found: dict[str, str] = {}
    for language in LANGUAGES:
        with speaking(language):
            found |= {_(name): name for name in impacts}
    return found


def _result(result: Result, texts: dict[str, str], english: dict[str, str]) -> Result:
    title = texts.get(result["title"], result["title"])
    message = result["message"]
    if message.startswith(result["title"]):
        message = title + message[len(result["title"]) :]
    return {
        **result,
        "title": title,
        "message": message,
        "impact": [_(english.get(name, name)) for name in result["impact"]],
        "remediation": texts.get(result["remediation"], result["remediation"]),
    }
