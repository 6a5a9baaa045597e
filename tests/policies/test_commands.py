"""The commands that a decision proposes: people copy them into a shell."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from functools import cache
from typing import Any

from dfpolicy.model import Decision
from dfpolicy.policy.catalogue import load_catalogue
from support import decisions

# Names in manifests can contain anything before the API server checks them.
NAMED = ("name", "namespace", "serviceAccountName", "runtimeClassName", "key", "domain_name")
KEYS = ("collect", "command", "run", "persist", "undo")
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
# Also what Rego inserts in a template.
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|{[^{}]*(?:}|$)")
PAYLOAD = " '; touch a $(b) `c` | d"


def renamed(value: Any, key: str = "") -> Any:
    """The value with the payload behind each name of an object."""
    if isinstance(value, dict):
        return {name: renamed(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [renamed(item) for item in value]
    return f"{value}{PAYLOAD}" if key in NAMED and isinstance(value, str) else value


def commands(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key in KEYS and isinstance(item, str):
                yield item
            yield from commands(item)
    elif isinstance(value, list):
        for item in value:
            yield from commands(item)


@cache
def decided() -> list[Decision]:
    found = map(decisions.example_input, decisions.example_files())
    return [decisions.decide(renamed(document)) for document in found]


def test_a_name_stays_one_word_of_a_command() -> None:
    told = {command for decision in decided() for command in commands(decision)}
    hostile = {command for command in told if "touch" in command}
    assert hostile
    assert [command for command in hostile if not quoted(command)] == []


def test_a_command_is_for_a_shell_and_contains_no_prose() -> None:
    told = {
        command
        for path in decisions.example_files()
        for command in commands(decisions.example_decision(path))
        if command
    }
    script = "\n".join(sorted(told))
    done = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    # No example has all commands. What has a translation is a text.
    catalogue = next(decisions.ROOT.glob("evaluator/dfpolicy/i18n/locale/zh/*/dfpolicy.po"))
    texts = {*LITERAL.findall(catalogue.read_text("utf-8"))}
    programs = tuple(f"{command.split()[0]} " for command in told)
    for file in (decisions.ROOT / "policies").rglob("*.rego"):
        told.update(
            text
            for text in LITERAL.findall(file.read_text("utf-8"))
            if text.startswith(programs) and not file.stem.endswith("_test") and text not in texts
        )
    assert [one for one in sorted(told) if re.search(r"[,.:](?: |$)", QUOTED.sub("", one))] == []


def test_explain_names_what_only_deepflow_ctl_answers() -> None:
    asking = {
        one["id"]
        for decision in decided()
        for one in decision["results"]
        if one.get("collect", "").startswith("deepflow-ctl ")
    }
    known = {entry["id"] for entry in load_catalogue().requirements if "asks" in entry}
    assert asking
    assert asking <= known


def quoted(command: str) -> bool:
    try:
        words = shlex.split(command)
    except ValueError:
        return False
    return command.count("touch") == sum(word.count(PAYLOAD) for word in words)
