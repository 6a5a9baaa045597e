from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from dfpolicy.changes.text_edit import ChangedText
from dfpolicy.errors import InputError, UsageError
from dfpolicy.fix.files import diff, only_text, write_copies

OLD = "a: 1\nb: 2\nc: 3\n"
NEW = "a: 1\nb: 5\nc: 3\nd: 4\n"
TEXTS = {
    "plain.yaml": (OLD, NEW),
    "deep/er/with blank.yaml": (OLD, NEW),
    'quote"s\\.yaml': (OLD, NEW),
    "日志.yaml": (OLD, NEW),
    "line\nend.yaml": (OLD, NEW),
    "windows.yaml": (OLD.replace("\n", "\r\n"), NEW.replace("\n", "\r\n")),
    "unicode.yaml": ("a: \u2028x\x0c\nb: 2\n", "a: \u2028x\x0c\nb: 3\n"),
    "no-end.yaml": (OLD[:-1], NEW[:-1]),
    "new-end.yaml": (OLD[:-1], NEW),
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(name: str, text: str, encoding: str = "utf-8") -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
    return path


def changes() -> list[ChangedText]:
    for name, (old, _) in TEXTS.items():
        written(name, old)
    return [ChangedText(name, old, new) for name, (old, new) in TEXTS.items()]


@pytest.mark.parametrize(
    "command",
    [["git", "apply", "-"], ["patch", "-p1", "--no-backup-if-mismatch"]],
    ids=lambda c: c[0],
)
def test_a_diff_applies(command: list[str]) -> None:
    if not shutil.which(command[0]):
        pytest.skip(f"there is no {command[0]}")
    # patch refuses names with line ends.
    found = [one for one in changes() if command[0] == "git" or "\n" not in one.source]
    text = diff([*found, ChangedText(str(written("bom.yaml", OLD, "utf-8-sig")), OLD, NEW)])
    subprocess.run(command, input=text.encode(), check=True, capture_output=True)
    for change in found:
        assert Path(change.source).read_bytes() == change.after.encode()
    assert Path("bom.yaml").read_bytes() == NEW.encode("utf-8-sig")


def test_paths_in_a_diff_are_relative_to_the_working_directory(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(written("below/a.yaml", OLD).parent)
    found = diff([ChangedText(str(here / "below" / "a.yaml"), OLD, NEW)])
    assert found.startswith("--- a/a.yaml\n+++ b/a.yaml\n@@ -1,3 +1,4 @@\n a: 1\n-b: 2\n")
    assert diff([ChangedText("../b.yaml", OLD, NEW)]).startswith(f"--- a{here}/b.yaml\n")


def test_a_diff_of_another_encoding_is_refused() -> None:
    written("a.yaml", OLD, "utf-16")
    with pytest.raises(InputError, match="not UTF-8; use -o patched=DIRECTORY"):
        diff([ChangedText("a.yaml", OLD, NEW)])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32-le"])
def test_a_copy_has_the_encoding_of_its_file(encoding: str) -> None:
    written("a.yaml", OLD, encoding)
    written("out/a.yaml", "of the last run")
    assert write_copies([ChangedText("a.yaml", OLD, NEW)], "out", ["a.yaml"]) == ["out/a.yaml"]
    assert Path("out/a.yaml").read_bytes() == NEW.encode(encoding)
    assert Path("a.yaml").read_bytes() == OLD.encode(encoding)


def test_copies_keep_their_paths_below_the_common_directory() -> None:
    found = [ChangedText(str(written(name, OLD)), OLD, NEW) for name in ("k/a.yaml", "k/s/a.yaml")]
    made = write_copies([*found, ChangedText("stdin", OLD, NEW)], "out", ["k/a.yaml", "k/s/a.yaml"])
    assert made == ["out/a.yaml", "out/s/a.yaml", "out/stdin.yaml"]
    assert [Path(path).read_text("utf-8") for path in made] == [NEW] * 3


@pytest.mark.parametrize("link", ["", "symbolic", "hard", "directory"])
def test_no_copy_overwrites_an_input_file(link: str, here: Path) -> None:
    source = written("in/a.yaml", OLD)
    target = "in"
    if link == "directory":
        Path("out").symlink_to("in")
        target = "out"
    elif link:
        target = "out"
        Path("out").mkdir()
        if link == "hard":
            os.link(source, "out/a.yaml")
        else:
            Path("out/a.yaml").symlink_to("../in/a.yaml")
    other = written("in/b.yaml", OLD)
    pairs = [ChangedText(str(other), OLD, NEW), ChangedText(str(source), OLD, NEW)]
    with pytest.raises(UsageError, match="an input file would be overwritten"):
        write_copies(pairs, target, [str(source)])
    assert source.read_text("utf-8") == other.read_text("utf-8") == OLD
    assert not Path("out/b.yaml").exists() or link == "directory"


def test_no_copy_leaves_the_directory_through_a_link(here: Path) -> None:
    outside = written("outside.yaml", "mine")
    Path("out").mkdir()
    Path("out/a.yaml").symlink_to(outside.absolute())
    written("a.yaml", OLD)
    with pytest.raises(UsageError, match="symbolic link points outside"):
        write_copies([ChangedText("a.yaml", OLD, NEW)], "out", ["a.yaml"])
    assert outside.read_text("utf-8") == "mine"


def test_standard_output_gets_one_file() -> None:
    assert only_text([ChangedText("stdin", OLD, NEW)]) == NEW
    with pytest.raises(UsageError, match="2 files change"):
        only_text([ChangedText("a", OLD, NEW), ChangedText("b", OLD, NEW)])
    with pytest.raises(InputError, match="a rendered chart is not a file"):
        only_text([ChangedText("helm:chart", OLD, NEW)])
