"""The engine `opa`, with the real binary and with files that only look like one."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from tools.dev import opa

from dfpolicy.engines import opa_binary
from dfpolicy.engines.opa import OpaEngine
from dfpolicy.engines.wasm import WasmEngine
from dfpolicy.errors import EngineError, InputError
from dfpolicy.policy.source import policy_files, revision
from support import decisions

MODE = {"name": "single-k8s", "source": "given", "reason": "", "candidates": []}
DECISION: dict[str, Any] = {"agents": [], "features": [], "mode": MODE, "results": []}

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the stand-ins are shell scripts")


def stand_in(folder: Path, text: str) -> str:
    path = folder / "opa"
    path.write_text(f"#!/bin/sh\n{text}\n", "utf-8")
    path.chmod(0o755)
    return str(path)


def failure(binary: str, **limits: Any) -> str:
    with pytest.raises(EngineError) as caught:
        OpaEngine(binary, **limits).evaluate({"resources": []})
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_real_binary() -> None:
    decisions.need_opa()
    engine = OpaEngine(opa.binary())
    document = decisions.example_input(decisions.EXAMPLES / "single-k8s" / "broken.yaml")
    assert engine.evaluate(document) == WasmEngine().evaluate(document)
    assert engine.bundle == revision(policy_files())
    nodes = {"nodes": [{"metadata": {"name": "a"}, "spec": {}}]}
    assert engine.features(nodes) == WasmEngine().features(nodes) != []


def test_variables_of_opa_do_not_change_it(monkeypatch: pytest.MonkeyPatch) -> None:
    decisions.need_opa()
    monkeypatch.setenv("OPA_EVAL_FORMAT", "pretty")
    monkeypatch.setenv("OPA_EVAL_STRICT_BUILTIN_ERRORS", "nonsense")
    assert OpaEngine(opa.binary()).evaluate({})["results"]


def test_the_input_comes_whole_by_standard_input(tmp_path: Path) -> None:
    document = {"text": "ü😀" * 200_000}
    script = f"cat >\"{tmp_path}/input\"; echo '{json.dumps(DECISION)}'"
    assert OpaEngine(stand_in(tmp_path, script)).evaluate(document) == DECISION
    assert json.loads((tmp_path / "input").read_text("utf-8")) == document


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits it")
def test_opa_out_of_memory_is_one_line() -> None:
    decisions.need_opa()
    nodes = [{"metadata": {"name": f"n{number}"}, "spec": {}} for number in range(4000)]
    engine = OpaEngine(opa.binary(), memory_limit=100 << 20)
    with pytest.raises(EngineError, match="needs more than 100 MiB of memory"):
        engine.evaluate({"nodes": nodes, "resources": [], "mode": "single-k8s"})


def test_no_binary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "OPA binary not found" in failure(str(tmp_path / "opa"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError, match="give its path with --opa, or add opa to PATH"):
        OpaEngine()
    stand_in(tmp_path, f"echo '{json.dumps(DECISION)}'")
    assert OpaEngine().evaluate({}) == DECISION


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("exec sleep 60", "did not answer within 1 s"),
        ("kill -9 $$", "killed by signal 9"),
        ("echo garbage", "not valid JSON"),
        ("exit 0", "the policies returned no decision"),
        ("echo '{}'", "not a valid decision: the document: the field 'agents' is missing"),
        ("exit 7", "this is not OPA; it exited with code 7"),
        ("[ $1 = version ] && echo 'Version: 0.60.0' && exit; exit 2", "OPA 0.60 is too old"),
        ("[ $1 = version ] && echo 'Version: 1.11.1' && exit; exit 2", "OPA 1.11 is too old"),
        (
            "[ $1 = version ] && echo 'Version: 1.22.2' && exit; exit 2",
            "OPA failed with exit code 2",
        ),
        (
            "echo 'fatal error: runtime: cannot allocate memory' >&2; exit 2",
            "the input needs more than",
        ),
    ],
)
def test_one_line_for_each_failure(tmp_path: Path, script: str, words: str) -> None:
    started = time.monotonic()
    assert words in failure(stand_in(tmp_path, script), time_limit=1)
    assert time.monotonic() - started < 5


def test_an_opa_that_is_not_a_program_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "opa"
    path.write_bytes(b"\x7fELF")
    path.chmod(0o755)
    assert "cannot run OPA:" in failure(str(path))


def test_values_that_opa_quotes_are_not_shown(tmp_path: Path) -> None:
    decisions.need_opa()
    module = 'package a\nx := input.secret\nx := "other" if input.secret\n'
    (tmp_path / "a.rego").write_text(module, "utf-8")
    arguments = ["eval", "--data", str(tmp_path), "--stdin-input", "data.a.x", "--format", "raw"]
    with pytest.raises(EngineError) as caught:
        opa_binary.run(opa.binary(), arguments, b'{"secret": "hunter2"}')
    assert "eval_conflict_error" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_ctrl_c_stops_opa(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import subprocess

    started: list[subprocess.Popen[bytes]] = []

    def interrupted(process: subprocess.Popen[bytes], *_: Any) -> None:
        started.append(process)
        raise KeyboardInterrupt

    monkeypatch.setattr("dfpolicy.system.subprocesses._communicate", interrupted)
    with pytest.raises(KeyboardInterrupt):
        opa_binary.run(stand_in(tmp_path, "exec sleep 60"), [])
    assert started[0].returncode == -9


def test_folders_of_policies_are_checked_first(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such directory of policies"):
        OpaEngine(stand_in(tmp_path, "exit 9"), [str(tmp_path / "none")])
