"""The commands that are measured: dfpolicy in its ways, and what evaluates the same policies."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from benchmarks.inputs import PARTS, ROOT, Input
from benchmarks.measure import Command

BASE = "conftest"
DFPOLICY = "dfpolicy"
COLD = "dfpolicy, first start"
SECOND = "dfpolicy, second call"

TOOLS = ("conftest", "opa", "gator")
_BUILT = ROOT / ".tools" / "bin"
_JUDGED = frozenset((0, 1))


@dataclass(frozen=True)
class Workshop:
    """A folder with what the commands need.

    `policies` are those of the tree without their tests, which conftest and OPA would load as
    well; `export` is what `dfpolicy gatekeeper` writes; `cache` is kept between runs.
    """

    folder: Path

    @property
    def policies(self) -> Path:
        """The folder of the policies."""
        return self.folder / "policies"

    @property
    def export(self) -> Path:
        """The folder of the export for gator."""
        return self.folder / "gatekeeper"

    @property
    def cache(self) -> Path:
        """The cache of dfpolicy."""
        return self.folder / "cache"


@dataclass(frozen=True)
class Contender:
    """A way to evaluate: its name, what is to be known of it, and its command for an input.

    There is no command where the input has what it cannot see.
    """

    name: str
    note: str
    command: Callable[[Input, Workshop], Command | None]


def missing() -> str:
    """Return the name of a tool that is not built, or nothing."""
    return next((name for name in TOOLS if not (_BUILT / name).exists()), "")


@contextmanager
def workshop() -> Iterator[Workshop]:
    """Make what the commands need; it is removed afterwards."""
    with TemporaryDirectory(prefix="dfpolicy-bench-") as folder:
        made = Workshop(Path(folder))
        untested = shutil.ignore_patterns("*_test.rego")
        shutil.copytree(ROOT / "policies", made.policies, ignore=untested)
        # This also fills the cache, with which only a first start does without.
        _run(_dfpolicy(), "gatekeeper", "-o", str(made.export), cache=made.cache)
        yield made


def _run(*line: str, cache: Path) -> None:
    subprocess.run(
        line,
        env=os.environ | environment(cache),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        check=True,
    )


def _dfpolicy() -> str:
    """Return the command as it is installed beside this Python."""
    return str(Path(sys.executable).parent / "dfpolicy")


def _eval(source: Path, cache: Path) -> Command:
    line = [_dfpolicy(), "eval", str(source)]
    return Command(line, environment(cache), _JUDGED)


def environment(cache: Path) -> dict[str, str]:
    """Return what dfpolicy is given beside its arguments."""
    # A configuration above this tree is no part of the input.
    return {"DFPOLICY_CACHE_DIR": str(cache), "DFPOLICY_CONFIG": ""}


def _warm(given: Input, made: Workshop) -> Command:
    return _eval(given.file, made.cache)


def _cold(given: Input, made: Workshop) -> Command:
    return _eval(given.file, Path(mkdtemp(dir=made.folder)))


def _many_files(given: Input, made: Workshop) -> Command:
    return _eval(given.folder, made.cache)


def _second_call(given: Input, made: Workshop) -> Command:
    line = [sys.executable, "-m", "benchmarks.second_call", str(given.file)]
    return Command(line, environment(made.cache), reports=True)


def _conftest(given: Input, policies: list[Path], namespace: str) -> Command:
    chosen = [text for path in policies for text in ("-p", str(path))]
    line = [str(_BUILT / "conftest"), "test", *chosen, "-n", namespace, "--combine"]
    return Command([*line, str(given.file)], {}, _JUDGED)


def _conftest_once(given: Input, made: Workshop) -> Command:
    entry = ROOT / "benchmarks" / "conftest" / "once.rego"
    return _conftest(given, [made.policies, entry], "once")


def _conftest_adapter(given: Input, made: Workshop) -> Command:
    return _conftest(given, [made.policies], "dfpolicy.adapters.conftest")


def opa_line(policies: Path, document: Path) -> list[str]:
    """Return the command that evaluates a query with these policies on an input document."""
    return [str(_BUILT / "opa"), "eval", "-b", str(policies), "-i", str(document)]


def document_of(given: Input, made: Workshop) -> Path:
    """Return the input document that dfpolicy makes of an input; it is made once.

    Raises CalledProcessError where dfpolicy refuses the input.
    """
    document = made.folder / f"{given.name}.json"
    if not document.exists():
        # In a process of its own: this one has to stay small, see `measure`.
        module = "benchmarks.input_document"
        _run(sys.executable, "-m", module, str(given.file), str(document), cache=made.cache)
    return document


def _opa(given: Input, made: Workshop) -> Command:
    line = opa_line(made.policies, document_of(given, made))
    return Command([*line, "data.dfpolicy.main.decision"], {})


def _gator(given: Input, made: Workshop) -> Command | None:
    if given.name.endswith("nodes"):
        return None
    files = [given.file, made.export / "templates", made.export / "constraints"]
    line = [str(_BUILT / "gator"), "test", *(text for path in files for text in ("-f", str(path)))]
    return Command(line, {}, _JUDGED)


CONTENDERS = (
    Contender(
        BASE,
        "`conftest test --combine` with one rule that tells all violations: the policies are"
        " evaluated once, as by dfpolicy",
        _conftest_once,
    ),
    Contender(
        "conftest, as in the README",
        "`-n dfpolicy.adapters.conftest`, which has failures and warnings apart: conftest evaluates"
        " the policies for each of the two",
        _conftest_adapter,
    ),
    Contender(
        "opa eval",
        "`opa eval -b` on the input document that dfpolicy makes: it reads no YAML and finds no"
        " lines",
        _opa,
    ),
    Contender(
        "gator",
        "`gator test` with the export of `dfpolicy gatekeeper`: only the requirements that"
        " admission can see, and nothing of nodes",
        _gator,
    ),
    Contender(COLD, "`dfpolicy eval` with an empty cache: it compiles the policies first", _cold),
    Contender(DFPOLICY, "`dfpolicy eval`, each but the first time", _warm),
    Contender(
        "dfpolicy, many files",
        f"`dfpolicy eval` on a folder with the same documents in at most {PARTS} files",
        _many_files,
    ),
    Contender(
        SECOND,
        'the second `dfpolicy.cli.run(["eval", …])` of one process; its memory is that of both',
        _second_call,
    ),
)
