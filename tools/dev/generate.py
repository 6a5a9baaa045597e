"""Generates the catalogue, the wasm module and the pages from the policies."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tools.dev import deployment_page, locale, opa
from tools.dev.docs import DOCS, pages
from tools.dev.errors import DevError
from tools.dev.metadata import catalogue
from tools.dev.paths import BUNDLE, POLICIES, ROOT

from dfpolicy.i18n import language
from dfpolicy.policy.catalogue import Catalogue

# Pages written elsewhere: by the tests of the engines and by `make bench`.
WRITTEN = ("engines.md", "benchmarks.md")
ENTRYPOINTS = [
    f"dfpolicy/main/{name}" for name in ("decision", "features", "nodes_read", "part", "places")
]


def generate(root: Path = ROOT) -> list[Path]:
    """Write the generated files below `root`, and return the paths that changed.

    Pages of removed requirements are deleted.
    """
    made = _made()
    changed = []
    for path, content in made.items():
        target = root / path
        if not target.exists() or target.read_bytes() != content:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            changed.append(path)
    for path in _orphans(root, made):
        (root / path).unlink()
        changed.append(path)
    return changed


def stale(root: Path = ROOT) -> list[Path]:
    """The generated files that a new run would change or delete."""
    made = _made()
    different = [
        path
        for path, content in made.items()
        if not (root / path).exists() or (root / path).read_bytes() != content
    ]
    return [*different, *_orphans(root, made)]


def _made() -> dict[Path, bytes]:
    content = _catalogue()
    bundle = BUNDLE.relative_to(ROOT)
    made = {bundle / "catalogue.json": _json(content), bundle / "policy.wasm": _wasm()}
    words = locale.compiled()
    made[locale.COMPILED.relative_to(ROOT)] = words
    # The pages must use the texts of the source, not those of the last run.
    language.load("zh", io.BytesIO(words))
    for path, text in _pages(content).items():
        made[DOCS.relative_to(ROOT) / path] = text.encode()
    return made


def _orphans(root: Path, made: Mapping[Path, bytes]) -> list[Path]:
    folder = DOCS.relative_to(ROOT)
    kept = {*made, *(folder / name for name in WRITTEN)}
    return sorted({path.relative_to(root) for path in (root / folder).rglob("*.md")} - kept)


def _catalogue() -> dict[str, Any]:
    content = catalogue(opa.blocks())
    if not content["requirements"]:
        raise DevError("no requirement below policies/dfpolicy/requirements")
    return content


def _pages(content: dict[str, Any]) -> dict[Path, str]:
    page = deployment_page.read()
    told = list(deployment_page.faults(page, content["requirements"]))
    if told:
        raise DevError("\n".join(told))
    found = Catalogue(tuple(content["groups"]), tuple(content["requirements"]))
    return pages(found, page)


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
