"""The report as Markdown: a job summary or a comment, for GitHub and GitLab.

It shows the verdict, a table of problems, what to change, and what was not checked. Its length is
limited, because a job summary may have 1 MiB: further problems are only counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dfpolicy.formats import node_matrix, proposed
from dfpolicy.formats.base import Style
from dfpolicy.formats.configured import configured
from dfpolicy.formats.content import acceptance, idle_waivers, page, shown, terms
from dfpolicy.formats.headline import both, exits, headline, meaning, totals
from dfpolicy.formats.losses import lost_features
from dfpolicy.formats.markup import code, fenced, folded, plain, prose, table
from dfpolicy.formats.wording import names, not_checked, spot, system, titled
from dfpolicy.i18n.columns import gap
from dfpolicy.i18n.language import _, _n, clauses, labelled, listed, marked
from dfpolicy.model import (
    INFORMANTS,
    Informant,
    Problem,
    Proposal,
    Report,
    UnjudgedObject,
    Verdict,
    Workload,
)
from dfpolicy.report.problems import on_some_nodes
from dfpolicy.report.subjects import described, full_name
from dfpolicy.report.verdict import requirements_of

_MARKS = {"blocks": "✗", "loses": "!"}
_STATES = {
    "do-not-deploy": "✗",
    "blocked-on-some-nodes": "✗",
    "cannot-tell": "?",
    "deployable": "✓",
    "deployable-with-losses": "!",
}
_INFORMANTS: dict[Informant, str] = {
    "nodes": marked("nodes"),
    "cluster": marked("cluster"),
    "server": marked("server"),
}
_PROBLEMS = 20
_CHANGES = 30
_FACTS = 12
_PROPOSED = 60
# Longer values and patches are only in files.
_FILE = 20_000
_IDS = 4
_UNJUDGED = 20


def render(report: Report, style: Style) -> str:
    """Return the report as GitHub Flavored Markdown."""
    text = "\n".join(_lines(shown(report), _Files.of(report["verdict"]))) + "\n"
    return text if style.unicode else text.encode("ascii", "xmlcharrefreplace").decode()


@dataclass(frozen=True, slots=True)
class _Files:
    """The values and the patch of a proposal, made before its strings are put on one line."""

    values: str = ""
    patch: str = ""

    @classmethod
    def of(cls, verdict: Verdict) -> _Files:
        if "proposal" not in verdict:
            return cls()
        proposal = verdict["proposal"]
        return cls(proposed.values_text(proposal), proposed.patch_text(proposal))


def _lines(report: Report, files: _Files) -> Iterator[str]:
    verdict = report["verdict"]
    yield f"## {_STATES[verdict['state']]} {plain(_sentence_case(headline(verdict)))}"
    yield ""
    yield both(plain(_sentence_case(meaning(verdict))), _subject(report))
    yield ""
    settings = configured(report)
    if settings:
        yield plain(labelled(_("Configuration"), listed(settings)))
        yield ""
    found = requirements_of(report)
    links = {name: page(entry.first) for name, entry in found.items()}
    yield from _problems(verdict, links)
    yield from _accepted(verdict, links)
    yield from _matrix(verdict)
    yield from _changes(verdict, files)
    yield from _not_checked(verdict, links)
    yield from _unjudged(report.get("unjudged", []))
    yield from _idle_waivers(report)
    counts = both(totals(verdict), exits(verdict))
    made = f"dfpolicy {report['dfpolicy']['version']}, {report['dfpolicy']['bundle']}"
    yield f"<sub>{plain(both(counts, made))}</sub>"


def _sentence_case(text: str) -> str:
    lower = text.lower() if text.isupper() else text
    return lower[:1].upper() + lower[1:]


def _subject(report: Report) -> str:
    parts = []
    for workloads in (report["agents"], report.get("servers", [])):
        if workloads:
            parts.append(_named(workloads))
    mode = report["mode"]["name"]
    parts.append(_("mode {name}").format(name=code(mode)))
    if report["profile"] != "default":
        parts.append(_("profile {name}").format(name=code(report["profile"])))
    nodes = report["verdict"]["nodes"]["read"]
    if nodes:
        parts.append(_n("{count} node", "{count} nodes", nodes))
    return clauses(parts) + _(".")


def _named(workloads: Sequence[Workload]) -> str:
    first, more = workloads[0], len(workloads) - 1
    version = f" v{first['version']}" if first["version"] else ""
    named = code(full_name(first["subject"])) + plain(version)
    return _("{names} +{count} more").format(names=named, count=more) if more else named


def _problems(verdict: Verdict, links: Mapping[str, str]) -> Iterator[str]:
    problems = verdict["problems"]
    if not problems:
        return
    header = ["", _("Problem"), _("You lose"), _("Where"), _("Requirements")]
    yield from table(header, (_row(problem, verdict, links) for problem in problems[:_PROBLEMS]))
    if len(problems) > _PROBLEMS:
        yield ""
        yield _n("and {count} more problem", "and {count} more problems", len(problems) - _PROBLEMS)
    yield ""


def _row(problem: Problem, verdict: Verdict, links: Mapping[str, str]) -> list[str]:
    return [
        f"{_MARKS[problem['effect']]} **{problem['number']}**",
        prose(titled(problem)),
        plain(lost_features(problem)),
        _where(problem, verdict),
        _few(problem["ids"], links),
    ]


def _few(ids: Sequence[str], links: Mapping[str, str]) -> str:
    """Return the first requirements, and the number of the others."""
    shown_ = listed(_linked(name, links) for name in ids[:_IDS])
    more = len(ids) - _IDS
    return _("{names} +{count} more").format(names=shown_, count=more) if more > 0 else shown_


def _where(problem: Problem, verdict: Verdict) -> str:
    parts = []
    if on_some_nodes(problem):
        for position in problem["nodes"]["kinds"][:2]:
            kind = verdict["nodes"]["kinds"][position]
            known = system(kind)
            shown = code(names(kind["names"]))
            parts.append(f"{plain(known)}: {shown}" if known else shown)
        more = len(problem["nodes"]["kinds"]) - 2
        if more > 0:
            parts.append(
                _n("and {count} more kind of nodes", "and {count} more kinds of nodes", more)
            )
    else:
        places = dict.fromkeys(spot(one.get("location")) for one in problem["findings"])
        parts += [code(place) for place in [*places][:2] if place]
    return "<br>".join(parts)


def _matrix(verdict: Verdict) -> Iterator[str]:
    found = node_matrix.matrix(verdict)
    if found is None:
        return
    header = ["", _("nodes"), *map(_, node_matrix.COLUMNS)]
    rows = [*([found.now] if found.now else []), *found.then]
    empty = ("",) * len(node_matrix.COLUMNS)
    cells = ([plain(row.label), str(row.nodes), *(row.cells or empty)] for row in rows)
    yield from folded(_("What each node gets"), table(header, cells))
    yield ""


def _changes(verdict: Verdict, files: _Files) -> Iterator[str]:
    if not verdict["changes"] and "proposal" not in verdict:
        return
    yield "### " + _("Change")
    yield ""
    if "proposal" in verdict:
        yield from _proposal(verdict["proposal"], files)
    for change in verdict["changes"][:_CHANGES]:
        numbers = listed(map(str, change["problems"][:10]))
        yield f"- **{numbers}** {prose(change['text'], 1000)}"
    more = len(verdict["changes"]) - _CHANGES
    if more > 0:
        yield "- " + _n("and {count} more change", "and {count} more changes", more)
    for command in verdict["next"].get("change", []):
        if verdict["changes"]:
            yield ""
        told = plain(_("To check them and write files:"))
        yield f"{told}{gap(told)}{code(command)}"
    accept = verdict["next"].get("accept", [])
    if accept:
        yield ""
        yield _("Or accept what blocks on these nodes only:")
        yield ""
        yield from (f"- {code(command)}" for command in accept[:3])
    yield ""


def _proposal(proposal: Proposal, files: _Files) -> Iterator[str]:
    values = proposed.values(proposal)
    if values and len(files.values) <= _FILE:
        yield plain(values.title)
        yield ""
        yield from fenced(files.values)
        yield ""
    lines: list[str] = []
    for block in proposed.operations(proposal):
        lines.append(f"- {plain(block.title)}")
        lines += [
            f"  - **{proposed.numbers(line.problems)}** {code(line.text)}" for line in block.lines
        ]
    for place, commands in proposed.commands(proposal):
        lines.append(f"- {plain(place)}")
        for one in commands:
            told = plain(proposed.described_command(one))
            lines.append(f"  - **{proposed.numbers(one['problems'])}** {told}")
            lines += [f"    - {code(text, 1000)}" for text in proposed.lines_of(one["command"])]
    if proposal["questions"]:
        lines.append("- " + plain(_("to answer")))
    for question in proposal["questions"]:
        told = plain(proposed.asked(question))
        told += gap(told) + code(proposed.answer(question["question"]))
        lines.append(f"  - **{proposed.numbers(question['problems'])}** {told}")
    yield from lines[:_PROPOSED]
    if len(lines) > _PROPOSED:
        yield "- " + _n(
            "and {count} more change", "and {count} more changes", len(lines) - _PROPOSED
        )
    if lines:
        yield ""
    if files.patch and len(files.patch) <= _FILE:
        yield from folded(plain(_("The patch as YAML")), fenced(files.patch))
        yield ""


def _linked(name: str, links: Mapping[str, str]) -> str:
    link = links.get(name)
    return f"[{plain(name)}](<{link}>)" if link else plain(name)


def _not_checked(verdict: Verdict, links: Mapping[str, str]) -> Iterator[str]:
    asked = verdict["notChecked"]
    if not asked["requirements"]:
        return
    told = not_checked(verdict)
    commands = verdict["next"].get("check", [])
    if len(commands) == 1:
        command = _("To check them: {command}").format(command=code(commands[0]))
        told = both(plain(told) + _("."), command)
    header = ["", _("Requirements"), _("Missing")]
    rows = []
    for name in INFORMANTS:
        questions = asked[name]
        if questions["ids"]:
            ids = listed(_linked(identifier, links) for identifier in questions["ids"])
            facts = listed(questions["facts"][:_FACTS])
            more = len(questions["facts"]) - _FACTS
            if more > 0:
                facts = _("{items} and {count} more").format(items=facts, count=more)
            rows.append([_(_INFORMANTS[name]), ids, prose(facts, 1000)])
    lines = table(header, rows)
    if len(commands) > 1:
        lines += ["", *(f"- {code(command)}" for command in commands)]
    if of_server := verdict["next"].get("server", []):
        lines += ["", _("To answer the rest:"), ""]
        lines += [f"- {code(command)}" for command in of_server]
    yield from folded(told, lines)
    yield ""


def _unjudged(entries: Sequence[UnjudgedObject]) -> Iterator[str]:
    if not entries:
        return
    yield "### " + _("Not judged")
    yield ""
    for entry in entries[:_UNJUDGED]:
        named = f"- {code(described(entry['subject']))}"
        command = entry["command"]
        told = _("To judge what it installs:")
        yield both(named + _("."), f"{told}{gap(told)}{code(command)}") if command else named
    more = len(entries) - _UNJUDGED
    if more > 0:
        yield "- " + _("and {count} more").format(count=more)
    yield ""


def _accepted(verdict: Verdict, links: Mapping[str, str]) -> Iterator[str]:
    problems = verdict.get("accepted", [])
    if not problems:
        return
    yield "### " + _("Accepted")
    yield ""
    header = [_("Problem"), _("You lose"), _("Requirements"), _("Accepted")]
    rows = (
        [
            prose(titled(one)),
            plain(lost_features(one)),
            _few(one["ids"], links),
            prose(acceptance(one), 1000),
        ]
        for one in problems[:_PROBLEMS]
    )
    yield from table(header, rows)
    if len(problems) > _PROBLEMS:
        yield ""
        yield _n("and {count} more problem", "and {count} more problems", len(problems) - _PROBLEMS)
    yield ""


def _idle_waivers(report: Report) -> Iterator[str]:
    idle = idle_waivers(report)
    if not idle:
        return
    yield "### " + _("Waivers to review")
    yield ""
    header = [_("requirement"), _("subject"), _("where"), _("waiver"), ""]
    yield from table(
        header,
        (
            [
                f"**{waiver['id']}**",
                code(waiver["subject"]),
                code(f"{waiver['file']}:{waiver['line']}"),
                plain(terms(waiver)),
                meaning_,
            ]
            for waiver, _state, meaning_ in idle[:_PROBLEMS]
        ),
    )
    yield ""
