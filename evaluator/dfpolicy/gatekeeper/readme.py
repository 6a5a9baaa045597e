"""The README of an export: how to apply and test it, and what a webhook cannot see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dfpolicy.gatekeeper.objects import ACTIONS
from dfpolicy.i18n.language import _, marked, translate
from dfpolicy.policy.catalogue import Catalogue

# Why a requirement is not checked, in the order of the page.
REASONS = {
    "nodes": marked("Facts of nodes, which are in no object that is reviewed"),
    "cluster": marked("Facts of the cluster, which are in no object that is reviewed"),
    "objects": marked("Other objects, which are not synchronised, such as ConfigMaps"),
    "upgrade": marked("The running release beside the new one"),
    "host": marked("Agents on hosts, which are in no cluster"),
}


def readme(catalogue: Catalogue, unseen: Mapping[str, str]) -> str:
    """Return the page, in the language in force. `unseen` gives the reason by id, or nothing."""
    return "\n".join(_lines(catalogue, unseen)) + "\n"


def _lines(catalogue: Catalogue, unseen: Mapping[str, str]) -> Iterator[str]:
    yield "# dfpolicy for Gatekeeper"
    yield ""
    yield _(
        "DeepFlow's deployment requirements as ConstraintTemplates, one per group, made by"
        " `dfpolicy gatekeeper` from the policies of dfpolicy. They need Gatekeeper 3.23."
    )
    yield ""
    yield from _code(
        "kubectl apply -k .",
        "kubectl wait --for=jsonpath='{.status.created}'=true constrainttemplates --all",
        "kubectl apply -k constraints",
        "gator verify suite.yaml",
    )
    yield _(
        "Each level has a constraint of its own. An object that violates a required requirement"
        " is refused ({required}), a recommended one warns ({recommended}), an informational one"
        " shows in the audit only ({informational})."
    ).format(**{level: f"`{action}`" for level, action in ACTIONS.items()})
    yield _(
        "The RBAC constraint only warns: roles that were applied a moment before may not be"
        " synchronised yet. The API server passes on no more than 4,096 characters of warnings;"
        " the audit has them all."
    )
    yield _("`parameters.exempt` of a constraint takes ids of requirements that it shall not tell.")
    yield ""
    yield from _table(catalogue, unseen)
    yield "## " + _("What an admission webhook cannot see")
    yield ""
    yield _(
        "It sees one object, with the roles, bindings and namespaces that are synchronised. These"
        " requirements take more; `dfpolicy eval` and `dfpolicy check` judge them:"
    )
    yield ""
    for reason, words in REASONS.items():
        ids = [identifier for identifier, found in unseen.items() if found == reason]
        if ids:
            yield f"- {_(words)}: {', '.join(ids)}"


def _code(*lines: str) -> Iterator[str]:
    yield from ("```sh", *lines, "```", "")


def _table(catalogue: Catalogue, unseen: Mapping[str, str]) -> Iterator[str]:
    yield "## " + _("What is told")
    yield ""
    yield "| " + " | ".join([_("Requirement"), _("Level"), _("Title")]) + " |"
    yield "|---|---|---|"
    for entry in catalogue.requirements:
        if not unseen[entry["id"]]:
            yield _row(entry)
    yield ""
    partly = [
        entry["id"]
        for entry in catalogue.requirements
        if not unseen[entry["id"]] and entry["reads"] != ["manifests"]
    ]
    yield _("Told as far as the object alone shows it: {ids}.").format(ids=", ".join(partly))
    yield ""


def _row(entry: Mapping[str, Any]) -> str:
    return f"| {entry['id']} | {translate(entry['level'])} | {entry['title']} |"
