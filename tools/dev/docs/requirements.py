"""The page of each requirement, and their index, in the language in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tools.dev.docs.markdown import link, section, table, title

from dfpolicy.fix.examples import shown
from dfpolicy.i18n.language import _, labelled, listed
from dfpolicy.policy import requirement_words as words
from dfpolicy.policy.catalogue import Catalogue

Entry = dict[str, Any]


def pages(catalogue: Catalogue, fixes: Mapping[str, str]) -> dict[Path, str]:
    """Return the pages below `requirements/`; the catalogue is in the language in force.

    `fixes` has the diff that fixes the example of a requirement, by id.
    """
    groups = {group["group"]: group["title"] for group in catalogue.groups}
    made = {
        Path("requirements", f"{entry['id']}.md"): _page(
            entry,
            groups[entry["group"]],
            [_entry_link(other) for other in catalogue.related(entry)],
            fixes[entry["id"]],
        )
        for entry in catalogue.requirements
    }
    made[Path("requirements", "index.md")] = _index(catalogue)
    return made


def _page(entry: Entry, group: str, related: Sequence[str], fix: str) -> str:
    identifier = entry["id"]
    # One row each, which a narrow screen has room for.
    rows = [
        [_("Group"), group],
        [_("Modes"), listed(entry["modes"])],
        [_("Reads"), words.reads(entry)],
        [_("Since"), entry["since"]],
    ]
    parts = [
        title(labelled(identifier, entry["title"])),
        table([_("Level"), words.level(entry)], rows),
        section(_("Why")),
        entry["description"],
        section(_("What is lost")),
        words.impact(entry),
        *([section(_("Met if")), entry["met"]] if "met" in entry else []),
        section(_("What to change")),
        entry["remediation"],
    ]
    for part in shown(entry, fix):
        parts += [section(part.title), f"```{part.form}\n{part.text}\n```"]
    if words.unwaivable(entry):
        parts += [section(_("Waiver")), words.unwaivable(entry)]
    if related:
        parts += [section(_("Related")), "\n".join(f"- {shown}" for shown in related)]
    parts += [section(_("Source")), _links(entry)]
    return "\n\n".join(parts)


def _entry_link(entry: Entry) -> str:
    return link(labelled(entry["id"], entry["title"]), f"{entry['id']}.md")


def _links(entry: Entry) -> str:
    links = [link(page["description"], page["ref"]) for page in entry["related_resources"]]
    links.append(link(_("All requirements"), "index.md"))
    return "\n".join(f"- {shown}" for shown in links)


def _index(catalogue: Catalogue) -> str:
    parts = [
        title(_("Requirements")),
        _("In the order of DeepFlow's deployment page."),
        link(_("The lines of that page, and what states each of them"), "../coverage.md"),
    ]
    for group in catalogue.groups:
        rows = [
            [link(entry["id"], f"{entry['id']}.md"), entry["title"], words.level(entry)]
            for entry in catalogue.of_group(group["group"])
        ]
        parts += [
            section(group["title"]),
            group["description"],
            labelled(_("Modes"), listed(group["modes"])),
            table([_("Id"), _("Requirement"), _("Level")], rows),
        ]
    return "\n\n".join(parts)
