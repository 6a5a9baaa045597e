"""Finds and reads `dfpolicy.yaml` (schema `config`)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dfpolicy.errors import InputError
from dfpolicy.i18n.language import _, listed
from dfpolicy.i18n.suggestions import did_you_mean
from dfpolicy.reading.documents import Document, split
from dfpolicy.reading.limits import CONFIGURATION, within
from dfpolicy.reading.sources import Source, read_sources

if TYPE_CHECKING:
    from dfpolicy.reading.positions import Positions
    from dfpolicy.report.waivers import Waiver

NAME = "dfpolicy.yaml"
VARIABLE = "DFPOLICY_CONFIG"


@dataclass(frozen=True)
class Config:
    """The content of a configuration file; `lines` are those of its keys.

    The members of `parameters` are among the values as `parameters.agentVersion`. `found` means
    that nobody named the file: the author of the checkout may control it.
    """

    path: str
    values: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    waivers: tuple[Waiver, ...] = ()
    found: bool = False

    def place(self, key: str) -> str:
        """`file:line` of a key."""
        return f"{self.path}:{self.lines[key]}"


def load_config(given: str | None, environment: Mapping[str, str]) -> Config | None:
    """Read the given file, or that of DFPOLICY_CONFIG, or the nearest one.

    An empty name means no file. Raises InputError for a missing or invalid file.
    """
    path = locate(given, environment)
    found = given is None and VARIABLE not in environment
    return replace(read_config(path), found=found) if path else None


def locate(given: str | None, environment: Mapping[str, str]) -> str | None:
    """Return the named path (empty for no file), or else that of the nearest file."""
    named = environment.get(VARIABLE) if given is None else given
    return find() if named is None else named


def find() -> str | None:
    """Return the nearest `dfpolicy.yaml` in the working directory or above."""
    try:
        here = Path.cwd()
    except OSError:
        return None
    for folder in (here, *here.parents):
        if (folder / NAME).is_file():
            return os.path.relpath(folder / NAME, here)
    return None


def read_config(path: str) -> Config:
    """Read a configuration file. Raises InputError."""
    if path == "-" or not os.path.lexists(path):
        raise InputError(_("no such configuration file"), path, _("check the path"))
    if Path(path).is_dir():
        raise InputError(
            _("the configuration file is a directory"),
            path,
            _("give the {name} in it").format(name=NAME),
        )
    with within(CONFIGURATION):
        (source,) = read_sources([path])
        return parse_config(source)


def parse_config(source: Source) -> Config:
    """Return the settings of the text; an empty text has none. Raises InputError with the line."""
    documents = list(split(source))
    if not documents:
        return Config(source.name)
    if len(documents) > 1:
        second = f"{source.name}:{documents[1].line}"
        raise InputError(
            _("the configuration file must contain one document"), second, _("keep one")
        )
    from dfpolicy.reading.positions import Positions

    document, positions = documents[0], Positions()
    _check(document, positions)
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for key, value in document.value.items():
        members = (value or {}).items() if key == "parameters" else ()
        for name, member in members:
            values[f"{key}.{name}"] = member
            lines[f"{key}.{name}"] = positions.key_line(document, (key, name))
        if key not in ("parameters", "waivers"):
            values[key] = value
            lines[key] = positions.key_line(document, (key,))
    return Config(source.name, values, lines, _waivers(document, positions))


def _check(document: Document, positions: Positions) -> None:
    from dfpolicy.input.schemas import fault

    found = fault(document.value, "config")
    if found is None:
        return
    line = positions.key_line(document, found.path) if found.path else document.line
    message, hint = found.text, _("see `dfpolicy schema config`")
    if found.known:
        above, unknown = found.path[:-1], str(found.path[-1])
        message = _("unknown key {key!r}").format(key=unknown[:60])
        if above:
            place = ".".join(map(str, above))
            message = _("unknown key {key!r} in {place}").format(key=unknown[:60], place=place)
        every = _("known keys: {names}").format(names=listed(found.known))
        hint = did_you_mean(unknown, found.known) or every
    raise InputError(message, f"{document.source}:{line}", hint)


def _waivers(document: Document, positions: Positions) -> tuple[Waiver, ...]:
    entries = document.value.get("waivers") or ()
    if not entries:
        return ()
    from dfpolicy.report.waivers import Waiver, expiry, requirement

    made = []
    for position, entry in enumerate(entries):
        line = positions.line(document, ("waivers", position))
        where = f"{document.source}:{line}"
        expires = positions.key_line(document, ("waivers", position, "expires"))
        made.append(
            Waiver(
                id=requirement(entry["id"], where),
                subject=entry.get("subject", "*"),
                reason=entry["reason"].strip(),
                owner=entry["owner"].strip(),
                expires=expiry(entry["expires"], f"{document.source}:{expires}"),
                file=document.source,
                line=line,
            )
        )
    return tuple(made)
