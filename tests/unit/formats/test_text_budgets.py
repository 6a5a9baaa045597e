"""The length of the text report: bounded, whatever the number of nodes, in both languages."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, cast

import pytest

from dfpolicy.formats.base import Style
from dfpolicy.formats.text import render
from dfpolicy.i18n.language import speaking
from dfpolicy.model import MODES, Language, Report
from dfpolicy.pipeline import spoken
from support import broken_fleets, command, decisions
from support.reports import node, report, result

each_language = pytest.mark.parametrize("language", ["en", "zh"])


def evaluated(*arguments: str, text: str = "") -> Report:
    done = command.run("eval", *arguments, "--config", "", "-o", "json", "--lang", "en", stdin=text)
    return cast(Report, json.loads(done.stdout))


def length(made: Report, language: Language, **style: Any) -> int:
    with speaking(language):
        return render(spoken(made, language), Style(**style)).count("\n")


@cache
def broken(nodes: int) -> Report:
    return evaluated("-", text=broken_fleets.manifests() + broken_fleets.nodes(nodes))


@each_language
def test_sound_manifests(language: Language) -> None:
    made = evaluated("-", text=broken_fleets.manifests(sound=True))
    assert length(made, language) <= 30
    assert length(made, language, quiet=True) <= 2
    assert length(made, language, verbose=True) <= 160


@each_language
def test_a_broken_deployment(language: Language) -> None:
    few, many = (length(broken(nodes), language) for nodes in (120, 1000))
    assert few <= 65
    assert abs(few - many) <= 2
    few, many = (length(broken(nodes), language, verbose=True) for nodes in (120, 1000))
    assert few <= 180
    assert abs(few - many) <= 2
    blocking = broken(120)["verdict"]["problems"]
    shown = length(broken(120), language, quiet=True)
    assert shown <= 2 + sum(problem["effect"] == "blocks" for problem in blocking)


@each_language
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ["manifests", "broken"])
def test_the_examples_of_each_mode(mode: str, name: str, language: Language) -> None:
    made = evaluated(str(decisions.EXAMPLES / mode / f"{name}.yaml"), "--mode", mode)
    assert length(made, language) <= (65 if name == "broken" else 32)


@each_language
def test_one_cause_is_one_problem_however_many_follow_from_it(language: Language) -> None:
    made = evaluated("-", text=broken_fleets.without_rbac())
    blocking = [one for one in made["verdict"]["problems"] if one["effect"] == "blocks"]
    assert [problem["ids"][0] for problem in blocking] == ["DF-RBAC-014"]
    assert length(made, language) <= 40


def test_10000_nodes_of_which_no_two_are_alike() -> None:
    def lines(count: int, **style: Any) -> int:
        found = (result(observed=f"fact {i}", **node(f"n{i}")) for i in range(count))
        return length(report(*found, result("pass", **node("m"))), "en", **style)

    assert lines(10_000) == lines(1000) <= 65
    assert lines(10_000, verbose=True) <= 180
