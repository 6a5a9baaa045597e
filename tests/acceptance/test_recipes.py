"""The recipes of examples/ci, run as far as possible without the services they are for."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from tools.dev import krew

from support.charts import AGENT, fake_helm, need_helm, write_chart

Completed = subprocess.CompletedProcess[str]

ROOT = Path(__file__).parents[2]
RECIPES = ROOT / "examples" / "ci"
EXAMPLE = ROOT / "examples" / "single-k8s"
GOOD = EXAMPLE / "manifests.yaml"
BROKEN = EXAMPLE / "broken.yaml"


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Completed]:
    """Return a command with `dfpolicy`, `helm` and a `pip` that does nothing on PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    programs = {"dfpolicy": f'exec "{sys.executable}" -m dfpolicy "$@"', "pip": 'echo "$*" >&2'}
    for name, script in programs.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        (folder / name).chmod(0o755)

    def run_command(
        *command: str, stdin: str = "", helm: str = "", env: dict[str, str] | None = None
    ) -> Completed:
        (folder / "helm").unlink(missing_ok=True)
        if helm:
            (folder / "helm").symlink_to(helm)
        path = {"PATH": f"{folder}:{os.environ['PATH']}"}
        return subprocess.run(
            command,
            input=stdin,
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=os.environ | path | (env or {}),
            timeout=60,
            check=False,
        )

    return run_command


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    """The example's manifests as a chart; its value `hostPID` makes it good or bad."""
    text = GOOD.read_text("utf-8")
    assert "hostPID: true" in text
    text = text.replace("{{", "").replace("hostPID: true", "hostPID: {{ .Values.hostPID }}")
    return write_chart(tmp_path / "chart", {"all.yaml": text})


def of(path: str) -> Any:
    return yaml.safe_load((RECIPES / path).read_text("utf-8"))


def test_the_readme_lists_each_recipe() -> None:
    told = (RECIPES / "README.md").read_text("utf-8")
    folders = sorted(path.name for path in RECIPES.iterdir() if path.is_dir())
    assert [name for name in folders if f"`{name}/`" not in told] == []
    for path in RECIPES.rglob("*.y*ml"):
        assert list(yaml.safe_load_all(path.read_text("utf-8")))


