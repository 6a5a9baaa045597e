"""Writes the inputs of a benchmark: charts, clusters of N objects, nodes; the same each time.

    python -m benchmarks.inputs DIR NAME...

writes the named inputs into a directory, and prints a JSON object for each: `agent`, `server`, a
number of objects (`1000`), of nodes (`10000-nodes`), of objects in one List (`1000-list`), of
NodeFacts (`1000-facts`), of agents (`100-agents`), or of clusters with planted faults
(`200-clusters`). For `5000-watched` there is nothing to write: these nodes are created in an API
server.
"""

from __future__ import annotations

import argparse
import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from benchmarks.facts import facts
from benchmarks.nodes import nodes
from benchmarks.objects import objects

ROOT = Path(__file__).parents[1]
PARTS = 100
# A directory with the rendered real charts; the tree has only examples of the same shape.
CHARTS = "DFPOLICY_BENCH_CHARTS"
# The kinds of inputs; the name of an input is a number and its kind, except for a cluster.
CLUSTER, NODES, FLEET, WATCHED = "cluster", "nodes", "clusters", "watched"
_LIST, _FACTS, _AGENTS = "list", "facts", "agents"
_COUNTED = (NODES, _LIST, _FACTS, _AGENTS, FLEET, WATCHED)
_OF_CHARTS = {
    "agent": ("agent-7.1.002.yaml", "examples/single-k8s/manifests.yaml"),
    "server": ("deepflow-7.1.002.yaml", "examples/all-in-one/manifests.yaml"),
}


@dataclass(frozen=True)
class Input:
    """One input: the same documents in one file, and split into at most PARTS files of a directory.

    `objects` counts the objects, `size` the bytes of the file. For clusters, both paths are the
    directory that contains a directory for each of them, and `objects` counts these.
    """

    name: str
    file: Path
    folder: Path
    objects: int
    size: int

    @property
    def kind(self) -> str:
        """The kind of the input, such as `agent`, `cluster` or `nodes`."""
        return meant(self.name)[0]


def make(name: str, folder: Path, charts: Path | None = None) -> Input:
    """Write the input of that name into a directory. `charts` has the rendered real charts.

    Raises ValueError for an unknown name, OSError if it cannot be written.
    """
    kind, count = meant(name)
    if kind in (FLEET, WATCHED):
        return _directories(name, kind, count, folder / name)
    documents = _documents(kind, count, charts)
    target, parts = folder / f"{name}.yaml", folder / f"{name}.d"
    parts.mkdir(parents=True)
    number = _write(documents, target, parts)
    if kind in (NODES, _LIST):
        # Their List is one document.
        number += count - 1
    return Input(name, target, parts, number, target.stat().st_size)


def chart(kind: str, charts: Path | None = None) -> Path:
    """Return the render of a chart, `agent` or `server`: of the real one if there is one."""
    real, example = _OF_CHARTS[kind]
    return charts / real if charts else ROOT / example


def given_charts() -> Path | None:
    """Return the folder that DFPOLICY_BENCH_CHARTS names, or None."""
    given = os.environ.get(CHARTS)
    return Path(given) if given else None


def meant(name: str) -> tuple[str, int]:
    """Return the kind and the number in the name of an input. Raises ValueError if unknown."""
    if name in _OF_CHARTS:
        return name, 0
    count, _, rest = name.partition("-")
    if not count.isdecimal() or rest not in ("", *_COUNTED):
        known = ", ".join(f"N-{one}" for one in _COUNTED)
        raise ValueError(f"unknown input {name!r}: use agent, server, N, {known}")
    return rest or CLUSTER, int(count)


def _directories(name: str, kind: str, count: int, folder: Path) -> Input:
    folder.mkdir(parents=True)
    if kind == FLEET:
        # The clusters of the tests, which count the planted faults.
        from support import fleets

        fleets.write(folder, count)
    size = sum(path.stat().st_size for path in folder.rglob("*.yaml"))
    return Input(name, folder, folder, count, size)


def _documents(kind: str, count: int, charts: Path | None) -> Iterator[str]:
    """Yield the YAML documents, including the agent: without it there is nothing to check."""
    render = chart(kind if kind in _OF_CHARTS else "agent", charts).read_text("utf-8")
    own = [text for text in render.split("---\n") if "kind:" in text]
    if kind == _AGENTS:
        for number in range(count):
            yield from (_AGENT.sub(rf"\g<0>-{number}", text) for text in own)
        return
    yield from own
    if kind == CLUSTER:
        yield from objects(count - len(own))
    elif kind == NODES:
        yield _HEAD + "".join(nodes(count))
    elif kind == _LIST:
        yield _HEAD + "".join(map(_item, objects(count)))
    elif kind == _FACTS:
        yield from facts(count)


_HEAD = "apiVersion: v1\nkind: List\nitems:\n"
# The names of the agent's objects, and where others refer to them.
_AGENT = re.compile(r"\b(?:name|serviceAccountName): deepflow-agent\b")


def _item(text: str) -> str:
    """The text of an object as an item of a List."""
    return "- " + text.rstrip("\n").replace("\n", "\n  ") + "\n"


def _write(documents: Iterable[str], target: Path, parts: Path) -> int:
    """Write the documents as one stream and split into files; return their number."""
    number = 0
    with ExitStack() as opened:
        whole = opened.enter_context(target.open("w", encoding="utf-8"))
        dealt: list[IO[str]] = []
        for number, text in enumerate(documents, 1):
            if number <= PARTS:
                part = parts / f"{number:03}.yaml"
                dealt.append(opened.enter_context(part.open("w", encoding="utf-8")))
            for stream in (whole, dealt[(number - 1) % PARTS]):
                stream.write(f"---\n{text}")
    return number


def main() -> None:
    """Write the inputs that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.inputs", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="+")
    given = parser.parse_args()
    for name in given.names:
        print(json.dumps(asdict(make(name, given.folder, given_charts())), default=str))


if __name__ == "__main__":
    main()
