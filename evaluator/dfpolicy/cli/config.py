"""`dfpolicy config`: shows the settings in force, and where each comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from dfpolicy.cli.evaluation import in_force, settings_options
from dfpolicy.cli.help import Group
from dfpolicy.i18n.columns import padded, width
from dfpolicy.i18n.escaping import json_text, printable
from dfpolicy.i18n.language import _
from dfpolicy.report.waivers import today
from dfpolicy.settings.resolution import Settings
from dfpolicy.system.streams import show as write


@click.group("config", cls=Group)
def command() -> None:
    """Show the settings from flags, environment variables and dfpolicy.yaml."""


@command.command("show")
@click.option(
    "-o",
    "--output",
    "form",
    type=click.Choice(["text", "json", "yaml"]),
    default="text",
    show_default=True,
    help="Output format.",
)
@settings_options
def show(form: str, **flags: Any) -> int:
    """Show each setting, its value, and where it comes from.

    Flags override environment variables, and these override dfpolicy.yaml. Add the flags of
    `dfpolicy eval` to see their effect.
    """
    document = _document(in_force(**flags))
    if form == "json":
        text = json_text(document)
    elif form == "yaml":
        from dfpolicy.reading.yaml_writer import write_yaml

        text = write_yaml(document)
    else:
        text = "\n".join(_lines(document)) + "\n"
    write(text)
    return 0


def _document(settings: Settings) -> dict[str, Any]:
    config, day = settings.config, today()
    return {
        "file": config.path if config else None,
        "settings": [
            {"name": name, "value": held.value, "source": held.source}
            for name, held in settings.values.items()
        ],
        "ignored": [
            {"name": key, "source": config.place(key)} for key in settings.ignored if config
        ],
        "waivers": [
            {**waiver.entry(), "expired": waiver.expires < day}
            for waiver in (config.waivers if config else ())
        ],
    }


def _lines(document: dict[str, Any]) -> Iterator[str]:
    name = document["file"] or _("none")
    yield printable(_("configuration file: {name}").format(name=name))
    yield ""
    rows = [(row["name"], _shown(row["value"]), _source(row)) for row in document["settings"]]
    yield from _table([(_("SETTING"), _("VALUE"), _("SOURCE")), *rows])
    if document["ignored"]:
        yield ""
        ignored = [(row["name"], row["source"]) for row in document["ignored"]]
        yield from _table([(_("IGNORED"), _("SOURCE")), *ignored])
    if document["waivers"]:
        yield ""
        header = (_("WAIVER"), _("SUBJECT"), _("OWNER"), _("EXPIRES"), _("SOURCE"))
        yield from _table([header, *map(_waiver, document["waivers"])])


def _waiver(entry: dict[str, Any]) -> tuple[str, ...]:
    expires = entry["expires"]
    if entry["expired"]:
        expires = _("{date} (expired)").format(date=expires)
    source = f"{entry['file']}:{entry['line']}"
    return entry["id"], entry["subject"], entry["owner"], expires, source


def _table(rows: list[Any]) -> Iterator[str]:
    cells = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        yield "  ".join(map(padded, row, widths)).rstrip()


def _source(row: dict[str, Any]) -> str:
    return _("default") if row["source"] == "default" else str(row["source"])


def _shown(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(value) if isinstance(value, list) else str(value)
