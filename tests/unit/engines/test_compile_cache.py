from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from dfpolicy.engines import compile_cache

NAME = "ab" * 32


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    path = tmp_path / "cache"
    monkeypatch.setenv("DFPOLICY_CACHE_DIR", str(path))
    return path


def test_a_stored_module_is_loaded(folder: Path) -> None:
    assert compile_cache.load(NAME) is None
    compile_cache.store(NAME, b"native")
    assert compile_cache.load(NAME) == b"native"
    assert [path.name for path in folder.iterdir()] == [NAME]
    if os.name == "posix":
        assert folder.stat().st_mode & 0o777 == 0o700


def test_an_entry_under_the_key_of_another_is_ignored(folder: Path) -> None:
    """Native code of other policies would decide instead of this module."""
    other = "cd" * 32
    compile_cache.store(NAME, b"native")
    (folder / NAME).rename(folder / other)
    assert compile_cache.load(other) is None
    compile_cache.store(NAME, b"native")
    for damage in (
        b"",
        b"\0",
        (folder / NAME).read_bytes()[:-1],
        (folder / NAME).read_bytes() + b"x",
    ):
        (folder / NAME).write_bytes(damage)
        assert compile_cache.load(NAME) is None


@pytest.mark.skipif(os.name != "posix", reason="links and pipes are POSIX")
def test_a_link_or_a_pipe_is_not_an_entry(folder: Path, tmp_path: Path) -> None:
    compile_cache.store(NAME, b"native")
    (folder / NAME).rename(tmp_path / "entry")
    (folder / NAME).symlink_to(tmp_path / "entry")
    assert compile_cache.load(NAME) is None
    (folder / NAME).unlink()
    os.mkfifo(folder / NAME)
    assert compile_cache.load(NAME) is None
    compile_cache.store(NAME, b"native")
    assert compile_cache.load(NAME) == b"native"
    assert (folder / NAME).stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_a_huge_entry_is_ignored(folder: Path) -> None:
    compile_cache.store("a", b"x")
    with (folder / "a").open("r+b") as stream:
        stream.truncate(1 << 40)
    assert compile_cache.load("a") is None


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o702])
def test_a_cache_that_others_can_write_is_ignored(folder: Path, mode: int) -> None:
    compile_cache.store(NAME, b"native")
    folder.chmod(mode)
    assert compile_cache.load(NAME) is None
    compile_cache.store(NAME, b"other")
    folder.chmod(0o700)
    assert compile_cache.load(NAME) == b"native"


@pytest.mark.skipif(os.name != "posix", reason="owners are POSIX")
@pytest.mark.usefixtures("folder")
def test_a_cache_of_another_user_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    compile_cache.store(NAME, b"native")
    owner = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: owner + 1)
    assert compile_cache.load(NAME) is None


def test_a_cache_that_cannot_be_created_is_skipped(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        monkeypatch.setenv("DFPOLICY_CACHE_DIR", str(path))
        compile_cache.store(NAME, b"native")
        assert compile_cache.load(NAME) is None


def test_a_full_disk_leaves_nothing_behind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.mkdir(mode=0o700)

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device", str(self), None, str(target))

    monkeypatch.setattr(Path, "replace", full)
    compile_cache.store(NAME, b"native")
    assert list(folder.iterdir()) == []


def test_the_environment_sets_the_cache_directory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DFPOLICY_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    compile_cache.store(NAME, b"native")
    assert (tmp_path / "xdg" / "dfpolicy" / NAME).is_file()
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    compile_cache.store(NAME, b"native")
    assert not (tmp_path / "home").exists()
    (tmp_path / "home").mkdir()
    compile_cache.store(NAME, b"native")
    assert (tmp_path / "home" / ".cache" / "dfpolicy" / NAME).is_file()


def test_readers_never_see_a_partial_entry(folder: Path) -> None:
    payloads = [bytes([number]) * 200_000 for number in range(8)]
    threads = [threading.Thread(target=compile_cache.store, args=(NAME, one)) for one in payloads]
    for thread in threads:
        thread.start()
    seen = {compile_cache.load(NAME) for _ in range(50)}
    for thread in threads:
        thread.join()
    assert seen <= {None, *payloads}
    assert compile_cache.load(NAME) in payloads
    assert [path.name for path in folder.iterdir()] == [NAME]


def test_the_key_depends_on_module_compiler_and_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {compile_cache.key(wasm, compiler) for wasm in (b"a", b"b") for compiler in ("1", "2")}
    monkeypatch.setattr("platform.machine", lambda: "other")
    keys.add(compile_cache.key(b"a", "1"))
    assert len(keys) == 5


@pytest.mark.skipif(os.name != "posix", reason="folders are locked on POSIX")
def test_one_process_compiles_at_a_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    folder.mkdir(mode=0o700)
    other = os.open(folder, os.O_RDONLY)
    try:
        with compile_cache.alone(), pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Its owner may have stopped, so nobody waits forever.
        monkeypatch.setattr(compile_cache, "_LOCK_SECONDS", 0.1)
        with compile_cache.alone():
            pass
    finally:
        os.close(other)
    assert list(folder.iterdir()) == []


def test_every_process_compiles_without_a_cache(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("DFPOLICY_CACHE_DIR", str(tmp_path / "file"))
    with compile_cache.alone():
        pass
