"""Writes the pages of the documentation from the METADATA, the examples and the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from dfpolicy import schemas
from dfpolicy.dev.paths import ROOT

DOCS = ROOT / "docs"
EXAMPLES = ROOT / "examples" / "requirements"
_NOTE = "<!-- Written by `make generate` from the METADATA; changes here are lost. -->\n"
_UNKNOWN = "The outcome is `unknown`, which is never a pass, for an input such as"

Entry = dict[str, Any]


def pages(catalogue: dict[str, Any]) -> dict[Path, str]:
    """Return every page, as its path below `docs/` and its text."""
    groups: list[Entry] = catalogue["groups"]
    entries: list[Entry] = catalogue["requirements"]
    titles = {group["group"]: group["title"] for group in groups}
    made = {
        Path("requirements", f"{entry['id']}.md"): _page(entry, titles[entry["group"]])
        for entry in entries
    }
    made[Path("requirements", "index.md")] = _index(groups, entries)
    made[Path("command-line.md")] = _command_line()
    made[Path("schemas.md")] = _schemas()
    return {path: f"{_NOTE}\n{text.rstrip()}\n" for path, text in made.items()}


def _page(entry: Entry, group: str) -> str:
    identifier = entry["id"]
    parts = [
        f"# {identifier}: {entry['title']}",
        _table(
            ["Level", "Group", "Modes", "Reads", "Since", "Source"],
            [
                [
                    entry["level"],
                    group,
                    ", ".join(entry["modes"]),
                    ", ".join(entry["reads"]),
                    entry["since"],
                    entry["source"],
                ]
            ],
        ),
        "## Why",
        entry["description"],
        "## What is lost",
        ", ".join(entry["impact"]),
        "## What to change",
        entry["remediation"],
        "## Example",
        *_example(identifier, "violation", "A violation:"),
        *_example(identifier, "pass", "And a pass:"),
    ]
    unknown = _example(identifier, "unknown", _UNKNOWN)
    parts += ["## Unknown when", *unknown] if unknown else []
    parts += ["## How to waive", _waiver(entry), "## See also", _links(entry)]
    return "\n\n".join(parts)


def _example(identifier: str, outcome: str, words: str) -> list[str]:
    path = EXAMPLES / identifier / f"{outcome}.yaml"
    if not path.exists():
        return []
    return [words, f"```yaml\n{path.read_text('utf-8').rstrip()}\n```"]


def _waiver(entry: Entry) -> str:
    if entry.get("waivable") is False:
        return "It cannot be waived: without it the agent does not work at all."
    return "\n".join(
        [
            "In `dfpolicy.yaml`:",
            "",
            "```yaml",
            "waivers:",
            f"  - id: {entry['id']}",
            '    subject: "*"',
            "    reason: why this deployment does without it",
            "    owner: who answers for that",
            '    expires: "2027-01-31"',
            "```",
        ]
    )


def _links(entry: Entry) -> str:
    links = [f"- [{link['description']}]({link['ref']})" for link in entry["related_resources"]]
    return "\n".join([*links, "- [All requirements](index.md)"])


def _index(groups: list[Entry], entries: list[Entry]) -> str:
    parts = ["# Requirements", "In the order of DeepFlow's deployment page."]
    for group in groups:
        rows = [
            [f"[{entry['id']}]({entry['id']}.md)", entry["title"], entry["level"]]
            for entry in entries
            if entry["group"] == group["group"]
        ]
        parts += [
            f"## {group['title']}",
            group["description"],
            f"Modes: {', '.join(group['modes'])}",
            _table(["Id", "Requirement", "Level"], rows),
        ]
    return "\n\n".join(parts)


def _command_line() -> str:
    from dfpolicy.cli import cli

    parts = ["# Command line"]
    for name, command in _commands(cli, "dfpolicy"):
        context = click.Context(command, info_name=name, terminal_width=90, max_content_width=90)
        parts += [f"## {name}", f"```text\n{command.get_help(context).rstrip()}\n```"]
    return "\n\n".join(parts)


def _commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for part in command.list_commands(context):
            found = command.get_command(context, part)
            if found is not None:
                yield from _commands(found, f"{name} {part}")


def _schemas() -> str:
    parts = ["# Schemas", "`dfpolicy schema NAME` prints the JSON Schema itself."]
    for name in schemas.names():
        schema = json.loads(schemas.text(name))
        rows = list(_fields(schema, ""))
        parts += [f"## {name}", schema.get("description", schema.get("title", ""))]
        parts += [_table(["Field", "Type", "Meaning"], rows)] if rows else []
    return "\n\n".join(part for part in parts if part)


def _fields(schema: Entry, prefix: str) -> Iterator[list[str]]:
    for key, field in schema.get("properties", {}).items():
        name = f"{prefix}{key}"
        yield [f"`{name}`", _type(field), field.get("description", "")]
        yield from _fields(field, f"{name}.")
        if isinstance(field.get("items"), dict):
            yield from _fields(field["items"], f"{name}[].")


def _type(field: Entry) -> str:
    if "enum" in field:
        return ", ".join(str(json.dumps(word)) for word in field["enum"])
    if "const" in field:
        return json.dumps(field["const"])
    kind = field.get("type", "")
    return " or ".join(kind) if isinstance(kind, list) else str(kind)


def _table(header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in lines
    )
