"""The report as one HTML file for a review meeting: complete without network and script.

All that a reader sees is in the markup; the script only filters, moves and opens. Texts of
the report are data from strangers' manifests, so each goes through `text` or `prose`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path
from string import Template
from typing import Any

from dfpolicy.formats import html_words
from dfpolicy.formats.base import Style
from dfpolicy.formats.content import terms
from dfpolicy.formats.html_markup import Words, content_policy, data, mark, number, section, text
from dfpolicy.formats.html_nodes import nodes_section
from dfpolicy.formats.html_overview import lost_section, unknowns_section
from dfpolicy.formats.html_results import STATES, Block, blocks_of, group_section, subject
from dfpolicy.i18n.language import _, spoken
from dfpolicy.model import Report
from dfpolicy.policy.catalogue import load_catalogue
from dfpolicy.report.verdict import LEVELS

_ASSETS = Path(__file__).parent / "assets"


def render(report: Report, style: Style) -> str:
    """Return the report as one HTML document.

    `style` says what is shown at first: all with verbose, violations alone with quiet.
    """
    words = html_words.words()
    script, sheet = _asset("report.js"), _asset("report.css")
    blocks = blocks_of(report["results"])
    groups = _groups(blocks)
    page = Template(_asset("report.html")).substitute(
        {key: text(word) for key, word in words.items()},
        content_policy=content_policy(script, sheet),
        sheet=sheet,
        script=script,
        script_words=data({key: words[key] for key in html_words.SCRIPT}),
        shown_states=" ".join(_shown(style)),
        verdict_word=text(words[report["verdict"]]),
        mode_name=text(report["mode"]["name"]),
        banner=_banner(report, words),
        deployment=_deployment(report, words),
        lost=lost_section(blocks, words),
        unknowns=unknowns_section(blocks, words),
        nodes=nodes_section(report["features"], words),
        group_options="".join(_option(group) for group, _ in groups),
        state_boxes=_boxes("state", STATES, _shown(style), words),
        level_boxes=_boxes("level", LEVELS, LEVELS, words),
        groups="".join(group_section(group, members, words) for group, members in groups),
        rest=_rest(report, words),
        origin=_origin(report, words),
    )
    return page if style.unicode else page.encode("ascii", "xmlcharrefreplace").decode()


def _asset(name: str) -> str:
    return (_ASSETS / name).read_text("utf-8")


def _shown(style: Style) -> tuple[str, ...]:
    if style.quiet:
        return ("violation",)
    return STATES if style.verbose else ("violation", "unknown", "waived")


def _groups(blocks: list[Block]) -> list[tuple[dict[str, Any], list[Block]]]:
    groups = load_catalogue().in_language(spoken()).groups
    known = {group["group"]: group for group in groups}
    return [
        (known.get(name, {"group": name, "title": name, "description": ""}), list(members))
        for name, members in groupby(blocks, key=lambda block: block.group)
    ]


def _option(group: Mapping[str, Any]) -> str:
    return f'<option value="{text(group["group"])}">{text(group["title"])}</option>'


def _boxes(kind: str, names: Iterable[str], shown: Iterable[str], words: Words) -> str:
    return "".join(
        f'<label><input type="checkbox" name="{kind}" value="{name}"'
        f"{' checked' if name in shown else ''}> {text(words[name])}</label>"
        for name in names
    )


def _banner(report: Report, words: Words) -> str:
    verdict, code = report["verdict"], report["exitCode"]
    summary = report["summary"]
    counts = [
        *(
            (f"violation {level}", f"count_{level}", summary["violation"][level])
            for level in LEVELS
        ),
        *((state, f"count_{state}", summary[state]) for state in STATES if state != "violation"),
    ]
    tiles = "".join(
        f'<li class="tile {kind if count else "none"}"><b>{number(count)}</b> '
        f"{text(words.get(f'{name}_{count}', words[name]))}</li>"
        for kind, name, count in counts
    )
    level = "required" if verdict == "violation" else ""
    return (
        f'<section class="banner {verdict}" aria-label="{text(words["verdict"])}">'
        f'<p class="verdict">{mark(verdict, level)} <strong>{text(words[verdict])}</strong> '
        f'<span class="code">{text(words["exit_code"])} {code}</span></p>'
        f"<p>{text(words[f'{verdict}_{code}'])}</p>"
        f'<ul class="tiles" aria-label="{text(words["counts"])}">{tiles}</ul></section>'
    )


def _deployment(report: Report, words: Words) -> str:
    mode = report["mode"]
    why = f" ({text(words[mode['source']])}: {text(mode['reason'])})" if mode["reason"] else ""
    others = ", ".join(map(text, mode["candidates"]))
    fitting = f"; {others} {text(words['candidates'])}" if others else ""
    configuration = (
        f"<dt>{text(words['configuration'])}</dt><dd>{text(report['configuration'])}</dd>"
        if "configuration" in report
        else ""
    )
    agents = "".join(f"<li>{_agent(agent, words)}</li>" for agent in report["agents"])
    return (
        f'<dl class="deployment"><dt>{text(words["mode"])}</dt>'
        f"<dd><b>{text(mode['name'])}</b>{why}{fitting}</dd>"
        f"<dt>{text(words['profile'])}</dt><dd>{text(report['profile'])}</dd>"
        f"{configuration}<dt>{text(words['agents'])}</dt><dd><ul>{agents}</ul></dd></dl>"
    )


def _agent(agent: Mapping[str, Any], words: Words) -> str:
    version = agent["version"] or words["version_unknown"]
    return (
        f"{text(_(agent['role']))} {text(subject(agent['subject']))}, "
        f"<code>{text(agent['image'])}</code> ({text(version)})"
    )


def _rest(report: Report, words: Words) -> str:
    waivers = "".join(
        f"<li>{_idle(waiver, words[f'waiver_{kind}'])}</li>"
        for kind in ("expired", "unused")
        for waiver in report["waivers"][kind]
    )
    ignored = "".join(
        f"<li>{text(place['file'])}:{place['line']}</li>" for place in report["ignored"]
    )
    return "".join(
        section(name, words[f"{name}_heading"], f"<ul>{items}</ul>")
        for name, items in (("waivers", waivers), ("ignored", ignored))
        if items
    )


def _idle(waiver: dict[str, Any], meaning: str) -> str:
    return (
        f"<code>{text(waiver['id'])}</code> {text(waiver['subject'])} {text(meaning)}: "
        f"{text(terms(waiver))} ({text(waiver['file'])}:{waiver['line']})"
    )


def _origin(report: Report, words: Words) -> str:
    made = report["dfpolicy"]
    return (
        f"dfpolicy {text(made['version'])} · {text(words['bundle'])} {text(made['bundle'])} · "
        f"{text(words['engine'])} {text(made['engine'])}"
    )
