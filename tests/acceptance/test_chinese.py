"""A Chinese report has no English sentence, neither from the formats nor from the policies."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dfpolicy import Report, evaluate_files, render
from dfpolicy.errors import NoAgentError
from dfpolicy.pipeline import spoken
from support import decisions

# Nearly every English sentence contains one of these words; names, commands and options do not.
WORDS = "the|is|are|was|has|have|of|and|or|not|with|from|that|this|its|can|cannot|an?|by|it"
SENTENCE = re.compile(rf"(?<![-\w])(?:{WORDS})(?![-\w])", re.IGNORECASE)
# A space after a full-width mark of punctuation, also behind the end of an element of HTML.
GAP = re.compile(
    r"[\u3001\u3002\uff01\uff0c\uff1a\uff1b\uff1f](?:</\w+>|\*\*)*[ \n]+"
    r"(?:<(?:a|b|code|i|span)\b[^>]*>)?[^\s<|].*"
)
# A command to copy, below the nodes on which it runs.
COMMAND = re.compile(r" {9}(curl|sysctl|grubby|if command) ")
CODE = re.compile(r"<(style|script|code|pre)\b.*?</\1>", re.DOTALL)


def _text_of(page: str) -> str:
    return re.sub(r"<[^>]*>", "\n", CODE.sub("", page))


def _english(text: str) -> list[str]:
    lines = (re.sub(r"`[^`]*`", "", line) for line in text.splitlines())
    return [line for line in lines if SENTENCE.search(line) and not COMMAND.match(line)]


def test_an_english_sentence_is_found() -> None:
    assert _english(_text_of("<p>没有 `the`</p><b>kubectl get nodes</b><i>The node has 1 CPU</i>"))


@pytest.mark.parametrize("part", range(4))
def test_broken_examples_have_no_english_sentence(part: int) -> None:
    found: dict[str, list[str]] = {}
    judged = 0
    for path in decisions.violating_files()[part::4]:
        report = _report(path)
        if report is None:
            continue
        judged += 1
        for told in (render(report, "text"), _text_of(render(report, "html"))):
            if lines := _english(told):
                found.setdefault(decisions.name_of(path), []).extend(lines)
    assert judged > 20
    assert found == {}


@pytest.mark.parametrize("name", ["text", "markdown", "html", "github", "gitlab", "junit", "tap"])
def test_no_space_follows_full_width_punctuation(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # With short names of files, commands fit on the line of their sentence.
    monkeypatch.chdir(decisions.EXAMPLES)
    for mode in ("upgrade", "single-k8s"):
        report = spoken(evaluate_files(f"{mode}/broken.yaml", mode=mode, config=""), "zh")
        shown = render(report, name)
        # Elsewhere a line break separates sentences, it does not join them.
        lines = [shown] if name == "html" else shown.splitlines()
        assert [found[0] for line in lines if (found := GAP.search(line))] == []


def _report(path: Path) -> Report | None:
    """The Chinese report on an example; None for a server without an agent, which is an error."""
    try:
        report = evaluate_files(path, mode=decisions.mode_of(path), config="")
    except NoAgentError:
        return None
    return spoken(report, "zh")
