"""What the configuration file set, in words: whoever reads a verdict sees what made it milder."""

from __future__ import annotations

from dfpolicy.i18n.language import _, listed
from dfpolicy.model import ConfiguredSetting, Location, Report

_IDS = 5


def configured(report: Report) -> list[str]:
    """Return each setting that affects the verdict, waivers too, with its value and `file:line`."""
    return [
        _("{text} ({place})").format(text=f"{one['key']} {value(one)}", place=one["place"])
        for one in report.get("settings", ())
    ]


def configuration(report: Report) -> list[str]:
    """Return the same, or the path alone of a file that sets nothing of that kind."""
    return configured(report) or ([report["configuration"]] if "configuration" in report else [])


def value(setting: ConfiguredSetting) -> str:
    """Return the value of a setting; of many waivers the first few."""
    held = setting["value"]
    if isinstance(held, bool):
        return "true" if held else "false"
    if isinstance(held, str):
        return held
    more = len(held) - _IDS
    shown = listed(held[:_IDS])
    return _("{names} +{count} more").format(names=shown, count=more) if more > 0 else shown


def configuration_place(report: Report) -> Location | None:
    """Return where the first of the settings is; None if there are none."""
    for one in report.get("settings", ()):
        file, _colon, line = one["place"].rpartition(":")
        # A stored report may have any text there.
        number = int(line) if line.isdecimal() and len(line) < 10 else 1
        return {"file": file or one["place"], "document": 1, "line": max(number, 1)}
    return None
