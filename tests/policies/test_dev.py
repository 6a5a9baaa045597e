"""The generators and the scaffold, run on a copy of the tree."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tools.dev import opa
from tools.dev.paths import BUNDLE

from support import decisions
from support.decisions import ROOT


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of what the generators read and write."""
    decisions.need_opa()
    for name in ("evaluator", "policies", "schemas", "examples/requirements", "tools"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    return tmp_path


def dev(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`python -m tools.dev …` of that tree."""
    return subprocess.run(
        [sys.executable, "-m", "tools.dev", *arguments],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree / "evaluator"), "OPA": opa.binary()},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_the_bytes_do_not_depend_on_the_place(tree: Path) -> None:
    (tree / "evaluator" / "dfpolicy" / "bundle" / "policy.wasm").unlink()
    assert dev(tree, "generate").returncode == 0
    for name in ("policy.wasm", "catalogue.json"):
        made = (tree / "evaluator" / "dfpolicy" / "bundle" / name).read_bytes()
        assert made == (BUNDLE / name).read_bytes(), name


def test_a_second_run_writes_nothing(tree: Path) -> None:
    dev(tree, "generate")
    assert dev(tree, "generate").stdout == ""
    assert dev(tree, "generate", "--check").returncode == 0


def test_check_names_each_stale_file_and_writes_nothing(tree: Path) -> None:
    dev(tree, "generate")
    bundle = tree / "evaluator" / "dfpolicy" / "bundle"
    before = (bundle / "policy.wasm").read_bytes()
    rules = tree / "policies" / "dfpolicy" / "requirements" / "kubernetes_info"
    edit(rules / "kubernetes_info.rego", "DF-K8S-001", "DF-K8S-901")
    (bundle / "catalogue.json").unlink()
    told = dev(tree, "generate", "--check")
    assert told.returncode == 1
    assert told.stdout.splitlines() == [
        f"{path} is stale; run `make generate`"
        for path in (
            "evaluator/dfpolicy/policy/bundle/catalogue.json",
            "evaluator/dfpolicy/policy/bundle/policy.wasm",
            "docs/requirements/DF-K8S-901.md",
            "docs/requirements/index.md",
            "docs/coverage.md",
            "docs/zh/requirements/DF-K8S-901.md",
            "docs/zh/requirements/index.md",
            "docs/zh/coverage.md",
            "docs/requirements/DF-K8S-001.md",
            "docs/zh/requirements/DF-K8S-001.md",
        )
    ]
    assert (bundle / "policy.wasm").read_bytes() == before


def test_pages_follow_their_requirements(tree: Path) -> None:
    dev(tree, "generate")
    for folder in ("docs/requirements", "docs/zh/requirements"):
        page = (tree / folder / "DF-K8S-001.md").read_text("utf-8")
        assert page.count("\n## ") >= 6
        assert "hostPID: true" in page
        (tree / folder / "DF-OLD-001.md").write_text("x", "utf-8")
    measured = tree / "docs" / "benchmarks.md"
    measured.write_text("x", "utf-8")
    assert dev(tree, "generate", "--check").stdout.splitlines() == [
        "docs/requirements/DF-OLD-001.md is stale; run `make generate`",
        "docs/zh/requirements/DF-OLD-001.md is stale; run `make generate`",
    ]
    dev(tree, "generate")
    assert list(tree.glob("docs/**/DF-OLD-001.md")) == []
    # It is written by `make bench`.
    assert measured.read_text("utf-8") == "x"


def test_pages_have_the_words_of_the_source_at_once(tree: Path) -> None:
    source = tree / "evaluator" / "dfpolicy" / "locale" / "zh" / "LC_MESSAGES" / "dfpolicy.po"
    words = re.sub(r'(?<=msgid "AutoTagging"\nmsgstr ").*(?=")', "标签", source.read_text("utf-8"))
    source.write_text(words, "utf-8")
    dev(tree, "generate")
    page = tree / "docs" / "zh" / "requirements" / "DF-K8S-001.md"
    assert "\n标签" in page.read_text("utf-8")
    assert dev(tree, "generate", "--check").returncode == 0


def refused(tree: Path, old: str, new: str, told: str) -> str:
    """What the generator says, who has to stop at the change and to tell this."""
    rules = tree / "policies" / "dfpolicy" / "requirements" / "kubernetes_info"
    edit(rules / "kubernetes_info.rego", old, new)
    process = dev(tree, "generate")
    assert process.returncode == 1
    assert told in process.stderr
    assert "Traceback" not in process.stderr
    return process.stderr


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("#   level: required\n", "", "'level' is a required property"),
        ("#   level: required\n", "#   level: must\n", "'must' is not one of"),
        (
            "#   source: SEED\n",
            "#   source: SEED\n#   severity: high\n",
            "'severity' was unexpected",
        ),
        ("#   id: DF-K8S-001\n", "", "'id' is a required property"),
    ],
)
def test_metadata_outside_its_contract_stops_the_generator(
    tree: Path, old: str, new: str, told: str
) -> None:
    assert "kubernetes_info.rego:" in refused(tree, old, new, told)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[k8s-host-pid]", "[k8s-host-pit]", "DF-K8S-001: covers k8s-host-pit, which is no line"),
        ("#   covers: [k8s-host-pid]\n", "", "no requirement covers k8s-host-pid"),
    ],
)
def test_a_line_of_the_deployment_page_that_is_lost_stops_the_generator(
    tree: Path, old: str, new: str, told: str
) -> None:
    refused(tree, old, new, told)


RULE = """package dfpolicy.small

reached if input.mode

also := 1 if {
	input.mode
	input.profile
}
"""
TEST = """package dfpolicy.small_test

import data.dfpolicy.small

test_reached if small.reached with input as {"mode": "x"}
"""


@pytest.fixture
def small(tree: Path) -> Path:
    """The tree with policies that are quick to test, and fully so but for one rule."""
    shutil.rmtree(tree / "policies")
    folder = tree / "policies" / "dfpolicy" / "small"
    folder.mkdir(parents=True)
    (folder / "small.rego").write_text(RULE, "utf-8")
    (folder / "small_test.rego").write_text(TEST, "utf-8")
    return folder


def test_coverage_names_the_lines_that_no_test_reaches(tree: Path, small: Path) -> None:
    process = dev(tree, "coverage")
    assert process.returncode == 1
    told = "policies/dfpolicy/small/small.rego: no test reaches line 5-7"
    assert told in process.stdout.splitlines()


def test_coverage_passes_when_every_line_is_reached(tree: Path, small: Path) -> None:
    test = 'test_also if small.also with input as {"mode": "x", "profile": "y"}\n'
    (small / "small_test.rego").write_text(TEST + test, "utf-8")
    process = dev(tree, "coverage")
    assert (process.returncode, process.stdout[:15]) == (0, "coverage: 100 %")


def test_coverage_fails_with_the_tests(tree: Path, small: Path) -> None:
    (small / "small_test.rego").write_text(f"{TEST}\ntest_that_fails if false\n", "utf-8")
    process = dev(tree, "coverage")
    assert process.returncode == 1
    assert "test_that_fails: FAIL" in process.stdout


def new(tree: Path, group: str, identifier: str, title: str) -> subprocess.CompletedProcess[str]:
    options = ("--group", group, "--id", identifier, "--title", title)
    return dev(tree, "new", "requirement", *options)


def test_a_new_requirement_is_well_formed_and_red(tree: Path) -> None:
    assert new(tree, "resources", "DF-RES-901", "The agent has a title").returncode == 0
    assert "DF-RES-902" in dev(tree, "ids").stdout
    assert dev(tree, "generate").returncode == 0
    for check in (("fmt", "--list", "--fail"), ("check", "--strict", "--schema", "schemas")):
        opa.run(*check, "policies", cwd=tree)
    tests = opa.run_unchecked("test", "policies", "--run", "resources_test", cwd=tree)
    assert tests.returncode != 0
    assert "test_df_res_901: FAIL" in tests.stdout
    examples = tree / "examples" / "requirements" / "DF-RES-901"
    assert sorted(path.stem for path in examples.iterdir()) == ["pass", "unknown", "violation"]


@pytest.mark.parametrize(
    ("group", "identifier", "title", "told"),
    [
        ("resources", "DF-RES-001", "A title", "DF-RES-001 is taken"),
        ("resources", "DF-NET-901", "A title", "do not belong together"),
        ("resources", "RES-9", "A title", "is no id"),
        ("resources", "DF-RES-901", "A title.", "without full stop"),
        ("resources", "DF-RES-901", "", "a title is"),
        ("nothing", "DF-NO-001", "A title", "no such group; there are af_packet"),
        ("../main", "DF-NO-001", "A title", "no such group"),
    ],
)
def test_a_requirement_that_cannot_be_is_refused(
    tree: Path, group: str, identifier: str, title: str, told: str
) -> None:
    process = new(tree, group, identifier, title)
    assert process.returncode == 1
    assert told in process.stderr
    assert not (tree / "examples" / "requirements" / "DF-RES-901").exists()


def test_another_version_of_opa_is_refused(tree: Path, tmp_path: Path) -> None:
    old = tmp_path / "old-opa"
    old.write_text("#!/bin/sh\necho 'Version: 1.0.0'\n", "utf-8")
    old.chmod(0o755)
    process = subprocess.run(
        [sys.executable, "-m", "tools.dev", "generate"],
        env={**os.environ, "PYTHONPATH": str(tree / "evaluator"), "OPA": str(old)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 1
    assert f"is not OPA {opa.pinned()['OPA_VERSION']}" in process.stderr
