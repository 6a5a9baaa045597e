"""The settings of the configuration file as text: a reader sees what changed the verdict."""

from __future__ import annotations

from dfpolicy.i18n.language import _, listed
from dfpolicy.model import ConfiguredSetting, Location, Report

_IDS = 5


def configured(report: Report) -> list[str]:
    """Return each setting that affects the verdict, and each waiver, with value and `file:line`."""
    return [
        _("{text} ({place})").format(text=f"{one['key']} {value(one)}", place=one["place"])
        for one in report.get("settings", ())
    ]


def configuration(report: Report) -> list[str]:
    """Return the same, or only the path if the file sets nothing that affects the verdict."""
    return configured(report) or ([report["configuration"]] if "configuration" in report else [])


def value(setting: ConfiguredSetting) -> str:
    """Return the value of a setting; of many waivers only the first few."""
    held = setting["value"]
    if isinstance(held, bool):
        return "true" if held else "false"
    if isinstance(held, str):
        return held
    more = len(held) - _IDS
    shown = listed(held[:_IDS])
    return _("{names} +{count} more").format(names=shown, count=more) if more > 0 else shown


def configuration_place(report: Report) -> Location | None:
    """Return the place of the first setting, or None if there are none."""
    for one in report.get("settings", ()):
        file, _colon, line = one["place"].rpartition(":")
        # A stored report may contain any text here.
        number = int(line) if line.isdecimal() and len(line) < 10 else 1
        return {"file": file or one["place"], "document": 1, "line": max(number, 1)}
    return None
