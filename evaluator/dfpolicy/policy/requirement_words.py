"""The texts of requirements and groups, in the language in force."""

from __future__ import annotations

from typing import Any

from dfpolicy.i18n.language import _, listed, marked, spoken, translate
from dfpolicy.i18n.messages import message
from dfpolicy.model import JsonObject
from dfpolicy.policy.catalogue import Catalogue

_DEEPFLOW = "https://deepflow.io/docs/"

_READS = {
    "manifests": marked("manifests"),
    "nodes": marked("node facts"),
    "cluster": marked("cluster facts"),
}


def level(entry: JsonObject) -> str:
    """Return the word for the requirement's own level."""
    return translate(entry["level"])


def reads(entry: JsonObject) -> str:
    """Return the kinds of documents that the verdict depends on."""
    return listed(_(_READS[kind]) for kind in entry["reads"])


def impact(entry: JsonObject) -> str:
    """Return what DeepFlow loses without the requirement."""
    return listed(_(name) for name in entry["impact"])


def unwaivable(entry: JsonObject) -> str:
    """Return why the requirement cannot be waived; empty if it can."""
    if entry.get("waivable", True):
        return ""
    return _("It cannot be waived: without it, the agent does not work at all.")


def translated_catalogue(catalogue: Catalogue) -> Catalogue:
    """Return the catalogue with its texts in the language in force, and remediations filled."""
    return Catalogue(
        tuple(_entry(group) for group in catalogue.groups),
        tuple(_entry(entry) | _filled(entry) for entry in catalogue.requirements),
    )


def remediation(entry: JsonObject) -> str:
    """Return what to change so that the requirement is met."""
    return message(remediation_template(entry))


def remediation_template(entry: JsonObject) -> JsonObject:
    """Return the remediation as the policies state it: a template and the words for its fields."""
    return {"template": entry["remediation"], "values": _values(entry)}


def localized(ref: str) -> str:
    """Return the URL in the language in force, if it is one of DeepFlow's documentation."""
    if spoken() == "en" or not ref.startswith(_DEEPFLOW):
        return ref
    return f"{_DEEPFLOW}{spoken()}/{ref.removeprefix(_DEEPFLOW)}"


def _filled(entry: JsonObject) -> JsonObject:
    """Return the remediation, and when the requirement is met if its METADATA says so."""
    texts: JsonObject = {"remediation": remediation(entry)}
    if "met" in entry:
        texts["met"] = message({"template": entry["met"], "values": _values(entry)})
    return texts


def _values(entry: JsonObject) -> JsonObject:
    """Return the words for the fields; a single word, such as an API resource, is a name."""
    return {
        name: {"template": word} if " " in word else word
        for name, word in entry.get("words", {}).items()
    }


def _entry(entry: JsonObject) -> JsonObject:
    texts: dict[str, Any] = {
        key: translate(entry[key]) for key in ("title", "description", "deprecated") if key in entry
    }
    if "related_resources" in entry:
        texts["related_resources"] = [
            {"description": translate(link["description"]), "ref": localized(link["ref"])}
            for link in entry["related_resources"]
        ]
    return entry | texts
