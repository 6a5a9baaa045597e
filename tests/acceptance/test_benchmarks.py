"""The benchmarks run, and all contenders do the same work."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from argparse import Namespace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from benchmarks import growth, plot, profiles, table
from benchmarks.__main__ import Places, begun
from benchmarks.contenders import CONTENDERS
from benchmarks.inputs import ROOT, make
from benchmarks.measure import Command, Sample, measure
from benchmarks.objects import SHARES
from benchmarks.page import page
from benchmarks.results import Measured, Results, load, store
from benchmarks.workshop import TOOLS, environment, missing

BROKEN = ROOT / "examples" / "single-k8s" / "broken.yaml"
NAMES = {contender.name for contender in CONTENDERS}
HANG = 300.0


@pytest.fixture(scope="module")
def tools() -> None:
    if name := missing():
        text = f"there is no {name}; run `make tools`"
        if os.environ.get("CI"):
            pytest.fail(text)
        pytest.skip(text)


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the benchmarks as `benchmarks/run` does, with this Python."""
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=HANG,
        check=False,
    )


def measured(objects: int, **seconds: float) -> Measured:
    """Samples of contenders; a negative number is one that was ended."""
    samples = {
        name: [Sample(value, value, 1 << 20) if value >= 0 else Sample(fault="> 600 s")]
        for name, value in seconds.items()
    }
    return Measured("agent" if objects == 8 else str(objects), objects, objects * 1000, samples)


@pytest.mark.slow
def test_every_contender_is_measured_on_a_chart(tools: None, tmp_path: Path) -> None:
    done = run("agent", "--runs", "1", "--output", tmp_path)
    assert done.returncode == 0, done.stderr
    (found,) = load(tmp_path / "results.json").inputs
    assert found.objects == 8
    samples = {name: found.median(name) for name in NAMES}
    for name, sample in samples.items():
        assert sample is not None, name
        assert (sample.fault, sample.wall > 0, sample.cpu > 0) == ("", True, True), name
        assert sample.memory > 10 << 20, name
    for name in NAMES:
        assert f"| {name} " in done.stdout
    told = (tmp_path / "benchmarks.md").read_text("utf-8")
    assert "decode YAML" in told
    assert re.search(r"\| `dfpolicy/[a-z_/]+\.rego:\d+` ", told)
    ElementTree.parse(tmp_path / "benchmarks.svg")


@pytest.mark.slow
def test_conftest_reports_every_violation_that_dfpolicy_reports(
    tools: None, tmp_path: Path
) -> None:
    entry = ROOT / "benchmarks" / "conftest" / "once.rego"
    untested = tmp_path / "policies"
    shutil.copytree(ROOT / "policies", untested, ignore=shutil.ignore_patterns("*_test.rego"))
    line: list[str | Path] = [TOOLS["conftest"], "test", "-p", untested, "-p", entry, "-n", "once"]
    line += ["--combine", "-o", "json", BROKEN]
    told = json.loads(subprocess.run(line, capture_output=True, timeout=HANG, check=False).stdout)
    report = subprocess.run(
        [sys.executable, "-m", "dfpolicy", "eval", "-o", "json", BROKEN],
        capture_output=True,
        timeout=HANG,
        check=False,
    )
    violations = {
        result["message"]
        for result in json.loads(report.stdout)["results"]
        if result["outcome"] == "violation"
    }
    assert violations
    assert {failure["msg"] for check in told for failure in check["failures"]} == violations


def test_functions_of_dfpolicy_are_profiled(tmp_path: Path) -> None:
    told = profiles.functions(BROKEN, environment(tmp_path))
    assert "tottime" in told
    assert "function calls" in told


@pytest.mark.parametrize(("name", "count"), [("200", 200), ("80-nodes", 88), ("agent", 8)])
def test_an_input_is_identical_each_time_and_when_split(
    name: str, count: int, tmp_path: Path
) -> None:
    first, second = (make(name, tmp_path / place) for place in ("first", "second"))
    text = first.file.read_text("utf-8")
    assert text == second.file.read_text("utf-8")
    whole = objects_of(text)
    parts = [
        item for path in first.folder.iterdir() for item in objects_of(path.read_text("utf-8"))
    ]
    assert len(whole) == first.objects == count
    assert sorted(map(str, whole)) == sorted(map(str, parts))
    assert len({identity(item) for item in whole}) == count


