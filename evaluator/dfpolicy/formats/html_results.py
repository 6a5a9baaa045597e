"""The results of the HTML report: a block for what answers one requirement alike.

Ten thousand results are few blocks: results that differ in their subject alone share a row,
and the subjects of a row are the lines of one text.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dfpolicy.formats.content import page, terms
from dfpolicy.formats.html_markup import Words, command, mark, number, plain, prose, text
from dfpolicy.report.subjects import described, is_whole
from dfpolicy.report.verdict import LEVELS

Result = dict[str, Any]

STATES = ("violation", "unknown", "waived", "pass")
_LINES_SHOWN = 5
_ACCOUNT = ("outcome", "expected", "impact", "remediation", "collect", "waiver", "url")


@dataclass
class Block:
    """Results that give one requirement the same outcome at the same level."""

    id: str
    title: str
    group: str
    state: str
    level: str
    results: list[Result] = field(default_factory=list)

    @property
    def takes(self) -> bool:
        """Whether it holds a violation, be it waived: what it takes is lost all the same."""
        return any(result["outcome"] == "violation" for result in self.results)

    @property
    def anchor(self) -> str:
        """The id of its element."""
        return "-".join(f"{self.id}-{self.state}-{self.level}".split())


def blocks_of(results: Iterable[Result]) -> list[Block]:
    """Return the blocks, in the order of the results; within a requirement the worst first."""
    found: dict[tuple[str, ...], Block] = {}
    places: dict[tuple[str, str], int] = {}
    groups: dict[str, int] = {}
    for result in results:
        identifier, group, level = result["id"], result["group"], result["level"]
        state = "waived" if result.get("waiver") else result["outcome"]
        groups.setdefault(group, len(groups))
        places.setdefault((group, identifier), len(places))
        block = found.setdefault(
            (group, identifier, state, level),
            Block(identifier, result["title"], group, state, level),
        )
        block.results.append(result)
    return sorted(
        found.values(),
        key=lambda block: (
            groups[block.group],
            places[block.group, block.id],
            STATES.index(block.state),
            LEVELS.index(block.level),
        ),
    )


def link(block: Block) -> str:
    """Return a link to the block, by its id."""
    return (
        f'<a href="#{text(block.anchor)}" title="{text(block.title)}"><code>{text(block.id)}'
        "</code></a>"
    )


def group_section(group: Mapping[str, Any], blocks: list[Block], words: Words) -> str:
    """Return the section of a group {group, title, description}."""
    name = text(group["group"])
    counted = Counter[tuple[str, str]]()
    for block in blocks:
        level = block.level if block.state == "violation" else ""
        counted[block.state, level] += len(block.results)
    tally = "".join(
        f'<span class="tag {state} {level}">{mark(state, level)} {number(count)} '
        f"{text(words[level or state])}</span>"
        for (state, level), count in sorted(counted.items(), key=lambda item: _order(*item[0]))
    )
    about = f'<p class="about">{prose(group["description"])}</p>' if group["description"] else ""
    return (
        f'<section class="group" data-group="{name}" aria-labelledby="group-{name}">'
        f'<h3 id="group-{name}">{text(group["title"])}</h3><p class="tally">{tally}</p>{about}'
        + "".join(_block(block, words) for block in blocks)
        + "</section>\n"
    )


def _order(state: str, level: str) -> tuple[int, int]:
    return STATES.index(state), LEVELS.index(level) if level else 0


def _block(block: Block, words: Words) -> str:
    count = number(len(block.results)) if len(block.results) > 1 else ""
    shown = " open" if (block.state, block.level) == ("violation", "required") else ""
    return (
        f'<details class="result {block.state} {block.level}" id="{text(block.anchor)}"'
        f' data-id="{text(block.id)}" data-state="{block.state}" data-level="{block.level}"{shown}>'
        f"<summary>{mark(block.state, block.level)}<code>{text(block.id)}</code>"
        f'<span class="title">{prose(block.title)}</span>'
        f'<span class="count" title="{text(words["subjects"])}">{count}</span>'
        f'<span class="tag {block.state} {block.level}">{text(words[block.state])}</span>'
        f'<span class="tag level">{text(words[block.level])}</span></summary>'
        + "".join(_cases(block, words))
        + "</details>\n"
    )


def _cases(block: Block, words: Words) -> Iterator[str]:
    """Rows that agree in all but what was found share one account of the rest."""
    cases: dict[str, dict[str, list[Result]]] = {}
    accounts: dict[str, Result] = {}
    for result in block.results:
        known = [result.get(name) for name in _ACCOUNT]
        key = json.dumps(known, sort_keys=True)
        accounts.setdefault(key, result)
        cases.setdefault(key, {}).setdefault(result["observed"], []).append(result)
    for key, rows in cases.items():
        yield '<div class="case">'
        for observed, results in rows.items():
            yield _row(observed, results, words)
        yield _account(accounts[key], words)
        yield "</div>"


def _row(observed: str, results: list[Result], words: Words) -> str:
    lines = "\n".join(text(_line(result, words)) for result in results)
    names = f'<pre class="names">{lines}</pre>'
    if len(results) > _LINES_SHOWN:
        names = (
            f'<details class="many"><summary><span class="amount">{number(len(results))}</span> '
            f"{text(words['subjects'])}</summary>{names}</details>"
        )
    return (
        f'<div class="row"><span class="label">{text(words["found"])}</span><div>'
        f"<p>{prose(observed)}</p>{names}</div></div>"
    )


def _line(result: Result, words: Words) -> str:
    """Return the subject, two blanks, and where it stands."""
    named = subject(result["subject"])
    whole = is_whole(result["subject"])
    return named if whole else f"{named}  {_place(result.get('location'), words)}"


def subject(named: dict[str, Any]) -> str:
    """Return the subject as text on one line."""
    return plain(described(named))


def _place(location: Mapping[str, Any] | None, words: Words) -> str:
    if location is None:
        return f"({words['not_in_input']})"
    position = f"{location['file']}:{location['line']}"
    template = location.get("template")
    return plain(f"{template} ({position})" if template else position)


def _account(result: Result, words: Words) -> str:
    outcome = result["outcome"]
    lost = "may_be_lost" if outcome == "unknown" else "lost"
    parts = [
        (words[name], content)
        for name, content in (
            ("expected", prose(result["expected"])),
            (lost, text(", ".join(result["impact"])) if outcome != "pass" else ""),
            ("collect", command(result["collect"]) if outcome == "unknown" else ""),
            ("fix", prose(result["remediation"]) if outcome == "violation" else ""),
            ("waived", text(terms(result["waiver"])) if result.get("waiver") else ""),
            ("more", _more(page(result))),
        )
        if content
    ]
    if not parts:
        return ""
    entries = (f"<dt>{text(name)}</dt><dd>{content}</dd>" for name, content in parts)
    return f"<dl>{''.join(entries)}</dl>"


def _more(url: str) -> str:
    if not url:
        return ""
    return f'<a href="{text(url)}" rel="noopener noreferrer">{text(url)}</a>'
