"""No output replaces a file that is read, whichever command writes it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support import decisions
from support.command import Run

BROKEN = decisions.EXAMPLES / "single-k8s" / "broken.yaml"
CHART = ("--helm", "chart", "-f", "values.yaml,more.yaml", "--helm-bin", sys.executable)
COMMANDS = [
    ("eval", "m/a.yaml", "-o", "json=new", "-o", "sarif=m/a.yaml"),
    ("eval", "m", "-o", "json=new", "-o", "patch=m/a.yaml"),
    ("eval", "m/b.yaml", "--whole-folders", "-o", "html=m/a.yaml"),
    ("eval", "m/b.yaml", "--facts", "m/a.yaml", "-o", "html=m/a.yaml"),
    ("eval", "m/b.yaml", "--from", "m/a.yaml", "-o", "html=m/a.yaml"),
    ("eval", "m/b.yaml", "--config", "m/a.yaml", "-o", "json=m/a.yaml"),
    ("eval", "m/b.yaml", "--baseline", "m/a.yaml", "-o", "sarif=m/a.yaml"),
    ("eval", "m/b.yaml", "--policy", "p", "-o", "json=p/a.rego"),
    ("eval", "m/b.yaml", "--opa-ca", "m/a.yaml", "-o", "json=m/a.yaml"),
    ("eval", *CHART, "-o", "json=more.yaml"),
    ("eval", *CHART, "-o", "text=chart/templates/NOTES.txt"),
    ("check", "m/b.yaml", "--kubeconfig", "m/a.yaml", "-o", "json=m/a.yaml"),
    ("eval", "--whole-directories", "m/b.yaml", "-o", "json=m/a.yaml"),
    ("fix", "m/a.yaml", "-o", "patched=m"),
    ("fix", *CHART, "-o", "values=chart/values.yaml"),
    ("fleet", "m", "-o", "json=m/a.yaml"),
    ("fleet", "m/b.yaml", "--contexts", "c", "--kubeconfig", "m/a.yaml", "-o", "json=m/a.yaml"),
    ("features", "m/a.yaml", "-o", "csv=m/a.yaml"),
    ("input", "m/a.yaml", "-o", "yaml=m/a.yaml"),
    ("collect", "cluster", "--kubeconfig", "m/a.yaml", "-o", "yaml=m/a.yaml"),
    ("diff", "m/b.yaml", "m/a.yaml", "-o", "json=m/a.yaml"),
    ("convert", "m/a.yaml", "-o", "html=m/a.yaml"),
    ("bundle", "build", "--signing-key", "m/a.yaml", "-o", "m/a.yaml"),
]


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_no_command_overwrites_its_input(
    cli: Run, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    for folder in ("m", "p", "chart/templates"):
        (tmp_path / folder).mkdir(parents=True)
    shutil.copy(BROKEN, tmp_path / "m/a.yaml")
    for name in ("m/b.yaml", "p/a.rego", "values.yaml", "more.yaml", "chart/values.yaml"):
        (tmp_path / name).touch()
    (tmp_path / "chart/templates/NOTES.txt").touch()
    if "--config" in arguments:
        (tmp_path / "m/a.yaml").write_text("failOn: none\n", "utf-8")
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    done = cli(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "an input file would be overwritten; give another path" in done.stderr
    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before


@pytest.mark.skipif(os.name != "posix", reason="a shell redirects")
def test_the_file_behind_standard_input_is_kept(tmp_path: Path) -> None:
    shutil.copy(BROKEN, tmp_path / "a.yaml")
    with (tmp_path / "a.yaml").open("rb") as stream:
        done = subprocess.run(
            [sys.executable, "-m", "dfpolicy", "eval", "-", "-o", "json=a.yaml"],
            stdin=stream,
            capture_output=True,
            text=True,
            cwd=tmp_path,
            check=False,
        )
    assert done.returncode == 2
    assert "a.yaml: an input file would be overwritten" in done.stderr


def test_a_baseline_is_updated_in_place(cli: Run, tmp_path: Path) -> None:
    cli("eval", str(BROKEN), "-o", "json=base.json")
    done = cli("eval", str(BROKEN), "--baseline", "base.json", "-o", "yaml=base.json")
    assert done.returncode == 0
    assert (tmp_path / "base.json").read_text("utf-8").startswith("apiVersion: dfpolicy.dev/v1")
    for output in ("json=new", "patch=new"):
        assert cli("eval", str(BROKEN), "-o", "html=new", "-o", output).returncode == 2
    assert not (tmp_path / "new").exists()
