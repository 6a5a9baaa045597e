"""What comes before the results of the HTML report: what is lost, and what is not known."""

from __future__ import annotations

from collections.abc import Iterable

from dfpolicy.formats.html_markup import Words, command, number, prose, scrolled, section, text
from dfpolicy.formats.html_results import Block, link, subject
from dfpolicy.report.verdict import LEVELS

# What takes a feature for certain stands before what may take it.
_RANKS = ("violation", "waived", "unknown", "pass")


def lost_section(blocks: list[Block], words: Words) -> str:
    """Return the section with the features that are lost, and what takes them."""
    features = _features(blocks)
    affected = {
        feature: listed
        for feature, listed in features.items()
        if any(block.state != "pass" for block in listed)
    }
    rows = "".join(
        f'<tr><th scope="row">{text(feature)}</th><td>{_takers(listed, words)}</td>'
        f"<td>{_links(block for block in listed if block.state != 'pass' and not block.takes)}"
        "</td></tr>"
        for feature, listed in sorted(affected.items(), key=lambda item: _gravity(*item))
    )
    unaffected = ", ".join(text(feature) for feature in features if feature not in affected)
    violated = any(block.takes for block in blocks)
    table = (
        f"<table><caption>{text(words['lost_caption'])}</caption><thead><tr>"
        f'<th scope="col">{text(words["feature"])}</th><th scope="col">{text(words["taken_by"])}'
        f'</th><th scope="col">{text(words["may_be_taken_by"])}</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )
    return section(
        "lost",
        words["lost_heading"],
        ("" if violated else f"<p>{text(words['lost_nothing'])}</p>")
        + (scrolled(table, words["lost_caption"]) if rows else "")
        + (f"<p><b>{text(words['unaffected'])}:</b> {unaffected}</p>" if unaffected else ""),
    )


def _features(blocks: list[Block]) -> dict[str, list[Block]]:
    features: dict[str, list[Block]] = {}
    for block in blocks:
        for feature in dict.fromkeys(name for result in block.results for name in result["impact"]):
            features.setdefault(feature, []).append(block)
    return features


def _gravity(feature: str, blocks: list[Block]) -> tuple[int, int, int, str]:
    """The worst first: by the worst of what takes the feature, then by how many do."""
    gravities = [(_RANKS.index(block.state), LEVELS.index(block.level)) for block in blocks]
    worst = min(gravities)
    return *worst, -gravities.count(worst), feature


def _takers(blocks: list[Block], words: Words) -> str:
    taking = [block for block in blocks if block.takes]
    items = "".join(
        f"<li>{link(block)} {prose(block.title)} "
        f'<span class="tag {block.state} {block.level}">'
        f"{text(words[block.level if block.state == 'violation' else 'waived'])}</span></li>"
        for block in sorted(taking, key=lambda block: LEVELS.index(block.level))
    )
    return f"<ul>{items}</ul>" if items else ""


def _links(blocks: Iterable[Block]) -> str:
    return " ".join(map(link, blocks))


def unknowns_section(blocks: list[Block], words: Words) -> str:
    """Return the section with the commands that answer what is unknown, "" if nothing is."""
    asked: dict[tuple[str, str], dict[str, Block]] = {}
    for block in blocks:
        if block.state != "unknown":
            continue
        subjects: dict[str, list[str]] = {}
        for result in block.results:
            subjects.setdefault(result["collect"], []).append(subject(result["subject"]))
        for line, named in subjects.items():
            where = named[0] if len(named) == 1 else f"{number(len(named))} {words['subjects']}"
            asked.setdefault((line, where), {})[block.anchor] = block
    if not asked:
        return ""
    rows = "".join(
        f"<tr><td>{command(line)}</td><td>{text(where)}</td>"
        f"<td>{_links(answered.values())}</td></tr>"
        for (line, where), answered in asked.items()
    )
    table = (
        f"<table><caption>{text(words['collect_caption'])}</caption><thead><tr>"
        f'<th scope="col">{text(words["command"])}</th><th scope="col">{text(words["run_on"])}</th>'
        f'<th scope="col">{text(words["answers"])}</th></tr></thead><tbody>{rows}</tbody></table>'
    )
    return section(
        "unknowns",
        words["collect_heading"],
        scrolled(table, words["collect_caption"])
        + f'<p class="about">{text(words["collect_hint"])}</p>',
    )
