"""Standard streams that are closed, full, or whose reader leaves."""

from __future__ import annotations

import os
from collections.abc import Sequence

from support.faults.disk import FULL, full
from support.faults.process import Outcome, Place
from support.faults.registry import fault

NODES = 200


def _redirected(redirection: str) -> Sequence[str]:
    return ["sh", "-c", f'exec "$0" "$@" {redirection}']


def many_nodes(count: int) -> str:
    """Facts of this many nodes, each with violations and unknowns."""
    facts = "---\napiVersion: dfpolicy.dev/v1\nkind: NodeFacts\nmetadata: {{name: n{0}}}\n"
    facts += "spec: {{kernelRelease: 3.10.0-{0}}}\n"
    return "".join(facts.format(number) for number in range(count))


@fault("streams", "standard input closed", 2, "error: stdin: standard input is closed; give a file")
def stdin_closed(place: Place) -> Outcome:
    return place.run("eval", "-", within=_redirected("<&-"))


@fault("streams", "standard output closed", 3, "error: standard output is closed; .*")
def stdout_closed(place: Place) -> Outcome:
    return place.run("eval", place.manifests, within=_redirected(">&-"))


@fault("streams", "standard output closed: `explain`", 3, "error: standard output is closed; .*")
def stdout_closed_explain(place: Place) -> Outcome:
    return place.run("explain", within=_redirected(">&-"))


@fault("streams", "standard error closed", 1)
def stderr_closed(place: Place) -> Outcome:
    return place.run("eval", place.manifests, within=_redirected("2>&-"))


@fault("streams", "standard error closed, and an error to tell", 2)
def stderr_closed_error(place: Place) -> Outcome:
    return place.run("eval", "absent", within=_redirected("2>&-"))


@fault("streams", "standard output full: /dev/full", 3, f"error: {FULL}")
def stdout_full(place: Place) -> Outcome:
    return place.run("eval", place.manifests, within=_redirected(">/dev/full"))


@fault("streams", "standard output full: `explain`", 3, f"error: {FULL}")
def stdout_full_explain(place: Place) -> Outcome:
    return place.run("explain", within=_redirected(">/dev/full"))


@fault("streams", "standard output full: `--version`", 3, f"error: {FULL}")
def stdout_full_version(place: Place) -> Outcome:
    return place.run("--version", within=_redirected(">/dev/full"))


@fault("streams", "standard error full, and an error to tell", 2)
def stderr_full(place: Place) -> Outcome:
    return place.run("eval", "absent", within=_redirected("2>/dev/full"))


@fault("streams", "standard error full, and a note to tell", 0)
def stderr_full_note(place: Place) -> Outcome:
    arguments = ["eval", place.folder / "bin", "--if-present"]
    (place.folder / "bin" / "a.yaml").write_text("a: 1\n", "utf-8")
    return place.run(*arguments, within=_redirected("2>/dev/full"))


def _report(place: Place) -> list[object]:
    """The arguments of a report that is larger than a pipe's buffer."""
    (place.folder / "nodes.yaml").write_text(many_nodes(NODES), "utf-8")
    return ["eval", place.manifests, "--facts", "nodes.yaml", "-o", "json"]


def _reader_leaves(place: Place, environment: dict[str, str]) -> Outcome:
    reading, writing = os.pipe()
    process = place.start(*_report(place), stdout=writing, environment=environment)
    os.close(writing)
    # The line appears once there is output, which is larger than a pipe's buffer.
    assert os.read(reading, 1)
    os.close(reading)
    return process.wait()


@fault("streams", "`| head -1`: the reader leaves", 141)
def reader_leaves(place: Place) -> Outcome:
    return _reader_leaves(place, {"PYTHONUNBUFFERED": ""})


@fault("streams", "`| head -1` with PYTHONUNBUFFERED=1", 141)
def reader_leaves_unbuffered(place: Place) -> Outcome:
    return _reader_leaves(place, {"PYTHONUNBUFFERED": "1"})


@fault("streams", "the reader has left before the start", 141)
def reader_has_left(place: Place) -> Outcome:
    reading, writing = os.pipe()
    os.close(reading)
    process = place.start("explain", stdout=writing)
    os.close(writing)
    return process.wait()


@fault("streams", "the reader of standard error has left, and an error to tell", 2)
def stderr_reader_leaves(place: Place) -> Outcome:
    reading, writing = os.pipe()
    os.close(reading)
    process = place.start("eval", "absent", stderr=writing)
    os.close(writing)
    return process.wait()


@fault(
    "streams",
    "the reader of `-o json=>(…)` leaves",
    3,
    "error: /dev/fd/9: cannot write the report: broken pipe",
)
def report_reader_leaves(place: Place) -> Outcome:
    path = place.folder / "pipe"
    os.mkfifo(path)
    *arguments, _ = _report(place)
    process = place.start(*arguments, "json=/dev/fd/9", within=_redirected("9>pipe"))
    reading = os.open(path, os.O_RDONLY)
    assert os.read(reading, 1)
    os.close(reading)
    return process.wait()


@fault(
    "disk",
    "`> FILE` on a disk that takes a part of it, with PYTHONUNBUFFERED=1",
    3,
    f"error: {FULL}",
    ["out/report.json"],
)
def disk_takes_a_part(place: Place) -> Outcome:
    within = [*full(place.folder, size="64k"), *_redirected("> full/report.json")]
    return place.run(*_report(place), within=within, environment={"PYTHONUNBUFFERED": "1"})
