from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from dfpolicy.changes.selection import HostCommand
from dfpolicy.errors import InputError
from dfpolicy.fix.script import script
from dfpolicy.i18n.language import speaking
from dfpolicy.model import Command

SHELLS = [
    shell for shell in (["sh"], ["dash"], ["bash"], ["busybox", "sh"]) if shutil.which(shell[0])
]
HOSTILE = [
    "n\n touch broken",
    "n\r touch broken",
    "n'; touch broken; '",
    "$(touch broken)",
    "`touch broken`",
    "n) touch broken ;; x",
    '"; touch broken; "',
    "*",
    "-n",
    "\u2028touch broken",
    "\x1b[2J\\",
]


def command(run: str, undo: str = "", persist: str = "", where: str = "node") -> Command:
    found = {"where": where, "run": run, "undo": undo, "persist": persist}
    return {key: text for key, text in found.items() if text}  # type: ignore[return-value]


def told(run: str, undo: str = "", persist: str = "", node: str = "web-1") -> HostCommand:
    return HostCommand(command(run, undo, persist), "cause-of-it", node)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(
    text: str, *arguments: str, shell: list[str] | None = None, by_stdin: bool = False
) -> subprocess.CompletedProcess[str]:
    Path("fix.sh").write_text(text, "utf-8")
    named = ["-s", "--"] if by_stdin else ["fix.sh"]
    return subprocess.run(
        [*(shell or ["sh"]), *named, *arguments],
        input=text if by_stdin else "",
        capture_output=True,
        text=True,
        check=False,
    )


STEPS = [
    told("echo 'a b' >> log", "echo undo-1 >> log", 'echo "$NODE" >> log'),
    told("cat >> log", "echo undo-2 >> log"),
    told("echo 2 >> log"),
]


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
@pytest.mark.parametrize("by_stdin", [False, True])
def test_the_script_runs_and_undoes_the_commands_of_a_node(
    shell: list[str], by_stdin: bool
) -> None:
    text = script([*STEPS, told("touch other", node="web-2")])
    assert subprocess.run([*shell, "-n"], input=text, text=True, check=False).returncode == 0
    done = run(text, "--apply", "web-1", shell=shell, by_stdin=by_stdin)
    assert (done.returncode, done.stderr) == (0, "")
    assert Path("log").read_text("utf-8") == "a b\nweb-1\n2\n"
    assert done.stdout.splitlines()[:2] == ["+ echo 'a b' >> log", '+ echo "$NODE" >> log']
    done = run(text, "--undo", "web-1", shell=shell, by_stdin=by_stdin)
    assert done.stdout.splitlines()[0] == "no command undoes this: echo 2 >> log"
    assert Path("log").read_text("utf-8").endswith("2\nundo-2\nundo-1\n")
    assert not Path("other").exists()


def test_without_an_option_nothing_runs() -> None:
    text = script([*STEPS, told("touch other", node="web-2"), told("touch other", node="web-3")])
    done = run(text)
    assert done.returncode == 0
    assert done.stdout.startswith(
        "web-1:\n  cause-of-it\n    run:     echo 'a b' >> log\n    persist: "
    )
    assert "web-2, web-3:\n" in done.stdout
    assert run(text, "web-3").stdout.startswith("web-2, web-3:\n")
    assert sorted(path.name for path in Path().iterdir()) == ["fix.sh"]


def test_the_script_stops_at_the_first_failure() -> None:
    done = run(
        script([told("echo 1"), told("exit 7", persist="touch no"), told("touch no")]),
        "--apply",
        "web-1",
    )
    assert (done.returncode, done.stdout) == (1, "+ echo 1\n1\n+ exit 7\n")
    assert done.stderr == "failed, and no command after it was run: exit 7\n"
    assert not Path("no").exists()


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--apply"], "name a node, or give --cluster or --server\n"),
        (["--apply", "web-9"], "no commands for node web-9; this script has web-1, web-2\n"),
        (["--undo", "--server"], "no commands for --server; this script has web-1, web-2\n"),
        (["--aply", "web-1"], "unknown option: --aply\n"),
    ],
)
def test_a_mistake_runs_nothing(arguments: list[str], error: str) -> None:
    done = run(script([told("touch no"), told("touch no", node="web-2")]), *arguments)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", error)
    assert not Path("no").exists()


def test_the_script_speaks_the_language_in_force() -> None:
    with speaking("zh"):
        text = script(STEPS)
    done = run(text, "--apply", "web-9")
    assert (done.returncode, done.stderr) == (
        2,
        "没有针对节点 web-9 的命令\N{FULLWIDTH SEMICOLON}本脚本包含\N{FULLWIDTH COLON}web-1\n",
    )
    assert "  sh fix.sh --undo NODE        按相反顺序撤销\n" in run(text, "--help").stdout


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_commands_for_every_node_run_on_each_named_node(shell: list[str]) -> None:
    text = script(
        [
            told("echo own", "echo undo-own"),
            told("echo all", "echo undo-all", node=""),
            told("echo all", "echo undo-all"),
        ]
    )
    assert "every node:\n" in run(text, shell=shell).stdout
    for node, printed in (("web-1", "own\n+ echo all\nall\n"), ("*", "all\n"), ("web-9", "all\n")):
        done = run(text, "--apply", node, shell=shell)
        assert (done.returncode, done.stdout.partition("\n")[2]) == (0, printed)
    undone = run(text, "--undo", "web-1", shell=shell).stdout
    assert [line for line in undone.splitlines() if line[0] != "+"] == ["undo-all", "undo-own"]
    done = run(text, "--apply", "--cluster", shell=shell)
    assert done.stderr == "no commands for --cluster; this script has web-1, every node\n"


def test_commands_for_the_cluster_and_the_server_have_their_own_places() -> None:
    text = script(
        [
            HostCommand(command("echo kubectl", where="cluster"), "a", "ignored"),
            HostCommand(command("echo ctl", where="server"), "b"),
            told("echo node", node="cluster"),
        ]
    )
    assert run(text, "--apply", "--cluster").stdout == "+ echo kubectl\nkubectl\n"
    assert run(text, "--apply", "--server").stdout == "+ echo ctl\nctl\n"
    assert run(text, "--apply", "cluster").stdout == "+ echo node\nnode\n"


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_only_a_name(name: str, shell: list[str]) -> None:
    text = script([told("echo it", node=name), told("echo other", node="web-1")])
    assert all(line.isprintable() for line in text.splitlines())
    assert "echo other" in run(text, shell=shell).stdout
    assert run(text, "--apply", "web-1", shell=shell).stdout == "+ echo other\nother\n"
    assert not Path("broken").exists()


def test_a_command_that_a_terminal_does_not_show_is_refused() -> None:
    for text in ("true\nrm -r x", "true \u202e x", "\x1b[8mrm"):
        with pytest.raises(InputError, match="a terminal does not show"):
            script([told(text)])


def test_an_equal_command_of_two_problems_runs_once() -> None:
    assert (
        run(script([told("echo 1"), told("echo 1")]), "--apply", "web-1").stdout == "+ echo 1\n1\n"
    )


def test_a_script_without_commands_is_valid() -> None:
    assert run(script([])).stdout == ""
