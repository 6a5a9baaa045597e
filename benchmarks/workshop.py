"""A folder with what the measured commands need: policies, inputs, caches, input documents."""

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
# As it is installed, beside this Python.
DFPOLICY = Path(sys.executable).parent / "dfpolicy"


@dataclass(frozen=True)
class Workshop:
    """The folder and what lies in it.

    `policies` are those of the tree without their tests, which conftest and OPA would load as
    well; `export` is what `dfpolicy gatekeeper` writes; `inputs` is for the inputs; `cache` is
    that of dfpolicy, already filled.
    """

    folder: Path
    policies: Path
    export: Path
    inputs: Path
    cache: Path

    def empty_cache(self) -> Path:
        """Return a cache that nothing is in."""
        return Path(mkdtemp(dir=self.folder))

    def document(self, given: Input) -> Path:
        """Return the input document that dfpolicy makes of an input; it is made once.

        Raises CalledProcessError where dfpolicy refuses the input.
        """
        document = self.inputs / f"{given.name}.json"
        if not document.exists():
            # In a process of its own: this one has to stay small, see `measure`.
            module = ["-m", "benchmarks.input_document"]
            _run([sys.executable, *module, given.file, document], self.cache)
        return document


def missing() -> str:
    """Return the name of a tool that is not built, or nothing."""
    return next((name for name, path in TOOLS.items() if not path.exists()), "")


@contextmanager
def workshop() -> Iterator[Workshop]:
    """Make the folder; it is removed afterwards. Raises CalledProcessError, OSError."""
    with TemporaryDirectory(prefix="dfpolicy-bench-") as name:
        parts = [Path(name, part) for part in ("policies", "gatekeeper", "inputs", "cache")]
        made = Workshop(Path(name), *parts)
        untested = shutil.ignore_patterns("*_test.rego")
        shutil.copytree(ROOT / "policies", made.policies, ignore=untested)
        _run([DFPOLICY, "gatekeeper", "-o", made.export], made.cache)
        # All that dfpolicy keeps between runs is there before the first is measured.
        _run([DFPOLICY, "eval", chart("agent")], made.cache)
        yield made


def environment(cache: Path) -> dict[str, str]:
    """Return what dfpolicy is given beside its arguments.

    A configuration above this tree is no part of the input; and bytecode is kept, as pip does when
    it installs, also where the developer's shell forbids it.
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
