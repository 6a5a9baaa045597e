"""Cache entries that are damaged or of another version, and many starts at once."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from support.faults.process import Outcome, Place
from support.faults.registry import fault

_DIGEST = 32
PROCESSES = 50


def _with(place: Place, change: Callable[[Path], object], mended: bool = True) -> Outcome:
    """Run with a changed entry, and check that the run replaces it with a valid one."""
    entry = place.own_cache()
    sound = entry.read_bytes()
    change(entry)
    outcome = place.run("eval", place.manifests)
    assert [path.name for path in entry.parent.iterdir()] == [entry.name]
    if mended:
        assert len(entry.read_bytes()) == len(sound)
        _trusted(entry)
    return outcome


def _digest(entry: Path, payload: bytes) -> bytes:
    return hashlib.sha256(entry.name.encode() + b"\0" + payload).digest()


def _trusted(entry: Path) -> None:
    content = entry.read_bytes()
    assert _digest(entry, content[_DIGEST:]) == content[:_DIGEST]


def _replace(entry: Path, payload: bytes) -> None:
    entry.write_bytes(_digest(entry, payload) + payload)


@fault("cache", "an entry with a bit changed", 1)
def changed(place: Place) -> Outcome:
    def change(entry: Path) -> None:
        content = bytearray(entry.read_bytes())
        content[len(content) // 2] ^= 1
        entry.write_bytes(content)

    return _with(place, change)


@fault("cache", "an entry cut short", 1)
def cut(place: Place) -> Outcome:
    return _with(place, lambda entry: entry.write_bytes(entry.read_bytes()[:-1000]))


@fault("cache", "an empty entry", 1)
def empty(place: Place) -> Outcome:
    return _with(place, lambda entry: entry.write_bytes(b""))


@fault("cache", "an entry that is no native code, with a digest that fits", 1)
def garbage(place: Place) -> Outcome:
    return _with(place, lambda entry: _replace(entry, b"garbage" * 1000))


@fault("cache", "an entry of another version of wasmtime, with a digest that fits", 1)
def another_version(place: Place) -> Outcome:
    def change(entry: Path) -> None:
        # wasmtime writes its major version before the processor, with the length of each.
        own = version("wasmtime").partition(".")[0].encode()
        head = re.compile(b"(?s)" + re.escape(own) + rb"(?=.(x86_64|aarch64)-)")
        payload, count = head.subn(b"1" * len(own), entry.read_bytes()[_DIGEST:], count=1)
        assert count == 1, "wasmtime's format has changed"
        _replace(entry, payload)

    return _with(place, change)


@fault("cache", "a folder in an entry's place", 1)
def folder(place: Place) -> Outcome:
    def change(entry: Path) -> None:
        entry.unlink()
        entry.mkdir()

    return _with(place, change, mended=False)


@fault("cache", "a pipe in an entry's place", 1)
def pipe(place: Place) -> Outcome:
    def change(entry: Path) -> None:
        entry.unlink()
        os.mkfifo(entry)

    return _with(place, change)


@fault("cache", "an entry that all may write", 1)
def open_to_all(place: Place) -> Outcome:
    return _with(place, lambda entry: entry.chmod(0o666))


@fault("cache", "an entry from the future", 1)
def future(place: Place) -> Outcome:
    return _with(place, lambda entry: os.utime(entry, (4e9, 4e9)))


@fault("cache", f"{PROCESSES} processes at once on an empty cache (memory: of the largest)", 1)
def at_once(place: Place) -> Outcome:
    cache = place.new_cache()
    started = [place.start("eval", place.manifests, "-o", "json") for _ in range(PROCESSES)]
    outcomes = [process.wait() for process in started]
    assert len({(one.code, one.said, one.out) for one in outcomes}) == 1
    (entry,) = cache.iterdir()
    _trusted(entry)
    first = outcomes[0]
    slowest = max(one.seconds for one in outcomes)
    return Outcome(first.code, first.out, first.said, slowest, max(one.peak_mb for one in outcomes))
