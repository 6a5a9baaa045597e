"""The report as one HTML file for a review meeting, complete without network and scripts.

All content is in the markup; the script only filters, scrolls and expands. The report's texts come
from manifests that are not trusted: they are cleaned here, and the templates escape every value.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from dfpolicy.formats.base import Style
from dfpolicy.formats.configured import configuration
from dfpolicy.formats.content import idle_waivers
from dfpolicy.formats.features import COLUMNS
from dfpolicy.formats.html import nodes, results, summary, words
from dfpolicy.formats.html.environment import asset, environment, frame
from dfpolicy.formats.html.results import STATES, Block
from dfpolicy.formats.losses import accepted_losses
from dfpolicy.formats.node_matrix import COLUMNS as KIND_COLUMNS
from dfpolicy.formats.node_matrix import as_it_is, once_fixed
from dfpolicy.i18n.escaping import cleaned
from dfpolicy.i18n.language import _, marked
from dfpolicy.model import LEVELS, JsonObject, Report, State
from dfpolicy.policy.catalogue import load_catalogue
from dfpolicy.policy.requirement_words import translated_catalogue

# The punctuation of the templates.
MARKS = (marked(" ({source}: {reason})"), marked(" ({version})"), marked(" ({mode})"))
_VIOLATIONS = {"required": "\N{BALLOT X}", "recommended": "!", "informational": "i"}
_STATE_SIGNS: dict[State, str] = {
    "deployable": "✓",
    "deployable-with-losses": "!",
    "blocked-on-some-nodes": "\N{BALLOT X}",
    "do-not-deploy": "\N{BALLOT X}",
    "cannot-tell": "?",
}
_SIGNS = {"unknown": "?", "waived": "~", "pass": "✓"}


def render(report: Report, style: Style) -> str:
    """Return the report as one HTML document.

    With `verbose`, everything is shown at first; with `quiet`, only violations.
    """
    template = environment().get_template("page.html")
    shown = template.render(_content(cleaned(report), style) | {"steps": _steps(report)})
    return shown if style.unicode else shown.encode("ascii", "xmlcharrefreplace").decode()


def _steps(report: Report) -> summary.Steps:
    """What to change, with files whose strings may have several lines."""
    made = summary.steps(report["verdict"])
    if not made.files:
        return summary.steps(cleaned(report["verdict"]))
    return replace(summary.steps(cleaned(report["verdict"])), files=made.files)


def _content(report: Report, style: Style) -> dict[str, object]:
    """Return the values for the templates."""
    known = words.words()
    blocks = results.blocks_of(report["results"])
    return {
        "report": report,
        "configured": configuration(report),
        "words": known,
        "sign": _sign,
        "tally": results.tally,
        **frame(asset("report.js"), asset("report.css")),
        "script_words": {key: known[key] for key in words.SCRIPT},
        "states": STATES,
        "levels": LEVELS,
        "shown": _shown(style),
        "groups": _groups(blocks),
        "head": summary.head(report["verdict"]),
        "state_sign": _STATE_SIGNS[report["verdict"]["state"]],
        "cards": summary.cards(report["verdict"], blocks),
        "effects": {one["number"]: one["effect"] for one in report["verdict"]["problems"]},
        "idle": idle_waivers(report),
        "accepted": summary.accepted(report["verdict"], blocks),
        "accepted_told": accepted_losses(report["verdict"]),
        "to_do": summary.to_do(report),
        "informants": summary.informants(report["verdict"]),
        "kinds": summary.kinds(report["verdict"]),
        "now": as_it_is(report["verdict"]),
        "once_fixed": once_fixed(report["verdict"]),
        "commands": summary.commands(report["verdict"]),
        "kind_columns": [_(name) for name in KIND_COLUMNS],
        "columns": COLUMNS,
        "systems": nodes.Systems(report["features"]),
    }


def _shown(style: Style) -> tuple[str, ...]:
    if style.quiet:
        return ("violation",)
    return STATES if style.verbose else ("violation", "unknown", "waived")


def _groups(blocks: list[Block]) -> list[tuple[JsonObject, list[Block]]]:
    """Return the blocks by groups {group, title, description}."""
    groups = translated_catalogue(load_catalogue()).groups
    known = {group["group"]: group for group in groups}
    return [
        (known.get(name, {"group": name, "title": name, "description": ""}), list(members))
        for name, members in groupby(blocks, key=lambda block: block.group)
    ]


def _sign(state: str, level: str) -> str:
    """Return the sign of an outcome; the word is next to it."""
    return _SIGNS.get(state) or _VIOLATIONS[level]
