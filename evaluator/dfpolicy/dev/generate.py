"""Writes what is derived from the policies: the catalogue and the wasm module."""

from __future__ import annotations

import json
import shutil
import tarfile
import tempfile
from pathlib import Path

from dfpolicy.dev import opa
from dfpolicy.dev.errors import DevError
from dfpolicy.dev.metadata import catalogue
from dfpolicy.dev.paths import BUNDLE, POLICIES, ROOT

ENTRYPOINTS = [f"dfpolicy/main/{name}" for name in ("decision", "features")]


def generate(folder: Path = BUNDLE) -> list[Path]:
    """Write the generated files into `folder`, and return the ones that changed."""
    made = {"catalogue.json": _catalogue(), "policy.wasm": _wasm()}
    folder.mkdir(parents=True, exist_ok=True)
    changed = []
    for name, content in made.items():
        path = folder / name
        if not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)
            changed.append(path)
    return changed


def stale() -> list[Path]:
    """The generated files of the tree that a new run would write otherwise."""
    with tempfile.TemporaryDirectory() as scratch:
        fresh = generate(Path(scratch))
        return [
            BUNDLE / path.name
            for path in fresh
            if not (BUNDLE / path.name).exists()
            or (BUNDLE / path.name).read_bytes() != path.read_bytes()
        ]


def _catalogue() -> bytes:
    content = catalogue(opa.blocks())
    if not content["requirements"]:
        raise DevError("no requirement was found below policies/dfpolicy/requirements")
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _wasm() -> bytes:
    """The module of the decision and its parts.

    OPA writes the paths it was given into the module, so it is run beside a copy of the
    policies: the bytes are then the same wherever the tree stands.
    """
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copytree(POLICIES, Path(scratch) / POLICIES.name)
        options = [text for name in ENTRYPOINTS for text in ("--entrypoint", name)]
        opa.run(
            *("build", "--target", "wasm", *options),
            *("--ignore", "*_test.rego", "--bundle", POLICIES.name, "--output", "bundle.tar.gz"),
            cwd=Path(scratch),
        )
        with tarfile.open(Path(scratch) / "bundle.tar.gz") as archive:
            module = archive.extractfile("/policy.wasm")
            if module is None:
                raise DevError("opa build made no policy.wasm")
            return module.read()


def main(check: bool) -> int:
    """Generate, or with `check` only tell what is stale."""
    if check:
        paths = stale()
        for path in paths:
            print(f"{path.relative_to(ROOT)} is stale; run `make generate`")
        return 1 if paths else 0
    for path in generate():
        print(f"wrote {path.relative_to(ROOT)}")
    return 0
