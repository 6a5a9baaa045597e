from __future__ import annotations

from pathlib import Path

import pytest

from dfpolicy.errors import InputError
from dfpolicy.reading.prefilter import find
from dfpolicy.reading.sources import with_neighbours

AGENT = """\
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: a, labels: {app: deepflow-agent}}
spec: {}
"""
ROLE = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: deepflow}\n"


def write(folder: Path, files: dict[str, str | bytes]) -> str:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(folder)


def kinds(folder: str) -> list[str]:
    return [document.value.get("kind", "-") for document in find([folder]).documents]


@pytest.mark.parametrize(
    "content",
    [
        "{{- if .Values.a }}\na: [\n",
        b"a: \xe9\n",
        b"\0\0",
        "apiVersion: v1\nkind: ConfigMap\n",
        "a: 1\na: 2\n",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n",
        "",
    ],
)
def test_files_that_do_not_name_deepflow_need_be_nothing(
    tmp_path: Path, content: str | bytes
) -> None:
    folder = write(tmp_path, {"a.yaml": AGENT, "b.yaml": content})
    assert kinds(folder) == ["DaemonSet"]


def test_what_may_belong_to_the_agent_is_kept(tmp_path: Path) -> None:
    facts = "apiVersion: dfpolicy.dev/v1\nkind: NodeFacts\nmetadata: {name: a}\n"
    files: dict[str, str | bytes] = {
        "agent.yaml": AGENT.encode("utf-16"),
        "facts.yaml": facts,
        "role.yaml": ROLE.replace("deepflow", "DeepFlow"),
        "deepflow-agent.yaml": "verbose: true\n",
    }
    assert len(kinds(write(tmp_path, files))) == 4


def test_what_is_no_manifest_is_passed_over(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "agent.yaml": AGENT,
        "kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1beta1\n"
        "kind: Kustomization\nnamespace: deepflow\n",
        "values.yaml": "image: {repository: deepflow-agent}\n",
        ".ci.yml": "- deepflow\n",
        "report.json": '{"apiVersion": "dfpolicy.dev/v1", "kind": "Report", "results": []}',
        "kubeconfig.yaml": "apiVersion: v1\nkind: Config\ncontexts: [{name: deepflow}]\n",
    }
    assert kinds(write(tmp_path, files)) == ["DaemonSet"]


@pytest.mark.parametrize("text", ["spec: {}\n", "metadata: {}\n", "items: []\n"])
def test_a_fault_of_an_object_is_kept_to_be_told(tmp_path: Path, text: str) -> None:
    broken = f"apiVersion: v1\nkind: Pod\n{text}# deepflow-agent\n"
    assert kinds(write(tmp_path, {"a.yaml": broken})) == ["Pod"]


def test_without_the_agent_no_file_is_read_as_yaml(tmp_path: Path) -> None:
    folder = write(tmp_path, {"a.yaml": "deepflow: [", "b.yaml": ROLE, "c.yaml": "a: 1"})
    found = find([folder])
    assert found.documents == []
    names = f"{folder}/a.yaml, {folder}/b.yaml"
    assert found.account() == f"no DeepFlow agent in 3 files, though 2 name DeepFlow: {names}"


def test_the_account_is_short(tmp_path: Path) -> None:
    folder = write(tmp_path, {f"{name}.yaml": ROLE for name in "abcdefgh"})
    assert find([folder]).account().endswith(f"{folder}/c.yaml, …")
    assert find([write(tmp_path / "x", {"a.yaml": ""})]).account() == "no DeepFlow agent in 1 file"


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ("image: deepflow-agent\na: [\n", "b.yaml:"),
        ("image: deepflow-agent\n{{ if }}\n", "leave templates out, and evaluate the chart"),
        (b"image: deepflow-agent\n\xe9", "b.yaml:2: not UTF-8 text"),
    ],
)
def test_a_file_that_names_the_agent_has_to_be_read(
    tmp_path: Path, content: str | bytes, part: str
) -> None:
    with pytest.raises(InputError) as told:
        find([write(tmp_path, {"b.yaml": content})])
    assert part in str(told.value)


def test_neighbours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names = ["a/1.yaml", "a/2.yml", "a/3.json", "a/4.service", "a/5.txt", "a/b/6.yaml", "7.yaml"]
    write(tmp_path, dict.fromkeys(names, ""))
    beside = ["a/1.yaml", "a/2.yml", "a/3.json", "a/4.service"]
    assert with_neighbours(["a/1.yaml"]) == beside
    assert with_neighbours(["a/5.txt", "./a/2.yml"]) == ["a/5.txt", *beside]
    assert with_neighbours(["7.yaml", "a", "-"]) == ["7.yaml", "a", "-"]
    assert with_neighbours(["a/b/*.yaml"]) == ["a/b/6.yaml"]
    with pytest.raises(InputError, match="no such file"):
        with_neighbours(["gone.yaml"])
