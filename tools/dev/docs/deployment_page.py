"""The coverage page: the requirements that cover each line of DeepFlow's deployment page."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from tools.dev.deployment_page import stating
from tools.dev.docs.markdown import link, section, table, title

from dfpolicy.i18n.language import _, labelled, listed, translate
from dfpolicy.policy.catalogue import Catalogue
from dfpolicy.policy.requirement_words import localized

_SOURCE = "https://deepflow.io/docs/ce-install/overview/"

Line = dict[str, Any]


def page(catalogue: Catalogue, lines: dict[str, Any]) -> str:
    """Return the page in the language in force; `lines` is {sections, lines}."""
    stated = stating(lines, catalogue.requirements)
    parts = [
        title(_("Coverage of the deployment page")),
        _(
            "What [DeepFlow's overview page]({url}) asks of permissions and kernels, line by "
            "line, and the [requirements](requirements/index.md) that state it."
        ).format(url=localized(_SOURCE)),
        _("{stated} of {count} lines are stated by a requirement.").format(
            stated=sum(map(bool, stated.values())), count=len(stated)
        ),
    ]
    for name, entries in groupby(lines["lines"], key=lambda line: line["section"]):
        rows = [[translate(line["text"]), _answer(line, stated[line["id"]])] for line in entries]
        parts += [
            section(translate(lines["sections"][name])),
            table([_("Line"), _("Requirements")], rows),
        ]
    return "\n\n".join(parts)


def _answer(line: Line, ids: list[str]) -> str:
    if ids:
        return listed(link(identifier, f"requirements/{identifier}.md") for identifier in ids)
    reason = translate(line.get("unstated", ""))
    return labelled(_("none"), reason) if reason else _("none")
