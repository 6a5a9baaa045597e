"""`dfpolicy explain`: what a requirement asks for, from the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from textwrap import wrap
from typing import Any

import click

from dfpolicy.catalogue import Catalogue, load_catalogue
from dfpolicy.errors import UsageError


@click.command("explain")
@click.argument("name", required=False, metavar="[ID|GROUP|MODE]")
def command(name: str | None) -> None:
    """Explain a requirement, a group or a mode; without a name, list all requirements."""
    catalogue = load_catalogue()
    click.echo("\n".join(_explained(catalogue, name)))


def _explained(catalogue: Catalogue, name: str | None) -> Iterator[str]:
    groups = {group["group"]: group for group in catalogue.groups}
    if name is None:
        for group in groups.values():
            yield from _group(catalogue, group)
        return
    modes = sorted({mode for entry in catalogue.requirements for mode in entry["modes"]})
    # A mode and the group of its own requirements have one name.
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
            f"no requirement, group or mode {name[:40]!r}",
            hint=f"did you mean {near[0]}?" if near else "`dfpolicy explain` lists them",
        )
    yield from _requirement(requirement)


def _group(catalogue: Catalogue, group: dict[str, Any]) -> Iterator[str]:
    yield f"{group['title']} ({group['group']}): {group['description']}"
    for entry in catalogue.of_group(group["group"]):
        yield f"  {entry['id']:<13}{entry['level']:<15}{entry['title']}"
    yield ""


def _mode(catalogue: Catalogue, mode: str) -> Iterator[str]:
    judged = [entry for entry in catalogue.requirements if mode in entry["modes"]]
    yield f"{mode}: {len(judged)} of {len(catalogue.requirements)} requirements apply"
    for entry in catalogue.requirements:
        yield f"  {entry['id']:<13}{_level(entry, mode):<15}{entry['title']}"


def _level(entry: dict[str, Any], mode: str) -> str:
    return str(entry["level"]) if mode in entry["modes"] else "not applicable"


def _requirement(entry: dict[str, Any]) -> Iterator[str]:
    yield f"{entry['id']}: {entry['title']}"
    yield ""
    fields = {
        "level": entry["level"],
        "group": entry["group"],
        "modes": ", ".join(entry["modes"]),
        "reads": ", ".join(entry["reads"]),
        "since": entry["since"],
        "source": entry["source"],
        "why": entry["description"],
        "lost": ", ".join(entry["impact"]),
        "fix": entry["remediation"],
    }
    if not entry.get("waivable", True):
        fields["waiver"] = "none may cover it: DeepFlow does not work without it"
    for name, content in fields.items():
        yield from wrap(
            content,
            100,
            initial_indent=f"{name:<8}",
            subsequent_indent=" " * 8,
            break_long_words=False,
            break_on_hyphens=False,
        )
    for link in entry["related_resources"]:
        yield f"see     {link['ref']}"
