"""The collector writes nothing: it returns the same facts on read-only file systems.

It runs in a separate mount namespace in which every file system is read-only, with each shell that
it supports, as root and as a user without privileges.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from dfpolicy.collect import node
from support.namespaces import unshared

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="there are facts of Linux only"),
]

NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs", "--"]
# Makes everything read-only, proves it on `probe`, and runs the command.
READ_ONLY = """
set -eu
probe=$1
shift
while read -r _ _ _ _ point _; do
  mount -o remount,bind,ro "$(printf '%b' "$(printf %s "$point" | sed 's/\\\\/\\\\0/g')")"
done </proc/self/mountinfo
if (: >"$probe") 2>/dev/null; then echo 'still writable' >&2; exit 99; fi
exec "$@"
"""


def program(name: str) -> str:
    found = shutil.which(name)
    if not found:
        if os.environ.get("CI"):
            pytest.fail(f"{name} is not installed; run `make tools-shells`")
        pytest.skip(f"{name} is not installed")
    return found


def run(command: list[str], user: list[str], around: list[str]) -> tuple[dict[str, Any], str]:
    """Return the facts and messages of a command, without values that change at any moment."""
    done = subprocess.run(
        [*around, *user, *command],
        input=node.script(),
        capture_output=True,
        text=True,
        cwd="/",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    document: dict[str, Any] = yaml.safe_load(done.stdout)
    document["spec"].pop("portsInUse", None)
    return document, done.stderr


@pytest.fixture
def read_only(tmp_path: Path) -> list[str]:
    """The start of a command that runs where nothing can be written; it needs root."""
    if os.geteuid() != 0 and not os.environ.get("CI"):
        pytest.skip("only root can make the file systems read-only")
    return [*unshared("--mount"), "sh", "-c", READ_ONLY, "sh", str(tmp_path / "probe")]


@pytest.mark.parametrize("user", [[], NOBODY], ids=["root", "nobody"])
@pytest.mark.parametrize("shell", [["dash"], ["busybox", "sh"]], ids=["dash", "busybox"])
def test_the_collector_script_writes_nothing(
    read_only: list[str], shell: list[str], user: list[str]
) -> None:
    command = [program(shell[0]), *shell[1:], "-s", "--", "--name", "here"]
    assert run(command, user, read_only) == run(command, user, [])


def test_the_collector_command_writes_nothing(read_only: list[str]) -> None:
    command = [sys.executable, "-m", "dfpolicy", "collect", "node", "--name", "here"]
    assert run(command, [], read_only) == run(command, [], [])


def test_a_command_that_writes_would_fail(read_only: list[str], tmp_path: Path) -> None:
    for place in (tmp_path / "new", Path("/tmp/new"), Path("/dev/shm/new"), Path("/run/new")):
        command = [*read_only, "sh", "-c", f": >'{place}'"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode not in (0, 99)
        assert not place.exists()
