"""Hostile inputs, each with the expected outcome; also printed as a table.

Large inputs are sparse or generated while they are read. Each runs in its own empty directory.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from support import measured
from support.decisions import EXAMPLES
from support.faults.process import command
from support.measured import Measured

AGENT = str(EXAMPLES / "single-k8s" / "manifests.yaml")
GIB = 1 << 30
LARGE = 200 << 20

Make = Callable[[Path], object]
Bytes = Iterable[bytes]


@dataclass(frozen=True)
class Case:
    """A hostile input, how it is passed, and the expected outcome.

    `told` is in the only line on standard error; if it is empty, there is no line. `mib` limits the
    memory. `meanwhile` runs at the same time, in the directory, and `hook` is Python that the
    command runs first. `heavy` cases take long and run only for the table.
    """

    name: str
    arguments: tuple[str, ...]
    told: str
    make: Make = lambda folder: None
    code: int = 2
    mib: int = 150
    stdin: Callable[[], Bytes] | None = None
    meanwhile: Callable[[Path], object] | None = None
    hook: str = ""
    heavy: bool = False

    def __str__(self) -> str:
        return self.name


def written(parts: Callable[[], Bytes], name: str = "x.yaml") -> Make:
    """Return a function that writes a file."""

    def write(folder: Path) -> None:
        with (folder / name).open("wb") as stream:
            stream.writelines(parts())

    return write


def sparse(size: int, name: str = "x.yaml") -> Make:
    """Return a function that makes a file of zeros, which takes no disk space."""

    def write(folder: Path) -> None:
        with (folder / name).open("wb") as stream:
            stream.truncate(size)

    return write


def repeated(part: bytes, size: int, before: bytes = b"", after: bytes = b"") -> Iterator[bytes]:
    """Yield this many bytes of a part, in blocks, between two other parts."""
    yield before
    block = part * max(1, (1 << 20) // len(part))
    for _ in range(size // len(block)):
        yield block
    yield part * (size % len(block) // len(part))
    yield after


def of_text(name: str, text: str | bytes, told: str, **more: object) -> Case:
    """A case with one small file, given by its text."""
    content = text.encode() if isinstance(text, str) else text
    return of_parts(name, lambda: [content], told, **more)


def of_parts(name: str, parts: Callable[[], Bytes], told: str, **more: object) -> Case:
    """A case with one file, given by its parts; `file` is its name."""
    file = str(more.pop("file", "x.yaml"))
    arguments = ("eval", file)
    return Case(name, arguments, told, written(parts, file), **more)  # type: ignore[arg-type]


def bomb(opening: str, closing: str, member: str) -> str:
    """Aliases of aliases: ten lines that expand to ten to the power of twelve values."""
    lines = [f"a0: &a0 {opening}{', '.join(member.format(i, 'x') for i in range(10))}{closing}"]
    for level in range(1, 12):
        members = ", ".join(member.format(i, f"*a{level - 1}") for i in range(10))
        lines.append(f"a{level}: &a{level} {opening}{members}{closing}")
    return "\n".join(lines) + "\n"


LISTS = bomb("[", "]", "{1}")
MAPPINGS = bomb("{{", "}}", "k{0}: {1}").replace("{{", "{").replace("}}", "}")
NO_AGENT = "no DeepFlow agent in the input"
NO_DOCUMENT = "contains no document"
TOO_DEEP = "nested more than 200 levels deep"
TOO_LARGE = "the input is larger than 256 MiB; split it, or raise --max-input-size"
TOO_MANY_VALUES = "the input contains more than 20000000 values"
TOO_MANY_DOCUMENTS = "the input contains more than 200000 documents"
NO_JSON_NUMBER = "x.yaml:1: this number cannot be written as JSON"
NO_TEXT = "not a text file: it contains a NUL byte"


def _values() -> Iterator[Case]:
    yield of_text("alias bomb of lists, 10^12 values", LISTS, TOO_MANY_VALUES)
    yield of_text("alias bomb of mappings", MAPPINGS, TOO_MANY_VALUES)
    merges = "a: &a {" + ", ".join(f"k{i}: x" for i in range(1000)) + "}\nb:\n"
    merges += f"- {{<<: [{', '.join(['*a'] * 100)}]}}\n" * 5000
    yield of_text("5,000 × 100 merge keys", merges, TOO_MANY_VALUES, mib=250)
    long = f"a: &a {'x' * 200_000}\nb: [{', '.join(['*a'] * 100_000)}]\n"
    yield of_text(
        "100,000 aliases of a long text, 20 GB",
        long,
        "x.yaml:1: the input is larger",
    )
    chain = "a0: &a0 [1]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 1000))
    yield of_text("1,000-deep nesting by aliases", chain, f"x.yaml:1: {TOO_DEEP}")
    itself = "x.yaml:1: an alias refers to the value that contains it"
    yield of_text("a cyclic anchor", "a: &a [*a]\n", itself)
    yield of_text("a cyclic anchor in a merge key", "a: &a {<<: *a}\n", itself)
    tag = "x.yaml:1: Kubernetes does not know this YAML tag"
    yield of_text(
        "!!python/object/apply:os.system", "a: !!python/object/apply:os.system [x]\n", tag
    )
    yield of_text("NaN, YAML", "a: .nan\n", NO_JSON_NUMBER)
    yield of_text("-Infinity, YAML", "a: -.inf\n", NO_JSON_NUMBER)
    # By the rules of YAML these are strings.
    yield of_text("NaN, JSON", '{"a": NaN}', NO_AGENT, file="x.json")
    yield of_text("Infinity, JSON", '{"a": -Infinity}', NO_AGENT, file="x.json")
    digits = "9" * 1_000_000
    yield of_text("an integer of 1,000,000 digits", f"a: {digits}\n", NO_AGENT)
    yield of_text("a hexadecimal integer of 1,000,000 digits", f"a: 0x{digits}\n", NO_AGENT)
    yield of_text("an integer of 1,000,000 digits as key", f"? {digits}\n: 1\n", NO_AGENT)
    yield of_text(
        "an integer of 1,000,000 digits, JSON", f'{{"a": {digits}}}', NO_AGENT, file="x.json"
    )
    yield of_text("1e999999999", "a: 1e999999999\n", NO_AGENT)
    yield of_text("1 and 10,000,000 underscores", f"a: 1{'_' * 10_000_000}\n", NO_AGENT)


def _depth() -> Iterator[Case]:
    for depth, heavy in ((10_000, False), (100_000, True)):
        for name, text, file in (
            ("flow lists", "[" * depth + "]" * depth, "x.yaml"),
            ("flow lists, not closed", "[" * depth, "x.yaml"),
            ("flow mappings", "{a: " * depth + "}" * depth, "x.yaml"),
            ("block lists", "- " * depth + "1\n", "x.yaml"),
            ("JSON", '{"a":' * depth + "1" + "}" * depth, "x.json"),
        ):
            yield of_text(f"{depth:,}-deep {name}", text, TOO_DEEP, file=file, heavy=heavy)
    lines = "".join(f"{' ' * i}a:\n" for i in range(10_000))
    yield of_text("10,000-deep block mappings", lines, f"x.yaml:201: {TOO_DEEP}", mib=250)
    lists = '{"apiVersion":"v1","kind":"List","items":[' * 90 + "]}" * 90
    yield of_text("Lists in Lists, 90 deep", lists, NO_AGENT, file="x.json")


def _sizes() -> Iterator[Case]:
    yield Case("1 GiB of zeros, a file", ("eval", "x.yaml"), TOO_LARGE, sparse(GIB))
    hundred = sparse(100 * GIB)
    yield Case("100 GiB of zeros, a file", ("eval", "x.yaml"), TOO_LARGE, hundred)
    stdin = ("eval", "-")
    for name, part in (("zeros", b"\0"), ("the digit 0", b"0"), ("comments", b"# x\n")):
        told = f"stdin: {TOO_LARGE}"

        def endless(part: bytes = part) -> Bytes:
            return repeated(part, GIB)

        yield Case(f"1 GiB of {name}, piped in", stdin, told, stdin=endless, mib=400)
    yield of_parts("50 MB of zeros", lambda: repeated(b"\0", 50 << 20), NO_TEXT, mib=250)
    for name, before, part, after, mib in (
        ("plain", b"a: ", b"x", b"", 1000),
        ("quoted", b'a: "', b"x", b'"', 1000),
        ("block", b"a: |\n", b"  " + b"x" * 77 + b"\n", b"", 1000),
        ("not closed", b"a: '", b"x", b"", 1000),
    ):

        def scalar(before: bytes = before, part: bytes = part, after: bytes = after) -> Bytes:
            return repeated(part, LARGE, before, after)

        told = "found unexpected end of stream" if name == "not closed" else NO_AGENT
        heavy = name != "plain"
        yield of_parts(f"a scalar of 200 MB, {name}", scalar, told, mib=mib, heavy=heavy)
    yield of_parts(
        "a scalar of 200 MB, JSON",
        lambda: repeated(b"x", LARGE, b'{"a": "', b'"}'),
        NO_AGENT,
        file="x.json",
        mib=1000,
        heavy=True,
    )
    for name, part in (
        ("blanks", b" "),
        ("empty lines", b"\n"),
        ("comments", b"# " + b"x" * 77 + b"\n"),
        ("directives", b"%a\n"),
    ):

        def empty(part: bytes = part) -> Bytes:
            return repeated(part, LARGE)

        heavy = name != "blanks"
        yield of_parts(f"200 MB of {name}", empty, NO_DOCUMENT, mib=700, heavy=heavy)
    yield of_text("a key of 10 MB", "? " + "k" * 10_000_000 + "\n: 1\n", NO_AGENT)
    twice = ("? " + "k" * 10_000_000 + "\n: 1\n") * 2
    yield of_text("a key of 10 MB, twice", twice, "x.yaml:3: duplicate key 'kkk", mib=200)
    kind = "apiVersion: dfpolicy.dev/v9\nkind: " + "k" * 10_000_000 + "\nmetadata: {name: a}\n"
    yield of_text("a kind of 10 MB", kind, "x.yaml:1: unknown kind dfpolicy.dev/v9 kkk")
    yield Case("/dev/zero", ("eval", "/dev/zero"), f"/dev/zero: {TOO_LARGE}", mib=400)


def _amounts() -> Iterator[Case]:
    def many(part: bytes, amount: int) -> Callable[[], Bytes]:
        return lambda: repeated(part, len(part) * amount)

    def config_maps() -> Bytes:
        for number in range(1_000_000):
            yield b"---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c%d}\n" % number

    tiny, empty = many(b"---\na: 1\n", 1_000_000), many(b"---\n", 1_000_000)
    yield of_parts("1,000,000 tiny documents", tiny, f"x.yaml:400001: {TOO_MANY_DOCUMENTS}")
    yield of_parts("1,000,000 empty documents", empty, f"x.yaml:200001: {TOO_MANY_DOCUMENTS}")
    yield of_parts("1,000,000 ConfigMaps", config_maps, TOO_MANY_DOCUMENTS, mib=250)
    texts = many(b'{"a": 1}\n', 1_000_000)
    told = f"x.json:200001: {TOO_MANY_DOCUMENTS}"
    yield of_parts("1,000,000 JSON texts, one after the other", texts, told, file="x.json", mib=300)
    for name, part in (("lists", b"[],"), ("mappings", b"{},")):

        def listed(part: bytes = part) -> Bytes:
            return repeated(part, LARGE, b"[", part[:2] + b"]")

        told = TOO_MANY_VALUES
        heavy = name == "mappings"
        what = f"200 MB of empty {name}, JSON"
        yield of_parts(what, listed, told, file="x.json", mib=1000, heavy=heavy)
    dashes = many(b"- ", LARGE // 2)
    yield of_parts("200 MB of '- '", dashes, TOO_DEEP, mib=800, heavy=True)
    block = many(b"- []\n", LARGE // 5)
    yield of_parts("200 MB of empty lists, YAML", block, TOO_MANY_VALUES, mib=3000, heavy=True)
    for amount, heavy in ((100_000, False), (1_000_000, True), (10_000_000, True)):

        def keys(amount: int = amount) -> Bytes:
            return (b"k%d: 1\n" % number for number in range(amount))

        mib = 100 + amount * 3 // 10_000
        # In the last case, the object itself is one value too many.
        told = TOO_MANY_VALUES if 2 * amount + 1 > 20_000_000 else NO_AGENT
        yield of_parts(f"a mapping of {amount:,} keys", keys, told, mib=mib, heavy=heavy)
    yield of_text(
        "1,000,000 times the same key", "k: 1\n" * 1_000_000, "x.yaml:2: duplicate key 'k'"
    )
    yield of_text("100,000 anchors", "".join(f"- &a{i} x\n" for i in range(100_000)), NO_AGENT)
    settings = many(b"A=b\n", LARGE // 4)
    yield of_parts(
        "a unit of systemd of 200 MB", settings, TOO_MANY_VALUES, file="x.service", mib=600
    )
    joined = many(b"b\\\n", 1_000_000)
    told = "not a valid unit file: expected [Section] or Key=value"
    yield of_parts("a unit of 1,000,000 joined lines", joined, told, file="x.service", mib=250)


def _no_text() -> Iterator[Case]:
    yield of_text("bytes that are not UTF-8", b"a: 1\nb: \xff\xfe\n", "x.yaml:2: not valid UTF-8")
    yield of_text(
        "not a text file: it contains a NUL byte", "a: 1\nb: \0\n", f"x.yaml:2: {NO_TEXT}"
    )
    yield of_text("UTF-16 with its mark", "a: 1\n".encode("utf-16"), NO_AGENT)
    yield of_text("UTF-16 without its mark", "a: 1\n".encode("utf-16-le"), NO_AGENT)
    yield of_text("UTF-32", "a: 1\n".encode("utf-32"), NO_AGENT)
    yield of_text(
        "half a surrogate pair, JSON", '{"a": "\\ud800"}', "not valid YAML", file="x.json"
    )
    yield of_text("characters that steer a terminal", "a: \x1b[2J\n", "not valid YAML")


def _socket(folder: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "d" / "x.yaml"))


def _in_folder(make: Make) -> Make:
    def made(folder: Path) -> None:
        (folder / "d").mkdir()
        make(folder)

    return made


def _link(target: str) -> Make:
    return _in_folder(lambda folder: (folder / "d" / "x.yaml").symlink_to(target))


def _loops(folder: Path) -> None:
    # Two links double the paths at each level.
    (folder / "d" / "a.yaml").write_text("a: 1\n", "utf-8")
    (folder / "d" / "e").symlink_to(".")
    (folder / "d" / "f").symlink_to("../d")


def _many_files(folder: Path) -> None:
    for number in range(100_000):
        (folder / "d" / f"{number}.yaml").write_bytes(b"a: 1\n")


def _deep_folders(folder: Path) -> None:
    before = Path.cwd()
    os.chdir(folder)
    try:
        for _ in range(3000):
            Path("d").mkdir()
            os.chdir("d")
    finally:
        os.chdir(before)


def _pipe(name: str) -> Make:
    return lambda folder: os.mkfifo(folder / name)


def _some_files(folder: Path) -> None:
    for number in range(3):
        (folder / "d" / f"{number}.yaml").write_text("a: 1\n", "utf-8")


# What another process does between two steps of the command: after the first `os.{0}` that reads a
# manifest.
_HOOK = """
import os
call = os.{0}
def hooked(what, *arguments):
    found = call(what, *arguments)
    if not str(what).startswith("/dev"):
        os.{0} = call
        {1}
    return found
