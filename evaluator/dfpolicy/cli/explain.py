"""`dfpolicy explain`: explains requirements, groups and modes, from the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

import click

from dfpolicy.cli.help import Command
from dfpolicy.cli.options import language_option
from dfpolicy.errors import UsageError
from dfpolicy.i18n.columns import padded, width, wrapped
from dfpolicy.i18n.language import _, chosen, labelled, listed, speaking
from dfpolicy.policy import requirement_words as words
from dfpolicy.policy.catalogue import Catalogue, load_catalogue
from dfpolicy.system.streams import show

_WIDTH = 100


@click.command("explain", cls=Command)
@click.argument("name", required=False, metavar="[ID|GROUP|MODE]")
@language_option
def command(name: str | None, language: str | None) -> None:
    """Explain a requirement, a group or a mode; works offline.

    Without a name, list all requirements.
    """
    spoken = chosen(language)
    with speaking(spoken):
        text = "\n".join(_explained(words.translated_catalogue(load_catalogue()), name))
    show(text + "\n")


def _explained(catalogue: Catalogue, name: str | None) -> Iterator[str]:
    groups = {group["group"]: group for group in catalogue.groups}
    if name is None:
        for group in groups.values():
            yield from _group(catalogue, group)
        return
    modes = sorted({mode for entry in catalogue.requirements for mode in entry["modes"]})
    # A mode and the group of its requirements have the same name.
    if name in modes:
        yield from _mode(catalogue, name)
        return
    if name in groups:
        yield from _group(catalogue, groups[name])
        return
    requirement = catalogue.requirement(name)
    if requirement is None:
        known = [*groups, *modes, *(entry["id"] for entry in catalogue.requirements)]
        near = get_close_matches(name.upper(), known, 1) or get_close_matches(name, known, 1)
        raise UsageError(
            _("unknown requirement, group or mode {name!r}").format(name=name[:40]),
            hint=_("did you mean {name}?").format(name=near[0])
            if near
            else _("`dfpolicy explain` lists all of them"),
        )
    yield from _requirement(requirement)


def _group(catalogue: Catalogue, group: dict[str, Any]) -> Iterator[str]:
    yield _("{title} ({group}): {description}").format_map(group)
    for entry in catalogue.of_group(group["group"]):
        yield _row(entry, words.level(entry))
    yield ""


def _mode(catalogue: Catalogue, mode: str) -> Iterator[str]:
    judged = [entry for entry in catalogue.requirements if mode in entry["modes"]]
    yield _("{mode}: {judged} of {count} requirements apply").format(
        mode=mode, judged=len(judged), count=len(catalogue.requirements)
    )
    for entry in catalogue.requirements:
        applies = mode in entry["modes"]
        yield _row(entry, words.level(entry) if applies else _("not applicable"))


def _row(entry: dict[str, Any], level: str) -> str:
    return f"  {entry['id']:<13}{padded(level, 15)}{entry['title']}"


def _requirement(entry: dict[str, Any]) -> Iterator[str]:
    yield labelled(entry["id"], entry["title"])
    yield ""
    fields = [
        (_("level"), words.level(entry)),
        (_("group"), entry["group"]),
        (_("modes"), listed(entry["modes"])),
        (_("reads"), words.reads(entry)),
        (_("since"), entry["since"]),
        (_("why"), entry["description"]),
        (_("lost"), words.impact(entry)),
        (_("fix"), entry["remediation"]),
        (_("waiver"), words.unwaivable(entry)),
        *(
            (_("source"), labelled(link["description"], link["ref"]))
            for link in entry["related_resources"]
        ),
    ]
    margin = max(width(label) for label, _text in fields) + 2
    for label, text in fields:
        for number, line in enumerate(wrapped(text, _WIDTH - margin)):
            yield padded("" if number else label, margin) + line
