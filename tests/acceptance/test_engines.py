"""The engines `opa` and `server` as a process: settings, failures, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tools.dev import opa

from conftest import Run
from support import broken_server as broken
from support import decisions
from support.decisions import EXAMPLES

BROKEN = str(EXAMPLES / "single-k8s" / "broken.yaml")


def test_the_engines_opa_and_wasm_give_the_same_report(dfpolicy: Run) -> None:
    decisions.need_opa()
    embedded, local = (
        dfpolicy("eval", BROKEN, "-o", "json", *chosen)
        for chosen in ((), ("--engine", "opa", "--opa", opa.binary()))
    )
    report, wanted = json.loads(local.stdout), json.loads(embedded.stdout)
    assert report.pop("dfpolicy")["engine"] == "opa"
    wanted.pop("dfpolicy")
    assert (local.returncode, report) == (embedded.returncode, wanted)


def test_a_named_file_chooses_the_engine(dfpolicy: Run, tmp_path: Path) -> None:
    (tmp_path / "opa").write_text("#!/bin/sh\nexit 7\n", "utf-8")
    (tmp_path / "opa").chmod(0o755)
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "dfpolicy.yaml").write_text("engine: opa\nopa: ../opa\n", "utf-8")
    done = dfpolicy("eval", BROKEN, "--config", "c/dfpolicy.yaml")
    assert done.returncode == 3
    assert (
        done.stderr
        == "dfpolicy: error: ./opa: this is not OPA; it exited with code 7; check --opa\n"
    )


@pytest.mark.parametrize(
    "answer", [broken.silent, broken.trickling, broken.killed, broken.half(), broken.status(429)]
)
def test_a_failing_server_exits_with_code_3(dfpolicy: Run, answer: broken.Answer) -> None:
    with broken.answering([answer]) as server:
        done = dfpolicy(
            *("eval", BROKEN, "--opa-url", server.url, "--opa-timeout", "2"),
            env={"DFPOLICY_OPA_TOKEN": "s3cr3t", "DFPOLICY_DEBUG": "0"},
        )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
    assert done.stderr.startswith(f"dfpolicy: error: {server.url}: the server")
    assert "s3cr3t" not in done.stderr


def test_settings_are_checked_before_anything_is_read(dfpolicy: Run) -> None:
    for options, words in (
        (["--engine", "server"], "the engine server needs an address; add --opa-url"),
        (
            ["--engine", "wasm", "--policy", "x"],
            "--policy: the engine wasm supports dfpolicy's own policies only",
        ),
        (["--opa-timeout", "0"], "--opa-timeout"),
        (["--opa-retries", "11"], "--opa-retries"),
    ):
        done = dfpolicy("eval", "nowhere.yaml", *options)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert words in done.stderr


def test_settings_show_no_secret(dfpolicy: Run, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("s3cr3t", "ascii")
    variables = {"DFPOLICY_OPA_TOKEN": "t0ken", "DFPOLICY_OPA_TOKEN_FILE": "token"}
    done = dfpolicy("config", "show", "--opa-url", "https://opa", env=variables)
    assert done.returncode == 0
    assert "t0ken" not in done.stdout
    assert "s3cr3t" not in done.stdout
    assert "opaTokenFile       token" in done.stdout
