"""`--log-format json`: each line on standard error is an object."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import pytest

from dfpolicy.cli import cli as commands
from dfpolicy.system.streams import log_form
from support.command import Completed, Run


def lines(done: Completed) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in done.stderr.splitlines()]
    for entry in found:
        assert datetime.fromisoformat(entry.pop("time")).tzinfo
    return found


@pytest.mark.parametrize(
    "arguments",
    [
        ["--log-format", "json", "eval", "absent.yaml"],
        ["eval", "absent.yaml", "--log-format=json"],
    ],
)
def test_an_error_is_an_object_with_place_hint_and_exit_code(
    cli: Run, arguments: list[str]
) -> None:
    (entry,) = lines(cli(*arguments))
    assert entry == {
        "level": "error",
        "message": "no such file or directory",
        "exitCode": 2,
        "where": "absent.yaml",
    } | {"hint": entry["hint"]}


def test_the_variable_applies_to_errors_of_usage_too(cli: Run) -> None:
    env = {"DFPOLICY_LOG_FORMAT": "json", "DFPOLICY_LANG": "zh"}
    (entry,) = lines(cli("eval", "--mode", "x", env=env))
    assert (entry["level"], entry["exitCode"]) == ("error", 2)
    assert "--mode" in entry["message"]
    done = cli("eval", "absent.yaml", env={"DFPOLICY_LOG_FORMAT": "xml"})
    assert done.stderr.startswith("dfpolicy: error: --log-format must be one of text, json")


def test_what_is_no_error_is_an_object_too(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: 1\n", "utf-8")
    done = cli("eval", "--if-present", "a.yaml", "--log-format", "json")
    (entry,) = lines(done)
    assert (done.returncode, entry["level"]) == (0, "info")


def test_every_command_accepts_it() -> None:
    context = click.Context(commands)
    for name in commands.list_commands(context):
        command = commands.get_command(context, name)
        assert command
        if isinstance(command, click.Group):
            continue
        names = [one.opts[0] for one in command.get_params(click.Context(command))]
        assert names.count("--log-format") == 1, name


@pytest.mark.parametrize(
    ("arguments", "form"),
    [
        (["eval", "--log-format", "json"], "json"),
        (["eval", "--", "--log-format=json"], "text"),
        (["eval", "--log-format"], "text"),
        (["eval", "--log-format", "xml"], "text"),
    ],
)
def test_the_form_of_a_command_line(arguments: list[str], form: str) -> None:
    assert log_form(arguments, {}) == form
