"""Decisions of the two engines, and of the shipped examples, each made once per process."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tools.dev import opa
from tools.dev.errors import DevError

from dfpolicy.engines.wasm import LARGE, WasmEngine
from dfpolicy.input.build import build_input
from dfpolicy.policy.catalogue import load_catalogue
from dfpolicy.reading.documents import load_documents

if TYPE_CHECKING:
    from dfpolicy.model import Decision

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
REQUIREMENTS = EXAMPLES / "requirements"

Json = dict[str, Any]

_EACH = (
    "[found | some one in input; found := [d | d := data.dfpolicy.main.decision with input as one]]"
)


def need_opa() -> None:
    """Skip the test without OPA; fail in CI."""
    try:
        opa.binary()
    except DevError as error:
        if os.environ.get("CI"):
            pytest.fail(str(error))
        pytest.skip(str(error))


@cache
def wasm() -> WasmEngine:
    """The embedded engine, compiled once, and optimised: thousands of evaluations repay it."""
    engine = WasmEngine()
    # It optimises for a large input, and keeps what it has compiled then.
    engine.evaluate({"filling": "x" * LARGE})
    return engine


def decide(document: Json) -> Decision:
    """The embedded engine's decision on an input document."""
    found: Any = wasm().evaluate(document)
    decision: Decision = found
    return decision


def by_opa(inputs: Sequence[Json]) -> list[Json | None]:
    """The decisions of `opa eval` on the source of the policies, in one process."""
    told = opa.run(
        *("eval", "--bundle", "policies", "--ignore", "*_test.rego"),
        *("--stdin-input", "--format", "raw", _EACH),
        stdin=json.dumps(list(inputs)),
    )
    return [found[0] if found else None for found in json.loads(told)]


def canonical(decision: object) -> str:
    """The bytes that are compared."""
    return json.dumps(decision, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@cache
def example_files() -> tuple[Path, ...]:
    """Every example that is a separate input."""
    beside = {"dfpolicy.yaml", "facts.yaml"}
    of_modes = [path for path in EXAMPLES.glob("*/*.yaml") if path.name not in beside]
    return (*sorted(of_modes), *sorted(REQUIREMENTS.glob("*/*.yaml")))


def whole_files() -> list[Path]:
    """The examples of whole deployments, two for each mode."""
    return [path for path in example_files() if REQUIREMENTS not in path.parents]


def violating_files() -> list[Path]:
    """One example with a violation of each requirement, and whole deployments."""
    return [path for path in example_files() if path.stem not in ("pass", "unknown")]


def name_of(path: Path) -> str:
    """The name of an example in test ids and messages: `DF-NET-001/pass`."""
    return f"{path.parent.name}/{path.stem}"


def mode_of(path: Path) -> str:
    """The mode of an example: that of its directory, or one that its requirement applies to."""
    if path.parents[1] != REQUIREMENTS:
        return path.parent.name
    entry = load_catalogue().requirement(path.parent.name)
    modes: list[str] = entry["modes"] if entry else []
    return "single-k8s" if "single-k8s" in modes or not modes else modes[0]


@cache
def example_input(path: Path) -> Json:
    """The input document of an example; shared, do not change it."""
    return build_input(load_documents([str(path)]), mode=mode_of(path)).data


@cache
def example_decision(path: Path) -> Decision:
    """The embedded engine's decision on an example; shared, do not change it."""
    return decide(example_input(path))


@cache
def examples_by_opa() -> dict[Path, Json | None]:
    """OPA's decision on every example, in one process; shared, do not change it."""
    paths = example_files()
    return dict(zip(paths, by_opa([example_input(path) for path in paths]), strict=True))
