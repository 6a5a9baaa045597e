"""Attacks on each command by the author of a file, bundle or report, or by a server.

Each attack ends with its exit code and at most one line on standard error, without a traceback, and
writes no control characters for the terminal. Attacks on one module are in the tests of that
module.
"""

from __future__ import annotations

import gzip
import json
import os
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from support import broken_server as broken
from support import decisions, reports
from support.command import Run

EXAMPLE = decisions.EXAMPLES / "single-k8s" / "manifests.yaml"
SERVER = ("--opa-retries", "0", "--opa-timeout", "20", "--opa-any-revision")
WHY = ("--reason", "r", "--owner", "o")

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links and pipes are POSIX")


@dataclass(frozen=True)
class Attack:
    """What an attacker prepares, the command that reads it, and the expected end.

    `said` is expected in standard error, or for the exit codes 0 and 1 in the output. A server
    answers with `answer`.
    """

    name: str
    command: Sequence[str]
    code: int
    said: str = ""
    prepare: Callable[[Path], object] = lambda _: None
    answer: broken.Answer | None = None


def agent(**changes: Any) -> list[Any]:
    """The example's documents, with these changes to the metadata of the DaemonSet."""
    documents: list[Any] = list(yaml.safe_load_all(EXAMPLE.read_text("utf-8")))
    for one in documents:
        if one["kind"] == "DaemonSet":
            one["metadata"] |= changes
    return documents


def manifests(text: str = "", **changes: Any) -> Callable[[Path], object]:
    """`a.yaml`: the example with changes, and with this text at its end."""
    return lambda folder: (folder / "a.yaml").write_text(
        yaml.safe_dump_all(agent(**changes)) + text, "utf-8"
    )


def file(name: str, content: str | bytes) -> Callable[[Path], object]:
    data = content.encode() if isinstance(content, str) else content
    return lambda folder: (folder / name).write_bytes(data)


def stored(**changes: Any) -> Callable[[Path], object]:
    """`report.json`: a report of one violation, whose result has these changes."""
    made = reports.report(reports.result(**changes))
    return file("report.json", json.dumps(made))


def both(*prepare: Callable[[Path], object]) -> Callable[[Path], object]:
    return lambda folder: [one(folder) for one in prepare]


def doubling(levels: int) -> Any:
    """A message whose text has 2 to the power of `levels` characters."""
    part: Any = "x"
    for _ in range(levels):
        part = {"template": "{fact}{fact}", "values": {"fact": part}}
    return part


FACTS = {
    "apiVersion": "dfpolicy.dev/v1",
    "kind": "NodeFacts",
    "metadata": {"name": "a"},
    "spec": {"\u202e\x9b": 1},
}


Results = list[Any]


def decided(change: Callable[[Results], Results]) -> broken.Answer:
    """The answer of a server: the example's decision with changed results."""

    def answer(stream: socket.socket) -> None:
        whole: Any = decisions.example_decision(EXAMPLE)
        broken.decided({**whole, "results": change(whole["results"])}, "other")(stream)

    return answer


def bomb(stream: socket.socket) -> None:
    """300 MiB in 300 KB."""
    broken.status(200, gzip.compress(bytes(300 << 20), 1), "Content-Encoding: gzip\r\n")(stream)


def doubled(results: Results) -> Results:
    return [{**one, "messages": {"observed": doubling(60)}} for one in results]


def without(results: Results) -> Results:
    return [one for one in results if one["id"] != "DF-NET-002"]


def status_line(stream: socket.socket) -> None:
    """A status line with control characters for the terminal."""
    stream.sendall(f"HTTP/9.9 {CONTROL}\r\n\r\n".encode())


def foreign(results: Results) -> Results:
    """One more result, of an unknown requirement on an object that is not in the input."""
    subject = {"kind": "Secret", "namespace": CONTROL, "name": CONTROL}
    return [*results, {**results[0], "id": "DF-EVIL-001", "subject": subject}]


def many(results: Results) -> Results:
    nodes = ({"kind": "Node", "name": f"n{number}"} for number in range(20_000))
    return [*results, *({**results[0], "subject": node} for node in nodes)]


def globbed(folder: Path) -> None:
    """A report whose subject is named as a glob for every DaemonSet."""
    subject = {"apiVersion": "apps/v1", "kind": "DaemonSet", "namespace": "*", "name": "*"}
    stored(id="DF-NET-002", subject=subject)(folder)


def linked(name: str, target: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).symlink_to(target)


def piped(name: str) -> Callable[[Path], object]:
    return lambda folder: os.mkfifo(folder / name)


def below(*prepare: Callable[[Path], object]) -> Callable[[Path], object]:
    def make(folder: Path) -> None:
        (folder / "d").mkdir()
        both(*prepare)(folder / "d")

    return make


