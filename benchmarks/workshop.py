"""A directory with everything that the measured commands need: policies, inputs, caches."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from benchmarks.inputs import ROOT, Input, chart

TOOLS = {name: ROOT / ".tools" / "bin" / name for name in ("conftest", "opa", "gator")}
# The installed command, next to this Python.
DFPOLICY = Path(sys.executable).parent / "dfpolicy"


@dataclass(frozen=True)
class Workshop:
    """The directory and its parts.

    `policies` are those of the tree without tests, which conftest and OPA would load too; `export`
    is the output of `dfpolicy gatekeeper`; `inputs` is for the inputs; `cache` is dfpolicy's cache,
    already filled.
    """

    folder: Path
    policies: Path
    export: Path
    inputs: Path
    cache: Path

    def empty_cache(self) -> Path:
        """Return an empty cache."""
        return Path(mkdtemp(dir=self.folder))

    def document(self, given: Input) -> Path:
        """Return the input document that dfpolicy builds from an input; it is built once.

        Raises CalledProcessError if dfpolicy rejects the input.
        """
        document = self.inputs / f"{given.name}.json"
        if not document.exists():
            # In a separate process: this one must stay small, see `measure`.
            module = ["-m", "benchmarks.input_document"]
            _run([sys.executable, *module, given.file, document], self.cache)
        return document


def missing() -> str:
    """Return the name of a tool that is not built, or an empty string."""
    return next((name for name, path in TOOLS.items() if not path.exists()), "")


@contextmanager
def workshop() -> Iterator[Workshop]:
    """Create the directory; it is removed afterwards. Raises CalledProcessError, OSError."""
    with TemporaryDirectory(prefix="dfpolicy-bench-") as name:
        parts = [Path(name, part) for part in ("policies", "gatekeeper", "inputs", "cache")]
        made = Workshop(Path(name), *parts)
        untested = shutil.ignore_patterns("*_test.rego")
        shutil.copytree(ROOT / "policies", made.policies, ignore=untested)
        _run([DFPOLICY, "gatekeeper", "-o", made.export], made.cache)
        # Fill dfpolicy's cache before the first measurement.
        _run([DFPOLICY, "eval", chart("agent")], made.cache)
        yield made


def environment(cache: Path) -> dict[str, str]:
    """Return the environment of dfpolicy.

    A configuration file above this tree is ignored. Bytecode is written, as pip does when it
    installs, even if the developer's shell forbids it.
    """
    return {
        "DFPOLICY_CACHE_DIR": str(cache),
        "DFPOLICY_CONFIG": "",
        "PYTHONDONTWRITEBYTECODE": "",
    }


def _run(line: list[str | Path], cache: Path) -> None:
    subprocess.run(
        line,
        env=os.environ | environment(cache),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        check=True,
    )
