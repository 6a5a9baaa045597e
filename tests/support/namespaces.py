"""Linux namespaces in which a test removes something from a process."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest


def unshared(*kinds: str) -> list[str]:
    """Return the prefix of a command that runs in new namespaces, for example `--net`.

    Skips the test if the machine does not allow them, which in CI is a failure.
    """
    command = ["unshare", *([] if os.geteuid() == 0 else ["--map-root-user"]), *kinds, "--"]
    told = "util-linux has it"
    if shutil.which("unshare"):
        done = subprocess.run([*command, "true"], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return command
        told = done.stderr.strip()
    text = f"no {' '.join(command)}: {told}"
    if os.environ.get("CI"):
        pytest.fail(text)
    pytest.skip(text)
