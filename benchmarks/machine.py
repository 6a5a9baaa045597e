"""The machine of a run, the versions of the measured tools, and the day."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path

from benchmarks.inputs import ROOT

_PINNED = {"OPA_VERSION": "opa", "CONFTEST_VERSION": "conftest", "GATOR_VERSION": "gator"}


def description(earlier: Path | None = None) -> dict[str, str]:
    """Return what a reader must know to compare results: name and text.

    `earlier` is the tree to compare with.
    """
    return {
        "date": datetime.now(timezone.utc).date().isoformat(),
        "processor": f"{os.cpu_count()} × {_processor()}",
        "memory": f"{_memory() / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        # Ratios from a busy machine are rough.
        "load before the run": f"{os.getloadavg()[0]:.1f}",
        "dfpolicy": f"{version('dfpolicy')} at {_commit(ROOT)}",
        **({"dfpolicy before": _commit(earlier)} if earlier else {}),
        "Python": platform.python_version(),
        "wasmtime": version("wasmtime"),
        **_tools(),
    }


def _tools() -> dict[str, str]:
    """Return the pinned versions, which tools/install.sh has built."""
    lines = (ROOT / "tools" / "versions.env").read_text("utf-8").splitlines()
    pinned = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {name: pinned[key] for key, name in _PINNED.items()}


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _commit(tree: Path) -> str:
    line = ["git", "-C", str(tree), "describe", "--always", "--dirty"]
    try:
        done = subprocess.run(line, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "no commit"
    return done.stdout.strip()