def objects_of(text: str) -> list[dict[str, Any]]:
    documents = [document for document in yaml.safe_load_all(text) if document]
    return [item for document in documents for item in document.get("items", [document])]


def identity(item: dict[str, Any]) -> tuple[str, ...]:
    metadata = item["metadata"]
    return item["kind"], metadata.get("namespace", ""), metadata["name"]


def test_a_cluster_has_the_kinds_in_their_proportions(tmp_path: Path) -> None:
    made = make("108", tmp_path)
    kinds = [item["kind"] for item in objects_of(made.file.read_text("utf-8"))[8:]]
    assert {kind: kinds.count(kind) for kind in kinds} == SHARES
    assert 1000 < made.size / made.objects < 1500


def test_nodes_have_forty_kernels(tmp_path: Path) -> None:
    made = make("80-nodes", tmp_path)
    nodes = [item for item in objects_of(made.file.read_text("utf-8")) if item["kind"] == "Node"]
    assert len({node["status"]["nodeInfo"]["kernelVersion"] for node in nodes}) == 40


def test_a_command_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    child = f"import time; pipe = open({str(pipe)!r}, 'w'); time.sleep({2 * HANG})"
    script = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    start = time.monotonic()
    assert measure(Command([sys.executable, "-c", script], {}), 1).fault == "> 1 s"
    os.set_blocking(reader, True)
    # It ends when nobody has the pipe open any more.
    assert os.read(reader, 1) == b""
    os.close(reader)
    assert time.monotonic() - start < HANG


def test_a_failed_command_reports_its_reason() -> None:
    failing = Command([sys.executable, "-c", "import sys; sys.exit('no such policy')"], {})
    assert measure(failing, HANG).fault == "exit 1: no such policy"


def test_memory_is_the_peak_of_the_command() -> None:
    sample = measure(Command([sys.executable, "-c", "b'x' * (300 << 20)"], {}), HANG)
    # Not less than what this process has, either.
    assert 300 << 20 <= sample.memory < 3 << 30


@pytest.mark.parametrize("power", [1.0, 1.5, 2.0])
def test_the_exponent_excludes_the_cost_of_the_start(power: float) -> None:
    points = [(n, 0.5 + 1e-3 * n**power) for n in (10, 100, 1000, 10_000, 100_000)]
    assert growth.exponent(points, 0.5) == pytest.approx(power)
    assert growth.exponent([(n, 0.5) for n, _ in points], 0.5) is None


def test_targets_are_met_missed_or_not_measured() -> None:
    names = {"conftest": 1.0, "dfpolicy, first start": 1.5, "dfpolicy, second call": 0.2}
    slow = {"conftest": -1.0, "dfpolicy": 60.0}
    failed = {"conftest": 1.0, "dfpolicy": -1.0}
    inputs = [measured(8, **names), measured(1000, **slow), measured(100_000, **failed)]
    told = [line.split("|")[3:5] for line in rows(table.targets(Results({}, 600, inputs)))]
    assert [[cell.strip() for cell in cells] for cells in told] == [
        ["1.50", "met"],
        ["0.20", "missed"],
        # conftest ran into the limit.
        ["< 0.10", "met"],
        ["—", "not measured"],
        *[["failed", "missed"]] * 3,
    ]


def rows(text: str) -> list[str]:
    return text.splitlines()[2:]


@pytest.mark.parametrize(("add", "kept"), [(True, ["agent"]), (False, [])])
def test_stored_inputs_are_kept_with_add(tmp_path: Path, add: bool, kept: list[str]) -> None:
    places = Places(tmp_path / "results.json", tmp_path)
    stored = Results({}, 1.0, [measured(8, dfpolicy=1.0), measured(100, dfpolicy=1.0)])
    store(stored, places.results)
    given = Namespace(add=add, inputs=["100"], limit=2.0)
    results = begun(given, places)
    assert [each.name for each in results.inputs] == kept
    assert results.limit == 2.0


def test_the_published_page_matches_the_published_results() -> None:
    results = load(ROOT / "benchmarks" / "results.json")
    for name, text in (("md", page(results)), ("svg", plot.svg(results))):
        assert (ROOT / "docs" / f"benchmarks.{name}").read_text("utf-8") == text, name
