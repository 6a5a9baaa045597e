"""Escapes for every kind of output, in one place: a text stays a text, whatever it contains.

Names, values and paths come from documents, servers, bundles and stored reports that nobody vouches
for. They must not control a terminal, change the direction of the line that they are on, begin a
formula of a spreadsheet, or become markup, a command or a new entry. `tests/acceptance/
test_escaping.py` runs hostile texts through every writer.

JSON and YAML keep each character, as an escape. For people, what cannot be shown becomes `?`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any, TypeVar, cast

Value = TypeVar("Value")

# Most text is ASCII. What is not is checked as a run, because Chinese has long ones.
_RUN = re.compile(r"[^\n\x20-\x7e]+")
# An entity never opens or closes anything in Markdown, and so needs no knowledge of the context.
# GitHub and GitLab make mentions, formulas and links of `@`, `#`, `$`, `%`, `GH-1`, `://`, `www.`.
_MARKDOWN = re.compile(
    r"[&<>|`*_\[\]\\~#!@$]|%(?=[\w\"])|:(?=//)|(?<=www)\.|(?<=\bGH)-(?=\d)", re.IGNORECASE
)
_MARKDOWN_ITEM = re.compile(r"^\d*([-+=.)])")
# Where a formula could begin; spreadsheets also take full-width signs, and some separate at `;`.
_FORMULA = re.compile(r'(?:^|(?<=;))(?=[\s"]*[=+\-@\uff1d\uff0b\uff0d\uff20])')
# A cell in quotes begins no command of a CI system either.
_SEPARATOR = re.compile(r'[,;"|]|^\s|\s$|^::')
# Where the log of a CI system could have a command: GitHub reads `::name::` at the start of a line,
# also behind blanks, and `##[`; Azure Pipelines reads `##vso[`, and TeamCity `##teamcity[`.
_COLONS = r":(?=:[A-Za-z][^\n]*?::)"
_COMMAND = re.compile(rf"(?<![!-~]){_COLONS}|#(?=#\w*\[)")
_COMMAND_OF_DATA = re.compile(rf"^([ ]*){_COLONS}|#(?=#\w*\[)", re.MULTILINE)
_SARIF = re.compile(r"\{(\d+)\}")


def printable(text: str) -> str:
    """Return the text with `?` for characters that control a terminal or cannot be encoded."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else "?" for char in text)


def log_text(text: str) -> str:
    """Return a printable text in which no CI system finds a command of its log, wherever it breaks.

    A blank separates what would begin one.
    """
    shown = printable(text)
    return _COMMAND.sub(r"\g<0> ", shown) if "::" in shown or "##" in shown else shown


def cleaned(value: Value) -> Value:
    """Return the value with each text on one line, printable, in lists and mappings too.

    Every kind of white space becomes a blank, what cannot be shown `?`.
    """
    return cast(Value, _cleaned(value))


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isprintable() else printable("".join(map(_blank, value)))
    if isinstance(value, dict):
        return {_cleaned(name): _cleaned(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    return value


def _blank(char: str) -> str:
    return " " if char in "\t\n\v\f\r\x85" or unicodedata.category(char)[0] == "Z" else char


def encodable(text: str, encoding: str | None) -> str:
    """Return the text with `?` for what a stream of this encoding cannot show."""
    encoding = encoding or "utf-8"
    return text.encode(encoding, "replace").decode(encoding)


def json_text(value: Any, unicode: bool = True) -> str:
    """Return a value of JSON's types as indented JSON, with its line end.

    It reads back as the same value. Characters that are not printable, and without `unicode` all
    that are not ASCII, are escapes.
    """
    from json import dumps

    return _escaped_json(dumps(value, indent=2, ensure_ascii=not unicode)) + "\n"


def line_of_json(value: Any, unicode: bool = True) -> str:
    """Return a value of JSON's types on one line, with the same escapes, without a line end."""
    from json import dumps

    return _escaped_json(dumps(value, ensure_ascii=not unicode))


def _escaped_json(text: str) -> str:
    text = _COMMAND_OF_DATA.sub(r"\\u0023", text) if "##" in text else text
    return _RUN.sub(_json_escapes, text)


def _json_escapes(run: re.Match[str]) -> str:
    if run[0].isprintable():
        return run[0]
    return "".join(char if char.isprintable() else _json_escape(char) for char in run[0])


def _json_escape(char: str) -> str:
    # JSON has escapes of 16 bits. A surrogate, which only a file name contains, is one already.
    halves = char.encode("utf-16-be", "surrogatepass")
    return "".join(
        f"\\u{int.from_bytes(halves[start : start + 2], 'big'):04x}"
        for start in range(0, len(halves), 2)
    )


def yaml_escapes(text: str) -> str:
    """Return YAML with escapes for what is not printable, and for the commands of CI systems.

    What `needs_quotes` must be in double quotes there.
    """
    if "::" in text or "##" in text:
        text = _COMMAND_OF_DATA.sub(
            lambda found: f"{found[1] or ''}\\x{ord(found[0][-1]):02x}", text
        )
    return _RUN.sub(_yaml_escapes, text)


def needs_quotes(text: str) -> bool:
    """Return whether a text could contain a command of a CI system, or is not printable."""
    return bool(_COMMAND.search(text)) or not text.replace("\n", "").isprintable()


def _yaml_escapes(run: re.Match[str]) -> str:
    if run[0].isprintable():
        return run[0]
    return "".join(char if char.isprintable() else f"\\U{ord(char):08X}" for char in run[0])


def csv_text(rows: Iterable[Iterable[str]]) -> str:
    """Return rows as CSV, in which no spreadsheet finds a formula.

    What could begin one gets an apostrophe in front.
    """
    return "".join(",".join(map(_csv_cell, row)) + "\n" for row in rows)


def _csv_cell(text: str) -> str:
    text = _FORMULA.sub("'", cleaned(text))
    return '"' + text.replace('"', '""') + '"' if _SEPARATOR.search(text) else text


def markdown(text: str) -> str:
    """Return a clean text as prose of Markdown without markup, mentions and links."""
    return _MARKDOWN.sub(_entity, text)


def markdown_item(text: str) -> str:
    """Return the same as the text of a list item, which begins no other list and no rule."""
    return _MARKDOWN_ITEM.sub(_entity_behind, markdown(text))


def _entity(match: re.Match[str]) -> str:
    return f"&#{ord(match[0])};"


def _entity_behind(match: re.Match[str]) -> str:
    return f"{match[0][:-1]}&#{ord(match[1])};"


def xml(text: str) -> str:
    """Return a clean text as character data of XML."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _COMMAND_OF_DATA.sub("&#35;", text) if "##" in text else text


def xml_attribute(text: str) -> str:
    """Return a clean text as a value of an XML attribute, in its quotes."""
    return '"' + xml(text).replace('"', "&quot;") + '"'


def github_data(text: str) -> str:
    """Return a text as the message of a workflow command of GitHub Actions."""
    # The runner looks for the older form of a command, `##[name]`, inside of lines too.
    text = text.replace("##[", "# #[")
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def github_property(text: str) -> str:
    """Return a text as a property of a workflow command of GitHub Actions."""
    return github_data(text).replace(":", "%3A").replace(",", "%2C")


def tap_description(text: str) -> str:
    """Return a clean text as the description of a TAP test point."""
    # `#` starts a directive, and readers older than TAP 14 know no escape for it.
    return text.replace("#", "?").replace("\\", "?")


def sarif_text(text: str) -> str:
    """Return a text without what a SARIF message would take for a placeholder or a link."""
    return _SARIF.sub(r"{{\1}}", text.replace("](", "] ("))
