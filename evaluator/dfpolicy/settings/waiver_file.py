"""Adds a waiver to a configuration file, and does not change the rest of its text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dfpolicy.errors import DfpolicyError, InputError, reason
from dfpolicy.i18n.language import _
from dfpolicy.reading.documents import split
from dfpolicy.reading.limits import CONFIGURATION, within
from dfpolicy.reading.sources import Source, read_file
from dfpolicy.settings.config_file import Config, parse_config
from dfpolicy.system.files import write_file

_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
_SCHEMA = "# Settings and waivers of dfpolicy; `dfpolicy schema config` lists the keys.\n"


def add_waiver(path: str, waiver: dict[str, str]) -> Config:
    """Append the waiver to the file; create the file if it is missing.

    The new text is parsed and checked before it replaces the old one. Returns its content. Raises
    DfpolicyError, with the text to add by hand, if the text cannot be extended or the file cannot
    be written.
    """
    old = _read(path)
    if old is not None:
        _parsed(old, path)
    new = _SCHEMA + _appended("", waiver) if old is None else with_waiver(old, waiver, path)
    config = _parsed(new, path)
    try:
        write_file(new, path)
    except OSError as error:
        raise DfpolicyError(
            _("cannot write the configuration file: {reason}").format(reason=reason(error)), path
        ) from error
    return config


def _read(path: str) -> str | None:
    if not Path(path).exists():
        return None
    try:
        with within(CONFIGURATION):
            return read_file(path).decode()
    except UnicodeDecodeError:
        raise InputError(_("not valid UTF-8"), path, _("save it as UTF-8")) from None


def with_waiver(text: str, waiver: dict[str, str], name: str) -> str:
    """Return the text of a valid configuration with one more waiver.

    Raises InputError if that is not safe.
    """
    held = _value(text, name) or {}
    wanted = {**held, "waivers": [*(held.get("waivers") or ()), waiver]}
    made = _inserted(text, waiver) if "waivers" in held else _appended(text, waiver)
    try:
        if made is not None and _value(made, name) == wanted:
            return made
    except InputError:
        pass
    line = "".join(f"{key}: {_quoted(part)}, " for key, part in waiver.items())
    raise InputError(
        _("cannot edit this file automatically"),
        name,
        _("add this line below `waivers:`: {line}").format(line=f"- {{{line.removesuffix(', ')}}}"),
    )


def _parsed(text: str, name: str) -> Config:
    with within(CONFIGURATION):
        return parse_config(Source(name, text.removeprefix(_BOM)))


def _value(text: str, name: str) -> Any:
    documents = list(split(Source(name, text.removeprefix(_BOM))))
    return documents[0].value if len(documents) == 1 else None


def _appended(text: str, waiver: dict[str, str]) -> str:
    """The text with a list of waivers at its end."""
    end = _line_end(text)
    if text.strip(_BOM + " \t\r\n"):
        text = text + ("" if text.endswith("\n") else end) + end
    return text + f"waivers:{end}" + _item(waiver, "  ", end)


def _inserted(text: str, waiver: dict[str, str]) -> str | None:
    """The text with one more item in its list, or None if the list is not a block."""
    import yaml

    # Without the BOM, columns are those of the text.
    body = text.removeprefix(_BOM)
    try:
        root: Any = yaml.compose(body, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return None
    found = [value for key, value in root.value if key.value == "waivers"]
    listed = found[0] if found else None
    if isinstance(listed, yaml.SequenceNode) and not listed.flow_style:
        indent, after = listed.start_mark.column, _last_line(listed)
    elif isinstance(listed, yaml.ScalarNode) and listed.value == "":
        indent, after = 2, listed.start_mark.line + 1
    else:
        return None
    end = _line_end(text)
    lines = body.splitlines(keepends=True)
    if not 0 < after <= len(lines):
        return None
    if not lines[after - 1].endswith("\n"):
        lines[after - 1] += end
    lines.insert(after, _item(waiver, " " * indent, end))
    return text[: len(text) - len(body)] + "".join(lines)


def _last_line(node: Any) -> int:
    """The number of lines up to the end of a node's content, without comments."""
    while isinstance(node.value, list) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    mark = node.end_mark
    return int(mark.line + (mark.column > 0))


def _item(waiver: dict[str, str], indent: str, end: str) -> str:
    from dfpolicy.reading.yaml_writer import write_yaml

    texts = {key: part for key, part in waiver.items() if key != "expires"}
    lines = [*write_yaml([texts]).splitlines(), f"  expires: {waiver['expires']}"]
    return "".join(f"{indent}{line}".rstrip() + end for line in lines)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"
