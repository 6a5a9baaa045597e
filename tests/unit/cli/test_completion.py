"""Completion of a command line: what is proposed, and that each shell shows it."""

from __future__ import annotations

import os
import pty
import select
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dfpolicy.cli.changes import SHARED
from dfpolicy.fix.outputs import NAMES as CHANGES
from dfpolicy.formats.base import FORMATS
from dfpolicy.model import MODES
from dfpolicy.policy.catalogue import load_catalogue
from support.command import Run

GROUPS = [group["group"] for group in load_catalogue().groups]
IDS = [entry["id"] for entry in load_catalogue().requirements]


def proposed(cli: Run, *words: str, shell: str = "bash", env: dict[str, str] | None = None) -> str:
    """Return what is printed for the last of the words, which the user has begun."""
    asked = {
        "_DFPOLICY_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": shlex.join(("dfpolicy", *words)),
        "COMP_CWORD": words[-1] if shell == "fish" else str(len(words)),
    }
    done = cli(env=asked | (env or {}))
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["ver"], ["version"]),
        (["collect", "n"], ["node"]),
        (["eval", "--mode", "s"], ["single-k8s", "serverless-pod"]),
        (["eval", "--mode", "=", "single"], ["single-k8s"]),
        (["eval", "--fail"], ["--fail-on"]),
        (["eval", "-o", ""], [*FORMATS, *SHARED]),
        (["fix", "-o", ""], [*CHANGES]),
        (["fix", "--only", "df-rbac-01"], [one for one in IDS if one.startswith("DF-RBAC-01")]),
        (["explain", ""], [*dict.fromkeys(("modes", *MODES, *GROUPS, *IDS))]),
        (["schema", "rep"], ["report"]),
        (["completion", ""], ["bash", "zsh", "fish"]),
    ],
)
def test_names(cli: Run, words: list[str], names: list[str]) -> None:
    assert proposed(cli, *words).split() == [f"plain,{name}" for name in names]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (["eval", "x"], "file,x"),
        (["eval", "--facts", ""], "file,"),
        (["eval", "-o", "sarif=out/"], "file,out/"),
        (["eval", "--policy", ""], "dir,"),
    ],
)
def test_paths(cli: Run, words: list[str], kind: str) -> None:
    assert proposed(cli, *words) == f"{kind}\n"


def test_explanations_are_in_the_language_of_the_environment(cli: Run) -> None:
    chinese = {"DFPOLICY_LANG": "zh"}
    assert "plain,DF-CFG-001\tThe" in proposed(cli, "explain", "DF-CFG-001", shell="fish")
    shown = proposed(cli, "explain", "DF-CFG-001", shell="fish", env=chinese)
    assert "Agent" in shown
    assert "\tThe" not in shown
    assert "\N{CJK UNIFIED IDEOGRAPH-663E}" in proposed(cli, "vers", shell="fish", env=chinese)


def test_completion_needs_no_engine() -> None:
    program = (
        "import sys; from dfpolicy.cli import run; run([]);"
        "print(*{'wasmtime', 'yaml', 'dfpolicy.cli.eval'} & sys.modules.keys(), file=sys.stderr)"
    )
    asked = {
        "_DFPOLICY_COMPLETE": "bash_complete",
        "COMP_WORDS": "dfpolicy explain DF",
        "COMP_CWORD": "2",
    }
    done = subprocess.run(
        [sys.executable, "-c", program], env=os.environ | asked, capture_output=True, text=True
    )
    assert "DF-EBPF-001" in done.stdout
    assert done.stderr == "\n"


@pytest.fixture
def path(tmp_path: Path) -> str:
    """Return a PATH with `dfpolicy` in front, as an installation has it."""
    command = tmp_path / "bin" / "dfpolicy"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m dfpolicy "$@"\n', "utf-8")
    command.chmod(0o755)
    return f"{command.parent}:{os.environ['PATH']}"


def test_bash_completes(path: str) -> None:
    program = (
        "source <(dfpolicy completion bash); COMP_WORDS=(dfpolicy explain DF-KERNEL); COMP_CWORD=2;"
        "_dfpolicy_completion dfpolicy; complete -p dfpolicy; echo ${COMPREPLY[@]}"
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", program],
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    registered, names = done.stdout.splitlines()
    assert registered == "complete -o nosort -F _dfpolicy_completion dfpolicy"
    assert names.split() == [one for one in IDS if one.startswith("DF-KERNEL")]


@pytest.mark.slow
def test_fish_completes(path: str, tmp_path: Path) -> None:
    if shutil.which("fish") is None:
        pytest.skip("no fish")
    program = "dfpolicy completion fish | source; complete -C 'dfpolicy explain DF-KERNEL'"
    done = subprocess.run(
        ["fish", "--no-config", "-c", program],
        env=os.environ | {"PATH": path, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    found = [line.partition("\t")[0] for line in done.stdout.splitlines()]
    assert found == [one for one in IDS if one.startswith("DF-KERNEL")]


@pytest.mark.slow
def test_zsh_completes(path: str, tmp_path: Path) -> None:
    if shutil.which("zsh") is None:
        pytest.skip("no zsh")
    # zsh completes only on a terminal.
    child, terminal = pty.fork()
    if not child:
        os.chdir(tmp_path)
        variables = os.environ | {"PATH": path, "HOME": str(tmp_path), "TERM": "dumb"}
        os.execvpe("zsh", ["zsh", "-f", "-i"], variables)
    start = "autoload -Uz compinit; compinit -D -u; source <(dfpolicy completion zsh)"
    os.write(terminal, f"{start}; echo rea''dy\n".encode())
    _shown(terminal, "ready")
    os.write(terminal, b"dfpolicy explain DF-KERNEL\t\t")
    _shown(terminal, "DF-KERNEL-005")
    os.close(terminal)
    os.waitpid(child, 0)


def _shown(terminal: int, text: str) -> None:
    """Wait until the terminal shows the text."""
    shown = ""
    # Only a shell that hangs takes that long.
    limit = time.monotonic() + 300
    while text not in shown:
        assert time.monotonic() < limit, shown
        if select.select([terminal], [], [], 1)[0]:
            shown += os.read(terminal, 65536).decode(errors="replace")