def test_shellcheck_finds_nothing() -> None:
    scripts = sorted(map(str, RECIPES.rglob("*.sh")))
    assert len(scripts) == 4
    checker = Path(sys.executable).with_name("shellcheck")
    done = subprocess.run([str(checker), *scripts], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    assert all(os.access(script, os.X_OK) for script in scripts)


def test_github_uses_the_action_as_it_is() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    (job,) = of("github/workflow.yml")["jobs"].values()
    (step,) = [step for step in job["steps"] if "dfpolicy@" in step["uses"]]
    assert step["with"].keys() <= action["inputs"].keys()
    (upload,) = [step for step in job["steps"] if "upload-sarif" in step["uses"]]
    assert upload["with"]["sarif_file"] == "${{ steps.dfpolicy.outputs.sarif }}"
    assert step["id"] == "dfpolicy"
    assert "sarif" in action["outputs"]


@pytest.mark.parametrize(("example", "code"), [(GOOD, 0), (BROKEN, 1)])
def test_gitlab(run: Callable[..., Completed], tmp_path: Path, example: Path, code: int) -> None:
    (job,) = of("gitlab/gitlab-ci.yml").values()
    (tmp_path / "deepflow").mkdir()
    shutil.copy(example, tmp_path / "deepflow")
    script = "\n".join(["set -eo pipefail", *job["script"]])
    done = run("bash", "-c", script, env={**job["variables"], "DFPOLICY": "git+https://x/y@z"})
    assert done.returncode == code
    assert done.stderr == "install --quiet git+https://x/y@z\n"
    reports = job["artifacts"]["reports"]
    assert job["artifacts"]["when"] == "always"
    issues = json.loads((tmp_path / reports["codequality"]).read_text("utf-8"))
    places = {f"deepflow/{example.name}"} if code else set()
    assert {issue["location"]["path"] for issue in issues} == places
    suites = ET.parse(tmp_path / reports["junit"]).getroot()
    assert (suites.get("failures") != "0") == (code == 1)


@pytest.mark.slow
@pytest.mark.parametrize(("host_pid", "code"), [("true", 0), ("false", 1)])
def test_argo_cd(run: Callable[..., Completed], chart: Path, host_pid: str, code: int) -> None:
    helm = need_helm()
    (chart / "values.yaml").write_text(f"hostPID: {host_pid}\n", "utf-8")
    (command,) = of("argocd/plugin.yaml")["spec"]["generate"]["command"]
    env = {"ARGOCD_APP_NAME": "agent", "ARGOCD_APP_NAMESPACE": "deepflow", "KUBE_VERSION": "1.34"}
    script = f"cd {chart}; {RECIPES}/argocd/{command}"
    done = run("sh", "-c", script, helm=helm, env=env)
    assert done.returncode == code, done.stderr
    assert ("DO NOT DEPLOY" if code else "DEPLOYABLE") in done.stderr
    plain = ["template", "agent", str(chart), "--namespace=deepflow", "--kube-version=1.34"]
    rendered = run(helm, *plain).stdout
    assert done.stdout == ("" if code else rendered)
    (chart / "templates" / "bad.yaml").write_text("a: {{ fail `broken` }}", "utf-8")
    done = run("sh", "-c", script, helm=helm, env=env)
    assert (done.stdout, "broken" in done.stderr) == ("", True)
    assert done.returncode == 1


def test_the_flux_recipe_checks_what_flux_installs(
    run: Callable[..., Completed], chart: Path
) -> None:
    release = list(yaml.safe_load_all((RECIPES / "flux/release.yaml").read_text("utf-8")))[1]
    generator = of("flux/kustomization.yaml")
    (values,) = release["spec"]["valuesFrom"]
    (made,) = generator["configMapGenerator"]
    assert (values["name"], generator["namespace"]) == (made["name"], "deepflow")
    assert (made["files"], values.get("valuesKey", "values.yaml")) == (
        ["values.yaml"],
        "values.yaml",
    )
    wanted = release["spec"]["chart"]["spec"]
    helm = fake_helm(chart.parent, 'echo "$*" >&2; exit 1')
    told = run(str(RECIPES / "flux/evaluate.sh"), helm=helm).stderr
    assert f"--version={wanted['version']} -- {release['spec']['releaseName']}" in told
    assert told.strip().endswith(wanted["chart"])
    assert "--values=values.yaml --namespace=deepflow" in told


@pytest.mark.slow
@pytest.mark.parametrize(("host_pid", "code"), [("true", 0), ("false", 1)])
def test_flux_in_ci(run: Callable[..., Completed], chart: Path, host_pid: str, code: int) -> None:
    (chart / "values.yaml").write_text(f"hostPID: {host_pid}\n", "utf-8")
    done = run(str(RECIPES / "flux/evaluate.sh"), str(chart), helm=need_helm())
    assert done.returncode == code, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(("host_pid", "code"), [("true", 0), ("false", 1)])
def test_helm_accepts_the_plugins(
    run: Callable[..., Completed], chart: Path, tmp_path: Path, host_pid: str, code: int
) -> None:
    helm = need_helm()
    env = {f"HELM_{name}_HOME": str(tmp_path / name) for name in ("DATA", "CONFIG", "CACHE")}
    for name in ("dfpolicy", "dfpolicy-post-renderer"):
        installed = run(helm, "plugin", "install", str(RECIPES / "helm" / name), env=env)
        assert installed.returncode == 0, installed.stderr
    checked = run(
        helm, "dfpolicy", str(chart), f"--helm-set=hostPID={host_pid}", "-n", "deepflow", env=env
    )
    assert checked.returncode == code, checked.stderr
    assert ("DO NOT DEPLOY" if code else "DEPLOYABLE") in checked.stdout
    command = [helm, "template", "agent", str(chart), "--set", f"hostPID={host_pid}"]
    command += [
        "--post-renderer",
        "dfpolicy-post-renderer",
        "--post-renderer-args=--namespace=deepflow",
    ]
    done = run(*command, env=env)
    assert done.returncode == code, done.stderr
    if sys.platform == "linux":
        assert ("DO NOT DEPLOY" if code else "DEPLOYABLE") in done.stderr
        assert ("DF-K8S-001" in done.stderr) == (code == 1)
    kinds = [item["kind"] for item in yaml.safe_load_all(done.stdout) if item]
    assert ("DaemonSet" in kinds) == (code == 0)
    unknown = run(*command, "--post-renderer-args=--bogus", env=env)
    assert (unknown.returncode, unknown.stdout) == (1, "")


def test_the_post_renderer_by_itself(run: Callable[..., Completed]) -> None:
    script = str(RECIPES / "helm" / "dfpolicy-post-renderer" / "post-render.sh")
    text = GOOD.read_text("utf-8")
    done = run(script, stdin=text)
    assert (done.returncode, done.stdout) == (0, text)
    done = run(script, stdin=BROKEN.read_text("utf-8"))
    assert (done.returncode, done.stdout) == (1, "")
    done = run(script, "--namespace=x", stdin=AGENT)
    assert (done.returncode, done.stdout) == (2, "")


def test_the_helm_plugin_wants_the_chart_first(run: Callable[..., Completed]) -> None:
    done = run(str(RECIPES / "helm" / "dfpolicy" / "check.sh"), "-n", "deepflow")
    assert (done.returncode, done.stdout) == (2, "")
    assert "the chart comes first" in done.stderr


def test_the_gitlab_component_takes_its_inputs_as_data(run: Callable[..., Completed]) -> None:
    head, job = yaml.safe_load_all((ROOT / "templates" / "dfpolicy.yml").read_text("utf-8"))
    (made,) = job.values()
    inputs = head["spec"]["inputs"]
    # An input in the script would become code.
    assert "$[[" not in yaml.safe_dump(made["script"])
    # GitLab must not expand a `$` in an input either.
    assert {one["expand"] for one in made["variables"].values()} == {False}
    given = {one["value"] for one in made["variables"].values()} | {made["stage"], made["image"]}
    assert given == {f"$[[ inputs.{name} ]]" for name in inputs}


def test_the_script_of_the_gitlab_component(run: Callable[..., Completed], tmp_path: Path) -> None:
    _head, job = yaml.safe_load_all((ROOT / "templates" / "dfpolicy.yml").read_text("utf-8"))
    script = next(iter(job.values()))["script"][-1]
    folder = tmp_path / ".dfpolicy" / "bin"
    folder.mkdir(parents=True)
    (folder / "dfpolicy").write_text("#!/bin/sh\nprintf '%s|' \"$@\"\n", "utf-8")
    (folder / "dfpolicy").chmod(0o755)
    names = ("FILES", "CHART", "VALUES", "ARGS")
    given = dict(zip(names, ("a b\n*.yaml", "c d", "e\nf", "-m\nauto"), strict=True))
    done = run("sh", "-c", script, env={f"DFPOLICY_{name}": text for name, text in given.items()})
    options = "eval|-m|auto|--helm=c d|--helm-values=e|--helm-values=f|--output|text|"
    assert done.stdout.startswith(options)
    assert done.stdout.endswith("|--|a b|*.yaml|")


def test_kubectl_runs_the_plugin(run: Callable[..., Completed], tmp_path: Path) -> None:
    plugin = ROOT / "deploy" / "kubectl" / "kubectl-dfpolicy"
    assert run(str(plugin), "version").stdout.startswith("dfpolicy ")
    missing = run(str(plugin), "version", env={"DFPOLICY_COMMAND": "absent-command"})
    assert missing.returncode == 3
    assert "not on PATH" in missing.stderr


def test_the_krew_manifest_has_the_digest_of_the_archive(tmp_path: Path) -> None:
    krew.main("https://example.com/v1/", tmp_path)
    manifest = yaml.safe_load((tmp_path / "krew.yaml").read_text("utf-8"))
    (platform,) = manifest["spec"]["platforms"]
    content = (tmp_path / krew.ARCHIVE).read_bytes()
    assert platform["sha256"] == hashlib.sha256(content).hexdigest()
    assert platform["uri"] == f"https://example.com/v1/{krew.ARCHIVE}"
    with tarfile.open(tmp_path / krew.ARCHIVE) as archive:
        assert archive.getmember(platform["bin"]).mode == 0o755
        assert "LICENSE" in archive.getnames()
