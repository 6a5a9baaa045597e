"""A user's own requirements: the example, and one line for each fault."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from tools.dev import opa

from support import decisions
from support.command import Run
from support.decisions import EXAMPLES, ROOT

FOLDER = EXAMPLES / "policy"
MANIFESTS = EXAMPLES / "single-k8s" / "manifests.yaml"
REGISTRY = FOLDER / "acme" / "image_registry.rego"


@pytest.fixture(autouse=True)
def _opa(monkeypatch: pytest.MonkeyPatch) -> None:
    decisions.need_opa()
    monkeypatch.setenv("DFPOLICY_OPA", opa.binary())


def test_the_example(cli: Run) -> None:
    done = cli("eval", str(MANIFESTS), "--policy", str(FOLDER), "-q")
    assert done.returncode == 1
    shown = done.stdout.replace(f"{ROOT}/", "")
    # Lines break differently with the length of the paths.
    assert shown.split() == (FOLDER / "expected.txt").read_text("utf-8").split()


def test_its_tests() -> None:
    command = [opa.binary(), "test", "policies/dfpolicy", "examples/policy", "--run", "acme"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "PASS: 5/5" in done.stdout


def test_own_policies_do_not_change_other_results(cli: Run) -> None:
    plain, both = (
        json.loads(cli("eval", str(MANIFESTS), "-o", "json", *own).stdout)["results"]
        for own in ((), ("--policy", str(FOLDER)))
    )
    added = [result for result in both if result not in plain]
    assert [result["id"] for result in added] == ["DF-ACME-001", "DF-ACME-002"]
    assert [result for result in both if result in plain] == plain


def copied(tmp_path: Path, file: str, old: str, new: str) -> None:
    """The example as `own`, with one text of one file replaced."""
    shutil.copytree(FOLDER / "acme", tmp_path / "own")
    path = tmp_path / "own" / f"{file}.rego"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "words"),
    [
        ("image_registry", "contains result.of(", "contains (", 19, "the policies are invalid:"),
        ("node_cpus", ">= 4", ">= four", 24, "var four is unsafe"),
        (
            "image_registry",
            "level: required",
            "level: urgent",
            13,
            "custom.level: must be",
        ),
        (
            "image_registry",
            "  id: DF-ACME",
            "  idd: DF-ACME",
            13,
            "custom: unknown field 'id",
        ),
        ("node_cpus", "DF-ACME-002", "DF-ACME-001", 13, "the ID DF-ACME-001 is already used; "),
        (
            "node_cpus",
            "DF-ACME-002",
            "DF-K8S-001",
            13,
            "ID DF-K8S-001 is already used; it is used by dfpolicy",
        ),
        ("acme", "group: acme", "group: rbac", 10, "the group rbac belongs to dfpolicy"),
        (
            "acme",
            "scope: subpackages",
            "scope: package",
            10,
            "METADATA of a group must have `scope: subpackages`",
        ),
        ("acme", "# METADATA\n", "", 1, "the group dfpolicy.requirements.acme has no METADATA"),
        ("node_cpus", ".acme.node_cpus\n", ".rbac.pods\n", 1, "package dfpolicy.requirements.rbac"),
        (
            "node_cpus",
            ".acme.node_cpus\n",
            ".acme.node.cpus\n",
            1,
            "your policies must not use the package",
        ),
        (
            "node_cpus",
            "requirements.acme.node_cpus\n",
            "lib.agent\n",
            1,
            "your policies must not use the package",
        ),
        (
            "node_cpus",
            "dfpolicy.requirements.acme.node_cpus\n",
            "acme\n",
            1,
            "use dfpolicy.",
        ),
        ("node_cpus", "# METADATA\n", "", 1, "requirement has no METADATA"),
        (
            "node_cpus",
            ".acme.node_cpus\n",
            ".acme\n",
            19,
            "a requirement needs its own package, below the package of its group",
        ),
    ],
)
def test_a_fault_is_one_line(
    cli: Run, tmp_path: Path, file: str, old: str, new: str, line: int, words: str
) -> None:
    copied(tmp_path, file, old, new)
    for command in (["eval", str(MANIFESTS)], ["bundle", "build", "--opa", opa.binary()]):
        done = cli(*command, "--policy", "own")
        assert (done.returncode, done.stdout) == (2, "")
        (said,) = done.stderr.splitlines()
        assert said.startswith(f"dfpolicy: error: own/{file}.rego:{line}: ")
        assert words in said


def test_all_faults_are_reported_at_once(cli: Run, tmp_path: Path) -> None:
    copied(tmp_path, "image_registry", "level: required", "level: urgent\n#   since: new")
    nodes = tmp_path / "own" / "node_cpus.rego"
    nodes.write_text(nodes.read_text("utf-8").replace("DF-ACME-002", "DF-K8S-001"), "utf-8")
    (tmp_path / "own" / "lost.rego").write_text("package acme\n\nresults := set()\n", "utf-8")
    done = cli("policy", "check", "own", "--opa", opa.binary())
    assert (done.returncode, done.stdout) == (2, "")
    said = [line.removeprefix("dfpolicy: error: own/") for line in done.stderr.splitlines()]
    assert [line.partition(":")[0] for line in said] == [
        *("lost.rego", "image_registry.rego", "image_registry.rego", "node_cpus.rego")
    ]
    # OPA compiles only what is in its place.
    changes = {
        "image_registry": ("startswith(workload", "startswith(wrkload"),
        "node_cpus": (">= 4", ">= four"),
    }
    for name, change in changes.items():
        text = (FOLDER / "acme" / f"{name}.rego").read_text("utf-8")
        (tmp_path / "own" / f"{name}.rego").write_text(text.replace(*change), "utf-8")
    (tmp_path / "own" / "lost.rego").unlink()
    done = cli("policy", "check", "own", "--opa", opa.binary())
    assert [line.split(":")[2].strip() for line in done.stderr.splitlines()] == [
        *("own/image_registry.rego", "own/node_cpus.rego")
    ]


@pytest.mark.parametrize(
    ("reads", "tests"), [("manifests", 2), pytest.param("nodes", 3, marks=pytest.mark.slow)]
)
def test_a_new_policy_passes_its_tests_and_without_todos_its_check(
    cli: Run, tmp_path: Path, reads: str, tests: int
) -> None:
    given = ("--id", "DF-SHOP-001", "--title", "The agent is one of the shop", "--reads", reads)
    made = cli("policy", "new", "own", *given)
    assert (made.returncode, made.stderr) == (0, "")
    written = [line.split()[-1] for line in made.stdout.splitlines() if line.startswith("wrote")]
    assert written == [
        *("own/shop/shop.rego", "own/shop/agent_shop.rego", "own/shop/agent_shop_test.rego")
    ]
    rule = tmp_path / "own/shop/agent_shop.rego"
    lines = rule.read_text("utf-8").splitlines()
    comment = lines.index(next(line for line in lines if line.startswith("# TODO"))) + 1
    checked = cli("policy", "check", "own", "--opa", opa.binary())
    assert (checked.returncode, checked.stderr.splitlines()) == (
        1,
        [
            *(
                f"dfpolicy: own/shop/agent_shop.rego:{line}: replace TODO"
                for line in (3, 9, comment)
            ),
            "dfpolicy: own/shop/shop.rego:6: replace TODO",
        ],
    )
    for path in (rule, tmp_path / "own/shop/shop.rego"):
        path.write_text(path.read_text("utf-8").replace("TODO", "Done"), "utf-8")
    with rule.open("a", encoding="utf-8") as file:
        file.write("\n# TODO: a comment of the user\n")
    checked = cli("policy", "check", "own", "--opa", opa.binary())
    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout == f"own: 1 requirement, {tests} tests passed\n"
    report = json.loads(cli("eval", str(MANIFESTS), "--policy", "own", "-o", "json").stdout)
    assert "DF-SHOP-001" in {result["id"] for result in report["results"]}
    # A second one joins the group; the first is not overwritten.
    more = ("--id", "DF-SHOP-002", "--title", "The agent is small", "--reads", reads)
    assert cli("policy", "new", "own", *more).stdout.count("wrote") == 2
    again = cli("policy", "new", "own", *given)
    assert again.returncode == 2
    assert "the ID DF-SHOP-001 is already used" in again.stderr


@pytest.mark.parametrize(
    ("given", "level", "impact"),
    [
        ([], "required", "Agent start"),
        *(
            pytest.param(*case, marks=pytest.mark.slow)
            for case in (
                (["--level", "recommended"], "recommended", "Agent performance"),
                (["--level", "informational"], "informational", ""),
                (["--reads", "nodes"], "recommended", "Agent performance"),
            )
        ),
        (
            ["--impact", "AutoTracing", "--impact", "Dashboards"],
            "required",
            "AutoTracing, Dashboards",
        ),
    ],
)
def test_what_a_new_policy_loses_fits_its_level(
    cli: Run, tmp_path: Path, given: list[str], level: str, impact: str
) -> None:
    named = ("--id", "DF-SHOP-001", "--title", "The agent is one of the shop")
    assert cli("policy", "new", "own", *named, *given).returncode == 0
    checked = cli("policy", "check", "own", "--opa", opa.binary())
    assert {line.rpartition(": ")[2] for line in checked.stderr.splitlines()} == {"replace TODO"}
    rule = (tmp_path / "own/shop/agent_shop.rego").read_text("utf-8")
    assert f"#   level: {level}\n" in rule
    assert f"#   impact: [{impact}]\n" in rule


def test_an_unknown_loss_of_a_new_policy_is_an_error(cli: Run) -> None:
    named = ("--id", "DF-SHOP-001", "--title", "The agent is one of the shop")
    done = cli("policy", "new", "own", *named, "--impact", "AutoTracin")
    assert done.returncode == 2
    told = "--impact: unknown feature 'AutoTracin'; did you mean AutoTracing?"
    assert done.stderr == f"dfpolicy: error: {told}\n"


def test_a_failing_test_of_an_own_policy(cli: Run, tmp_path: Path) -> None:
    copied(tmp_path, "node_cpus_test", '"want": "unknown"', '"want": "pass"')
    done = cli("policy", "check", "own", "--opa", opa.binary())
    assert (done.returncode, done.stdout) == (1, "own: 2 requirements, 4 of 5 tests passed\n")
    assert done.stderr == 'dfpolicy: own/node_cpus_test.rego:5: test_verdict["not known"] failed\n'


def test_a_package_without_results_is_a_helper(cli: Run, tmp_path: Path) -> None:
    shutil.copytree(FOLDER / "acme", tmp_path / "own")
    (tmp_path / "own" / "helper.rego").write_text(
        "package dfpolicy.requirements.acme.helper\n\nregistry := 1\n", "utf-8"
    )
    done = cli("eval", str(MANIFESTS), "--policy", "own", "-o", "json")
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.parametrize(
    "given", ['{"id": "DF-ACME-001", "outcome": "violation"}', '"the image is not ours"', "true"]
)
def test_an_invalid_result_is_never_dropped(cli: Run, tmp_path: Path, given: str) -> None:
    """Otherwise a violated requirement would be missing from every report."""
    whole = "result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload))"
    copied(tmp_path, "image_registry", whole, given)
    done = cli("eval", str(MANIFESTS), "--policy", "own")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
    assert "OPA's answer is not a valid decision: results." in done.stderr


def test_folders_without_policies(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    shutil.copytree(FOLDER, tmp_path / "data")
    (tmp_path / "data" / "data.json").write_text("{}", "utf-8")
    (tmp_path / "large").mkdir()
    (tmp_path / "large" / "a.rego").touch()
    os.truncate(tmp_path / "large" / "a.rego", 1 << 40)
    for folder, words in (
        ("large", "large/a.rego: cannot read a policy: file too large"),
        ("none", "no such directory of policies"),
        ("empty", "this directory contains no policy"),
        ("data", "data files next to policies are not supported"),
    ):
        done = cli("eval", str(MANIFESTS), "--policy", folder)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert words in done.stderr


WAIVER = """\
policies: [{folder}]
waivers:
  - id: {id}
    reason: the registry moves in June
    owner: platform
    expires: "2099-12-31"
