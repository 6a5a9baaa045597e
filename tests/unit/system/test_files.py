from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from dfpolicy.errors import UsageError
from dfpolicy.system.files import check_links, read_bounded, write_bytes, write_file

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links, pipes and modes are POSIX")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    inner = tmp_path / "inner"
    inner.mkdir()
    monkeypatch.chdir(inner)
    return inner


@pytest.fixture
def modes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, int, int]]]:
    """(step, mode, size) of the file that is written, when it is made and before it is moved."""
    steps: list[tuple[str, int, int]] = []
    make, change, move = os.open, Path.chmod, Path.replace

    def note(step: str, path: Path) -> None:
        found = os.stat(path)  # noqa: PTH116  Path.stat is what is tested
        steps.append((step, stat.S_IMODE(found.st_mode), found.st_size))

    def opened(path: Path, flags: int, mode: int = 0o777) -> int:
        handle = make(path, flags, mode)
        note("made", path)
        return handle

    def changed(self: Path, mode: int) -> None:
        change(self, mode)
        note("changed", self)

    def moved(self: Path, target: Path) -> Path:
        note("whole", self)
        return move(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", opened)
        patch.setattr(Path, "chmod", changed)
        patch.setattr(Path, "replace", moved)
        yield steps


@pytest.mark.parametrize(("former", "mode"), [(None, 0o644), (0o600, 0o600), (0o664, 0o664)])
def test_a_file_has_its_mode_before_its_content(
    folder: Path, modes: list[tuple[str, int, int]], former: int | None, mode: int
) -> None:
    if former is not None:
        Path("report").write_text("old", "utf-8")
        os.chmod("report", former)  # noqa: PTH101  Path.chmod notes its calls
    mask = os.umask(0o022)
    try:
        write_file("12345", "report")
    finally:
        os.umask(mask)
    assert modes == [("made", 0o600, 0), ("changed", mode, 0), ("whole", mode, 5)]
    assert [path.name for path in folder.iterdir()] == ["report"]


def test_links_within_the_folder_stay_links(folder: Path) -> None:
    Path("link").symlink_to("target")
    write_bytes(b"a", "link")
    write_bytes(b"b", str(folder / "link"))
    assert Path("link").is_symlink()
    assert Path("target").read_bytes() == b"b"


@pytest.mark.parametrize("path", ["link", "folder/a", "folder/../a", "pipe", "../outer"])
def test_links_that_lead_out_are_not_followed(folder: Path, path: str) -> None:
    above = folder.parent
    (above / "victims").mkdir()
    os.mkfifo(above / "victims" / "pipe")
    Path("link").symlink_to("../a")
    Path("folder").symlink_to(above / "victims" / "..", target_is_directory=True)
    Path("pipe").symlink_to(above / "victims" / "pipe")
    (above / "outer").symlink_to(above.parent / "a")
    with pytest.raises(UsageError, match="a symbolic link points outside the directory"):
        write_bytes(b"x", path)
    assert not (above / "a").exists()
    assert [found.name for found in (above / "victims").iterdir()] == ["pipe"]


def test_an_open_pipe_of_the_process_is_written(folder: Path) -> None:
    # As in `-o json=>(cat)` of a shell.
    reader, writer = os.pipe()
    write_bytes(b"x", f"/dev/fd/{writer}")
    os.close(writer)
    assert os.read(reader, 5) == b"x"
    os.close(reader)


def test_other_folders_that_are_named_are_written(folder: Path) -> None:
    write_bytes(b"a", "../a")
    write_bytes(b"b", str(folder.parent / "b"))
    write_bytes(b"c", "/dev/null")
    check_links("/dev/stdout")
    assert (folder.parent / "a").read_bytes() + (folder.parent / "b").read_bytes() == b"ab"


def test_a_folder_of_many_files_keeps_them(folder: Path) -> None:
    made = folder.parent / "made"
    made.mkdir()
    (made / "out").symlink_to(folder)
    check_links(str(made / "in" / "a"), str(made))
    with pytest.raises(UsageError):
        check_links(str(made / "out" / "a"), str(made))


def test_reading_stops_at_the_limit(folder: Path) -> None:
    Path("a").write_bytes(b"12345")
    os.mkfifo("pipe")
    assert read_bounded("a", 5) == b"12345"
    assert read_bounded("a", 4) is None
    assert read_bounded("/dev/zero", 1 << 20) is None
    assert read_bounded("pipe", 5) == b""
    with pytest.raises(FileNotFoundError):
        read_bounded("absent", 5)
