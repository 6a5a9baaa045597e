"""gator says of the shipped examples what an admission webhook can see of `dfpolicy eval`.

The table of what it cannot see is data of this test; `pytest -s` prints it.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dfpolicy.catalogue import load_catalogue
from dfpolicy.engines.wasm import WasmEngine
from dfpolicy.gatekeeper.export import export
from dfpolicy.gatekeeper.objects import Scope
from dfpolicy.gatekeeper.review import MODES, reviewed, synchronised, violated
from support import decisions
from support.decisions import ROOT, Json

Run = Callable[..., subprocess.CompletedProcess[str]]

GATOR = ROOT / ".tools" / "bin" / "gator"
THREADS = 2

# Requirements that no single object and no synchronised one shows, by what it would take.
UNSEEN = {
    "nodes": "DF-NET-006 DF-EBPF-001 DF-EBPF-007 DF-EBPF-008 DF-EBPF-011 DF-EBPF-012"
    " DF-EBPF-014 DF-EBPF-015 DF-KERNEL-001 DF-KERNEL-002 DF-KERNEL-003 DF-KERNEL-004 DF-CNI-001"
    " DF-CNI-002 DF-CNI-003 DF-CNI-004 DF-CNI-005 DF-CH-002 DF-CH-005 DF-AIO-001 DF-AIO-003"
    " DF-AIO-004 DF-SK-004 DF-SL-006",
    "cluster": "DF-CH-004 DF-SK-001 DF-MK-002",
    "objects": "DF-NET-005 DF-CH-001 DF-CFG-001 DF-CFG-002 DF-AIO-002 DF-AIO-005 DF-SK-002"
    " DF-SK-003 DF-MK-001 DF-MK-003 DF-MK-004 DF-MK-005 DF-MG-001 DF-MG-002 DF-SL-001 DF-SL-004",
    "upgrade": "DF-UPG-001 DF-UPG-002 DF-UPG-003 DF-UPG-004 DF-UPG-005 DF-UPG-006 DF-UPG-007"
    " DF-UPG-008 DF-UPG-009 DF-UPG-010 DF-UPG-011",
    "host": "DF-LH-001 DF-LH-002 DF-LH-003 DF-LH-004 DF-LH-005 DF-LH-006 DF-LH-007 DF-LH-008"
    " DF-LH-009 DF-LH-010 DF-LH-011",
}
# A process for each is slow: one with a violation of each requirement, and whole deployments.
EXAMPLES = [
    path
    for path in decisions.example_files()
    if decisions.mode_of(path) in MODES and path.stem not in ("pass", "unknown")
]


@pytest.fixture(scope="module", autouse=True)
def binary() -> None:
    if not GATOR.exists():
        text = "there is no gator; run `make tools TOOLS=gator`"
        if os.environ.get("CI"):
            pytest.fail(text)
        pytest.skip(text)


def gator(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run gator, whatever its exit code."""
    return subprocess.run(
        [GATOR, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


def test_the_suite_passes_where_the_command_writes_it(tmp_path: Path, dfpolicy: Run) -> None:
    done = dfpolicy("gatekeeper", "-o", "out")
    assert done.returncode == 0, done.stderr
    assert "requirements" in done.stdout
    verified = gator("verify", tmp_path / "out" / "suite.yaml")
    assert verified.returncode == 0, verified.stdout
    assert "ok" in verified.stdout


def test_the_suite_fails_when_a_template_is_broken(tmp_path: Path, dfpolicy: Run) -> None:
    assert dfpolicy("gatekeeper", "-o", "out").returncode == 0
    path = tmp_path / "out" / "templates" / "kubernetes-info.yaml"
    text = path.read_text("utf-8")
    # As in E15 of CONTRIBUTING.md: nothing is told, and nothing says so.
    rule = r"_results contains found if \{\n\s*(found := .*)\n\s*\}"
    broken, count = re.subn(rule, r"_results := {found | \1}", text)
    assert count == 1
    path.write_text(broken, "utf-8")
    assert gator("verify", tmp_path / "out" / "suite.yaml").returncode != 0


def test_the_table_of_what_is_not_seen() -> None:
    made = export(WasmEngine(), load_catalogue(), Scope())
    wanted = {name: reason for reason, names in UNSEEN.items() for name in names.split()}
    found = {name: reason for name, reason in made.unseen.items() if reason}
    for name, reason in made.unseen.items():
        print(f"{name:<14}{'seen' if not reason else f'not seen: {reason}'}")
    assert found == wanted


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Path]]:
    """The templates and constraints for each mode."""
    found = {}
    for mode in MODES:
        folder = tmp_path_factory.mktemp(mode)
        made = export(WasmEngine(), load_catalogue(), Scope(mode))
        for path, text in made.files.items():
            part, _, name = path.partition("/")
            if part in ("templates", "constraints") and name != "kustomization.yaml":
                (folder / f"{part}-{name}").write_text(text, "utf-8")
        found[mode] = sorted(folder.iterdir())
    return found


def _placed(item: Json) -> Json:
    """The object as the API server stores it, in the namespace that it is applied to."""
    if item["kind"] in ("ClusterRole", "ClusterRoleBinding", "Namespace"):
        return item
    return item | {"metadata": {"namespace": "deepflow", **item["metadata"]}}


def _objects(path: Path) -> list[Json]:
    return [_placed(item) for item in decisions.example_input(path)["resources"]]


def _told(path: Path, files: list[Path], folder: Path) -> set[tuple[str, str]]:
    objects = _objects(path)
    given = [*reviewed(objects), *synchronised(objects)]
    if not given:
        return set()
    target = folder / f"{path.parent.name}-{path.name}"
    target.write_text("\n---\n".join(map(json.dumps, given)), "utf-8")
    named = [text for file in (*files, target) for text in ("-f", file)]
    done = gator("test", "-o", "json", *named)
    assert done.returncode in (0, 1), done.stderr
    results: list[Json] = json.loads(done.stdout or "[]") or []
    return {
        (result["violatingObject"]["metadata"]["name"], result["metadata"]["details"]["id"])
        for result in results
    }


def test_gator_tells_of_each_example_what_a_webhook_sees(
    folders: dict[str, list[Path]], tmp_path: Path
) -> None:
    engine = WasmEngine()
    made = export(engine, load_catalogue(), Scope())
    exported = {path for path in made.files if path.startswith("templates/")}
    asked = {
        entry["id"]
        for entry in load_catalogue().requirements
        if f"templates/{entry['group']}.yaml" in exported
    }

    def told(path: Path) -> set[tuple[str, str]]:
        return _told(path, folders[decisions.mode_of(path)], tmp_path)

    with ThreadPoolExecutor(THREADS) as pool:
        found = dict(zip(EXAMPLES, pool.map(told, EXAMPLES), strict=True))
    wanted = {}
    for path in EXAMPLES:
        mode, objects = decisions.mode_of(path), _objects(path)
        wanted[path] = {
            (item["metadata"]["name"], name)
            for item in reviewed(objects)
            for name in violated(engine, mode, item, synchronised(objects)) & asked
        }
    assert found == wanted
    for path in EXAMPLES:
        document = decisions.example_input(path) | {"resources": _objects(path)}
        whole = engine.evaluate(document)["results"]
        violations = {result["id"] for result in whole if result["outcome"] == "violation"}
        assert {name for _, name in found[path]} <= violations, path
