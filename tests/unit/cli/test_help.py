"""Help and usage errors in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from dfpolicy.cli import cli as commands
from dfpolicy.cli.help import Command, Group
from dfpolicy.i18n import language
from support.command import Run

CHINESE = {"DFPOLICY_LANG": "zh"}


@pytest.mark.parametrize(
    "command",
    [[], ["eval"], ["collect"], ["collect", "node"], ["bundle", "build"], ["config", "show"]],
)
def test_help_is_in_the_language_of_the_environment(cli: Run, command: list[str]) -> None:
    english = cli(*command, "--help").stdout
    chinese = cli(*command, "--help", env=CHINESE).stdout
    assert english.startswith("Usage: dfpolicy")
    assert "\nHow to check:\n" in english or "\nOptions:\n" in english
    assert chinese.startswith("用法\N{FULLWIDTH COLON}dfpolicy")
    assert "Show this message" not in chinese


def test_every_command_translates_its_help() -> None:
    def below(group: click.Group) -> Iterator[click.Command]:
        for name in group.list_commands(click.Context(group)):
            found = group.get_command(click.Context(group), name)
            assert found
            yield found
            if isinstance(found, click.Group):
                yield from below(found)

    assert [one.name for one in below(commands) if not isinstance(one, Command | Group)] == []


@pytest.mark.parametrize("name", ["en", "zh"])
@pytest.mark.parametrize("command", ["eval", "check"])
def test_help_has_at_most_55_lines_and_help_all_every_option(
    cli: Run, command: str, name: str
) -> None:
    wide = {"DFPOLICY_LANG": name, "COLUMNS": "100"}
    shown = cli(command, "--help", env=wide).stdout
    assert len(shown.splitlines()) <= 55
    assert "--opa-url" not in shown
    every = cli(command, "--help-all", env=wide).stdout
    found = commands.get_command(click.Context(commands), command)
    assert found
    options = [one for one in found.params if isinstance(one, click.Option) and not one.hidden]
    assert [one.opts[0] for one in options if one.opts[0] not in every] == []


@pytest.mark.parametrize("env", [{}, CHINESE])
def test_every_way_to_the_language_names_its_variable(cli: Run, env: dict[str, str]) -> None:
    for command in ("eval", "explain", "convert", "diff", "features"):
        rows = cli(command, "--help", env=env).stdout.split("\n  -")
        (row,) = [one for one in rows if one.startswith("-lang ")]
        assert "$DFPOLICY_LANG" in row
    assert "DFPOLICY_LANG" in cli("--help", env=env).stdout
    assert "DFPOLICY_LANG" in cli("--lang", "zh", "--help", env=env).stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["evl"], "no such command: evl; did you mean eval?"),
        (["eval", "--mod", "auto"], "no such option: --mod; did you mean --mode?"),
        (
            ["eval", "--mode", "k8s"],
            "--mode: unknown value 'k8s'; did you mean single-k8s, multi-k8s, managed-k8s? all of",
        ),
        (["eval", "--profile", "x"], "--profile must be one of default, strict"),
        (["fix", "--opa-connect-timeout", "nan"], "--opa-connect-timeout must be a number of sec"),
        (["eval", "--opa-timeout", "0"], "--opa-timeout must be a number of seconds, at most 3600"),
        (["eval", "--opa-retries", "x"], "--opa-retries must be a whole number from 0 to 10"),
        (["eval", "--profile"], "--profile needs a value"),
        (["eval", "--strict=1"], "--strict does not take a value"),
        (["waive", "DF-NET-001", "--owner", "a"], "--reason is missing; see `dfpolicy waive"),
        (["diff", "a"], "NEW is missing"),
        (["explain", "a", "b"], "unexpected argument: b; see `dfpolicy explain --help`"),
    ],
)
def test_a_usage_error_is_one_line(cli: Run, arguments: list[str], message: str) -> None:
    done = cli(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"dfpolicy: error: {message}")
    assert done.stderr.count("\n") == 1
    chinese = cli(*arguments, env=CHINESE).stderr
    assert chinese.startswith("dfpolicy: 错误\N{FULLWIDTH COLON}")


def test_help_of_the_kubectl_plugin(cli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["/usr/bin/kubectl-dfpolicy"])
    assert cli("check", "--help").stdout.startswith("Usage: kubectl dfpolicy check ")
    assert "see `kubectl dfpolicy explain --help`" in cli("explain", "a", "b").stderr


def test_the_flag_decides_the_language_of_a_usage_error(cli: Run) -> None:
    done = cli("eval", "--mode", "k8s", "--lang", "zh")
    assert done.stderr.startswith("dfpolicy: 错误\N{FULLWIDTH COLON}--mode")
    done = cli("eval", "--mode", "k8s", "--lang=en", env=CHINESE)
    assert done.stderr.startswith("dfpolicy: error: --mode")


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["eval", "--lang", "zh"], "zh"),
        (["eval", "--lang=zh"], "zh"),
        (["eval", "--", "--lang=zh"], "en"),
        (["eval", "--lang"], "en"),
        (["eval", "--lang", "xx"], "en"),
    ],
)
def test_the_language_of_a_command_line(arguments: list[str], found: str) -> None:
    assert language.of_command_line(arguments) == found


@pytest.mark.parametrize("name", ["eval", "fix"])
def test_the_exit_codes_are_described_once(cli: Run, name: str) -> None:
    for flag in ("--help", "--help-all"):
        assert cli(name, flag).stdout.count("Exit codes: 0") == 1