DEEP = b"[" * 100_000 + b"]" * 100_000
LONG = b'{"result":' + b"9" * 5000 + b"}"
MANY = "X: y\r\n" * 1000
FAR = {"file": "a", "document": 1, "line": 10**4200}
STARS = "*a" * 5000 + "b"
DOUBLING = {"messages": {"observed": doubling(60)}}
FORMATTED = {
    "messages": {
        "observed": {"template": "{a:>9999999999} {a.__class__}", "values": {"a": "x"}},
    }
}
BUILD = ("bundle", "build", "--policy", "d", "--opa", "/bin/true")
INSPECT = ("bundle", "inspect", "b")
# Only a YAML key and tag can contain the last of these.
CONTROL, TURNED = "\x9b31m\u202e\x85\u2028", "\u202e"
EVAL = ("eval", "a.yaml", "--config", "")
ASK = (*EVAL, "--opa-url", "http://127.0.0.1:1")
REPORT = ("convert", "report.json")
NODE = "apiVersion: v1\nkind: Node\nmetadata: {name: '%s'}\n"
LEVELS = "bcdefghij"
ALIASES = "---\na: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{chr(ord(name) - 1)}'] * 10)}]\n" for name in LEVELS
)
POD = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"
POD += "spec: {containers: [{name: a, image: a, args: ['%s']}]}\n"
GIVEN, ZERO = manifests(), "/dev/zero"
STORED_SETTINGS = reports.report(
    reports.result(),
    configuration=CONTROL,
    settings=[{"key": "failOn", "value": "none", "place": f":{'9' * 5000}"}],
)

