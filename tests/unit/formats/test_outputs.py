from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from dfpolicy.errors import DfpolicyError, UsageError
from dfpolicy.formats import json as json_report
from dfpolicy.formats import text as text_report
from dfpolicy.formats.outputs import Output, check_inputs, parse_outputs, style_of, write


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def terminal(monkeypatch: pytest.MonkeyPatch, encoding: str = "utf-8") -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding)
    monkeypatch.setattr(stream, "isatty", lambda: True)
    monkeypatch.setattr(stream, "fileno", lambda: 1)
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(os, "get_terminal_size", lambda _: os.terminal_size((72, 24)))


STANDARD = Output("text", text_report.render, None)


def test_formats_and_places() -> None:
    assert parse_outputs([]) == [STANDARD]
    assert parse_outputs(["text=-", "json=a=b.json"]) == [
        STANDARD,
        Output("json", json_report.render, "a=b.json"),
    ]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["xml"], "unknown output format 'xml'; use one of text, json, yaml"),
        (["TEXT"], "unknown output format 'TEXT'"),
        (["json="], "--output has no path after `=`; json=FILE"),
        (["text", "json"], "two reports would go to the same place"),
        (["text", "json=-"], "two reports would go to the same place"),
        (["json=a", "yaml=b/../a"], "two reports would go to the same place"),
        (["json=absent/a"], "absent: the directory for the report does not exist"),
        (["json=b"], "b: the path of the report is a directory"),
    ],
)
def test_bad_outputs(folder: Path, given: list[str], message: str) -> None:
    (folder / "b").mkdir()
    with pytest.raises(UsageError) as error:
        parse_outputs(given)
    assert message in str(error.value)


@pytest.mark.parametrize("given", ["in/a.yaml", "in", "./in/../i*"])
@pytest.mark.parametrize("output", ["in/a.yaml", "in/../in/a.yaml", "symbolic", "hard"])
def test_an_input_is_found_by_any_path(folder: Path, given: str, output: str) -> None:
    (folder / "in").mkdir()
    (folder / "in/a.yaml").write_text("", "utf-8")
    (folder / "symbolic").symlink_to("in/a.yaml")
    os.link("in/a.yaml", "hard")
    # Reports may be written next to what is read.
    (folder / "in/report.sarif").write_text("", "utf-8")
    check_inputs([None, "new", "in/report.sarif"], ["-", "absent", given])
    with pytest.raises(UsageError, match=f"{output}: an input file would be overwritten"):
        check_inputs(["new", output], ["-", "absent", given])


def test_a_file_is_replaced_as_a_whole(folder: Path) -> None:
    target = folder / "report"
    target.write_text("old", "utf-8")
    target.chmod(0o640)
    write("é\n", "report")
    assert target.read_bytes() == "é\n".encode()
    assert list(folder.iterdir()) == [target]
    if os.name == "posix":
        assert target.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(os.name != "posix", reason="links and modes are POSIX")
def test_links_stay_links_and_new_files_follow_the_mask(folder: Path) -> None:
    mask = os.umask(0o027)
    try:
        (folder / "link").symlink_to("target")
        write("x", "link")
    finally:
        os.umask(mask)
    assert (folder / "link").is_symlink()
    assert (folder / "target").read_text("utf-8") == "x"
    assert (folder / "target").stat().st_mode & 0o777 == 0o640


def test_a_write_that_fails_keeps_the_old_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = folder / "report"
    target.write_text("old", "utf-8")

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device", str(self), None, str(target))

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(DfpolicyError) as error:
        write("new", "report")
    assert str(error.value) == "report: cannot write the report: no space left on device"
    assert error.value.exit_code == 3
    assert target.read_text("utf-8") == "old"
    assert list(folder.iterdir()) == [target]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_device_is_written_to_not_replaced() -> None:
    write("x", "/dev/null")
    assert Path("/dev/null").is_char_device()
    with pytest.raises(DfpolicyError, match="/dev/full: cannot write the report:"):
        write("x", "/dev/full")


def test_standard_output(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write("é", None)
    assert capsys.readouterr().out == "é"
    monkeypatch.setattr(sys, "stdout", None)
    assert not style_of(None, "auto", False, False).color
    with pytest.raises(DfpolicyError, match="standard output is closed"):
        write("x", None)


def test_colour_and_width_follow_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    piped = style_of(None, "auto", False, False)
    assert (piped.color, piped.width) == (False, 100)
    assert style_of(None, "always", False, False).color
    terminal(monkeypatch)
    monkeypatch.setenv("TERM", "xterm")
    shown = style_of(None, "auto", True, False)
    assert (shown.color, shown.width, shown.verbose, shown.unicode) == (True, 72, True, True)
    assert not style_of(None, "never", False, False).color
    monkeypatch.setenv("TERM", "dumb")
    assert not style_of(None, "auto", False, False).color
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not style_of(None, "auto", False, False).color
    assert style_of(None, "always", False, False).color


def test_force_color_needs_no_terminal_and_yields_to_no_color(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert style_of(None, "auto", False, False).color
    assert not style_of(None, "never", False, False).color
    assert not style_of("file", "auto", False, False).color
    monkeypatch.setenv("NO_COLOR", "1")
    assert not style_of(None, "auto", False, False).color


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_an_encoding_that_lacks_the_marks(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    terminal(monkeypatch, encoding)
    assert not style_of(None, "auto", False, False).unicode
    # A file is UTF-8, whatever the terminal is.
    assert style_of("a", "auto", False, False).unicode
