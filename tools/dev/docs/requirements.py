"""The page of each requirement, and their index, in the language in force."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tools.dev.docs.markdown import link, section, table, title
from tools.dev.paths import EXAMPLES

from dfpolicy.i18n.language import _, labelled, listed
from dfpolicy.policy import requirement_words as words
from dfpolicy.policy.catalogue import Catalogue

Entry = dict[str, Any]


def pages(catalogue: Catalogue) -> dict[Path, str]:
    """Return the pages below `requirements/`; the catalogue is in the language in force."""
    groups = {group["group"]: group["title"] for group in catalogue.groups}
    made = {
        Path("requirements", f"{entry['id']}.md"): _page(entry, groups[entry["group"]])
        for entry in catalogue.requirements
    }
    made[Path("requirements", "index.md")] = _index(catalogue)
    return made


def _page(entry: Entry, group: str) -> str:
    identifier = entry["id"]
    row = [
        words.level(entry),
        group,
        listed(entry["modes"]),
        words.reads(entry),
        entry["since"],
    ]
    parts = [
        title(labelled(identifier, entry["title"])),
        table([_("Level"), _("Group"), _("Modes"), _("Reads"), _("Since")], [row]),
        section(_("Why")),
        entry["description"],
        section(_("What is lost")),
        words.impact(entry),
        *([section(_("Met if")), entry["met"]] if "met" in entry else []),
        section(_("What to change")),
        entry["remediation"],
        section(_("Example")),
        *_example(identifier, "violation", _("A violation:")),
        *_example(identifier, "pass", _("And a pass:")),
    ]
    unknown = _("The outcome is `unknown`, which is never a pass, for an input such as")
    example = _example(identifier, "unknown", unknown)
    parts += [section(_("Unknown when")), *example] if example else []
    parts += [section(_("How to waive")), words.unwaivable(entry) or _waiver(identifier)]
    parts += [section(_("Source")), _links(entry)]
    return "\n\n".join(parts)


def _example(identifier: str, outcome: str, text: str) -> list[str]:
    path = EXAMPLES / identifier / f"{outcome}.yaml"
    if not path.exists():
        return []
    return [text, f"```yaml\n{path.read_text('utf-8').rstrip()}\n```"]


def _waiver(identifier: str) -> str:
    return "\n".join(
        [
            _("In `dfpolicy.yaml`:"),
            "",
            "```yaml",
            "waivers:",
            f"  - id: {identifier}",
            '    subject: "*"',
            "    reason: " + _("why this deployment does without it"),
            "    owner: " + _("who answers for that"),
            '    expires: "2027-01-31"',
            "```",
        ]
    )


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
