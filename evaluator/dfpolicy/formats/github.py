"""The report as workflow commands of GitHub Actions, which become annotations.

There is one command for each problem, at most ten in all: GitHub shows ten of each kind per step.
There is an error if, and only if, the exit code is 1. One command lists what was not checked.
"""

from __future__ import annotations

from collections.abc import Iterator

from dfpolicy.formats.base import Style
from dfpolicy.formats.configured import configuration_place, configured
from dfpolicy.formats.content import STDIN, idle_waivers, shown, spot, waiver_name
from dfpolicy.formats.headline import sentence, totals
from dfpolicy.formats.losses import lost
from dfpolicy.formats.wording import names, not_checked, titled
from dfpolicy.i18n.escaping import github_data, github_property
from dfpolicy.i18n.language import _, _n, listed
from dfpolicy.model import Location, Problem, Report, Verdict
from dfpolicy.report.problems import on_some_nodes

_COMMANDS = {"blocks": "error", "loses": "warning"}
_SHOWN = 10


def render(report: Report, style: Style) -> str:
    """Return one command per line, the verdict, and the totals."""
    clean = shown(report)
    text = "\n".join([*_lines(clean), f"dfpolicy: {sentence(clean['verdict'])}"]) + "\n"
    text += f"dfpolicy: {totals(clean['verdict'])}\n"
    return text if style.unicode else text.encode("ascii", "replace").decode()


def _lines(report: Report) -> list[str]:
    verdict = report["verdict"]
    last = [*_configuration(report), *_idle_waivers(report), *_not_checked(verdict)]
    room = _SHOWN - len(last)
    problems = verdict["problems"]
    if len(problems) > room:
        left = problems[room - 1 :]
        problems = problems[: room - 1]
        last.insert(0, _left_out(left))
    return [*(_problem(problem, verdict) for problem in problems), *last]


def _problem(problem: Problem, verdict: Verdict) -> str:
    properties = {"title": f"{problem['number']} {titled(problem)}"}
    location = _place(problem)
    if location is not None:
        file, line = spot(location)
        properties = {"file": file, "line": str(line)} | properties
    first, *others = problem["findings"]
    texts = [_("Must be: {expected}").format(expected=first["expected"])]
    texts += [finding["observed"] for finding in others[:2]]
    if on_some_nodes(problem):
        kinds = [verdict["nodes"]["kinds"][position] for position in problem["nodes"]["kinds"]]
        texts.append(names([name for kind in kinds for name in kind["names"]]))
    texts.append(lost(problem, verdict))
    texts += problem["changes"][:2]
    texts.append(listed(problem["ids"]))
    return _written(_COMMANDS[problem["effect"]], properties, [*filter(None, texts)])


def _place(problem: Problem) -> Location | None:
    """Return the place of the problem in a file of the repository."""
    for finding in problem["findings"]:
        location = finding.get("location")
        if location and location["file"] != STDIN and finding["subject"]["kind"] != "Node":
            return location
    return None


def _left_out(problems: list[Problem]) -> str:
    worst = _COMMANDS[problems[0]["effect"]]
    told = _n("{count} more problem", "{count} more problems", len(problems))
    ids = dict.fromkeys(name for problem in problems for name in problem["ids"])
    return _written(worst, {"title": told}, [listed(ids)])


def _not_checked(verdict: Verdict) -> Iterator[str]:
    asked = verdict["notChecked"]
    if not asked["requirements"]:
        return
    told = not_checked(verdict)
    commands = verdict["next"].get("check", [])
    texts = [_("To check them: {command}").format(command=command) for command in commands[:1]]
    texts += commands[1:]
    if of_server := verdict["next"].get("server", []):
        texts += [_("To answer the rest:"), *of_server]
    failing = verdict["strict"] and asked["required"]
    yield _written("error" if failing else "notice", {"title": told}, texts or [told])


def _configuration(report: Report) -> Iterator[str]:
    place = configuration_place(report)
    if place is not None:
        properties = {"file": place["file"], "line": str(place["line"])}
        title = {"title": _("The configuration file affects the verdict")}
        yield _written("notice", properties | title, configured(report))


def _idle_waivers(report: Report) -> Iterator[str]:
    idle = idle_waivers(report)
    if not idle:
        return
    first = idle[0][0]
    told = _n("{count} waiver to look after", "{count} waivers to look after", len(idle))
    properties = {"file": first["file"], "line": str(first["line"]), "title": told}
    texts = [f"{waiver_name(waiver)} {meaning}" for waiver, _state, meaning in idle]
    yield _written("notice", properties, texts[:_SHOWN])


def _written(command: str, properties: dict[str, str], texts: list[str]) -> str:
    shown = ",".join(f"{name}={github_property(value)}" for name, value in properties.items())
    return f"::{command} {shown}::{github_data(chr(10).join(texts))}"
