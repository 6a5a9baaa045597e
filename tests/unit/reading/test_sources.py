from __future__ import annotations

import io
import os
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from dfpolicy.errors import InputError
from dfpolicy.reading.limits import MIB, Limits, within
from dfpolicy.reading.sources import read_sources


@pytest.fixture(autouse=True)
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("b.yaml", "a.yml", "c.json", "sub/z.yaml", "sub/deep/y.yaml", "sub/x.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, "utf-8")
    return tmp_path


def names(*arguments: str) -> list[str]:
    return [source.name for source in read_sources(arguments)]


def refused(*arguments: str) -> str:
    with pytest.raises(InputError) as error:
        names(*arguments)
    return str(error.value)


def standard_input(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


def test_the_directory_of_a_chart_must_be_rendered_first(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "Chart.yaml").write_text("name: a", "utf-8")
    with pytest.raises(InputError, match=r"this is a Helm chart.*eval --helm"):
        list(read_sources([str(tmp_path)]))


def test_a_file_is_named_as_given() -> None:
    (source,) = read_sources(["./sub/x.txt"])
    assert (source.name, source.text) == ("./sub/x.txt", "sub/x.txt")


def test_a_directory_is_read_in_order() -> None:
    assert names(".") == ["a.yml", "b.yaml", "c.json", "sub/z.yaml", "sub/deep/y.yaml"]
    assert names("sub/", "a.yml") == ["sub/z.yaml", "sub/deep/y.yaml", "a.yml"]


def test_units_of_a_folder_are_read(tree: Path) -> None:
    (tree / "sub" / "a.service").write_text("[Unit]", "utf-8")
    (tree / "sub" / "a.timer").write_text("[Timer]", "utf-8")
    assert names("sub") == ["sub/a.service", "sub/z.yaml", "sub/deep/y.yaml"]


def test_a_quoted_glob() -> None:
    assert names("*.y*ml") == ["a.yml", "b.yaml"]
    assert names("**/*.yaml") == ["b.yaml", "sub/deep/y.yaml", "sub/z.yaml"]
    assert names("su?") == ["sub/z.yaml", "sub/deep/y.yaml"]


def test_a_file_whose_name_looks_like_a_glob(tree: Path) -> None:
    (tree / "[a].yaml").write_text("", "utf-8")
    assert names("[a].yaml") == ["[a].yaml"]


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    standard_input(monkeypatch, b"x: 1")
    (source,) = read_sources(["-"])
    assert (source.name, source.text) == ("stdin", "x: 1")
    monkeypatch.setattr(sys, "stdin", None)
    assert refused("-") == "stdin: standard input is closed; give a file"
    assert refused("-", "-") == "-: standard input is used twice; give `-` only once"


def test_a_missing_source_is_an_error(tree: Path) -> None:
    (tree / "empty").mkdir()
    (tree / "dangling.yaml").symlink_to("absent")
    assert refused("absent").startswith("absent: no such file or directory")
    assert refused("*.none").startswith("*.none: no file matches this pattern")
    assert refused("empty").startswith("empty: no .yaml, .yml, .json or .service file in this")
    assert refused("a.yml/b").startswith("a.yml/b: no such file or directory")
    assert refused("dangling.yaml").startswith("dangling.yaml: cannot read: no such file")


def test_an_unreadable_source_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    # Permissions do not stop root, so the system calls are made to fail.
    def refuse(path: object, *_: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", refuse)
        assert refused("sub").startswith("sub: cannot read: permission denied")
    monkeypatch.setattr(os, "open", refuse)
    assert refused("a.yml").startswith("a.yml: cannot read: permission denied")


@pytest.mark.skipif(os.name != "posix", reason="sockets and links are POSIX")
def test_a_source_that_is_not_a_file_is_an_error(tree: Path) -> None:
    import socket

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.yaml")
        assert refused("socket.yaml").startswith("socket.yaml: not a file")
    (tree / "sub" / "up").symlink_to("..")
    assert names("sub") == ["sub/z.yaml", "sub/deep/y.yaml"]


def test_the_size_limit_applies_to_all_files_together(tree: Path) -> None:
    (tree / "full.yaml").write_bytes(b"#" * MIB)
    with within(Limits(size=MIB)):
        assert names("full.yaml") == ["full.yaml"]
    message = "the input is larger than 1 MiB; split it, or raise --max-input-size"
    with within(Limits(size=MIB)):
        assert refused("a.yml", "full.yaml") == f"full.yaml: {message}"


def test_standard_input_is_read_up_to_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            return len(buffer)

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(Endless())))
    with within(Limits(size=MIB)):
        assert refused("-").startswith("stdin: the input is larger than 1 MiB")


def test_a_file_that_grows_while_it_is_read(monkeypatch: pytest.MonkeyPatch, tree: Path) -> None:
    read = os.fstat

    def grow(handle: int) -> os.stat_result:
        found = read(handle)
        with (tree / "a.yml").open("ab") as stream:
            stream.write(b"#")
        return found

    monkeypatch.setattr(os, "fstat", grow)
    assert refused("a.yml") == "a.yml: the file changed while it was read; try again"


def test_a_file_that_disappears_after_the_listing_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tree: Path
) -> None:
    read = os.open

    def vanish(path: str, *arguments: int) -> int:
        (tree / "sub" / "deep" / "y.yaml").unlink(missing_ok=True)
        return read(path, *arguments)

    monkeypatch.setattr(os, "open", vanish)
    assert refused("sub").startswith("sub/deep/y.yaml: cannot read: no such file or directory")


