"""gator reports the part of `dfpolicy eval` that an admission webhook can see."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest

from dfpolicy.gatekeeper.export import export
from dfpolicy.gatekeeper.objects import ACTIONS, Scope
from dfpolicy.gatekeeper.review import MODES, reviewed, synchronised, violated
from dfpolicy.model import JsonObject
from dfpolicy.policy.catalogue import load_catalogue
from support import decisions, seen
from support.command import Run
from support.decisions import ROOT

BROKEN = str(ROOT / "examples" / "single-k8s" / "broken.yaml")
GATOR = ROOT / ".tools" / "bin" / "gator"

EXAMPLES = [path for path in decisions.example_files() if decisions.mode_of(path) in MODES]


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


def test_the_exported_suite_passes(tmp_path: Path, cli: Run) -> None:
    done = cli("gatekeeper", "-o", "out")
    assert done.returncode == 0, done.stderr
    assert "requirements" in done.stdout
    verified = gator("verify", tmp_path / "out" / "suite.yaml")
    assert verified.returncode == 0, verified.stdout
    assert "ok" in verified.stdout


def test_a_waiver_covers_a_violation_until_its_last_day(tmp_path: Path, cli: Run) -> None:
    made = cli("eval", BROKEN, "-o", "json")
    denied = {
        one["id"]
        for one in json.loads(made.stdout)["results"]
        if (one["outcome"], one["level"]) == ("violation", "required")
    }
    waived = "DF-EBPF-005"
    assert waived in denied
    for expires, covered in (("2999-01-01", True), ("2001-01-01", False)):
        text = f"waivers: [{{id: {waived}, reason: r, owner: o, expires: '{expires}'}}]\n"
        (tmp_path / "w.yaml").write_text(text, "utf-8")
        assert cli("gatekeeper", "-o", "out", "--waivers", "w.yaml").returncode == 0
        parts = (tmp_path / "out" / name for name in ("templates", "constraints"))
        files = [path for part in parts for path in part.glob("ebpf.yaml")]
        options = [text for path in (*files, BROKEN) for text in ("-f", str(path))]
        done = gator("test", *options)
        assert (waived in done.stdout) is not covered


def test_the_suite_fails_when_a_template_is_broken(tmp_path: Path, cli: Run) -> None:
    assert cli("gatekeeper", "-o", "out").returncode == 0
    path = tmp_path / "out" / "templates" / "kubernetes-info.yaml"
    text = path.read_text("utf-8")
    # As in E15 of CONTRIBUTING.md: the rule is silently undefined.
    rule = r"_results contains found if \{\n\s*(found := .*)\n\s*\}"
    broken, count = re.subn(rule, r"_results := {found | \1}", text)
    assert count == 1
    path.write_text(broken, "utf-8")
    assert gator("verify", tmp_path / "out" / "suite.yaml").returncode != 0


def test_the_docs_list_what_gatekeeper_cannot_check(update_golden: bool) -> None:
    made = export(decisions.wasm(), load_catalogue(), Scope())
    seen.check("out of Gatekeeper's sight", made.unseen, update_golden)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Path]]:
    """The templates and constraints for each mode."""
    found = {}
    for mode in MODES:
        folder = tmp_path_factory.mktemp(mode)
        made = export(decisions.wasm(), load_catalogue(), Scope(mode))
        for path, text in made.files.items():
            part, _, name = path.partition("/")
            if part in ("templates", "constraints") and name != "kustomization.yaml":
                (folder / f"{part}-{name}").write_text(text, "utf-8")
        found[mode] = sorted(folder.iterdir())
    return found


def _placed(item: JsonObject) -> JsonObject:
    """The object as the API server stores it, in the namespace that it is applied to."""
    if item["kind"] in ("ClusterRole", "ClusterRoleBinding", "Namespace"):
        return item
    return item | {"metadata": {"namespace": "deepflow", **item["metadata"]}}


def _objects(path: Path) -> list[JsonObject]:
    return [_placed(item) for item in decisions.example_input(path)["resources"]]


Told = dict[Path, set[tuple[str, str, str]]]


def _test(objects: Iterable[JsonObject], files: list[Path], folder: Path) -> list[JsonObject]:
    """The answers of gator on the objects, all in one run."""
    target = folder / "objects.yaml"
    target.write_text("\n---\n".join(map(json.dumps, objects)), "utf-8")
    named = [text for file in (*files, target) for text in ("-f", file)]
    done = gator("test", "-o", "json", *named)
    assert done.returncode in (0, 1), done.stderr
    results: list[JsonObject] = json.loads(done.stdout or "[]") or []
    return results


@pytest.fixture(scope="module")
def found(folders: dict[str, list[Path]], tmp_path_factory: pytest.TempPathFactory) -> Told:
    """For each violation that gator finds in an example: the object's name, the ID, the action.

    A run takes seconds to load the templates. Examples with the same synchronised objects share a
    run: when gator reviews an object, it sees nothing else of the other examples.
    """
    scratch = tmp_path_factory.mktemp("objects")
    shared: dict[tuple[str, str], list[Path]] = defaultdict(list)
    for path in EXAMPLES:
        beside = decisions.canonical(synchronised(_objects(path)))
        shared[decisions.mode_of(path), beside].append(path)
    told: Told = {path: set() for path in EXAMPLES}
    for (mode, beside), paths in shared.items():
        examples: dict[str, list[Path]] = defaultdict(list)
        for path in paths:
            for item in reviewed(_objects(path)):
                examples[decisions.canonical(item)].append(path)
        if not examples:
            continue
        given = [*map(json.loads, examples), *json.loads(beside)]
        for result in _test(given, folders[mode], scratch):
            violation = (
                result["violatingObject"]["metadata"]["name"],
                result["metadata"]["details"]["id"],
                result["enforcementAction"],
            )
            for path in examples[decisions.canonical(result["violatingObject"])]:
                told[path].add(violation)
    return told


def test_the_documented_answers_of_gator_are_up_to_date(found: Told, update_golden: bool) -> None:
    shown = [path for path in decisions.violating_files() if path in found]
    told = ((name, action) for path in shown for _, name, action in found[path])
    seen.check("gator", seen.strictest(told, ACTIONS.values()), update_golden)


def test_gator_reports_each_violation_that_a_webhook_can_see(
    found: Told,
) -> None:
    engine = decisions.wasm()
    made = export(engine, load_catalogue(), Scope())
    exported = {path for path in made.files if path.startswith("templates/")}
    asked = {
        entry["id"]
        for entry in load_catalogue().requirements
        if f"templates/{entry['group']}.yaml" in exported
    }

    wanted = {}
    for path in EXAMPLES:
        mode, objects = decisions.mode_of(path), _objects(path)
        wanted[path] = {
            (item["metadata"]["name"], name)
            for item in reviewed(objects)
            for name in violated(engine, mode, item, synchronised(objects)) & asked
        }
    told = {path: {(item, name) for item, name, _ in found[path]} for path in EXAMPLES}
    assert told == wanted
    for path in EXAMPLES:
        document = decisions.example_input(path) | {"resources": _objects(path)}
        whole = engine.evaluate(document)["results"]
        violations = {result["id"] for result in whole if result["outcome"] == "violation"}
        assert {name for _, name in told[path]} <= violations, path