SERVERS = (
    Attack("a gzip bomb", EVAL, 3, "larger than 256 MiB", GIVEN, bomb),
    Attack("an answer without end", EVAL, 3, "larger than 256 MiB", GIVEN, broken.endless),
    Attack("an error without end", EVAL, 3, "status 503", GIVEN, broken.failing_endlessly),
    Attack("an object of nobody", EVAL, 0, "", GIVEN, decided(foreign)),
    Attack("a nested answer", EVAL, 3, "200 levels deep", GIVEN, broken.status(200, DEEP)),
    Attack("a number of 5,000 digits", EVAL, 3, "not valid JSON", GIVEN, broken.status(200, LONG)),
    Attack("no results", EVAL, 3, "no result of DF-K8S-001", GIVEN, decided(lambda _: [])),
    Attack("no DF-NET-002", EVAL, 3, "no result of DF-NET-002", GIVEN, decided(without)),
    Attack("another mode", (*EVAL, "-m", "multi-k8s"), 3, "the mode single", GIVEN, decided(list)),
    Attack("messages that double", (*EVAL, "--lang", "zh"), 0, "", GIVEN, decided(doubled)),
    Attack("20,000 results of one requirement", EVAL, 0, "", GIVEN, decided(many)),
    Attack("1,000 headers", EVAL, 3, "the connection failed", GIVEN, broken.status(200, b"", MANY)),
    Attack("a hostile status line", EVAL, 3, "the connection failed", GIVEN, status_line),
    Attack("a hostile revision", EVAL, 3, "", GIVEN, broken.decided(None, CONTROL * 100)),
)
STORED = (
    Attack("an unknown that doubles", REPORT, 0, "", stored(outcome="unknown", **DOUBLING)),
    Attack("a finding that doubles", (*REPORT, "--lang", "zh"), 0, "", stored(**DOUBLING)),
    Attack("a template with a format", (*REPORT, "--lang", "zh"), 0, "", stored(**FORMATTED)),
    Attack("a subject that is a glob", ("waive", "--all", "report.json", *WHY), 0, "", globbed),
    Attack("a line of 4,200 digits", (*REPORT, "-o", "github"), 0, "", stored(location=FAR)),
    Attack(
        *("settings at odd places", (*REPORT, "-o", "sarif"), 0, ""),
        file("report.json", json.dumps(STORED_SETTINGS)),
    ),
    Attack("a report that is a device", ("convert", ZERO), 2, "larger than 256 MiB"),
    Attack("a baseline that is a device", (*EVAL, "--baseline", ZERO), 2, "256 MiB", GIVEN),
)
FILES = (
    Attack("a token that is a device", (*ASK, "--opa-token-file", ZERO), 2, "64 KiB", GIVEN),
    Attack(
        *("a token that is a pipe", (*ASK, "--opa-token-file", "p"), 2, "one token"),
        both(GIVEN, piped("p")),
    ),
    Attack(
        *("a CA that is a pipe", (*ASK, "--opa-ca", "p"), 2, "no such file"),
        both(GIVEN, piped("p")),
    ),
    Attack(
        *("a configuration that is a device", ("eval", "a.yaml", "--config", ZERO), 2, "8 MiB"),
        GIVEN,
    ),
    Attack(
        *("a found configuration that is a pipe", ("eval", "a.yaml"), 0, ""),
        both(GIVEN, piped("dfpolicy.yaml")),
    ),
    Attack(
        *("a pipe in a directory", ("eval", "d"), 2, "not a regular file"),
        below(GIVEN, piped("b.yaml")),
    ),
    Attack(
        *("a device in a directory", ("eval", "d"), 2, "not a regular file"),
        below(GIVEN, linked("b.yaml", ZERO)),
    ),
    Attack("directories in a circle", ("eval", "d"), 0, "", below(GIVEN, linked("c", "."))),
    Attack("facts of a device", (*EVAL, "--facts", ZERO), 2, "256 MiB", GIVEN),
    Attack(
        *("a policy that is a device", BUILD, 2, "contains no policy"),
        below(linked("x.rego", ZERO)),
    ),
    Attack(
        *("an output through a link", (*EVAL, "-o", "json=out/x"), 2, "points outside"),
        both(GIVEN, linked("out", "/tmp")),
    ),
    Attack(
        *("features through a link", ("features", "n", "-o", "csv=out/x"), 2, "points outside"),
        both(file("n", NODE % "a"), linked("out", "/tmp")),
    ),
    Attack(
        *("an output that is a pipe", (*EVAL, "-o", "json=p"), 2, "a pipe, socket or"),
        both(GIVEN, piped("p")),
    ),
    Attack(
        *("an output through a link to a pipe", (*EVAL, "-o", "json=q"), 2, "a pipe, socket or"),
        both(GIVEN, piped("p"), linked("q", "p")),
    ),
    Attack(
        *("waivers in a pipe", ("waive", "DF-NET-002", *WHY, "--config", "p"), 2, "a pipe, socket"),
        piped("p"),
    ),
    Attack(
        *("a pipe in a directory, --if-present", ("eval", "--if-present", "d"), 2, "not a regular"),
        below(GIVEN, piped("b.yaml")),
    ),
    Attack("a file as a directory", ("gatekeeper", "-o", "a.yaml"), 2, "not a directory", GIVEN),
    Attack("an output that is a device", (*EVAL, "-o", "json=/dev/null"), 0, "", GIVEN),
    Attack("a bundle of noise", INSPECT, 2, "not a gzip archive", file("b", b"\x00\xff" * 100)),
    Attack("an empty bundle", INSPECT, 2, "truncated", file("b", b"")),
    Attack("two archives in one", INSPECT, 2, "extra data", file("b", gzip.compress(b"") * 2)),
)
TEXTS = (
    Attack("a hostile name", EVAL, 1, "", manifests(name=f"deepflow-agent{CONTROL}")),
    Attack(
        "a hostile key", EVAL, 2, "duplicate key", manifests(f"---\na{TURNED}: 2\na{TURNED}: 3\n")
    ),
    Attack("a hostile tag", EVAL, 2, "not valid YAML", manifests(f"---\na: !x{TURNED} b\n")),
    Attack("a hostile path", ("eval", f"{CONTROL}.yaml"), 2, "no such file"),
    Attack("a hostile glob", ("eval", f"{CONTROL}*.yaml"), 2, "no file matches"),
    Attack("a hostile mode", ("eval", "-m", CONTROL), 2, "unknown value"),
    Attack("a hostile ID", ("explain", CONTROL), 2, "unknown requirement"),
    Attack("an ID of 100 KB", ("waive", "x" * 100_000, *WHY), 2, "unknown requirement ID"),
    Attack(
        *(
            "5,000 stars",
            ("waive", "DF-NET-002", *WHY, "--subject", STARS, "a.yaml"),
            2,
            "needs no",
        ),
        GIVEN,
    ),
    Attack(
        *("a hostile fact", (*EVAL, "--facts", "f.json"), 2, "NodeFacts: "),
        both(GIVEN, file("f.json", json.dumps(FACTS))),
    ),
    Attack("an alias bomb", EVAL, 2, "values, aliases expanded", manifests(ALIASES)),
    Attack("a long argument", EVAL, 0, "", manifests(POD % ("--token " * 50_000))),
    Attack("a formula", ("features", "n", "-o", "csv"), 0, "\n'=1,", file("n", NODE % "=1")),
    Attack(
        *("markup", ("features", "n", "-o", "markdown"), 0, "&#60;b&#62;&#91;x"),
        file("n", NODE % "<b>[x](http://y)"),
    ),
)
ATTACKS = (*SERVERS, *STORED, *FILES, *TEXTS)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_attack(cli: Run, tmp_path: Path, attack: Attack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DFPOLICY_CONFIG")
    attack.prepare(tmp_path)
    if attack.answer is None:
        done = cli(*attack.command)
    else:
        with broken.answering([attack.answer]) as server:
            done = cli(*attack.command, "--opa-url", server.url, *SERVER)
    assert done.returncode == attack.code, done.stderr
    assert attack.said in (done.stderr if attack.code >= 2 else done.stdout + done.stderr)
    assert done.stderr.count("\n") <= 1
    assert "unexpected" not in done.stderr
    for stream in (done.stdout, done.stderr):
        assert all(char.isprintable() or char == "\n" for char in stream)
        assert "Traceback" not in stream
        assert len(stream) < 1 << 20


def test_a_waiver_of_a_hostile_report_covers_only_its_subject(cli: Run, tmp_path: Path) -> None:
    globbed(tmp_path)
    assert cli("waive", "--all", "report.json", *WHY, "--config", "c.yaml").returncode == 0
    (entry,) = yaml.safe_load((tmp_path / "c.yaml").read_text("utf-8"))["waivers"]
    assert entry["subject"] == "DaemonSet/[*]/[*]"
