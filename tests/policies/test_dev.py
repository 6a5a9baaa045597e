"""The generators and the scaffold, in this process: one whole generation serves all tests."""

from __future__ import annotations

import copy
import functools
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from tools.dev import check, coverage, deployment_page, generate, metadata, new, opa
from tools.dev.errors import DevError
from tools.dev.paths import BUNDLE, EXAMPLES, POLICIES, ROOT

from support import decisions

Made = dict[Path, bytes]


@pytest.fixture(autouse=True)
def _opa() -> None:
    decisions.need_opa()


@pytest.fixture(scope="module")
def made() -> Made:
    """Everything that the generators write, generated once."""
    decisions.need_opa()
    return generate._made()


@pytest.fixture(scope="module")
def blocks() -> list[dict[str, Any]]:
    decisions.need_opa()
    return opa.blocks()


@pytest.fixture
def tree(made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with the generated files."""
    monkeypatch.setattr(generate, "_made", lambda: made)
    generate.generate(tmp_path)
    return tmp_path


def test_generated_bytes_do_not_depend_on_the_directory(made: Made) -> None:
    for name in ("policy.wasm", "catalogue.json"):
        path = BUNDLE / name
        assert made[path.relative_to(ROOT)] == path.read_bytes(), name


def test_a_second_run_writes_nothing(tree: Path) -> None:
    assert generate.generate(tree) == []
    assert generate.stale(tree) == []


def test_check_names_each_stale_file_and_writes_nothing(
    tree: Path, made: Made, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stale = BUNDLE.relative_to(ROOT) / "catalogue.json"
    new_file = BUNDLE.relative_to(ROOT) / "new.json"
    monkeypatch.setattr(generate, "_made", lambda: {**made, stale: b"x", new_file: b"y"})
    monkeypatch.setattr(generate, "stale", functools.partial(generate.stale, tree))
    assert generate.main(check=True) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{path} is out of date: run `make generate`" for path in (stale, new_file)
    ]
    assert (tree / stale).read_bytes() == made[stale]
    assert not (tree / new_file).exists()


def changed(blocks: list[dict[str, Any]], **custom: Any) -> list[dict[str, Any]]:
    """The METADATA blocks, with keys of DF-K8S-001 replaced, or removed with None."""
    made = copy.deepcopy(blocks)
    own = next(
        entry["annotations"]["custom"]
        for entry in made
        if entry["annotations"].get("custom", {}).get("id") == "DF-K8S-001"
    )
    own.update(custom)
    for key in [key for key, content in custom.items() if content is None]:
        del own[key]
    return made


@pytest.mark.parametrize(
    ("custom", "told"),
    [
        ({"level": None}, "'level' is a required property"),
        ({"level": "must"}, "'must' is not one of"),
        ({"severity": "high"}, "'severity' was unexpected"),
        ({"id": None}, "'id' is a required property"),
    ],
)
def test_invalid_metadata_stops_the_generator(
    blocks: list[dict[str, Any]], custom: dict[str, Any], told: str
) -> None:
    with pytest.raises(DevError) as raised:
        metadata.catalogue(changed(blocks, **custom))
    assert told in str(raised.value)
    assert "kubernetes_info/host_pid.rego:" in str(raised.value)


def test_metadata_in_another_place_stops_the_generator(blocks: list[dict[str, Any]]) -> None:
    made = copy.deepcopy(blocks)
    group = next(entry for entry in made if entry["path"].endswith(".requirements.ebpf"))
    group["annotations"]["scope"] = "package"
    with pytest.raises(DevError, match=r"ebpf/ebpf\.rego:.* neither a group"):
        metadata.catalogue(made)
    made.remove(group)
    with pytest.raises(DevError, match=r"ebpf/.*its group has no METADATA"):
        metadata.catalogue(made)


@pytest.mark.parametrize(
    ("covers", "told"),
    [
        (["k8s-host-pit"], "DF-K8S-001: `covers` has k8s-host-pit, which is not in"),
        ([], "no requirement covers k8s-host-pid"),
    ],
)
def test_a_line_of_the_deployment_page_that_is_lost_stops_the_generator(
    covers: list[str], told: str
) -> None:
    content = json.loads((BUNDLE / "catalogue.json").read_text("utf-8"))
    entry = next(entry for entry in content["requirements"] if entry["id"] == "DF-K8S-001")
    entry["covers"] = covers
    with pytest.raises(DevError, match=re.escape(told)):
        deployment_page.check(content["requirements"])


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
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Policies with quick tests that cover everything but one rule."""
    folder = tmp_path / "policies" / "dfpolicy" / "small"
    folder.mkdir(parents=True)
    (folder / "small.rego").write_text(RULE, "utf-8")
    (folder / "small_test.rego").write_text(TEST, "utf-8")
    there = functools.partial(opa.run_unchecked, cwd=tmp_path)
    monkeypatch.setattr(opa, "run_unchecked", there)
    return folder


@pytest.mark.usefixtures("small")
def test_coverage_names_the_lines_that_no_test_reaches(capsys: pytest.CaptureFixture[str]) -> None:
    assert coverage.main() == 1
    told = "policies/dfpolicy/small/small.rego: no test reaches line 5-7"
    assert told in capsys.readouterr().out.splitlines()


def test_coverage_passes_when_every_line_is_reached(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    test = 'test_also if small.also with input as {"mode": "x", "profile": "y"}\n'
    (small / "small_test.rego").write_text(TEST + test, "utf-8")
    assert coverage.main() == 0
    assert capsys.readouterr().out.startswith("coverage: 100 %")


def test_coverage_fails_with_the_tests(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (small / "small_test.rego").write_text(f"{TEST}\ntest_that_fails if false\n", "utf-8")
    assert coverage.main() == 1
    assert "test_that_fails: FAIL" in capsys.readouterr().out


@pytest.fixture
def copied(tmp_path: Path, blocks: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the policies for the scaffold to write to."""
    shutil.copytree(POLICIES, tmp_path / "policies")
    for module in (new, check):
        monkeypatch.setattr(module, "ROOT", tmp_path)
        monkeypatch.setattr(module, "EXAMPLES", tmp_path / "examples" / "requirements")
        folder = tmp_path / "policies" / "dfpolicy" / "requirements"
        monkeypatch.setattr(module, "REQUIREMENTS", folder)
    monkeypatch.setattr(opa, "blocks", lambda: blocks)
    return tmp_path


def test_a_new_requirement_is_well_formed_and_fails_its_tests(copied: Path) -> None:
    ids = {reads: f"DF-RES-90{i}" for i, reads in enumerate(new.READS)}
    for reads, identifier in ids.items():
        assert new.requirement("resources", identifier, f"The agent tells {reads}", reads) == 0
    for command in (("fmt", "--list", "--fail"), ("check", "--strict")):
        opa.run(*command, "policies", cwd=copied)
    tests = opa.run_unchecked("test", "policies", "--run", "resources.tells_", cwd=copied)
    for reads, identifier in ids.items():
        assert f"tells_{reads}_test.test_verdict: FAIL" in tests.stdout
        assert check.module_of(identifier).stem == f"tells_{reads}"
        examples = copied / "examples" / "requirements" / identifier
        assert sorted(path.stem for path in examples.iterdir()) == ["pass", "unknown", "violation"]
        text = (examples / "pass.yaml").read_text("utf-8")
        facts = {"manifests": "DaemonSet", "nodes": "NodeFacts", "cluster": "ClusterFacts"}[reads]
        assert f"kind: {facts}\n" in text
    # No case and no example is right before it is written.
    assert "PASS" not in tests.stdout.rpartition("-----")[2].replace("PASS: 0/", "")


@pytest.mark.parametrize(
    ("group", "identifier", "title", "reads", "told"),
    [
        ("resources", "DF-RES-001", "A title", "nodes", "DF-RES-001 is taken"),
        ("resources", "DF-NET-901", "A title", "nodes", "do not belong together"),
        ("resources", "RES-9", "A title", "nodes", "is not a valid id"),
        ("resources", "DF-RES-901", "A title.", "nodes", "without full stop"),
        ("resources", "DF-RES-901", "", "nodes", "the title must be"),
        ("resources", "DF-RES-901", "A title", "logs", "READS must be one of"),
        ("resources", "DF-RES-901", "The resources", "nodes", "is not a valid file name"),
        ("nothing", "DF-NO-001", "A title", "nodes", "unknown group: use one of af_packet"),
        ("../main", "DF-NO-001", "A title", "nodes", "unknown group"),
    ],
)
def test_invalid_arguments_for_a_new_requirement_are_refused(
    copied: Path, group: str, identifier: str, title: str, reads: str, told: str
) -> None:
    with pytest.raises(DevError, match=re.escape(told)):
        new.requirement(group, identifier, title, reads)
    assert not (copied / "examples").exists()


def test_the_next_ids_are_printed(
    blocks: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(opa, "blocks", lambda: blocks)
    assert new.print_ids() == 0
    assert "resources          DF-RES-002" in capsys.readouterr().out


@pytest.mark.slow
def test_check_runs_every_check_of_a_requirement(capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main("DF-EBPF-007") == 0
    names = ("format", "compile", "METADATA", "tests", "examples")
    assert capsys.readouterr().out.splitlines() == [f"{name}: ok" for name in names]
    with pytest.raises(DevError, match="unknown requirement ID 'DF-EBPF-999'"):
        check.main("DF-EBPF-999")


def test_a_failed_test_is_shown_once_with_its_values(tmp_path: Path) -> None:
    (tmp_path / "a_test.rego").write_text(
        'package a_test\n\ntest_it[name] if {\n\tsome name, case in {"one": 1, "two": 2}\n'
        "\tcase == 2\n}\n"
    )
    told = opa.run_unchecked("test", ".", "--var-values", cwd=tmp_path).stdout
    assert told.count("one: FAIL") == 2
    shown = check.failures(told)
    assert shown.count("one: FAIL") == 1
    assert "case == 2" in shown
    # What is not a failed test, for example a time limit, is shown as it is.
    assert check.failures("a_test.rego:3: ERROR\n") == "a_test.rego:3: ERROR"


def test_an_example_of_another_outcome_fails_the_check(
    tmp_path: Path,
    blocks: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shutil.copytree(EXAMPLES / "DF-EBPF-007", tmp_path / "DF-EBPF-007")
    (tmp_path / "DF-EBPF-007" / "violation.yaml").rename(tmp_path / "DF-EBPF-007" / "pass.yaml")
    monkeypatch.setattr(check, "EXAMPLES", tmp_path)
    monkeypatch.setattr(check, "ROOT", tmp_path)
    found = check._examples("DF-EBPF-007", check.module_of("DF-EBPF-007"), blocks)
    assert list(found) == [
        "examples/requirements/DF-EBPF-007/violation.yaml is missing",
        "DF-EBPF-007/pass.yaml: violation: kernel.kptr_restrict is 2",
    ]


def test_another_version_of_opa_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "old-opa"
    old.write_text("#!/bin/sh\necho 'Version: 1.0.0'\n", "utf-8")
    old.chmod(0o755)
    monkeypatch.setenv("OPA", str(old))
    with pytest.raises(DevError, match=f"is not OPA {opa.pinned()['OPA_VERSION']}"):
        opa.binary.__wrapped__()