@pytest.mark.skipif(os.name != "posix", reason="pipes with names are POSIX")
def test_a_pipe_is_read_when_named_and_refused_when_found(tree: Path) -> None:
    os.mkfifo(tree / "sub" / "pipe.yaml")
    message = "sub/pipe.yaml: not a regular file; give it by name, or move it away"
    assert [refused("sub"), refused("sub/*.yaml"), refused("**/*.yaml")] == [message] * 3
    thread = threading.Thread(target=(tree / "sub" / "pipe.yaml").write_text, args=("a: 1",))
    thread.start()
    (source,) = read_sources(["sub/pipe.yaml"])
    thread.join()
    assert source.text == "a: 1"


@pytest.mark.skipif(os.name != "posix", reason="links are POSIX")
def test_patterns_do_not_follow_circular_links(tree: Path) -> None:
    # Each level would double the paths, forty levels deep.
    (tree / "sub" / "up").symlink_to("..")
    (tree / "sub" / "here").symlink_to(".")
    assert names("**/*.yaml") == ["b.yaml", "sub/deep/y.yaml", "sub/z.yaml"]
    assert names("s*/**/*.yaml") == ["sub/deep/y.yaml", "sub/z.yaml"]
    assert names(f"{tree}/**/z.yaml") == [f"{tree}/sub/z.yaml"]
    assert names("**/deep/**/*.yaml") == ["sub/deep/y.yaml"]


@pytest.mark.parametrize("width", ["8", "8-sig", "16", "16-le", "16-be", "32", "32-le", "32-be"])
def test_encodings(tree: Path, width: str) -> None:
    (tree / "e.yaml").write_bytes("aé: ü\r\n".encode(f"utf-{width}"))
    (source,) = read_sources(["e.yaml"])
    assert source.text == "aé: ü\r\n"


def test_a_chart_or_kustomization_in_a_directory_is_named(tree: Path) -> None:
    chart = tree / "sub" / "deep"
    (chart / "templates").mkdir()
    (chart / "Chart.yaml").write_text("name: a\n")
    assert refused("sub") == (
        "sub/deep/Chart.yaml: this is a Helm chart, not rendered manifests;"
        " render it: dfpolicy eval --helm sub/deep"
    )
    (tree / "sub" / "kustomization.yml").write_text("resources: []\n")
    (chart / "Chart.yaml").unlink()
    assert refused("sub") == (
        "sub/kustomization.yml:1: this is a kustomization, not manifests;"
        " render it: kubectl kustomize sub | dfpolicy eval -"
    )


CONVERT = "convert it if it is text: iconv -f"
PACKAGED = "a packaged chart is given with --helm; decompress other files"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a\nb\xff\1", "e.yaml:2: not valid UTF-8; give YAML or JSON"),
        ("# 中".encode("gbk"), f"e.yaml:1: not valid UTF-8; {CONVERT} GB18030 -t UTF-8"),
        (b"a\n\nb\0", "e.yaml:3: not a text file: it contains a NUL byte; give YAML or JSON"),
        ("é".encode("latin-1"), f"e.yaml:1: not valid UTF-8; {CONVERT} CP1252 -t UTF-8"),
        (b"\xff\xfea", "e.yaml:1: not valid UTF-16; give YAML or JSON"),
        (b"\xff\xfe\x00\xd8", "e.yaml:1: not valid UTF-16; give YAML or JSON"),
        (b"\x1f\x8b\x08", "e.yaml: compressed with gzip; " + PACKAGED),
        (b"PK\x03\x04", "e.yaml: a compressed file; decompress it"),
    ],
)
def test_binary_content_is_refused(tree: Path, content: bytes, message: str) -> None:
    (tree / "e.yaml").write_bytes(content)
    assert refused("e.yaml") == message
