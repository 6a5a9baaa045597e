"""The measured commands: dfpolicy in several ways, and other hosts of the same policies."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.inputs import PARTS, ROOT, Input
from benchmarks.measure import Command
from benchmarks.workshop import DFPOLICY, TOOLS, Workshop, environment

# The names that ratios and targets use.
BASE = "conftest"
WARM = "dfpolicy"
COLD = "dfpolicy, first start"
SECOND = "dfpolicy, second call"

_JUDGED = frozenset((0, 1))


@dataclass(frozen=True)
class Contender:
    """A way to evaluate: its name, a note for the reader, and its command for an input.

    The command is None if the contender cannot evaluate that input.
    """

    name: str
    note: str
    command: Callable[[Input, Workshop], Command | None]


def _eval(source: Path, cache: Path) -> Command:
    return Command([str(DFPOLICY), "eval", str(source)], environment(cache), _JUDGED)


def _warm(given: Input, made: Workshop) -> Command:
    return _eval(given.file, made.cache)


def _cold(given: Input, made: Workshop) -> Command:
    return _eval(given.file, made.empty_cache())


def _many_files(given: Input, made: Workshop) -> Command:
    return _eval(given.folder, made.cache)


def _second_call(given: Input, made: Workshop) -> Command:
    line = [sys.executable, "-m", "benchmarks.second_call", str(given.file)]
    return Command(line, environment(made.cache), reports=True)


def _conftest(given: Input, namespace: str, *policies: Path) -> Command:
    chosen = [text for path in policies for text in ("-p", str(path))]
    line = [str(TOOLS["conftest"]), "test", *chosen, "-n", namespace, "--combine"]
    return Command([*line, str(given.file)], {}, _JUDGED)


def _conftest_once(given: Input, made: Workshop) -> Command:
    entry = ROOT / "benchmarks" / "conftest" / "once.rego"
    return _conftest(given, "once", made.policies, entry)


def _conftest_adapter(given: Input, made: Workshop) -> Command:
    return _conftest(given, "dfpolicy.adapters.conftest", made.policies)


def opa_line(policies: Path, document: Path) -> list[str]:
    """Return the command that evaluates a query with these policies on an input document."""
    return [str(TOOLS["opa"]), "eval", "-b", str(policies), "-i", str(document)]


def _opa(given: Input, made: Workshop) -> Command:
    line = opa_line(made.policies, made.document(given))
    return Command([*line, "data.dfpolicy.main.decision"], {})


def _gator(given: Input, made: Workshop) -> Command | None:
    if given.name.endswith("nodes"):
        return None
    files = [given.file, made.export / "templates", made.export / "constraints"]
    chosen = [text for path in files for text in ("-f", str(path))]
    return Command([str(TOOLS["gator"]), "test", *chosen], {}, _JUDGED)


CONTENDERS = (
    Contender(
        BASE,
        "`conftest test --combine` with one rule that returns all violations, so that conftest"
        " evaluates the policies once, like dfpolicy",
        _conftest_once,
    ),
    Contender(
        "conftest, as in the README",
        "`-n dfpolicy.adapters.conftest`, which separates failures from warnings; conftest"
        " evaluates the policies for each of the two",
        _conftest_adapter,
    ),
    Contender(
        "opa eval",
        "`opa eval -b` on the input document that dfpolicy builds; it does not read YAML or locate"
        " lines",
        _opa,
    ),
    Contender(
        "gator",
        "`gator test` with the export of `dfpolicy gatekeeper`; only the requirements that"
        " admission can check, and none on nodes",
        _gator,
    ),
    Contender(COLD, "`dfpolicy eval` with an empty cache; it compiles the policies first", _cold),
    Contender(WARM, "`dfpolicy eval` with a filled cache", _warm),
    Contender(
        "dfpolicy, many files",
        f"`dfpolicy eval` on a directory with the same documents in at most {PARTS} files",
        _many_files,
    ),
    Contender(
        SECOND,
        'the second `dfpolicy.cli.run(["eval", …])` in one process; its memory is that of both',
        _second_call,
    ),
)
