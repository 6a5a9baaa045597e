"""The README of an export: how to apply and test it, and what a webhook cannot see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dfpolicy.formats.markup import plain
from dfpolicy.gatekeeper.objects import ACTIONS, ENFORCEMENTS, Scope
from dfpolicy.i18n.language import _, labelled, listed, marked, translate
from dfpolicy.policy.catalogue import Catalogue

# Why a requirement is not checked, in the order of the page.
REASONS = {
    "nodes": marked("Facts about nodes, which no reviewed object contains"),
    "cluster": marked("Facts about the cluster, which no reviewed object contains"),
    "objects": marked("Other objects that are not synchronised, such as ConfigMaps"),
    "upgrade": marked("The running release in addition to the new one"),
    "host": marked("Agents on hosts, which are not in a cluster"),
}


def readme(catalogue: Catalogue, unseen: Mapping[str, str], scope: Scope) -> str:
    """Return the page, in the language in force. `unseen` gives the reason by id, or nothing."""
    return "\n".join(_lines(catalogue, unseen, scope)) + "\n"


def _lines(catalogue: Catalogue, unseen: Mapping[str, str], scope: Scope) -> Iterator[str]:
    yield "# dfpolicy for Gatekeeper"
    yield ""
    yield _(
        "DeepFlow's deployment requirements as ConstraintTemplates, one for each group."
        " `dfpolicy gatekeeper` made them from dfpolicy's policies. They need Gatekeeper 3.23."
    )
    yield ""
    yield from _code(
        "kubectl apply -k .",
        "kubectl wait --for=jsonpath='{.status.created}'=true constrainttemplates --all",
        "kubectl apply -k constraints",
        "gator verify suite.yaml",
    )
    if scope.enforcement == ENFORCEMENTS[-1]:
        yield _(
            "Each level has its own constraint. A violated required requirement denies the object"
            " ({required}). A recommended one gives a warning ({recommended}). An informational one"
            " appears only in the audit ({informational})."
        ).format(**{level: f"`{action}`" for level, action in ACTIONS.items()})
        yield _(
            "The RBAC constraint only warns, because recently applied roles may not be synchronised"
            " yet. The API server returns at most 4,096 characters of warnings; the audit shows"
            " all."
        )
    else:
        yield _(
            "Each level has its own constraint. None is stricter than `{action}`, so no object is"
            " denied. Once the audit shows no violation, export again with `--enforcement deny`."
        ).format(action=scope.enforcement)
    yield _("To exempt requirements, list their IDs in `parameters.exempt` of a constraint.")
    if scope.waivers:
        yield ""
        yield from _waivers(scope)
    yield ""
    yield from _table(catalogue, unseen)
    yield "## " + _("What an admission webhook cannot see")
    yield ""
    yield _(
        "It sees one object, and the synchronised roles, bindings and namespaces. These"
        " requirements need more; `dfpolicy eval` and `dfpolicy check` check them:"
    )
    yield ""
    for reason, words in REASONS.items():
        ids = [identifier for identifier, found in unseen.items() if found == reason]
        if ids:
            yield f"- {labelled(_(words), listed(ids))}"


def _waivers(scope: Scope) -> Iterator[str]:
    yield _("These waivers are in `parameters.waivers`. Each ends by itself after its last day.")
    yield ""
    yield "| " + " | ".join([_("Requirement"), _("Subject"), _("Last day"), _("Reason")]) + " |"
    yield "|---|---|---|---|"
    for one in scope.waivers:
        cells = (one.id, one.subject, one.expires.isoformat(), one.reason)
        yield "| " + " | ".join(map(plain, cells)) + " |"


def _code(*lines: str) -> Iterator[str]:
    yield from ("```sh", *lines, "```", "")


def _table(catalogue: Catalogue, unseen: Mapping[str, str]) -> Iterator[str]:
    yield "## " + _("Checked requirements")
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
    yield _("Checked only as far as the object itself shows it: {ids}.").format(ids=listed(partly))
    yield ""


def _row(entry: Mapping[str, Any]) -> str:
    return f"| {entry['id']} | {translate(entry['level'])} | {entry['title']} |"
