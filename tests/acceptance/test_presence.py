"""`dfpolicy eval --if-present`, which a pre-commit hook runs on any file."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.command import Run
from support.manifests import BARE as AGENT

OTHER = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: deepflow-agent}\n"


def test_without_an_agent_it_exits_0_with_a_notice(cli: Run, tmp_path: Path) -> None:
    for text in ("a: [", OTHER):
        (tmp_path / "a.yaml").write_text(text, "utf-8")
        done = cli("eval", "--if-present", "a.yaml", "-o", "json")
        assert (done.returncode, done.stdout) == (0, "")
        assert done.stderr.startswith("dfpolicy: no DeepFlow agent in 1 file")
        assert done.stderr.count("\n") == 1
        assert cli("eval", "a.yaml").returncode == 2


def test_an_agent_is_checked_as_without_if_present(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(AGENT, "utf-8")
    (tmp_path / "b.yaml").write_text("a: [", "utf-8")
    own = cli("eval", "--if-present", "a.yaml", "b.yaml", "-o", "json")
    assert (own.returncode, own.stderr) == (1, "")
    assert own.stdout == cli("eval", "a.yaml", "-o", "json").stdout
    assert cli("eval", "--if-present", "-", stdin=AGENT).returncode == 1


@pytest.mark.parametrize("options", [[], ["--strict"]])
def test_an_unreadable_agent_is_an_error(cli: Run, tmp_path: Path, options: list[str]) -> None:
    (tmp_path / "a.yaml").write_text(f"{AGENT}\nb: [\n", "utf-8")
    done = cli("eval", "--if-present", "a.yaml", *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert "a.yaml:" in done.stderr


def test_if_present_without_sources_is_invalid_usage(cli: Run) -> None:
    assert cli("eval", "--if-present", "gone.yaml").returncode == 2


def test_settings_are_checked_even_without_an_agent(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: 1\n", "utf-8")
    done = cli("eval", "--if-present", "a.yaml", "--set", "bogus=1")
    assert (done.returncode, "bogus" in done.stderr) == (2, True)


def test_a_directory_is_checked_as_a_whole(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "agent.yaml").write_text(AGENT, "utf-8")
    (tmp_path / "d" / "other.yaml").write_text(OTHER, "utf-8")
    done = cli("eval", "--if-present", "d/other.yaml")
    assert (done.returncode, "1 file mentions DeepFlow: d/other.yaml" in done.stderr) == (0, True)
    # `--whole-folders` is its former name.
    for options in (["--if-present", "--whole-directories"], ["--whole-folders"]):
        done = cli("eval", *options, "d/other.yaml")
        assert done.returncode == 1
        assert "d/agent.yaml:" in done.stdout
        # What the report proposes must read the same files.
        assert "check --deep d/other.yaml d/agent.yaml" in done.stdout
