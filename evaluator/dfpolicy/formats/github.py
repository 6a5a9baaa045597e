"""The report as workflow commands of GitHub Actions, which become annotations.

GitHub shows ten of each kind a step: the commands that matter most come first, and results
that say the same at one place share a command. Passes are left out; an unknown of a required
requirement is a warning, and so never hidden.
"""

from __future__ import annotations

from dfpolicy.formats.base import Style
from dfpolicy.formats.content import STDIN, account, cleaned, idle_waivers, spot, terms, totals
from dfpolicy.i18n.language import _, clauses, listed
from dfpolicy.model import Report, Result, WaiverEntry
from dfpolicy.report.merging import SAID, merged
from dfpolicy.report.subjects import described

_COMMANDS = {
    ("violation", "required"): "error",
    ("violation", "recommended"): "warning",
    ("unknown", "required"): "warning",
}
_ORDER = ("error", "warning", "notice")
_NAMES_SHOWN = 5


def render(report: Report, style: Style) -> str:
    """Return one command a line, and the totals."""
    clean = cleaned(report)
    shown = [result for result in clean["results"] if result["outcome"] != "pass"]
    # An annotation has one place.
    entries = merged(shown, (*SAID, "location"))
    entries.sort(key=lambda entry: _ORDER.index(_command(entry[0])))
    lines = [_line(entry) for entry in entries]
    lines += [_idle_waiver(waiver, meaning) for waiver, _state, meaning in idle_waivers(clean)]
    text = "\n".join([*lines, f"dfpolicy: {totals(clean)}"]) + "\n"
    return text if style.unicode else text.encode("ascii", "replace").decode()


def _command(result: Result) -> str:
    if "waiver" in result:
        return "notice"
    return _COMMANDS.get((result["outcome"], result["level"]), "notice")


def _line(entry: list[Result]) -> str:
    result = entry[0]
    word = _("unknown: ") if result["outcome"] == "unknown" else ""
    waived = _("waived: ") if "waiver" in result else ""
    properties = {"title": f"{result['id']} {waived}{word}{result['title']}"}
    location = result.get("location")
    if location is not None and location["file"] != STDIN:
        file, line = spot(location)
        properties = {"file": file, "line": str(line)} | properties
    texts = account(result)
    if len(entry) > 1:
        more = len(entry) - 1 - _NAMES_SHOWN
        others = listed(described(one["subject"]) for one in entry[1 : 1 + _NAMES_SHOWN])
        if more > 0:
            others = _("{items} and {count} more").format(items=others, count=more)
        texts.insert(1, _("also: {names}").format(names=others))
    return _written(_command(result), properties, texts)


def _idle_waiver(waiver: WaiverEntry, meaning: str) -> str:
    properties = {
        "file": waiver["file"],
        "line": str(waiver["line"]),
        "title": _("the waiver of {id} {meaning}").format(id=waiver["id"], meaning=meaning),
    }
    return _written("notice", properties, [clauses([waiver["subject"], terms(waiver)])])


def _written(command: str, properties: dict[str, str], texts: list[str]) -> str:
    shown = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{command} {shown}::{_data(chr(10).join(texts))}"


def _data(text: str) -> str:
    # The runner looks for the older form of a command, `##[name]`, inside of lines too.
    text = text.replace("##[", "# #[")
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