os.{0} = hooked
"""
_VANISH = _HOOK.format("open", 'os.unlink("d/2.yaml")')
_GROW = _HOOK.format("fstat", 'open("x.yaml", "ab").write(b"#")')
_CUT = _HOOK.format("fstat", 'os.truncate("x.yaml", 8)')


def _write_endlessly(folder: Path) -> None:
    with suppress(OSError), (folder / "x.yaml").open("wb", buffering=0) as stream:
        for block in repeated(b"# x\n", GIB << 10):
            stream.write(block)


def _files() -> Iterator[Case]:
    named, folder, pattern = ("eval", "x.yaml"), ("eval", "d"), ("eval", "**/*.yaml")
    told = "x.yaml: cannot read: too many levels of symbolic links"
    itself = _link("x.yaml")
    yield Case("a link to itself", ("eval", "d/x.yaml"), told, itself)
    yield Case("a link to itself in a folder", folder, told, itself)
    yield Case("links to the folder they are in", folder, NO_AGENT, _in_folder(_loops))
    yield Case("links to the folder, by **", pattern, NO_AGENT, _in_folder(_loops))
    told = "d/x.yaml: cannot read: no such file or directory"
    yield Case("a broken symbolic link in a folder", folder, told, _link("absent"))
    told = "d/x.yaml: not a regular file"
    yield Case("a link to /dev/zero in a folder", folder, told, _link("/dev/zero"))
    yield Case("a pipe without a writer in a folder", folder, told, _in_folder(_pipe("d/x.yaml")))
    yield Case("a pipe without a writer, by **", pattern, told, _in_folder(_pipe("d/x.yaml")))
    yield Case("a socket in a folder", folder, told, _in_folder(_socket))
    yield Case(
        "a pipe whose writer never ends",
        named,
        f"x.yaml: {TOO_LARGE}",
        _pipe("x.yaml"),
        mib=400,
        meanwhile=_write_endlessly,
    )
    told = "d/2.yaml: cannot read: no such file or directory"
    some = _in_folder(_some_files)
    yield Case("a file that vanishes behind the listing", folder, told, some, hook=_VANISH)
    told = "x.yaml: the file changed while it was read; try again"
    text = written(lambda: repeated(b"# x\n", 1 << 20))
    yield Case("a file that grows", named, told, text, hook=_GROW)
    yield Case("a file that is cut short", named, told, text, hook=_CUT)
    yield Case("100,000 files", folder, NO_AGENT, _in_folder(_many_files), heavy=True)
    yield Case("3,000-deep folders", folder, "d: ", _deep_folders)
    told = "cannot read: file name too long"
    yield Case("a name of 5,000 characters", ("eval", "n" * 5000), told)
    broken = written(lambda: [b"a: [\n"], "a\n::error::b.yaml")
    told = "a : :error::b.yaml:2: not valid YAML"
    yield Case("a line feed in a name", ("eval", "a\n::error::b.yaml"), told, broken)
    odd = os.fsdecode(b"\xff\x1b[2J.yaml")
    told = "??[2J.yaml:2: not valid YAML"
    yield Case("a name that is no text", ("eval", odd), told, written(lambda: [b"a: [\n"], odd))


def _others() -> Iterator[Case]:
    waive = ("waive", "DF-K8S-001", "--reason", "r", "--owner", "o", "--expires", "2099-01-01")
    of_configuration = {"config": True, "waive": True}
    commands = {
        "--facts": ("eval", AGENT, "--facts", "x.yaml"),
        "config": ("eval", AGENT, "--config", "x.yaml"),
        "waive": (*waive, "--config", "x.yaml"),
        "convert": ("convert", "x.yaml", "-o", "json"),
        "diff": ("diff", "x.yaml", "x.yaml"),
    }
    for name, arguments in commands.items():
        small = of_configuration.get(name, False)
        size = "the configuration file is larger than 8 MiB" if small else TOO_LARGE
        amount = (
            "the configuration file contains more than 1000000 values" if small else TOO_MANY_VALUES
        )
        for what, make, told in (
            ("alias bomb", written(lambda: [LISTS.encode()]), amount),
            ("10,000-deep nesting", written(lambda: [b"[" * 10_000]), TOO_DEEP),
            ("1 GiB of zeros", sparse(GIB), size),
            (
                "!!python/object",
                written(lambda: [b"a: !!python/object:x y"]),
                "Kubernetes does not know this YAML tag",
            ),
            ("not a text file: it contains a NUL byte", written(lambda: [b"a: \0"]), NO_TEXT),
        ):
            yield Case(f"{name}: {what}", arguments, told, make)
    waiver = b"- {id: DF-K8S-001, subject: '%s', reason: r, owner: o, expires: 2099-01-01}\n"

    def waivers() -> Bytes:
        yield b"waivers:\n"
        for number in range(10_000):
            yield waiver % (b"*a*b*c*d*e*f*%d" % number)

    arguments = commands["config"]
    yield Case("10,000 waivers", arguments, "", written(waivers), code=0, mib=500, heavy=True)
    stars = written(lambda: [b"waivers:\n", waiver % (b"*a" * 5000)])
    yield Case("a waiver of 5,000 stars", arguments, "", stars, code=0)
    pipe = ("eval", AGENT)
    yield Case("a pipe that is called dfpolicy.yaml", pipe, "", _pipe("dfpolicy.yaml"), code=0)


def _facts(kernel: str, amount: int = 1) -> Bytes:
    for number in range(amount):
        yield (
            json.dumps(
                {
                    "apiVersion": "dfpolicy.dev/v1",
                    "kind": "NodeFacts",
                    "metadata": {"name": f"node-{number}"},
                    "spec": {"kernelRelease": kernel},
                }
            ).encode()
            + b"\n"
        )


def _kernels() -> Iterator[Case]:
    arguments = ("eval", AGENT, "--facts", "x.json", "-q")
    for name, kernel in {
        "1,000,000 digits": "9" * 1_000_000,
        "1,000,000 dots": "." * 1_000_000,
        "500,000 parts": "4.19." + "1." * 500_000,
        "1,000,000 dashes": "5.4.0" + "-" * 1_000_000,
        "lines and colours": "5.4.0\n::error::forged\x1b[2J\0",
        "no text at all": "\u2028\ufffe\U0010ffff",
    }.items():
        facts = written(lambda kernel=kernel: _facts(kernel), "x.json")  # type: ignore[misc]
        yield Case(f"a kernel of {name}", arguments, "", facts, code=0, mib=600)


def cases() -> list[Case]:
    """Every case, in the order of the table."""
    groups = (_values, _depth, _sizes, _amounts, _no_text, _files, _others, _kernels)
    return [case for group in groups for case in group()]


def run(case: Case, environment: Mapping[str, str], seconds: float) -> Measured:
    """Run a case in a temporary directory; kill it after this many seconds."""
    scratch = Path(tempfile.mkdtemp())
    try:
        folder = scratch / "folder"
        folder.mkdir()
        case.make(folder)
        watch = case.meanwhile
        return measured.run(
            [sys.executable, *command(case.hook), *case.arguments],
            folder,
            scratch,
            seconds,
            case.stdin() if case.stdin else (),
            environment,
            (lambda: watch(folder)) if watch else None,
        )
    finally:
        # Python itself cannot remove folders this deep.
        subprocess.run([shutil.which("rm") or "rm", "-rf", str(scratch)], check=True)


def faults(case: Case, found: Measured) -> list[str]:
    """Return what differs from the expected outcome; empty if nothing does."""
    line = re.fullmatch(r"dfpolicy: [^\n]+\n", found.stderr) is not None
    told = line and case.told in found.stderr if case.told else not found.stderr
    holds = {
        f"exit code {found.code}, not {case.code}": found.code == case.code,
        f"standard error: {found.stderr[:500]!r}": told,
        "a report in spite of a refusal": found.code != 2 or not found.stdout,
        f"{found.mib} MiB, more than {case.mib}": found.mib <= case.mib,
    }
    return [fault for fault, held in holds.items() if not held]
