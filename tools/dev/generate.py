"""Generates the catalogue, the wasm module and the Chinese texts from their sources."""

from __future__ import annotations

import json
import shutil
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from tools.dev import deployment_page, locale, opa, values_schema
from tools.dev.errors import DevError
from tools.dev.metadata import catalogue
from tools.dev.paths import BUNDLE, POLICIES, ROOT

ENTRYPOINTS = [
    f"dfpolicy/main/{name}" for name in ("decision", "features", "nodes_read", "part", "places")
]


def generate(root: Path = ROOT) -> list[Path]:
    """Write the generated files below `root`, and return the paths that changed."""
    made = _made()
    changed = []
    for path, content in made.items():
        target = root / path
        if not target.exists() or target.read_bytes() != content:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            changed.append(path)
    return changed


def stale(root: Path = ROOT) -> list[Path]:
    """The generated files that a new run would change."""
    return [
        path
        for path, content in _made().items()
        if not (root / path).exists() or (root / path).read_bytes() != content
    ]


def _made() -> dict[Path, bytes]:
    content = _catalogue()
    bundle = BUNDLE.relative_to(ROOT)
    return {
        bundle / "catalogue.json": _json(content),
        bundle / "policy.wasm": _wasm(),
        locale.COMPILED.relative_to(ROOT): locale.compiled(),
        values_schema.PATH: values_schema.text().encode(),
    }


def _catalogue() -> dict[str, Any]:
    content = catalogue(opa.blocks())
    if not content["requirements"]:
        raise DevError("no requirement below policies/dfpolicy/requirements")
    deployment_page.check(content["requirements"])
    return content


def _json(content: Any) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _wasm() -> bytes:
    """The module of the decision and its parts.

    OPA writes its path arguments into the module. It therefore runs next to a copy of the policies,
    so that the bytes do not depend on the location of the tree. The adapters of other hosts are
    left out: OPA would turn rules that evaluate an entry point into entry points.
    """
    with tempfile.TemporaryDirectory() as scratch:
        unused = shutil.ignore_patterns("adapters", "*_test.rego")
        shutil.copytree(POLICIES, Path(scratch) / POLICIES.name, ignore=unused)
        options = [text for name in ENTRYPOINTS for text in ("--entrypoint", name)]
        opa.run(
            *("build", "--target", "wasm", *options),
            *("--bundle", POLICIES.name, "--output", "bundle.tar.gz"),
            cwd=Path(scratch),
        )
        with tarfile.open(Path(scratch) / "bundle.tar.gz") as archive:
            module = archive.extractfile("/policy.wasm")
            if module is None:
                raise DevError("opa build wrote no policy.wasm")
            return module.read()


def main(check: bool) -> int:
    """Generate; with `check`, only print what is out of date."""
    if check:
        paths = stale()
        for path in paths:
            print(f"{path} is out of date: run `make generate`")
        return 1 if paths else 0
    for path in generate():
        print(f"wrote {path}")
    return 0
