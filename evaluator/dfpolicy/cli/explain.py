"""`dfpolicy explain`: explains requirements, groups and modes, from the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from dfpolicy.cli.help import Command
from dfpolicy.cli.options import language_option
from dfpolicy.errors import UsageError
from dfpolicy.i18n.columns import padded, width, wrapped
from dfpolicy.i18n.language import _, chosen, clauses, labelled, listed, marked, speaking
from dfpolicy.i18n.suggestions import did_you_mean
from dfpolicy.model import MODES, Mode
from dfpolicy.policy import requirement_words as words
from dfpolicy.policy.catalogue import Catalogue, load_catalogue
from dfpolicy.system.streams import show

_WIDTH = 100
_MODES: dict[Mode, str] = {
    "all-in-one": marked("Server and agent on one machine, for a trial"),
    "single-k8s": marked("Server and agent in the same Kubernetes cluster"),
    "multi-k8s": marked("Agents in a cluster other than the server's"),
    "managed-k8s": marked("Agents in a cluster that a cloud manages"),
    "serverless-pod": marked("Agents as sidecars in serverless pods, with a separate watcher"),
    "legacy-host": marked("Agents on servers without Kubernetes"),
    "cloud-host": marked("Agents on cloud hosts, known to the server as a cloud domain"),
    "upgrade": marked("An upgrade of what runs now, which --from gives"),
}


@click.command("explain", cls=Command)
@click.argument("name", required=False, metavar="[ID|GROUP|MODE]")
@click.option(
    "--examples",
    is_flag=True,
    help="Also show the examples of a requirement, what `dfpolicy fix` changes, and a waiver.",
)
@language_option
def command(name: str | None, examples: bool, language: str | None) -> None:
    """Explain a requirement, a group or a mode; works offline.

    Without a name, list all requirements.
    """
    spoken = chosen(language)
    with speaking(spoken):
        catalogue = words.translated_catalogue(load_catalogue())
        lines = [*_explained(catalogue, name)]
        if examples:
            lines += _examples(catalogue.requirement(name or ""))
    show("\n".join(lines) + "\n")


def _explained(catalogue: Catalogue, name: str | None) -> Iterator[str]:
    groups = {group["group"]: group for group in catalogue.groups}
    if name is None:
        for group in groups.values():
            yield from _group(catalogue, group)
        return
    if name == "modes":
        yield from _modes(catalogue)
        return
    # A mode and the group of its requirements have the same name.
    if name in MODES:
        yield from _mode(catalogue, name)
        return
    if name in groups:
        yield from _group(catalogue, groups[name])
        return
    requirement = catalogue.requirement(name)
    if requirement is None:
        known = [*MODES, *groups, "modes", *(entry["id"] for entry in catalogue.requirements)]
        raise UsageError(
            _("unknown requirement, group or mode {name!r}").format(name=name[:40]),
            hint=did_you_mean(name, dict.fromkeys(known))
            or _("`dfpolicy explain` lists all of them"),
        )
    yield from _requirement(catalogue, requirement, groups[requirement["group"]]["title"])


def _modes(catalogue: Catalogue) -> Iterator[str]:
    yield _("How DeepFlow is deployed (--mode). By default dfpolicy detects it from the input.")
    yield ""
    for mode in MODES:
        judged = sum(mode in entry["modes"] for entry in catalogue.requirements)
        told = _("{text} ({count} requirements)").format(text=_(_MODES[mode]), count=judged)
        yield f"  {mode:<16}{told}"
    yield ""
    yield _("Requirements of one: {command}").format(command="dfpolicy explain single-k8s")


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
    return f"  {entry['id']:<15}{padded(level, 15)}{entry['title']}"


def _requirement(catalogue: Catalogue, entry: dict[str, Any], group: str) -> Iterator[str]:
    head = f"{entry['id']}  {entry['title']}"
    edge = clauses([words.level(entry), group])
    room = _WIDTH - width(head) - width(edge)
    if room >= 2:
        yield head + " " * room + edge
    else:
        yield _("{text}  ({place})").format(text=head, place=edge)
    fields: list[list[tuple[str, str]]] = [
        [
            (_("Why"), entry["description"]),
            (_("You lose"), words.impact(entry)),
            (_("Met if"), entry.get("met", "")),
            (_("Checked"), _("on {kinds}").format(kinds=words.reads(entry))),
        ],
        [
            (_("Fix"), entry["remediation"]),
            (_("Find out"), _find_out(entry)),
            (_("Waiver"), words.unwaivable(entry)),
        ],
        [
            (_("Applies"), _applies(entry)),
            *((_("Source"), link) for link in _links(entry)),
            (_("Related"), _related(catalogue, entry)),
            (_("Formerly"), listed(entry.get("aliases", []))),
            (_("Retired"), entry.get("deprecated", "")),
        ],
    ]
    margin = max(width(label) for block in fields for label, _text in block) + 2
    for block in fields:
        yield ""
        for label, text in block:
            lead = label
            for paragraph in text.split("\n"):
                for line in wrapped(paragraph, _WIDTH - margin):
                    yield padded(lead, margin) + line
                    lead = ""


def _examples(entry: dict[str, Any] | None) -> Iterator[str]:
    """Yield the examples, the fix and the waiver of a requirement, as its page has them."""
    from dfpolicy.fix.examples import shown

    if entry is None:
        raise UsageError(
            _("--examples needs the ID of a requirement"), hint="dfpolicy explain DF-EBPF-005"
        )
    for part in shown(entry):
        lines = (f"    {line}".rstrip() for line in part.text.splitlines())
        yield from ("", part.title, "", *lines)


def _links(entry: dict[str, Any]) -> list[str]:
    """Return each page as its title and, on a line of its own, its address."""
    return [
        f"{labelled(link['description'], '').rstrip()}\n{link['ref']}"
        for link in entry["related_resources"]
    ]


def _related(catalogue: Catalogue, entry: dict[str, Any]) -> str:
    """Return the related requirements, one a line."""
    return "\n".join(f"{other['id']} {other['title']}" for other in catalogue.related(entry))


def _find_out(entry: dict[str, Any]) -> str:
    """Return the commands that answer what manifests do not say, one a line."""
    collected = [] if entry["reads"] == ["manifests"] else ["dfpolicy check --deep"]
    return "\n".join([*collected, *([entry["asks"]] if "asks" in entry else [])])


def _applies(entry: dict[str, Any]) -> str:
    left_out = [mode for mode in MODES if mode not in entry["modes"]]
    if not left_out:
        return _("all modes")
    if len(left_out) <= 2:
        return _("all modes but {modes}").format(modes=listed(left_out))
    return listed(entry["modes"])
