"""The hooks of .pre-commit-hooks.yaml, run by the real pre-commit in repositories of users.

pre-commit clones this tree and installs it with pip, as it does for a user.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.charts import AGENT, need_helm, write_chart
from support.repositories import ROOT, commit, git, snapshot

pytestmark = pytest.mark.slow

Completed = subprocess.CompletedProcess[str]
Files = dict[str, str]

EXAMPLE = (ROOT / "examples" / "single-k8s" / "manifests.yaml").read_text("utf-8")
BROKEN = EXAMPLE.replace("hostPID: true", "hostPID: false")
UNRELATED: Files = {
    "ci.yml": "jobs: {build: {services: {db: {image: postgres}}}}\n",
    "chart/templates/a.yaml": "a: {{ .Values.a }}\n{{- if b }}\n",
    "base/kustomization.yaml": "kind: Kustomization\napiVersion: kustomize.config.k8s.io/v1\n",
    "one/settings.yaml": "kind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\ndata: {a: b}\n",
    "two/settings.yaml": "kind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\ndata: {a: c}\n",
    "latin.yaml": "# plain\n",
}


@pytest.fixture(scope="session")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A repository with this tree, and its commit."""
    folder = tmp_path_factory.mktemp("hooks")
    return folder, snapshot(folder)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cache of pre-commit; the tests share it."""
    return tmp_path_factory.mktemp("pre-commit")


@pytest.fixture
def run(hooks: tuple[Path, str], home: Path, tmp_path: Path) -> Callable[..., Completed]:
    """Run pre-commit on all files of the repository in `tmp_path`, or on those named."""

    def run_hook(hook: dict[str, Any], *files: str, env: Files | None = None) -> Completed:
        folder, revision = hooks
        repository = {"repo": str(folder), "rev": revision, "hooks": [hook]}
        commit(tmp_path, {".pre-commit-config.yaml": json.dumps({"repos": [repository]})})
        unset = ("PYTHONPATH", "DFPOLICY_CONFIG", "GIT_DIR", "GIT_INDEX_FILE")
        kept = {name: text for name, text in os.environ.items() if name not in unset}
        chosen = ["--files", *files] if files else ["--all-files"]
        return subprocess.run(
            [sys.executable, "-m", "pre_commit", "run", "--color=never", hook["id"], *chosen],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            env=kept | {"PRE_COMMIT_HOME": str(home)} | (env or {}),
            check=False,
        )

    return run_hook


def parts(stream: str) -> Files:
    """Return the workloads of a stream as one file, and everything else as another."""
    files: Files = {"daemonset.yaml": "", "rest.yaml": ""}
    for text in re.split(r"^---$", stream, flags=re.MULTILINE):
        named = "daemonset.yaml" if "\nkind: DaemonSet" in text else "rest.yaml"
        files[named] += f"---{text}"
    return files


def totals(done: Completed) -> list[tuple[str, str]]:
    """Return how many requirements block, and the exit code, of each report in the output."""
    ends = r"^\d+ requirements: (\d+) blocks?, .*\. Exit (\d)(?: \(with --strict: 1\))?\.$"
    return re.findall(ends, done.stdout, re.MULTILINE)


def test_a_violation_fails_the_commit(run: Callable[..., Completed], tmp_path: Path) -> None:
    commit(tmp_path, UNRELATED | {"deepflow/agent.yaml": BROKEN})
    done = run({"id": "dfpolicy"})
    assert done.returncode == 1, done.stdout + done.stderr
    assert "exit code: 1" in done.stdout
    assert "DF-K8S-001" in done.stdout
    assert "deepflow/agent.yaml:" in done.stdout
    assert "DO NOT DEPLOY - 1 problem blocks " in done.stdout
    assert totals(done) == [("1", "1")]


def test_a_good_agent_passes_and_the_output_shows_it(
    run: Callable[..., Completed], tmp_path: Path
) -> None:
    commit(tmp_path, UNRELATED | {"deepflow/agent.yaml": EXAMPLE})
    done = run({"id": "dfpolicy"})
    assert done.returncode == 0, done.stdout + done.stderr
    assert "DEPLOYABLE, SO FAR - nothing blocks; nothing is lost; " in done.stdout
    assert totals(done) == [("0", "0")]


def test_files_without_an_agent_pass_with_a_notice(
    run: Callable[..., Completed], tmp_path: Path
) -> None:
    commit(tmp_path, UNRELATED)
    (tmp_path / "latin.yaml").write_bytes(b"a: \xe9\n")
    done = run({"id": "dfpolicy"})
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"dfpolicy: no DeepFlow agent in \d+ files", done.stdout)


def test_the_whole_directory_is_checked_whatever_changed(
    run: Callable[..., Completed], tmp_path: Path
) -> None:
    files = parts(EXAMPLE.replace(" pods,", " pods/log,"))
    assert files["rest.yaml"] != parts(EXAMPLE)["rest.yaml"]
    commit(tmp_path, {f"deepflow/{name}": text for name, text in files.items()})
    done = run({"id": "dfpolicy"}, "deepflow/rest.yaml")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "DF-RBAC-005" in done.stdout


def test_other_files_do_not_start_the_hook(run: Callable[..., Completed], tmp_path: Path) -> None:
    commit(tmp_path, {"a.py": "", "deepflow/agent.yaml": BROKEN})
    done = run({"id": "dfpolicy"}, "a.py")
    assert done.returncode == 0
    assert "no files to check" in done.stdout


def test_many_files_are_checked_in_one_process(
    run: Callable[..., Completed], tmp_path: Path
) -> None:
    empty = {f"{'x' * 100}/{position}.yaml": "a: 1\n" for position in range(400)}
    commit(tmp_path, {**empty, "deepflow/agent.yaml": EXAMPLE})
    done = run({"id": "dfpolicy"})
    assert totals(done) == [("0", "0")]
    assert "no DeepFlow agent" not in done.stdout


@pytest.mark.slow
def test_a_chart_is_rendered_with_its_values(run: Callable[..., Completed], tmp_path: Path) -> None:
    env = {"DFPOLICY_HELM": need_helm()}
    write_chart(tmp_path / "charts" / "deepflow-agent", {"daemonset.yaml": AGENT})
    commit(tmp_path, {"prod.yaml": "hostPID: false\n"})
    arguments = ["charts/deepflow-agent", "-f", "prod.yaml", "--fail-on", "none"]
    done = run({"id": "dfpolicy-helm", "args": arguments}, env=env)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "DF-K8S-001" in done.stdout
    assert "charts/deepflow-agent/templates/daemonset.yaml" in done.stdout
    done = run({"id": "dfpolicy-helm", "args": arguments[:3]}, "prod.yaml", env=env)
    assert (done.returncode, "exit code: 1" in done.stdout) == (1, True)


def test_without_helm_or_chart_the_hook_fails(
    run: Callable[..., Completed], tmp_path: Path
) -> None:
    write_chart(tmp_path / "chart", {"daemonset.yaml": AGENT})
    done = run({"id": "dfpolicy-helm", "args": ["chart"]}, env={"DFPOLICY_HELM": "/gone/helm"})
    assert done.returncode == 1
    assert "/gone/helm: helm not found, or not executable" in done.stdout
    assert "exit code: 2" in done.stdout
    done = run({"id": "dfpolicy-helm"})
    assert "dfpolicy: error: --helm needs a value" in done.stdout
    assert "exit code: 2" in done.stdout


def test_the_docs_hook_runs_check_generated() -> None:
    listed = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    (hook,) = [entry for entry in listed if entry["id"] == "dfpolicy-docs"]
    target = hook["entry"].removeprefix("make ")
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


def test_the_docs_hook_fails_when_a_file_is_out_of_date(
    run: Callable[..., Completed], tmp_path: Path
) -> None:
    makefile = "check-generated:\n\t@echo stale; exit 1\n"
    commit(tmp_path, {"Makefile": makefile, "policies/a.rego": ""})
    done = run({"id": "dfpolicy-docs"})
    assert (done.returncode, "stale" in done.stdout) == (1, True)
    assert git(tmp_path, "status", "--short") == ""
