"""What pages and `explain` say of a requirement beside its own texts, in the language in force."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dfpolicy.language import _, marked

_LEVELS = {
    "required": marked("required"),
    "recommended": marked("recommended"),
    "informational": marked("informational"),
}
_READS = {
    "manifests": marked("manifests"),
    "nodes": marked("node facts"),
    "cluster": marked("cluster facts"),
}

Entry = dict[str, Any]


def listed(words: Iterable[str]) -> str:
    """Return the words with the comma of the language between them."""
    return _(", ").join(words)


def labelled(label: str, text: str) -> str:
    """Return the text behind its label, with the colon of the language between them."""
    return _("{label}: {text}").format(label=label, text=text)


def level(entry: Entry) -> str:
    """Return the word for the requirement's own level."""
    return _(_LEVELS[entry["level"]])


def reads(entry: Entry) -> str:
    """Return what the verdict looks at."""
    return listed(_(_READS[kind]) for kind in entry["reads"])


def impact(entry: Entry) -> str:
    """Return what DeepFlow loses without the requirement."""
    return listed(_(name) for name in entry["impact"])


def unwaivable(entry: Entry) -> str:
    """Return why no waiver may cover the requirement; empty where one may."""
    if entry.get("waivable", True):
        return ""
    return _("It cannot be waived: without it the agent does not work at all.")
