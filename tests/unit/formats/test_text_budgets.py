"""The length of the text report: limited, whatever the number of nodes, in both languages."""

from __future__ import annotations

from typing import Any

import pytest

from dfpolicy.formats import comparison_text, features_text
from dfpolicy.formats.base import Style
from dfpolicy.formats.text import render
from dfpolicy.i18n.language import speaking
from dfpolicy.model import MODES, Language, Report
from dfpolicy.pipeline import spoken
from dfpolicy.report.comparison import compare
from support import decisions
from support.broken_fleets import broken, evaluated, sound, unbound
from support.reports import node, report, result

each_language = pytest.mark.parametrize("language", ["en", "zh"])


def length(made: Report, language: Language, **style: Any) -> int:
    with speaking(language):
        return render(spoken(made, language), Style(**style)).count("\n")


@each_language
def test_correct_manifests(language: Language) -> None:
    made = sound()
    assert length(made, language) <= 30
    assert length(made, language, quiet=True) <= 2
    assert length(made, language, verbose=True) <= 160


@each_language
@pytest.mark.parametrize("nodes", [120, 1000, pytest.param(10_000, marks=pytest.mark.slow)])
def test_a_broken_deployment_takes_no_more_lines_for_more_nodes(
    nodes: int, language: Language
) -> None:
    made, few = broken(nodes), broken(120)
    assert length(made, language) <= 65
    assert length(made, language, verbose=True) <= 160
    for style in ({}, {"verbose": True}):
        assert abs(length(made, language, **style) - length(few, language, **style)) <= 2
    blocking = [one for one in made["verdict"]["problems"] if one["effect"] == "blocks"]
    assert length(made, language, quiet=True) <= 2 + len(blocking)
    features = features_text.render(spoken(made, language)["features"], Style())
    assert features.count("\n") <= 30
    for old, new in ((sound(), made), (made, sound())):
        compared = compare(spoken(old, language), spoken(new, language))
        with speaking(language):
            assert comparison_text.render(compared, Style()).count("\n") <= 30


@each_language
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ["manifests", "broken"])
def test_the_examples_of_each_mode(mode: str, name: str, language: Language) -> None:
    made = evaluated(str(decisions.EXAMPLES / mode / f"{name}.yaml"), "--mode", mode)
    assert length(made, language) <= (65 if name == "broken" else 32)


@each_language
def test_one_cause_is_one_problem_however_many_follow_from_it(language: Language) -> None:
    made = unbound()
    blocking = [one for one in made["verdict"]["problems"] if one["effect"] == "blocks"]
    assert [problem["ids"][0] for problem in blocking] == ["DF-RBAC-014"]
    assert length(made, language) <= 40


def test_10000_different_nodes() -> None:
    def lines(count: int, **style: Any) -> int:
        found = (result(observed=f"fact {i}", **node(f"n{i}")) for i in range(count))
        return length(report(*found, result("pass", **node("m"))), "en", **style)

    assert lines(10_000) == lines(1000) <= 65
    assert lines(10_000, verbose=True) <= 160
