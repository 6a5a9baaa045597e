"""Checks one requirement, in seconds."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tools.dev import coverage, deployment_page, metadata, opa
from tools.dev.errors import DevError
from tools.dev.paths import EXAMPLES, REQUIREMENTS, ROOT

from dfpolicy.errors import DfpolicyError
from dfpolicy.input.build import build_input
from dfpolicy.policy.requirement_metadata import PREFIX
from dfpolicy.reading.documents import load_documents

# By the name of an example: the outcomes of which it must have one, and those it must not have.
_OUTCOMES = {
    "pass": ({"pass"}, {"violation", "unknown"}),
    "violation": ({"violation"}, set()),
    "unknown": ({"unknown"}, {"violation"}),
}

# OPA lists the failed tests, shows each with the values of its last line, and then counts.
_FAILURES = re.compile(r"^FAILURES\n-+\n(.*?)^-{20,}$", re.MULTILINE | re.DOTALL)

Faults = Iterator[str]
Block = dict[str, Any]


def main(identifier: str) -> int:
    """Print each check of the requirement and what is wrong. Return 1 if anything is."""
    rules = module_of(identifier)
    blocks = opa.blocks()
    checks: dict[str, Callable[[], Faults]] = {
        "format": lambda: _format(rules),
        "compile": _compile,
        "METADATA": lambda: _metadata(identifier, blocks),
        "tests": lambda: _tests(rules),
        "examples": lambda: _examples(identifier, rules, blocks),
    }
    failed = False
    with ThreadPoolExecutor() as pool:
        found = {name: pool.submit(_faults, check) for name, check in checks.items()}
        for name, future in found.items():
            faults = future.result()
            failed = failed or bool(faults)
            print(f"{name}: {'FAIL' if faults else 'ok'}")
            for fault in faults:
                print("  " + fault.replace("\n", "\n  "))
    return 1 if failed else 0


def _faults(check: Callable[[], Faults]) -> list[str]:
    try:
        return list(check())
    except DfpolicyError as error:
        return [error.message]
    except DevError as error:
        return [str(error)]


def module_of(identifier: str) -> Path:
    """Return the file of a requirement. Raises DevError if there is none."""
    line = re.compile(rf"^#   id: {re.escape(identifier)}$", re.MULTILINE)
    for path in sorted(REQUIREMENTS.glob("*/*.rego")):
        if line.search(path.read_text("utf-8")):
            return path
    raise DevError(f"unknown requirement ID {identifier!r}: use the form DF-EBPF-007")


def _format(rules: Path) -> Faults:
    paths = [rules, rules.with_name(f"{rules.stem}_test.rego")]
    names = [str(path.relative_to(ROOT)) for path in paths]
    yield from (f"{name} is missing" for name in names if not (ROOT / name).is_file())
    there = [name for name in names if (ROOT / name).is_file()]
    for name in opa.run("fmt", "--list", *there).split():
        yield f"{name} is not formatted; run `make fmt`"


def _compile() -> Faults:
    process = opa.run_unchecked("check", "--strict", "--schema", "schemas", "policies")
    if process.returncode:
        yield process.stderr.strip()


def _metadata(identifier: str, blocks: list[Block]) -> Faults:
    faults = [fault for fault in metadata.faults(blocks) if identifier in fault]
    yield from faults
    if not faults:
        _, requirements = metadata.groups_and_requirements(blocks)
        entries = [entry["annotations"]["custom"] for entry in requirements]
        told = deployment_page.faults(deployment_page.read(), entries)
        yield from (fault for fault in told if identifier in fault)


def _tests(rules: Path) -> Faults:
    """Run its own tests, and those of its group, which may reach other lines."""
    group = rules.parent.name
    pattern = rf"^data\.dfpolicy\.requirements\.{group}\.({rules.stem}|{group})_test\."
    process = opa.run_unchecked(
        *("test", "policies", "--run", pattern, "--timeout", "60s"),
        *("--coverage", "--coverage-runs", "", "--format", "json"),
    )
    if process.returncode:
        yield failures(
            opa.run_unchecked("test", "policies", "--run", pattern, "--var-values").stdout
        )
        return
    name = str(rules.relative_to(ROOT))
    told = json.loads(process.stdout)["files"].get(name, {})
    if told.get("not_covered"):
        yield f"{name}: no test reaches line {coverage.ranges(told['not_covered'])}"


def failures(told: str) -> str:
    """Return what OPA says of failed tests once: with the values, without its list of names."""
    found = _FAILURES.search(told)
    return found[1].strip() if found else told.strip()


def _examples(identifier: str, rules: Path, blocks: list[Block]) -> Faults:
    paths = sorted((EXAMPLES / identifier).glob("*.yaml"))
    names = {path.stem for path in paths}
    for stem in ("pass", "violation"):
        if stem not in names:
            yield f"examples/requirements/{identifier}/{stem}.yaml is missing"
    package = f"{PREFIX}{rules.parent.name}.{rules.stem}"
    modes = _modes(package, blocks)
    mode = "single-k8s" if "single-k8s" in modes else modes[0]
    inputs = {path.stem: build_input(load_documents([str(path)]), mode=mode).data for path in paths}
    query = (
        f"{{name: found | some name, one in input; found := {package}.results with input as one}}"
    )
    found: dict[str, list[dict[str, Any]]] = opa.evaluated(query, inputs) if inputs else {}
    for path in paths:
        place = path.relative_to(ROOT)
        if path.stem not in _OUTCOMES:
            yield f"{place}: an example must be named pass, violation or unknown"
            continue
        wanted, refused = _OUTCOMES[path.stem]
        told = {result["outcome"] for result in found[path.stem]}
        if not wanted <= told or told & refused:
            shown = [f"{result['outcome']}: {result['observed']}" for result in found[path.stem]]
            yield f"{place}: {'; '.join(shown) or 'no result'}"


def _modes(package: str, blocks: list[Block]) -> list[str]:
    _, requirements = metadata.groups_and_requirements(blocks)
    entry = next(entry for entry in requirements if entry["path"] == package)
    modes: list[str] = entry["annotations"]["custom"]["modes"]
    return modes
