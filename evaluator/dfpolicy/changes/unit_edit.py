"""Edits the lines of a systemd unit file so that it has other settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dfpolicy.changes.yaml_edit import common_start
from dfpolicy.changes.yaml_places import BREAKS, DIFFERENT, UneditableError
from dfpolicy.errors import InputError
from dfpolicy.reading.systemd_unit import Sections, read_unit


@dataclass(slots=True)
class _Setting:
    """A setting: its section, its key, and the numbers of its lines, from 0."""

    section: str
    key: str
    lines: list[int] = field(default_factory=list)


def edited_unit(text: str, new: Sections) -> str:
    """Return the text of a unit with these settings; only the lines of changed settings change.

    Comments between the lines of a setting stay. Raises UneditableError.
    """
    if "\r" in text.replace("\r\n", ""):
        raise UneditableError(BREAKS)
    if not all(isinstance(value, str) for value in _values(new)):
        raise UneditableError(DIFFERENT)
    made = _Unit(text).edited(read_unit(text, ""), new)
    try:
        held = read_unit(made, "")
    except InputError:
        raise UneditableError(DIFFERENT) from None
    if _filled(held) != _filled(new):
        raise UneditableError(DIFFERENT)
    return made


def _values(sections: Mapping[str, Any]) -> Iterator[object]:
    """The values of all lists; a value that is not in a list as it is."""
    for keys in sections.values():
        for values in keys.values():
            yield from values if isinstance(values, list) else [None]


def _filled(sections: Sections) -> Sections:
    """The sections without keys that have no values, and without empty sections."""
    found = {
        name: {key: values for key, values in keys.items() if values}
        for name, keys in sections.items()
    }
    return {name: keys for name, keys in found.items() if keys}


class _Unit:
    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.end = "\r" if self.lines[0].endswith("\r") else ""
        self.settings = list(_settings(self.lines))
        # Lines to remove, and the lines to add below a line.
        self.removed: set[int] = set()
        self.added: dict[int, list[str]] = {}

    def edited(self, old: Sections, new: Sections) -> str:
        for section in dict.fromkeys((*old, *new)):
            before, after = old.get(section, {}), new.get(section, {})
            for key in dict.fromkeys((*before, *after)):
                if before.get(key, []) != after.get(key, []):
                    self.change(section, key, before.get(key, []), after.get(key, []))
        lines = []
        for number, line in enumerate(self.lines):
            if number not in self.removed:
                lines.append(line)
            lines += self.added.get(number, ())
        return "\n".join(lines)

    def change(self, section: str, key: str, old: list[str], new: list[str]) -> None:
        # A value of another line would be another setting.
        if any("\n" in value or "\r" in value or value.endswith("\\") for value in new):
            raise UneditableError(DIFFERENT)
        held = [one for one in self.settings if (one.section, one.key) == (section, key)]
        stays, added = _subsequence(old, new), list[str]()
        if stays is None:
            # Other values are written anew below those that stay.
            kept = common_start(old, new)
            stays, added = set(range(kept)), new[kept:]
        for i, setting in enumerate(held):
            if i not in stays:
                self.removed.update(setting.lines)
        if added:
            after = held[-1].lines[-1] if held else self.last_line(section)
            lines = [f"{key}={value}{self.end}" for value in added]
            self.added.setdefault(after, []).extend(lines)

    def last_line(self, section: str) -> int:
        """The last line of a section, which is created at the end of the file if it is missing."""
        found = [setting.lines[-1] for setting in self.settings if setting.section == section]
        if found:
            return found[-1]
        last = len(self.lines) - 1
        while last > 0 and not self.lines[last].strip():
            last -= 1
        self.added.setdefault(last, []).extend([self.end, f"[{section}]{self.end}"])
        return last


def _subsequence(old: list[str], new: list[str]) -> set[int] | None:
    """The positions in `old` of the values of `new`, if that only lacks some."""
    found: set[int] = set()
    position = 0
    for value in new:
        while position < len(old) and old[position] != value:
            position += 1
        if position == len(old):
            return None
        found.add(position)
        position += 1
    return found


def _settings(lines: list[str]) -> Iterator[_Setting]:
    """Each setting of the lines, and each header of a section as a setting without key."""
    section = ""
    current: _Setting | None = None
    joined = False
    for number, raw in enumerate(lines):
        line = raw.removesuffix("\r")
        if line.lstrip().startswith(("#", ";")):
            continue
        if joined and current:
            current.lines.append(number)
        elif line.strip().startswith("["):
            section = line.strip()[1:-1]
            current = _Setting(section, "", [number])
            yield current
        elif line.strip():
            current = _Setting(section, line.partition("=")[0].strip(), [number])
            yield current
        joined = (len(line) - len(line.rstrip("\\"))) % 2 == 1
