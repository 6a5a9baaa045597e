"""The measured commands: dfpolicy in several ways, and other hosts of the same policies."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.inputs import CLUSTER, FLEET, NODES, PARTS, ROOT, Input
from benchmarks.measure import Command
from benchmarks.workshop import DFPOLICY, TOOLS, Workshop, environment

# The names that tables, ratios and targets use.
BASE = "conftest"
README = "conftest, as in the README"
OPA = "opa eval"
GATOR = "gator"
WARM = "dfpolicy"
BEFORE = "dfpolicy before"
COLD = "dfpolicy, first start"
MANY = "dfpolicy, many files"
SECOND = "dfpolicy, second call"
FEATURES = "dfpolicy features"
LOOP = "dfpolicy eval, one cluster after the other"
# `dfpolicy watch` is measured by `watching`, and not as a command.
WATCH = "dfpolicy watch"
CHANGE = "dfpolicy watch, after a change"

_JUDGED = frozenset((0, 1))
_CHARTS = ("agent", "server")
_MANIFESTS = (*_CHARTS, CLUSTER)
# A cluster with a planted fault is exit code 2.
_CLUSTERS_JUDGED = frozenset((0, 1, 2))
_LOOP = 'for one in "$2"/*/; do "$1" eval "$one" >/dev/null 2>&1; [ $? -le 2 ] || exit 3; done'


@dataclass(frozen=True)
class Contender:
    """A way to evaluate: its name, a note for the reader, and its command for an input.

    The command is None if the contender does not evaluate that input.
    """

    name: str
    note: str
    command: Callable[[Input, Workshop], Command | None]


def _warm(given: Input, made: Workshop, earlier: bool = False) -> Command:
    places = made.places(earlier)
    if given.kind == FLEET:
        line = [sys.executable, "-m", "benchmarks.fleet_call", str(given.folder)]
        return Command(line, places, _CLUSTERS_JUDGED, reports=True)
    return Command([str(DFPOLICY), "eval", str(given.file)], places, _JUDGED)


def _before(given: Input, made: Workshop) -> Command | None:
    return _warm(given, made, earlier=True) if made.earlier else None


def _loop(given: Input, made: Workshop) -> Command | None:
    if given.kind != FLEET:
        return None
    line = ["sh", "-c", _LOOP, "sh", str(DFPOLICY), str(given.folder)]
    return Command(line, made.places())


def _features(given: Input, made: Workshop) -> Command | None:
    if given.kind != NODES:
        return None
    return Command([str(DFPOLICY), "features", str(given.file)], made.places(), _JUDGED)


def _cold(given: Input, made: Workshop) -> Command:
    line = [str(DFPOLICY), "eval", str(given.file)]
    return Command(line, environment(made.empty_cache()), _JUDGED)


def _many_files(given: Input, made: Workshop) -> Command:
    return Command([str(DFPOLICY), "eval", str(given.folder)], made.places(), _JUDGED)


def _second_call(given: Input, made: Workshop) -> Command:
    line = [sys.executable, "-m", "benchmarks.second_call", str(given.file)]
    return Command(line, made.places(), reports=True)


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


def _opa(given: Input, made: Workshop) -> Command | None:
    if given.kind == FLEET:
        return None
    line = opa_line(made.policies, made.document(given))
    return Command([*line, "data.dfpolicy.main.decision"], {})


def _gator(given: Input, made: Workshop) -> Command:
    files = [given.file, made.export / "templates", made.export / "constraints"]
    chosen = [text for path in files for text in ("-f", str(path))]
    return Command([str(TOOLS["gator"]), "test", *chosen], {}, _JUDGED)


def _only(
    kinds: tuple[str, ...], command: Callable[[Input, Workshop], Command]
) -> Callable[[Input, Workshop], Command | None]:
    """Return the command for these kinds of inputs alone."""
    return lambda given, made: command(given, made) if given.kind in kinds else None


CONTENDERS = (
    Contender(
        BASE,
        "`conftest test --combine` with one rule that returns all violations, so that conftest"
        " evaluates the policies once, like dfpolicy",
        _only((*_MANIFESTS, NODES), _conftest_once),
    ),
    Contender(
        README,
        "`-n dfpolicy.adapters.conftest`, which separates failures from warnings; conftest"
        " evaluates the policies for each of the two",
        _only(_MANIFESTS, _conftest_adapter),
    ),
    Contender(
        OPA,
        "`opa eval -b` on the input document that dfpolicy builds; it does not read YAML or locate"
        " lines",
        _opa,
    ),
    Contender(
        GATOR,
        "`gator test` with the export of `dfpolicy gatekeeper`; only the requirements that"
        " admission can check, and none on nodes",
        _only(_MANIFESTS, _gator),
    ),
    Contender(
        COLD,
        "`dfpolicy eval` with an empty cache; it compiles the policies first",
        _only(_MANIFESTS, _cold),
    ),
    Contender(BEFORE, "`dfpolicy eval` of an earlier commit, with a filled cache", _before),
    Contender(WARM, "`dfpolicy eval` with a filled cache", _warm),
    Contender(
        MANY,
        f"`dfpolicy eval` on a directory with the same documents in at most {PARTS} files",
        _only(_MANIFESTS, _many_files),
    ),
    Contender(
        SECOND,
        'the second `dfpolicy.cli.run(["eval", …])` in one process; its memory is that of both',
        _only(_MANIFESTS, _second_call),
    ),
    Contender(FEATURES, "`dfpolicy features`", _features),
    Contender(LOOP, "`dfpolicy eval` for each cluster in a loop of the shell", _loop),
)
