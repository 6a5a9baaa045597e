from __future__ import annotations

import io
import sys

import pytest

from dfpolicy.cli import cluster
from dfpolicy.collect.cluster import silent


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_progress_that_is_erased(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with cluster._progress() as show:
        show("version", 0, 0)
        show("nodes", 2, 3)
        seen = terminal.getvalue()
    assert "version" in seen
    assert "nodes" in seen
    assert "2/3" in seen
    rest = terminal.getvalue()[len(seen) :]
    # The line is erased, and the cursor shown again.
    assert rest.endswith("\x1b[2K")
    assert "\x1b[?25h" in rest


def test_progress_ends_with_the_reading_also_when_it_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)

    def work() -> None:
        with cluster._progress() as show:
            show("nodes", 0, 0)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work()
    assert terminal.getvalue().endswith("\x1b[2K")


def test_a_file_sees_no_progress(capsys: pytest.CaptureFixture[str]) -> None:
    with cluster._progress() as show:
        assert show is silent
    assert capsys.readouterr().err == ""
