"""A directory with everything that the measured commands need: policies, inputs, caches."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from benchmarks.inputs import CHARTS, ROOT, Input, make

_BINARIES = ROOT / ".tools" / "bin"
TOOLS = {name: _BINARIES / name for name in ("conftest", "opa", "gator")}
SERVERS = {name: _BINARIES / name for name in ("etcd", "kube-apiserver")}
# The installed command, next to this Python.
DFPOLICY = Path(sys.executable).parent / "dfpolicy"


@dataclass(frozen=True)
class Workshop:
    """The directory and its parts.

    `policies` are those of the tree without tests, which conftest and OPA would load too; `export`
    is the output of `dfpolicy gatekeeper`; `inputs` is for the inputs; `cache` is dfpolicy's cache,
    already filled. `earlier` is the tree to compare with, or None; it has a cache of its own.
    """

    folder: Path
    policies: Path
    export: Path
    inputs: Path
    cache: Path
    earlier: Path | None = None

    def places(self, earlier: bool = False) -> dict[str, str]:
        """Return the environment of this dfpolicy with a filled cache, or of the earlier one."""
        if not earlier:
            return environment(self.cache)
        modules = {"PYTHONPATH": str(Path(self.earlier or ROOT, "evaluator"))}
        return environment(self.folder / "earlier-cache") | modules

    def empty_cache(self) -> Path:
        """Return an empty cache."""
        return Path(mkdtemp(dir=self.folder))

    def made(self, name: str, charts: Path | None) -> Input:
        """Write the input of that name. `charts` has the rendered real charts.

        Raises CalledProcessError if it cannot be written.
        """
        # In a separate process: this one must stay small, see `measure`.
        line = [sys.executable, "-m", "benchmarks.inputs", str(self.inputs), name]
        places = testing(self.cache) | ({CHARTS: str(charts.resolve())} if charts else {})
        done = subprocess.run(
            line, env=os.environ | places, cwd=ROOT, stdout=subprocess.PIPE, check=True
        )
        found = json.loads(done.stdout)
        file, folder = Path(found["file"]), Path(found["folder"])
        return Input(name, file, folder, found["objects"], found["size"])

    def document(self, given: Input) -> Path:
        """Return the input document that dfpolicy builds from an input; it is built once.

        Raises CalledProcessError if dfpolicy rejects the input.
        """
        document = self.inputs / f"{given.name}.json"
        if not document.exists():
            # In a separate process, too.
            module = ["-m", "benchmarks.input_document"]
            _run([sys.executable, *module, given.file, document], self.places())
        return document


def missing(tools: Mapping[str, Path] = TOOLS) -> str:
    """Return the name of a tool that is not built, or an empty string."""
    return next((name for name, path in tools.items() if not path.exists()), "")


@contextmanager
def workshop(earlier: Path | None = None) -> Iterator[Workshop]:
    """Create the directory; it is removed afterwards. Raises CalledProcessError, OSError."""
    with TemporaryDirectory(prefix="dfpolicy-bench-") as name:
        policies, export, inputs, cache = (
            Path(name, part) for part in ("policies", "gatekeeper", "inputs", "cache")
        )
        made = Workshop(Path(name), policies, export, inputs, cache, earlier)
        untested = shutil.ignore_patterns("*_test.rego")
        shutil.copytree(ROOT / "policies", made.policies, ignore=untested)
        _run([DFPOLICY, "gatekeeper", "-o", made.export], made.places())
        # Fill dfpolicy's cache before the first measurement. Only a large input makes it filter.
        first = make("1000", made.folder / "first").file
        for each in (False, True) if earlier else (False,):
            _run([DFPOLICY, "eval", first], made.places(each))
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


def testing(cache: Path) -> dict[str, str]:
    """Return the environment of a module that uses the servers and generators of the tests."""
    modules = [str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")]
    return environment(cache) | {"PYTHONPATH": os.pathsep.join(filter(None, modules))}


def _run(line: list[str | Path], places: dict[str, str]) -> None:
    subprocess.run(
        line,
        env=os.environ | places,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        check=True,
    )
