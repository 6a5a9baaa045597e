"""`dfpolicy input`: OPA makes the decision of `dfpolicy eval` on it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from tools.dev import opa

from dfpolicy.input import schemas
from support import decisions
from support.command import Run
from support.decisions import EXAMPLES, ROOT

BROKEN = str(EXAMPLES / "single-k8s" / "broken.yaml")
FACTS = ("--facts", str(EXAMPLES / "single-k8s" / "facts.yaml"))


def outcomes(results: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return sorted(
        (
            one["id"],
            one["outcome"],
            one["level"],
            one["observed"],
            json.dumps(one["subject"], sort_keys=True),
        )
        for one in results
    )


def test_opa_makes_the_same_decision(cli: Run) -> None:
    decisions.need_opa()
    options = (BROKEN, *FACTS, "-n", "deepflow", "--assume", "acceptedCnis=mine")
    document = cli("input", *options).stdout
    assert schemas.first_error(json.loads(document), "input") is None
    answer = subprocess.run(
        [opa.binary(), "eval", "-I", "-d", str(ROOT / "policies"), "data.dfpolicy.main.decision"],
        input=document,
        capture_output=True,
        text=True,
        check=True,
    )
    decision = json.loads(answer.stdout)["result"][0]["expressions"][0]["value"]
    report = json.loads(cli("eval", *options, "-o", "json").stdout)
    assert outcomes(decision["results"]) == outcomes(report["results"])
    assert decision["features"] == report["features"]


def test_secrets_are_not_in_the_document(cli: Run) -> None:
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "a"},
        "stringData": {"b": "ca-na-ry"},
    }
    document = cli("input", "-", stdin=yaml.safe_dump(secret)).stdout
    assert "Secret" in document
    assert "ca-na-ry" not in document


def test_yaml_to_a_file(cli: Run, tmp_path: Path) -> None:
    shown = json.loads(cli("input", BROKEN).stdout)
    assert cli("input", BROKEN, "-o", "yaml=a.yaml").stdout == ""
    assert yaml.safe_load((tmp_path / "a.yaml").read_text("utf-8")) == shown


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-"], "standard input contains no document"),
        (["-", "-o", "xml"], "unknown output format 'xml'; use one of json, yaml"),
    ],
)
def test_bad_usage_is_one_line(cli: Run, arguments: list[str], message: str) -> None:
    done = cli("input", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"dfpolicy: error: {message}")