"""


def _waived(folder: Path, policies: Path, identifier: str) -> str:
    path = folder / "dfpolicy.yaml"
    path.write_text(WAIVER.format(folder=policies, id=identifier), "utf-8")
    return str(path)


def test_a_waiver_covers_it(cli: Run, tmp_path: Path) -> None:
    config = _waived(tmp_path, FOLDER, "DF-ACME-001")
    done = cli("eval", str(MANIFESTS), "--config", config, "-o", "json")
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    (waived,) = (result for result in report["results"] if "waiver" in result)
    assert (waived["id"], waived["outcome"]) == ("DF-ACME-001", "violation")
    assert report["waivers"] == {"unused": [], "expired": []}


@pytest.mark.parametrize(
    ("identifier", "options", "words"),
    [
        ("DF-ACME-009", [], "unknown requirement ID; did you mean DF-ACME-00"),
        (
            "DF-ACME-001",
            ["--engine", "wasm"],
            "the engine wasm supports dfpolicy's own policies only",
        ),
        ("DF-K8S-999", [], "unknown requirement ID; did you mean DF-K8S-00"),
        ("ACME-001", [], "unknown requirement ID"),
    ],
)
def test_a_waiver_for_an_unknown_requirement_is_an_error(
    cli: Run, tmp_path: Path, identifier: str, options: list[str], words: str
) -> None:
    config = _waived(tmp_path, FOLDER, identifier)
    done = cli("eval", str(MANIFESTS), "--config", config, *options)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert words in done.stderr
    assert "dfpolicy.yaml:" in done.stderr


def test_an_own_requirement_can_forbid_waivers(cli: Run, tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "own")
    module = tmp_path / "own" / "acme" / REGISTRY.name
    text = module.read_text("utf-8")
    module.write_text(text.replace("id: DF-ACME-001", "id: DF-ACME-001\n#   waivable: false"))
    config = _waived(tmp_path, tmp_path / "own", "DF-ACME-001")
    done = cli("eval", str(MANIFESTS), "--config", config)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "dfpolicy.yaml:3: DF-ACME-001 cannot be waived" in done.stderr


def test_a_waiver_is_written_for_it(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "dfpolicy.yaml").write_text(f"policies: [{FOLDER}]\n", "utf-8")
    config = ["--config", str(tmp_path / "dfpolicy.yaml")]
    texts = ["--reason", "it moves", "--owner", "platform", *config]
    done = cli("waive", "DF-ACME-001", *texts, str(MANIFESTS))
    assert (done.returncode, done.stderr) == (0, "")
    assert cli("eval", str(MANIFESTS), *config).returncode == 0
    done = cli("waive", "DF-ACME-009", *texts)
    assert done.returncode == 2
    assert "unknown requirement ID" in done.stderr
