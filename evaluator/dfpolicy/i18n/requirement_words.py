"""What pages and `explain` say of a requirement beside its own texts, in the language in force."""

from __future__ import annotations

from dfpolicy.i18n.language import _, listed, marked
from dfpolicy.model import JsonObject

_READS = {
    "manifests": marked("manifests"),
    "nodes": marked("node facts"),
    "cluster": marked("cluster facts"),
}


def level(entry: JsonObject) -> str:
    """Return the word for the requirement's own level."""
    return _(entry["level"])


def reads(entry: JsonObject) -> str:
    """Return what the verdict looks at."""
    return listed(_(_READS[kind]) for kind in entry["reads"])


def impact(entry: JsonObject) -> str:
    """Return what DeepFlow loses without the requirement."""
    return listed(_(name) for name in entry["impact"])


def unwaivable(entry: JsonObject) -> str:
    """Return why no waiver may cover the requirement; empty where one may."""
    if entry.get("waivable", True):
        return ""
    return _("It cannot be waived: without it the agent does not work at all.")
