"""Every example of a mode is recognised as one, and its broken variant as broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from dfpolicy.documents import load_documents
from dfpolicy.engines.wasm import WasmEngine
from dfpolicy.input import build_input
from dfpolicy.settings import MODES
from dfpolicy.verdict import exit_code
from support.decisions import EXAMPLES, Json

FOLDERS = sorted(path for path in EXAMPLES.iterdir() if (path / "manifests.yaml").exists())
# Without `--sidecar`, which is one of the mistakes, nothing shows what was meant.
UNRECOGNISED = {"serverless-pod/broken": "multi-k8s"}


def decision(path: Path) -> Json:
    made: Json = WasmEngine().evaluate(build_input(load_documents([str(path)]), mode="auto").data)
    return made


def test_each_mode_has_an_example() -> None:
    assert {path.name for path in FOLDERS} == set(MODES) - {"auto"}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
@pytest.mark.parametrize("variant", ["manifests", "broken"])
def test_the_mode_of_an_example_is_told_from_it(folder: Path, variant: str) -> None:
    found = decision(folder / f"{variant}.yaml")
    wanted = UNRECOGNISED.get(f"{folder.name}/{variant}", folder.name)
    mode = found["mode"]
    assert (mode["name"], mode["source"]) == (wanted, "detected")
    assert mode["reason"]
    code = exit_code(found["results"], "required", strict=False)
    assert int(code) == int(variant == "broken")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_an_example_says_what_to_see(folder: Path) -> None:
    assert "manifests.yaml" in (folder / "README.md").read_text("utf-8")
