"""The Chinese texts: the msgids of the sources, and their translations in the `.po`."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from tools.dev import opa, templates
from tools.dev.metadata import catalogue
from tools.dev.paths import ROOT, SCHEMAS

from dfpolicy.cli import cli
from dfpolicy.cli.help import paragraphs

PACKAGE = ROOT / "evaluator" / "dfpolicy"
# The generators write pages in both languages.
GENERATORS = ROOT / "tools" / "dev"
SOURCE = PACKAGE / "i18n" / "locale" / "zh" / "LC_MESSAGES" / "dfpolicy.po"
COMPILED = SOURCE.with_suffix(".mo")

# Without the fields that `babel` adds, above all dates.
_HEADER = r"""# The Chinese of the fixed words: `make words` adds and removes texts, a person
# writes msgstr.
msgid ""
msgstr ""
"Language: zh\n"
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=1; plural=0;\n"

"""
_KEYWORDS = {"_": None, "marked": None, "_n": (1, 2)}
# The tables whose strings are texts, and the keys whose strings are data.
TABLES = (
    "deployment_page",
    "host_remedies",
    "kernel_matrix.notes",
    "kernel_matrix.remedies",
)
_DATA = {"id", "section"}
_FIELD = re.compile(r"\{\w*\}")


def asked() -> Catalog:
    """All texts that need Chinese: those in `_`, `_n` and `marked`, of the policies and of help."""
    found = Catalog(locale="zh", project="dfpolicy", fuzzy=False)
    methods = [("**.py", "python")]
    texts = [
        entry
        for folder in (PACKAGE, GENERATORS)
        for entry in extract_from_dir(folder, methods, keywords=_KEYWORDS)
    ]
    for file, line, text, comments, context in sorted(texts, key=lambda entry: entry[:2]):
        found.add(text, locations=[(file, line)], auto_comments=comments, context=context)
    for text, plural in policy_texts():
        found.add((text, plural) if plural else text)
    for text in help_texts(cli):
        found.add(text)
    return found


def help_texts(command: click.Command) -> Iterator[str]:
    """The descriptions and the help of options of a command and of all commands below it.

    Descriptions come paragraph by paragraph, without examples.
    """
    context = click.Context(command)
    yield from (text for text in paragraphs(command) if text and not text.startswith(" "))
    for param in command.get_params(context):
        text = getattr(param, "help", None)
        if text:
            yield text
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from help_texts(below)


def policy_texts() -> Iterator[tuple[str, str]]:
    """The texts of METADATA, of tables and of findings, each with its plural or an empty string."""
    for impact in impacts():
        yield impact, ""
    content = catalogue(opa.blocks())
    for entry in (*content["groups"], *content["requirements"]):
        for key in ("title", "description", "met", "remediation", "deprecated"):
            if key in entry:
                yield entry[key], ""
        # A single word is a name.
        yield from ((text, "") for text in entry.get("words", {}).values() if " " in text)
        for link in entry.get("related_resources", ()):
            yield link["description"], ""
    tables = ", ".join(f"data.dfpolicy.tables.{table}" for table in TABLES)
    for text in _leaves(opa.evaluated(f"[{tables}]")):
        yield text, ""
    for template in templates.extracted().templates:
        yield template.text, template.plural


def _leaves(value: Any) -> Iterator[str]:
    """The texts of a table: its strings, except those under the keys in `_DATA`."""
    if isinstance(value, str):
        yield value
        return
    if isinstance(value, dict) and "message" in value:
        yield value["message"]["template"]
        return
    for part in value if isinstance(value, list) else ():
        yield from _leaves(part)
    for key, part in value.items() if isinstance(value, dict) else ():
        if key not in _DATA:
            yield from _leaves(part)


def impacts() -> list[str]:
    """The names of impacts; METADATA may use no other."""
    schema = json.loads((SCHEMAS / "requirement.schema.json").read_text("utf-8"))
    names: list[str] = schema["$defs"]["impact"]["items"]["enum"]
    return names


def translated() -> Catalog:
    """The entries of the `.po`."""
    with SOURCE.open("rb") as stream:
        return read_po(stream, locale="zh")


def faults(wanted: Catalog, there: Catalog) -> Iterator[str]:
    """Each text that is missing in Chinese, no longer used, or has other fields, one line each.

    `wanted` has the texts that are `asked`, `there` those that are `translated`.
    """
    for message in wanted:
        if message.id and message.id not in there:
            yield f"{_shown(message)}: no Chinese: run `make words` to add an entry"
    for message in there:
        if not message.id:
            continue
        if message.id not in wanted:
            yield f"{_shown(message)}: no longer used: run `make words` to remove it"
        elif message.fuzzy or not _texts(message):
            yield f"{_shown(message)}: msgstr is empty or fuzzy: write the Chinese"
        elif any(_fields(text) != _fields(_shown(message)) for text in _texts(message)):
            yield f"{_shown(message)}: the fields of msgstr and msgid differ"


def update() -> None:
    """Add an entry for each new text to the `.po`, and remove those no longer used."""
    wanted = asked()
    there = translated() if SOURCE.exists() else Catalog(locale="zh")
    for message in wanted:
        known = there.get(message.id) if message.id else None
        texts = _texts(known) if known else []
        if texts:
            message.string = texts[0] if isinstance(message.id, str) else tuple(texts)
    stream = io.BytesIO()
    write_po(stream, wanted, no_location=True, sort_output=True, omit_header=True, width=96)
    SOURCE.write_bytes(_HEADER.encode() + stream.getvalue())


def compiled() -> bytes:
    """The `.po` compiled for gettext; the bytes are the same each time."""
    there = translated()
    there.creation_date = there.revision_date = datetime(2026, 1, 1, tzinfo=timezone.utc)
    stream = io.BytesIO()
    write_mo(stream, there)
    return stream.getvalue()


def main() -> int:
    """Update, then print the texts that need a translation. Return 1 if there are any."""
    update()
    told = list(faults(asked(), translated()))
    for line in told:
        print(line)
    return 1 if told else 0


def _shown(message: Message) -> str:
    # Of singular and plural, the plural: it has the count.
    return str(message.id if isinstance(message.id, str) else message.id[1])


def _texts(message: Message) -> list[str]:
    texts = message.string or ()
    return [text for text in ([texts] if isinstance(texts, str) else texts) if text]


def _fields(text: str) -> list[str]:
    return sorted(_FIELD.findall(text))
